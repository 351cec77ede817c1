"""How an inventory differs from what a walk found. Pure; nothing is changed here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from console.analysis.discovered import Draft, DraftLink
from console.analysis.ports import find_port
from console.analysis.topology import smaller
from console.model.found import End, Found, Silent, Walk
from console.model.inventory import Device, Inventory, Link, LinkEnd, Site

Port = tuple[str, str]  # a device's id and its port's key


@dataclass(frozen=True, slots=True)
class ChangedLink:
    """A link of the inventory that is found at other ports, or with less capacity than it says."""

    before: Link
    after: Link


@dataclass(frozen=True, slots=True)
class MovedDevice:
    """A device of the inventory that answers elsewhere than the inventory says."""

    before: Device
    address: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """All differences. `silent` and `unseen` are in the inventory and were not found.

    A link whose ends cannot both be heard is in neither list: `unjudged` counts those.
    """

    sites: tuple[Site, ...]
    devices: tuple[Device, ...]
    links: tuple[DraftLink, ...]
    moved: tuple[MovedDevice, ...]
    changed: tuple[ChangedLink, ...]
    silent: tuple[Silent, ...]
    unseen: tuple[Link, ...]
    unjudged: int

    @property
    def empty(self) -> bool:
        """Tell whether the inventory says what was found."""
        return not any(
            (
                *(self.sites, self.devices, self.links, self.moved),
                *(self.changed, self.silent, self.unseen),
            )
        )


def known_by_name(walk: Walk, inventory: Inventory) -> dict[str, str]:
    """Return the ids of silent devices of the inventory by the address they answer at now.

    They are told by their name: nothing else of them is known.
    """
    silent = {s.known for s in walk.silent if s.known}
    names: dict[str, list[str]] = {}
    for found in walk.found:
        if found.known is None:
            names.setdefault(found.system.name.split(".")[0].lower(), []).append(found.address)
    return {
        addresses[0]: device.id
        for device in inventory.devices
        if device.id in silent and len(addresses := names.get(device.id.lower(), [])) == 1
    }


def propose(walk: Walk, draft: Draft, inventory: Inventory, moved: Mapping[str, str]) -> Proposal:
    """Compare; `moved` are ids by new address, as `known_by_name` returns them."""
    found = dict(zip(draft.ids, walk.found, strict=True))
    links = _Links(found, draft, inventory)
    at = {device_id: address for address, device_id in moved.items()}
    return Proposal(
        sites=draft.sites,
        devices=draft.devices,
        links=tuple(links.added),
        moved=tuple(MovedDevice(d, at[d.id]) for d in inventory.devices if d.id in at),
        changed=tuple(links.changed),
        silent=tuple(s for s in walk.silent if s.known and s.known not in at),
        unseen=tuple(links.unseen),
        unjudged=links.unjudged,
    )


class _Links:
    """The links of the inventory against those found: the same, changed, new, not seen."""

    def __init__(self, found: Mapping[str, Found], draft: Draft, inventory: Inventory) -> None:
        self._found = found
        self._ids = draft.ids
        self.added: list[DraftLink] = []
        self.changed: list[ChangedLink] = []
        self.unseen: list[Link] = []
        self.unjudged = 0
        there = {frozenset(map(self._port_of, d.ends)): d for d in draft.links}
        waiting = {link.id: link for link in inventory.links}
        for link in inventory.links:
            same = there.pop(frozenset(self._ports(link)), None)
            if same is not None:
                del waiting[link.id]
                self._compare(link)
        for ports, new in there.items():
            before = self._replaced(ports, waiting)
            if before is None:
                self.added.append(new)
            else:
                del waiting[before.id]
                self.changed.append(ChangedLink(before, _at_other_ports(before, new)))
        for link in waiting.values():
            self._miss(link)

    def _port_of(self, end: End) -> Port:
        return self._ids[end.device], end.key

    def _ports(self, link: Link) -> tuple[Port, Port]:
        return self._port(link.a), self._port(link.b)

    def _port(self, end: LinkEnd) -> Port:
        """Return the port that an end means; one that is not there by the end's own words."""
        device = self._found.get(end.device)
        port = find_port(device.ports, end.interface) if device else None
        return end.device, port.key if port else f"missing:{end.interface}"

    def _compare(self, link: Link) -> None:
        """Propose the ports' capacity where the inventory names more than they can carry."""
        ends = [find_port(self._found[end.device].ports, end.interface) for end in (link.a, link.b)]
        carried_bps = smaller(port.speed_bps for port in ends if port)
        if link.capacity_bps and carried_bps and link.capacity_bps > carried_bps:
            less = link.model_copy(update={"capacity_bps": carried_bps})
            self.changed.append(ChangedLink(link, less))

    def _replaced(self, ports: frozenset[Port], waiting: Mapping[str, Link]) -> Link | None:
        """Return the inventory's link that a new one stands for: same port, else same devices."""
        sharing = [link for link in waiting.values() if ports & set(self._ports(link))]
        devices = {device for device, _key in ports}
        beside = [w for w in waiting.values() if {w.a.device, w.b.device} == devices]
        for choice in (
            [link for link in sharing if link in beside],
            sharing,
            beside,
        ):
            if len(choice) == 1:
                return next(iter(choice))
        return None

    def _miss(self, link: Link) -> None:
        """A link that no end hears: not seen where both ends hear others, else not judged."""
        devices = [self._found.get(end.device) for end in (link.a, link.b)]
        if all(device is not None and device.neighbours for device in devices):
            self.unseen.append(link)
        else:
            self.unjudged += 1


def _at_other_ports(link: Link, new: DraftLink) -> Link:
    """Return the link with the ends found; its name, cost and direction stay.

    Its capacity stays too, unless the ports found carry less.
    """
    a, b = new.entry.a, new.entry.b
    straight = (a.device == link.a.device) + (b.device == link.b.device)
    crossed = (b.device == link.a.device) + (a.device == link.b.device)
    if crossed > straight:
        a, b = b, a
    said, carried = link.capacity_bps, new.entry.capacity_bps
    capacity_bps = min(said, carried) if said and carried else said
    return link.model_copy(update={"a": a, "b": b, "capacity_bps": capacity_bps})


def differing_ends(change: ChangedLink) -> Iterator[tuple[LinkEnd, LinkEnd]]:
    """Yield the ends that differ, as they are and as they were found."""
    for before, after in ((change.before.a, change.after.a), (change.before.b, change.after.b)):
        if before != after:
            yield before, after
