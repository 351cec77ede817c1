"""Everything of the map that depends on topology, layout and scale only, as columns of pixels.

Pixels count from the plane's origin, so panning changes nothing. Snapshots only choose the pens.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from widgets.map.placement import fan, radii, spread
from widgets.map.projection import Points
from widgets.map.topology import Index, Topology

Numbers = NDArray[np.float64]

LANE_PX = 8.0  # between the middles of parallel links
_BEND_PX = 26.0
_COUNTY_PX = 150.0  # room between neighbouring sites from which their devices are drawn
_PORTS_PX = 420.0
_SYMBOL_PX = (3.0, 8.0)
_HULL_PX = 8.0


class Level(IntEnum):
    """How much is drawn: sites, their devices, or ports as well."""

    STATE = 0
    COUNTY = 1
    PORTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """What stands where at one scale.

    `nodes` are ids of sites (level STATE) or devices; `node_xy` their middles, `radius_px` half
    the size of a symbol. `site_xy`, `hull_px`: sites and the radius of what surrounds their
    devices, 0 for none. `drawn` are the topology's links that are drawn; `paths` (links, 5, 2)
    their way: a, bend, middle, bend, b; on a straight one the bends lie at the ends.
    """

    level: Level
    scale: float
    nodes: tuple[str, ...]
    node_xy: Points
    node_site: Index
    radius_px: float
    site_xy: Points
    hull_px: Numbers
    drawn: Index
    paths: NDArray[np.float64]
    bent: NDArray[np.bool_]
    segments: "Segments"


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """The ways cut into straight lines: rows x1, y1, x2, y2, of which drawn link, of which half.

    `at_b` is True in the half at the end b.
    """

    lines: Numbers
    row: Index
    at_b: NDArray[np.bool_]


def spacing(site_xy: Points) -> float:
    """Return the typical distance of neighbours: the side of the square each would have."""
    if len(site_xy) < 2:
        return 30.0
    width, height = np.ptp(site_xy, axis=0)
    longest = max(float(width), float(height)) or 30.0
    area = max(float(width * height), longest**2 / len(site_xy))
    return float(np.sqrt(area / len(site_xy)))


def level_at(spacing_px: float) -> Level:
    """Return how much to draw when neighbours are so far apart."""
    if spacing_px >= _PORTS_PX:
        return Level.PORTS
    return Level.COUNTY if spacing_px >= _COUNTY_PX else Level.STATE


def build(topology: Topology, site_xy: Points, scale: float) -> Geometry:
    """Compute the geometry; `site_xy` are the sites' places on the plane in this layout."""
    spacing_px = spacing(site_xy) * scale
    level = level_at(spacing_px)
    radius_px = float(np.clip(spacing_px * 0.11, *_SYMBOL_PX))
    hulls = np.zeros(len(topology.sites))
    if level > Level.STATE:
        hulls = radii(topology, float(np.clip(spacing_px * 0.14, 24.0, 90.0)))
    reach = np.where(hulls > 0, hulls + radius_px + _HULL_PX, 0.0)
    site_px = spread(site_xy * scale, np.maximum(reach, radius_px * 1.7))
    if level == Level.STATE:
        nodes, node_px = topology.sites, site_px
        node_site = np.arange(len(topology.sites), dtype=np.intp)
        a, b = topology.site_links
    else:
        nodes, node_px = topology.devices, fan(topology, site_px, hulls)
        node_site, a, b = topology.device_site, topology.link_a, topology.link_b
    drawn = np.flatnonzero(a != b)
    paths, bent = _paths(node_px, a[drawn], b[drawn])
    return Geometry(
        *(level, scale, nodes, node_px, node_site, radius_px, site_px, hulls),
        *(drawn, paths, bent, _segments(paths)),
    )


def _segments(paths: Numbers) -> Segments:
    """Cut the ways, leaving out bends that are none."""
    lines = np.concatenate([paths[:, :-1], paths[:, 1:]], axis=2)
    real = np.any(paths[:, :-1] != paths[:, 1:], axis=2)
    row, part = np.nonzero(real)
    return Segments(np.ascontiguousarray(lines[real]), row, part >= 2)


def _paths(xy: Points, a: Index, b: Index) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the way of each link; links of the same two nodes run side by side."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    along = xy[high] - xy[low]
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.where(length > 0, length, 1.0)[:, None]
    lane = _lanes(low * max(len(xy), 1) + high)
    aside = np.column_stack([-unit[:, 1], unit[:, 0]]) * (lane * LANE_PX)[:, None]
    bend = np.where(lane != 0, np.minimum(_BEND_PX, length / 4), 0.0)[:, None] * unit
    way = np.where(a == low, 1.0, -1.0)[:, None]
    start, end = xy[a], xy[b]
    first, last = start + bend * way + aside, end - bend * way + aside
    return np.stack([start, first, (first + last) / 2, last, end], axis=1), lane != 0


def _lanes(pair: Index) -> Numbers:
    """Number the links of each pair around 0: -0.5 and 0.5 for two, -1, 0 and 1 for three."""
    if not len(pair):
        return np.zeros(0)
    _unique, group, counts = np.unique(pair, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    starts = np.cumsum(counts) - counts
    rank = np.empty(len(pair))
    rank[order] = np.arange(len(pair)) - np.repeat(starts, counts)
    return np.asarray(rank - (counts[group] - 1) / 2)


def along(path: Numbers, part: float) -> tuple[float, float]:
    """Return the point at a share (0..1) of a link's way from a to b."""
    x, y = points_along(path[None], np.array([[part]]))[0, 0].tolist()
    return x, y


def lengths(paths: Numbers) -> Numbers:
    """Return how long the ways are, in pixels."""
    step = np.diff(paths, axis=1)
    return np.asarray(np.hypot(step[..., 0], step[..., 1]).sum(axis=1))


def points_along(paths: Numbers, parts: Numbers) -> Numbers:
    """Return points (links, parts, 2) at shares of every way; `parts` is (links or 1, parts)."""
    step = np.diff(paths, axis=1)
    length = np.hypot(step[..., 0], step[..., 1])
    reach = np.cumsum(length, axis=1)
    target = parts * reach[:, -1:]
    piece = np.minimum((target[..., None] > reach[:, None]).sum(axis=2), step.shape[1] - 1)
    row = np.arange(len(paths))[:, None]
    before = (reach - length)[row, piece]
    share = (target - before) / np.maximum(length[row, piece], 1e-9)
    return np.asarray(paths[row, piece] + step[row, piece] * share[..., None])


def distances(paths: NDArray[np.float64], x: float, y: float) -> Numbers:
    """Return how far each link's way passes from a point, in pixels."""
    if not len(paths):
        return np.zeros(0)
    start, step = paths[:, :-1], np.diff(paths, axis=1)
    square = (step**2).sum(axis=2)
    to = np.array([x, y]) - start
    part = np.clip((to * step).sum(axis=2) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    gap = to - step * part[..., None]
    return np.asarray(np.sqrt((gap**2).sum(axis=2)).min(axis=1))
