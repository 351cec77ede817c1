"""What the map draws, without how it stands: sites, devices and links as columns.

Equal topologies have equal keys, whatever the snapshot they came from: geometry is kept by key.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.model.inventory import Device, Inventory, Link, Site
from widgets.map.projection import Points, project

Index = NDArray[np.intp]

_PREFIXES = ("Landkreis ", "Kreis ", "Stadt ")
_CORE = "core"


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """Columns in the order of the inventory. `link_a`, `link_b` count devices, `device_site` sites.

    `core` marks sites of the core; `capacity_bps` is NaN where the inventory names none.
    """

    key: tuple[object, ...]
    sites: tuple[str, ...]
    site_names: tuple[str, ...]
    site_xy: Points
    core: NDArray[np.bool_]
    devices: tuple[str, ...]
    device_site: Index
    links: tuple[str, ...]
    link_a: Index
    link_b: Index
    interfaces_a: tuple[str, ...]
    interfaces_b: tuple[str, ...]
    capacity_bps: NDArray[np.float64]

    @property
    def site_links(self) -> tuple[Index, Index]:
        """The sites of each link's ends."""
        return self.device_site[self.link_a], self.device_site[self.link_b]


def topology_of(inventory: Inventory) -> Topology:
    """Lay out an inventory as columns; what refers to nothing is left out."""
    sites = {site.id: number for number, site in enumerate(inventory.sites)}
    devices = [device for device in inventory.devices if device.site in sites]
    numbers = {device.id: number for number, device in enumerate(devices)}
    links = [x for x in inventory.links if x.a.device in numbers and x.b.device in numbers]
    return Topology(
        key=_key(inventory.sites, devices, links),
        sites=tuple(sites),
        site_names=tuple(short_name(site.name) or site.id for site in inventory.sites),
        site_xy=project([site.lat for site in inventory.sites], [s.lon for s in inventory.sites]),
        core=_core(inventory.sites, devices),
        devices=tuple(numbers),
        device_site=np.array([sites[device.site] for device in devices], dtype=np.intp),
        links=tuple(link.id for link in links),
        link_a=np.array([numbers[link.a.device] for link in links], dtype=np.intp),
        link_b=np.array([numbers[link.b.device] for link in links], dtype=np.intp),
        interfaces_a=tuple(link.a.interface for link in links),
        interfaces_b=tuple(link.b.interface for link in links),
        capacity_bps=np.array([link.capacity_bps or np.nan for link in links], dtype=np.float64),
    )


def short_name(name: str) -> str:
    """Return a site's name without the word for its kind, which every neighbour carries too."""
    text = " ".join(name.split())
    return next((text[len(word) :] for word in _PREFIXES if text.startswith(word)), text)


def _core(sites: Iterable[Site], devices: Iterable[Device]) -> NDArray[np.bool_]:
    """Mark the sites with a core device; where roles are not used, those that are no county."""
    named = {device.site for device in devices if device.role == _CORE}
    listed = list(sites)
    if not named and any(site.ags for site in listed):
        named = {site.id for site in listed if site.ags is None}
    return np.array([site.id in named for site in listed], dtype=np.bool_)


def _key(
    sites: Iterable[Site], devices: Iterable[Device], links: Iterable[Link]
) -> tuple[object, ...]:
    return (
        tuple((site.id, site.name, site.ags, site.lat, site.lon) for site in sites),
        tuple((device.id, device.site, device.role) for device in devices),
        tuple((x.id, x.a.device, x.a.interface, x.b.device, x.b.interface) for x in links),
        tuple(link.capacity_bps for link in links),
    )
