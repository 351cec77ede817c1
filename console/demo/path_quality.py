"""How packets between sites fare in the simulated network. Pure.

Delay grows with distance, hops and queues; where a line is asked for more than its queues bear,
packets of measurements are lost, which unlike TCP do not slow down.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from console.demo.fabric import Fabric, Outage
from console.demo.simulation import Simulation
from console.demo.traffic import LOST_OF_EXCESS, PACKET_BITS, Curves
from console.model.inventory import Site

Floats = NDArray[np.float64]

HOP_US = 90.0  # a router's own work, and putting a packet of media size on the line
US_PER_KM = 5.0  # light in fibre
DETOUR = 1.4  # how much longer a cable is than the straight line
QUEUE_US = 30.0  # at half load
FULLEST = 0.97  # beyond it the queues are as long as they get
LOST_OF_OVERLOAD = 0.2  # of what a line is asked for too much
SITE_US = 60.0  # inside a site, either way
_EARTH_KM = 6371.0
_WORST = 3.0  # how many times the queues' mean the slowest packet of a window waited


@dataclass(frozen=True, slots=True)
class Quality:
    """One-way paths to sites, or back; arrays (sites, times).

    `delay_us` is the shortest that a packet can take, `queue_us` the mean of what queues add,
    `loss` 0..1; `reached` tells whether there is a way at all.
    """

    delay_us: Floats
    queue_us: Floats
    loss: Floats
    reached: NDArray[np.bool_]


class PathQuality:
    """Paths to `sites`, each from its place in `origins`, else from the hub with the collector."""

    def __init__(
        self, simulation: Simulation, sites: tuple[str, ...], origins: tuple[str, ...] | None = None
    ) -> None:
        self.sites = sites
        self._origins = origins or (simulation.fabric.hub,) * len(sites)
        self._fabric = simulation.fabric
        self._traffic = simulation.traffic
        self._manned = {device.site for device in simulation.inventory.devices}
        self._length_us = _lengths_us(simulation.fabric)
        self._known: dict[tuple[Outage, bool], tuple[Floats, NDArray[np.bool_]]] = {}

    def along(self, curves: Curves, outage: Outage, at_s: Floats, back: bool) -> Quality:
        """Return the quality at moments of one outage."""
        shares, reached = self._shares(outage, back)
        delay, queue, loss = self._hops(curves, at_s)
        times = len(at_s)
        return Quality(
            SITE_US + shares @ np.repeat(delay[:, None], times, axis=1),
            SITE_US / 3 + shares @ queue,
            np.minimum(shares @ loss, 0.9),
            np.repeat(reached[:, None], times, axis=1),
        )

    def _shares(self, outage: Outage, back: bool) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the part of each hop in each site's path (sites, hops), and who is reached."""
        if (outage, back) not in self._known:
            shares = np.zeros((len(self.sites), len(self._fabric.capacity_bps)))
            reached = np.zeros(len(self.sites), dtype=np.bool_)
            for number, site in enumerate(self.sites):
                origin = self._origins[number]
                ends = (site, origin) if back else (origin, site)
                found = self._fabric.shares_between(*ends, outage)
                reached[number] = found is not None or site not in self._manned
                for row, part in (found or {}).items():
                    shares[number, row] = part
            self._known[outage, back] = shares, reached
        return self._known[outage, back]

    def _hops(self, curves: Curves, at_s: Floats) -> tuple[Floats, Floats, Floats]:
        """Return delay (hops,), queueing and loss (hops, times) of every direction of a link."""
        capacity = self._fabric.capacity_bps
        hops = np.arange(len(capacity))
        asked = np.concatenate(
            (hops, self._traffic.discard_row(0) + hops, self._traffic.error_row(0) + hops)
        )
        carried, discarded, errors = np.split(curves.rates(asked, at_s), 3)
        load = np.clip(carried / capacity[:, None], 0, FULLEST)
        serial_us = PACKET_BITS / capacity * 1e6
        packets = np.maximum(carried / PACKET_BITS, 1.0)
        excess = discarded * PACKET_BITS / LOST_OF_EXCESS / capacity[:, None]
        loss = excess * LOST_OF_OVERLOAD + np.minimum(errors / packets, 0.2)
        queue_us = (QUEUE_US + serial_us[:, None]) * load / (1 - load)
        return HOP_US + self._length_us + serial_us, queue_us, loss


def columns(
    there: Quality, back: Quality, sent: int, draw: np.random.Generator
) -> "list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]":
    """Return what `sent` packets saw, arrays (sites, times): PathWindow's columns from `lost` on.

    Of sites that are not reached they say nothing.
    """
    lost_there = draw.binomial(sent, there.loss)
    lost_back = draw.binomial(sent - lost_there, back.loss)
    lost = lost_there + lost_back
    shape = there.loss.shape
    queue_us = there.queue_us + back.queue_us
    rtt_us = there.delay_us + back.delay_us + queue_us * draw.uniform(0.8, 1.2, shape)
    jitter_there_us = there.queue_us * draw.uniform(0.6, 1.4, shape)
    jitter_back_us = back.queue_us * draw.uniform(0.6, 1.4, shape)
    found = (
        *(lost, lost_there, lost_back, rtt_us, rtt_us + _WORST * queue_us),
        *(np.maximum(sent - lost - 1, 0), 0.75 * (jitter_there_us + jitter_back_us)),
        *(jitter_there_us, jitter_back_us),
    )
    return [np.asarray(column).round().astype(np.int64) for column in found]


def _lengths_us(fabric: Fabric) -> Floats:
    """Return how long light takes along every direction of a link."""
    inventory = fabric.inventory
    sites = {site.id: site for site in inventory.sites}
    place = {device.id: sites.get(device.site) for device in inventory.devices}
    km = [_km(place[link.a.device], place[link.b.device]) for link in fabric.links]
    return np.repeat(np.asarray(km), 2) * DETOUR * US_PER_KM


def _km(a: Site | None, b: Site | None) -> float:
    """Return the distance of two sites on the globe."""
    if a is None or b is None:
        return 0.0
    south, north = radians(a.lat), radians(b.lat)
    chord = sin((north - south) / 2) ** 2
    chord += cos(south) * cos(north) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(chord))
