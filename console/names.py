"""What things in the network are called, by their ids. Knows the inventory only."""

from collections import Counter

from console.model.inventory import (
    Bridge,
    Conference,
    Device,
    Entry,
    Inventory,
    Link,
    Room,
    Service,
    Site,
)


class Names:
    """Names of an inventory's entries; an id that is not in it stands for itself."""

    def __init__(self, inventory: Inventory | None) -> None:
        self.inventory = inventory
        self._entries = dict(inventory.by_id) if inventory else {}
        self._devices: Counter[str] = Counter()
        self._rooms: Counter[str] = Counter()
        self._ends: Counter[frozenset[str]] = Counter()
        if inventory is not None:
            self._devices.update(device.site for device in inventory.devices)
            self._rooms.update(room.site for room in inventory.rooms)
            self._ends.update(self._pair(link) for link in inventory.links if link.name is None)

    def name(self, subject: str) -> str:
        """Return what anything is called: a room by its site, a link by its two ends."""
        entry = self._entries.get(subject)
        if isinstance(entry, Room):
            return self._room(entry)
        if isinstance(entry, Device):
            return self._device(entry)
        if isinstance(entry, Link):
            return self._link(entry)
        if isinstance(entry, Site | Bridge | Service | Conference):
            return entry.name or entry.id
        return subject

    def entry(self, subject: str) -> Entry | None:
        """Return an entry of the inventory."""
        return self._entries.get(subject)

    def _site(self, site: str) -> str:
        entry = self._entries.get(site)
        return entry.name if isinstance(entry, Site) else site

    def _room(self, room: Room) -> str:
        site = self._site(room.site)
        return site if self._rooms[room.site] == 1 else f"{site}, {room.name}"

    def _device(self, device: Device) -> str:
        """Return the site where it is the only one there, else the id beside it."""
        site = self._site(device.site)
        return site if self._devices[device.site] == 1 else f"{site} ({device.id})"

    def _link(self, link: Link) -> str:
        if link.name:
            return link.name
        ends = [self._end(link.a.device), self._end(link.b.device)]
        if ends[0] == ends[1]:
            ends = [link.a.device, link.b.device]
        name = " – ".join(ends)
        return name if self._ends[self._pair(link)] == 1 else f"{name} ({link.id})"

    def _end(self, device: str) -> str:
        entry = self._entries.get(device)
        return self._site(entry.site) if isinstance(entry, Device) else device

    def _pair(self, link: Link) -> frozenset[str]:
        ends = {self._end(link.a.device), self._end(link.b.device)}
        return frozenset(ends if len(ends) == 2 else {link.a.device, link.b.device})
