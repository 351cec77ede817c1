"""Which paths an inventory lets us measure: by ICMP to rooms, by STAMP to reflectors. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.model.inventory import Bridge, Inventory, Reflector, Room
from console.model.observation import FAR_PATH


@dataclass(frozen=True, slots=True)
class IcmpPath:
    """Echo requests to a host that stands for these rooms and bridges."""

    host: str
    subjects: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the history calls it."""
        return f"icmp {self.host}"


def icmp_paths(inventory: Inventory) -> list[IcmpPath]:
    """Return the hosts to ping, each once. Where nothing is pinged, no path is either."""
    if inventory.polling.ping_s is None:
        return []
    hosts = _hosts_of_sites(inventory)
    found: dict[str, list[str]] = {}
    subjects: list[Room | Bridge] = [*inventory.rooms, *inventory.bridges]
    for subject in subjects:
        host = _own_host(subject) or _device_host(inventory, hosts, subject)
        if host is not None:
            found.setdefault(host, []).append(subject.id)
    return [IcmpPath(host, tuple(ids)) for host, ids in found.items()]


def stamp_name(reflector: Reflector, dscp: int) -> str:
    """Return what the history calls the path to a reflector."""
    return f"stamp {reflector.address} {dscp}"


def far_name(source: str, dscp: int) -> str:
    """Return what the history calls a path that the reflector `source` measures itself."""
    return f"{FAR_PATH}{source} {dscp}"


def _own_host(subject: Room | Bridge) -> str | None:
    return next((probe.icmp for probe in subject.probes if probe.icmp is not None), None)


def _hosts_of_sites(inventory: Inventory) -> dict[str, set[str]]:
    """Return which sites have a device at a host: more than one, and it stands for none."""
    sites: dict[str, set[str]] = {}
    for device in inventory.devices:
        sites.setdefault(device.endpoint[0], set()).add(device.site)
    return sites


def _device_host(
    inventory: Inventory, sites: dict[str, set[str]], subject: Room | Bridge
) -> str | None:
    candidates: Iterator[str] = (
        device.endpoint[0]
        for device in inventory.devices
        if (device.id == subject.device if subject.device else device.site == subject.site)
    )
    return next((host for host in candidates if len(sites[host]) == 1), None)
