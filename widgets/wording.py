"""Names and times of things in a snapshot, as a person says them."""

from collections import Counter

from babel import dates

from console.language import _, format_moment, format_number, format_span, language, local
from console.model.inventory import Bridge, Device, Link, Room, Site
from console.model.snapshot import LinkView, PortView, Snapshot

_UNITS = ((1e12, "Tbit/s"), (1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"))
_PLAIN = str.maketrans("äöüß", "aous")
ARROW_AB = "→"
ARROW_BA = "←"


def site_name(snapshot: Snapshot, site: str) -> str:
    """Return the site's name in the inventory, else its id."""
    entry = _entry(snapshot, site)
    return entry.name if isinstance(entry, Site) else site


def entry_name(snapshot: Snapshot, entry_id: str) -> str:
    """Return the name of anything in the inventory; a device's is its id."""
    link = snapshot.links.get(entry_id)
    if link:
        return link_name(snapshot, link)
    entry = _entry(snapshot, entry_id)
    if isinstance(entry, Room | Bridge):
        return f"{site_name(snapshot, entry.site)} · {entry.name}"
    return entry.name if isinstance(entry, Site) else entry_id


def sort_key(name: str) -> str:
    """Return what names are sorted by: capital letters and umlauts among the others."""
    return name.casefold().translate(_PLAIN)


def link_name(snapshot: Snapshot, link: LinkView) -> str:
    """Return the link's own name, else its two ends, and its id where it is not the only one."""
    sites = {link.a_site, link.b_site}
    same = sum(1 for x in snapshot.links.values() if {x.a_site, x.b_site} == sites)
    return _link_name(snapshot, link, single=same == 1)


def link_names(snapshot: Snapshot) -> dict[str, str]:
    """Return the names of all links by id, as `link_name` gives them."""
    count = Counter(frozenset((x.a_site, x.b_site)) for x in snapshot.links.values())
    return {
        link.id: _link_name(snapshot, link, count[frozenset((link.a_site, link.b_site))] == 1)
        for link in snapshot.links.values()
    }


def _link_name(snapshot: Snapshot, link: LinkView, single: bool) -> str:
    entry = _entry(snapshot, link.id)
    if isinstance(entry, Link) and entry.name:
        return entry.name
    a, b = end_names(snapshot, link)
    alone = single or link.a_site == link.b_site
    return f"{a} – {b}" if alone else f"{a} – {b} · {link.id}"


def end_names(snapshot: Snapshot, link: LinkView) -> tuple[str, str]:
    """Return what a link's ends a and b are called: sites, or devices inside one site."""
    if link.a_site == link.b_site:
        return link.a_device, link.b_device
    return site_name(snapshot, link.a_site), site_name(snapshot, link.b_site)


def _entry(snapshot: Snapshot, entry_id: str) -> object:
    return snapshot.inventory.by_id.get(entry_id) if snapshot.inventory else None


def device_entry(snapshot: Snapshot, device: str) -> Device | None:
    """Return the device's entry in the inventory, if it has one."""
    entry = _entry(snapshot, device)
    return entry if isinstance(entry, Device) else None


def port_of(snapshot: Snapshot, device: str, number: int | None) -> PortView | None:
    """Return the port of `device` with that number in the history."""
    ports = snapshot.ports.get(device, ())
    return next((port for port in ports if port.port == number), None)


def since_text(since_s: float | None, at_s: float) -> str:
    """Return a past moment as short as it can be told: 09:12, Fri 09:12, 20 Nov 2026."""
    if since_s is None:
        return format_moment(None)
    days = (local(at_s).date() - local(since_s).date()).days
    if days == 0:
        return format_moment(since_s, "HH:mm")
    if days < 7:
        return f"{format_moment(since_s, 'EEE').rstrip('.')} {format_moment(since_s, 'HH:mm')}"
    return str(dates.format_skeleton("yMMMd", local(since_s), locale=language()))


def age_text(age_s: float | None) -> str:
    """Return the age of a value: 3 s ago."""
    return format_moment(None) if age_s is None else _("{span} ago").format(span=format_span(age_s))


def speed_text(speed_bps: float | None) -> str:
    """Return a nominal rate without needless digits: 10 Gbit/s, 2.5 Gbit/s."""
    if speed_bps is None:
        return format_number(None)
    size, unit = next(((s, u) for s, u in _UNITS if speed_bps >= s), (1.0, "bit/s"))
    value = speed_bps / size
    digits = next((d for d in (0, 1) if abs(value - round(value, d)) < 1e-9), 2)
    return f"{format_number(value, digits)} {unit}"
