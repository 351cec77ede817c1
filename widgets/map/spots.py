"""What is under a point of the map, and where a thing is. Pure functions over a scene."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from widgets.map.captions import DEVICE, NAME
from widgets.map.geometry import Level, along, distances
from widgets.map.scene import Scene

_NODE_REACH_PX = 5.0
_LINK_REACH_PX = 6.0


class Kind(StrEnum):
    """What can be pointed at."""

    SITE = "site"
    DEVICE = "device"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing on the map."""

    kind: Kind
    id: str


def spot_at(scene: Scene, x: float, y: float) -> Spot | None:
    """Return what is drawn at a point (map pixels): symbols before names before lines."""
    return _symbol_at(scene, x, y) or _name_at(scene, x, y) or _rest_at(scene, x, y)


def _symbol_at(scene: Scene, x: float, y: float) -> Spot | None:
    geometry = scene.geometry
    if not len(geometry.node_xy):
        return None
    away = np.hypot(*(geometry.node_xy - (x, y)).T)
    nearest = int(away.argmin())
    if away[nearest] > geometry.radius_px + _NODE_REACH_PX:
        return None
    kind = Kind.SITE if geometry.level == Level.STATE else Kind.DEVICE
    return Spot(kind, geometry.nodes[nearest])


def _name_at(scene: Scene, x: float, y: float) -> Spot | None:
    kinds = {NAME: Kind.SITE, DEVICE: Kind.DEVICE}
    for caption in scene.captions:
        if caption.kind in kinds and caption.box.contains(x, y):
            return Spot(kinds[caption.kind], caption.subject)
    return None


def _rest_at(scene: Scene, x: float, y: float) -> Spot | None:
    geometry = scene.geometry
    away = distances(geometry.paths, x, y) - scene.look.width_px[geometry.drawn] / 2
    nearest = int(away.argmin()) if len(away) else -1
    if nearest >= 0 and away[nearest] <= _LINK_REACH_PX:
        return Spot(Kind.LINK, scene.topology.links[geometry.drawn[nearest]])
    inside = np.hypot(*(geometry.site_xy - (x, y)).T) <= geometry.hull_px + geometry.radius_px
    for site in np.flatnonzero(inside & (geometry.hull_px > 0)):
        return Spot(Kind.SITE, scene.topology.sites[site])
    return None


def row_of(scene: Scene, link: str) -> int | None:
    """Return the row of a link in the geometry; None where it is not drawn."""
    number = _index(scene.topology.links, link)
    rows = np.flatnonzero(scene.geometry.drawn == number)
    return int(rows[0]) if len(rows) else None


def circle_of(scene: Scene, subject: str) -> tuple[float, float, float] | None:
    """Return middle and radius of what stands for a site or device, or a link inside a site."""
    topology, geometry = scene.topology, scene.geometry
    device = _index(topology.devices, subject)
    if device >= 0 and geometry.level > Level.STATE:
        return (*geometry.node_xy[device].tolist(), geometry.radius_px)
    site = int(topology.device_site[device]) if device >= 0 else _index(topology.sites, subject)
    link = _index(topology.links, subject)
    if link >= 0 and row_of(scene, subject) is None:
        site = int(topology.device_site[topology.link_a[link]])
    if site < 0:
        return None
    hull = float(geometry.hull_px[site])
    radius = hull + geometry.radius_px + (4.0 if hull else 0.0)
    return (*geometry.site_xy[site].tolist(), radius)


def place_of(scene: Scene, subject: str) -> tuple[float, float] | None:
    """Return the point of the map that stands for a site, device or link."""
    row = row_of(scene, subject)
    if row is not None:
        return along(scene.geometry.paths[row], 0.5)
    circle = circle_of(scene, subject)
    return circle[:2] if circle else None


def walk(scene: Scene) -> tuple[Spot, ...]:
    """Return all that the keyboard walks through: sites by name, devices, links."""
    topology = scene.topology
    by_name = sorted(range(len(topology.sites)), key=topology.site_names.__getitem__)
    spots = [Spot(Kind.SITE, topology.sites[i]) for i in by_name]
    if scene.geometry.level > Level.STATE:
        spots += [Spot(Kind.DEVICE, device) for device in sorted(topology.devices)]
    order = sorted(scene.geometry.drawn.tolist(), key=_by_ends(scene, by_name).__getitem__)
    return (*spots, *(Spot(Kind.LINK, topology.links[link]) for link in order))


def _by_ends(scene: Scene, by_name: list[int]) -> list[tuple[int, int, int]]:
    """Rank links by the names of their sites."""
    rank = {site: number for number, site in enumerate(by_name)}
    a, b = scene.topology.site_links
    ends = zip(a.tolist(), b.tolist(), strict=True)
    return [
        (min(rank[x], rank[y]), max(rank[x], rank[y]), number) for number, (x, y) in enumerate(ends)
    ]


def _index(ids: tuple[str, ...], wanted: str) -> int:
    return ids.index(wanted) if wanted in ids else -1
