"""What a hover card says: a thing's name, how it stands, and its figures. Texts only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.language import _, format_number, format_rate, format_ratio, format_span, ngettext
from console.model.snapshot import DeviceView, LinkView, Snapshot
from console.model.states import State
from console.texts import state_word
from widgets.map.scene import rooms_by_site
from widgets.map.spots import Kind, Spot
from widgets.wording import ARROW_AB, end_names, entry_name, since_text, site_name


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, how much, and the load that colours a second figure."""

    label: str
    value: str
    load: float | None = None
    load_text: str = ""


@dataclass(frozen=True, slots=True)
class Tip:
    """All that a card says. `spark` is True where a course of the load belongs to it."""

    title: str
    state: str
    state_text: str
    rows: tuple[Row, ...]
    spark: bool = False

    def as_sentence(self) -> str:
        """Return the same as running text, for whoever listens."""
        rows = (" ".join(filter(None, (r.label, r.value, r.load_text))) for r in self.rows)
        return ", ".join((self.title, self.state_text, *rows))


def tip_of(snapshot: Snapshot, spot: Spot) -> Tip | None:
    """Return the card of a spot, None where the snapshot tells nothing of it."""
    return _MAKERS[spot.kind](snapshot, spot.id)


def failures_at(snapshot: Snapshot, spot: Spot) -> tuple[tuple[str, str], ...]:
    """Return what of a spot can fail, with its name: itself, or each device of a site."""
    if spot.kind is not Kind.SITE:
        return ((spot.id, entry_name(snapshot, spot.id)),)
    devices = snapshot.inventory.devices if snapshot.inventory else ()
    return tuple((x.id, x.id) for x in devices if x.site == spot.id and x.id in snapshot.devices)


def _link(snapshot: Snapshot, link: str) -> Tip | None:
    view = snapshot.links.get(link)
    if view is None:
        return None
    rows = [*_directions(snapshot, view), Row(_("Capacity"), format_rate(view.capacity_bps))]
    if view.wiring.state.contradicts:
        rows.append(Row(_("Neighbour by LLDP"), _("contradicts")))
    state = _with_since(snapshot, view.state, view.since_s)
    return Tip(entry_name(snapshot, link), view.state, state, tuple(rows), spark=True)


def _directions(snapshot: Snapshot, view: LinkView) -> list[Row]:
    a, b = end_names(snapshot, view)
    ways = ((b, view.a_to_b_bps, view.a_to_b_load), (a, view.b_to_a_bps, view.b_to_a_load))
    return [
        Row(f"{ARROW_AB} {name}", format_rate(rate_bps), load, format_ratio(load))
        for name, rate_bps, load in ways
    ]


def _site(snapshot: Snapshot, site: str) -> Tip | None:
    view = snapshot.sites.get(site)
    if view is None:
        return None
    members = [
        snapshot.devices[device.id]
        for device in (snapshot.inventory.devices if snapshot.inventory else ())
        if device.site == site and device.id in snapshot.devices
    ]
    rows = [_device_row(device) for device in members[:_FEW]]
    if len(members) > _FEW:
        more = len(members) - _FEW
        rows.append(Row(ngettext("{n} more", "{n} more", more).format(n=more), ""))
    for room in rooms_by_site(snapshot).get(site, [])[:_FEW]:
        rows.append(Row(room.name, state_word(room.state)))
    return Tip(site_name(snapshot, site), view.state, state_word(view.state), tuple(rows))


def _device_row(device: DeviceView) -> Row:
    return Row(device.id, state_word(device.state))


def _device(snapshot: Snapshot, device: str) -> Tip | None:
    view = snapshot.devices.get(device)
    if view is None:
        return None
    entry = snapshot.inventory.by_id.get(device) if snapshot.inventory else None
    site = getattr(entry, "site", None)
    rows = [Row(_("Site"), site_name(snapshot, site))] if site else []
    if view.sys_name and view.sys_name != device:
        rows.append(Row(_("Calls itself"), view.sys_name))
    rows.append(Row(_("Round trip"), _milliseconds(view.rtt_ms)))
    rows.append(Row(_("Running for"), format_span(view.uptime_s)))
    state = _with_since(snapshot, view.state, view.since_s)
    return Tip(device, view.state, state, tuple(rows))


def _milliseconds(value_ms: float | None) -> str:
    return format_number(value_ms, 1) + (" ms" if value_ms is not None else "")


def _with_since(snapshot: Snapshot, state: State, since_s: float | None) -> str:
    if since_s is None or state == State.UP:
        return state_word(state)
    since = _("since {time}").format(time=since_text(since_s, snapshot.at_s))
    return f"{state_word(state)} · {since}"


def summary(snapshot: Snapshot) -> str:
    """Return the whole map in two sentences, for whoever does not see it."""
    sites, links = snapshot.sites.values(), snapshot.links.values()
    texts = [
        ngettext("{n} site", "{n} sites", len(snapshot.sites)).format(n=len(snapshot.sites)),
        *_counts([site.state for site in sites]),
        ngettext("{n} link", "{n} links", len(snapshot.links)).format(n=len(snapshot.links)),
        *_counts([link.state for link in links]),
    ]
    busiest = max((x for x in links if x.load is not None), key=_load, default=None)
    if busiest is not None:
        name = entry_name(snapshot, busiest.id)
        text = _("highest load {load} on {link}")
        texts.append(text.format(load=format_ratio(busiest.load), link=name))
    return ", ".join(texts) + "."


def _load(link: LinkView) -> float:
    return link.load or 0.0


def _counts(states: Sequence[State]) -> list[str]:
    worth_saying = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UNKNOWN)
    return [f"{states.count(s)} {state_word(s)}" for s in worth_saying if s in states]


_FEW = 5
_MAKERS: dict[Kind, Callable[[Snapshot, str], Tip | None]] = {
    Kind.LINK: _link,
    Kind.SITE: _site,
    Kind.DEVICE: _device,
}
