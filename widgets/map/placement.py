"""Where sites and devices stand at a scale, in pixels of the whole map: apart, and fanned out."""

import numpy as np
from numpy.typing import NDArray

from widgets.map.projection import Points
from widgets.map.topology import Index, Topology

_SPREAD_LIMIT = 600  # sites; beyond, pushing them apart pairwise would cost too much
_SPREAD_ROUNDS = 24
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_PER_RING_PX = 8.5  # of the circle's circumference, a device and the air beside it


def spread(site_px: Points, reach_px: NDArray[np.float64]) -> Points:
    """Push sites apart that would lie on one another; the same input gives the same output.

    Two sites are to be as far apart as their `reach_px` together.

    The movement is shared, so what stands between others may come to lie nearer than asked.
    """
    count = len(site_px)
    if count < 2 or count > _SPREAD_LIMIT:
        return site_px
    angles = np.arange(count) * _GOLDEN_ANGLE
    nudge = np.column_stack([np.cos(angles), np.sin(angles)]) * 1e-3
    xy = site_px + nudge  # sites at the very same place need a direction
    wanted = reach_px[:, None] + reach_px[None, :]
    for _round in range(_SPREAD_ROUNDS):
        apart = xy[:, None, :] - xy[None, :, :]
        length = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(length, np.inf)
        missing = np.clip(wanted - length, 0.0, None)
        if not missing.any():
            break
        xy = xy + (apart * (missing / length / 2)[..., None]).sum(axis=1)
    return xy


def radii(topology: Topology, radius_px: float) -> NDArray[np.float64]:
    """Return the radius of the circle on which each site's devices stand; 0 for one device."""
    counts = np.bincount(topology.device_site, minlength=len(topology.sites))
    return np.where(counts > 1, np.maximum(radius_px, counts * _PER_RING_PX), 0.0)


def fan(topology: Topology, site_px: Points, radius_px: NDArray[np.float64]) -> Points:
    """Return where devices stand round their sites, on circles of `radius_px`.

    A device stands on the side towards which its links to other sites go.
    """
    device_px = site_px[topology.device_site]
    pull = _pull(topology, site_px)
    for site in np.flatnonzero(radius_px):
        members = np.flatnonzero(topology.device_site == site)
        angles = _slots(pull[members])
        device_px[members, 0] += radius_px[site] * np.cos(angles)
        device_px[members, 1] += radius_px[site] * np.sin(angles)
    return device_px


def _pull(topology: Topology, site_px: Points) -> NDArray[np.complex128]:
    """Return where each device's links to other sites pull it, as a complex number."""
    a_site, b_site = topology.site_links
    along = site_px[b_site] - site_px[a_site]
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.where(length > 0, length, 1.0)[:, None]
    pull = np.zeros(len(topology.devices), dtype=np.complex128)
    direction = unit[:, 0] + 1j * unit[:, 1]
    np.add.at(pull, topology.link_a, direction)
    np.add.at(pull, topology.link_b, -direction)
    return pull


def _slots(pull: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Give each device one of equally spaced angles, in the order in which they are pulled."""
    count = len(pull)
    order: Index = np.argsort(np.angle(pull), kind="stable")
    even = np.empty(count)
    even[order] = np.arange(count) * (2 * np.pi / count)
    turn = np.angle((pull * np.exp(-1j * even)).sum())
    return np.asarray(even + turn)
