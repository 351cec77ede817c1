"""From what a walk found to the entries of an inventory: ids, sites, links. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from console.analysis.found_links import match_links
from console.analysis.found_names import Ids, Place, place_of, prefix_of, short_name, slug
from console.analysis.ports import find_port
from console.analysis.site_positions import KnownPlace, find_place, place_sites, spread
from console.analysis.topology import smaller
from console.model.found import End, Found, FoundLink, HalfLink, Walk
from console.model.inventory import Device, Inventory, Link, LinkEnd, Site
from console.model.observation import PortFacts


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A link and the ports it was found at; `both`: each end hears the other."""

    entry: Link
    ends: tuple[End, End]
    both: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found as entries. `sites` and `devices` hold only what no inventory knew.

    `ids` are those of Walk.found, in its order. `guessed` are the sites that were put somewhere.
    """

    ids: tuple[str, ...]
    sites: tuple[Site, ...]
    devices: tuple[Device, ...]
    links: tuple[DraftLink, ...]
    halves: tuple[HalfLink, ...]
    guessed: frozenset[str]


def draft(
    walk: Walk, profile: str, inventory: Inventory | None, places: Mapping[str, KnownPlace]
) -> Draft:
    """Return the entries; `places` are by name in lower case."""
    ids = Ids(inventory.by_id if inventory else ())
    device_ids = tuple(found.known or _device_id(found, ids) for found in walk.found)
    sites = _Sites(ids, inventory, places)
    for found in walk.found:
        if found.known:
            sites.learn(found)
    devices = tuple(
        Device(id=device_id, site=sites.of(found), address=found.address, snmp=profile)
        for device_id, found in zip(device_ids, walk.found, strict=True)
        if found.known is None
    )
    links, halves = match_links(walk.found)
    drafts = tuple(_link(link, device_ids, walk.found, ids) for link in links)
    site_of = {device.id: device.site for device in devices}
    site_of |= {device.id: device.site for device in inventory.devices} if inventory else {}
    joined = [(site_of[d.entry.a.device], site_of[d.entry.b.device]) for d in drafts]
    made, guessed = sites.finished(joined)
    return Draft(device_ids, made, devices, drafts, tuple(halves), guessed)


def _device_id(found: Found, ids: Ids) -> str:
    otherwise = slug(f"device-{found.address}", "device")
    name = found.system.name
    return ids.new(slug(short_name(name), otherwise), slug(name, otherwise))


@dataclass(slots=True)
class _Sites:
    """Finds or makes the site of each device."""

    ids: Ids
    inventory: Inventory | None
    places: Mapping[str, KnownPlace]
    by_name: dict[str, str] = field(default_factory=dict)
    by_prefix: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[str, Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for site in self.inventory.sites if self.inventory else ():
            self.by_name[site.name.casefold()] = site.id
            self.by_name.setdefault(site.id.casefold(), site.id)

    def learn(self, found: Found) -> None:
        """Remember where a device of the inventory is, for others that say the same."""
        entry = self.inventory.by_id.get(found.known or "") if self.inventory else None
        if isinstance(entry, Device):
            place = place_of(found)
            if place.from_location:
                self.by_name.setdefault(place.name.casefold(), entry.site)
            self.by_prefix.setdefault(prefix_of(found.label).casefold(), entry.site)

    def of(self, found: Found) -> str:
        """Return the id of the device's site."""
        place = place_of(found)
        name = place.name.casefold()
        known = self.by_name.get(name) or self.by_name.get(slug(place.name, ""))
        if known is None and not place.from_location:
            known = self.by_prefix.get(name)
        if known is None:
            plain = slug(place.name, "site")
            known = self.by_name[name] = self.ids.new(plain, f"{plain}-site")
        if known not in self.made or self.made[known][1].lat is None:
            self.made[known] = self.made[known][0] if known in self.made else place.name, place
        return known

    def finished(
        self, joined: Iterable[tuple[str, str]]
    ) -> tuple[tuple[Site, ...], frozenset[str]]:
        """Return the new sites, and which of them nobody said the position of."""
        before = {site.id: site for site in self.inventory.sites} if self.inventory else {}
        new = {site: made for site, made in self.made.items() if site not in before}
        told = {site: _position_told(place) for site, (_name, place) in new.items()}
        named = {s: find_place(new[s][0], self.places) for s, place in told.items() if not place}
        told |= spread({site: place for site, place in named.items() if place})
        known = {site.id: (site.lat, site.lon) for site in before.values()}
        known_or_not = {s: (p.lat, p.lon) if p else None for s, p in told.items()}
        guesses = place_sites({**known, **known_or_not}, joined)
        made = tuple(
            Site(
                id=site,
                name=self.made[site][0][:255],
                ags=place.ags if place else None,
                lat=place.lat if place else guesses[site][0],
                lon=place.lon if place else guesses[site][1],
            )
            for site, place in told.items()
        )
        return made, frozenset(guesses)


def _position_told(place: Place) -> KnownPlace | None:
    if place.lat is None or place.lon is None:
        return None
    return KnownPlace(None, place.lat, place.lon)


def _link(link: FoundLink, ids: Sequence[str], devices: Sequence[Found], all_ids: Ids) -> DraftLink:
    ports = [_port(devices, end) for end in (link.a, link.b)]
    ends = [
        LinkEnd(device=ids[end.device], interface=interface(devices[end.device], port))
        for end, port in zip((link.a, link.b), ports, strict=True)
    ]
    name = f"{ends[0].device}-{ends[1].device}"[:56]
    capacity_bps = smaller(port.speed_bps for port in ports)
    entry = Link.model_validate(
        {"id": all_ids.new(name), "a": ends[0], "b": ends[1], "capacity": capacity_bps}
    )
    return DraftLink(entry, (link.a, link.b), link.both)


def _port(devices: Sequence[Found], end: End) -> PortFacts:
    return next(port for port in devices[end.device].ports if port.key == end.key)


def interface(device: Found, port: PortFacts) -> str:
    """Return how an inventory names the port: ifName where that means just this one."""
    for name in (port.name, port.descr, str(port.if_index)):
        if name.strip() and find_port(device.ports, name) is port:
            return name
    return str(port.if_index)
