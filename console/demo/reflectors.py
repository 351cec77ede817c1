"""Answers at the inventory's reflectors as if they stood at their sites, in the simulated network.

A packet is delayed and lost as its path would; timestamps and numbers tell what a real reflector's
would, so that the collector measures what was simulated and not this process.
"""

import asyncio
import random
import time

import numpy as np

from console import secrets
from console.demo.path_quality import PathQuality, Quality
from console.demo.simulation import Simulation
from console.model.inventory import Reflector as Entry
from console.stamp.packets import Request
from console.stamp.reflector import Reflector
from console.stamp.sockets import Datagram, OpenSocket, udp_socket, watch
from console.stamp.tlvs import Fill

Address = tuple[str, int]

HOLDS_S = 5.0  # so long the state of the network is taken as it was


class LivePaths:
    """The paths of all reflectors now, looked at every few seconds."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        sites = tuple(dict.fromkeys(entry.site for entry in simulation.inventory.reflectors))
        self._number = {site: number for number, site in enumerate(sites)}
        self._quality = PathQuality(simulation, sites)
        self._slot = -1
        self._now: tuple[Quality, Quality]

    def at(self, site: str, at_s: float) -> tuple[int, Quality, Quality]:
        """Return the site's place, and the paths there and back."""
        slot = int(at_s // HOLDS_S)
        if slot != self._slot:
            began_s = slot * HOLDS_S
            curves = self._simulation.traffic.curves(began_s, began_s + HOLDS_S)
            outage = self._simulation.script.outage_at(at_s)
            there, back = (
                self._quality.along(curves, outage, np.asarray([began_s]), back)
                for back in (False, True)
            )
            self._slot, self._now = slot, (there, back)
        return self._number[site], *self._now


class SimulatedReflector:
    """One reflector of the inventory at its address on loopback."""

    def __init__(
        self, entry: Entry, address: Address, paths: LivePaths, seed: int, fill: Fill | None = None
    ) -> None:
        self.address = address
        self._site = entry.site
        self._paths = paths
        key = secrets.resolve(entry.key).encode() if entry.key else None
        self._reflector = Reflector(key, fill)
        self._random = random.Random(f"{seed} {entry.id}")
        self._socket: OpenSocket
        self._waiting: set[asyncio.TimerHandle] = set()

    async def open(self) -> None:
        """Listen; raise OSError where that cannot be."""
        self._socket = await watch(udp_socket(*self.address), self._received)

    def close(self) -> None:
        """Listen no longer; what is under way is lost."""
        for handle in self._waiting:
            handle.cancel()
        self._socket.close()

    def _received(self, datagram: Datagram) -> None:
        request = self._reflector.accept(datagram)
        if request is None:
            return
        place, there, back = self._paths.at(self._site, time.time())
        there_s, back_s = self._way_s(there, place), self._way_s(back, place)
        if there_s is None:
            return
        loop = asyncio.get_running_loop()
        lost = back_s is None
        reached = Datagram(
            datagram.data, datagram.address, datagram.at_ns + round(there_s * 1e9), 64
        )
        waits_s = there_s + (back_s or 0.0)

        def answer() -> None:
            self._waiting.discard(handle)
            self._answer(reached, request, back_s or 0.0, lost)

        handle = loop.call_later(waits_s, answer)
        self._waiting.add(handle)

    def _answer(self, reached: Datagram, request: Request, back_s: float, lost: bool) -> None:
        """Answer as one who sent it `back_s` ago: how late this timer is does not show."""
        sent_ns = max(reached.at_ns, time.time_ns() - round(back_s * 1e9))
        reply = self._reflector.reply(reached, request, sent_ns)
        if not lost:
            self._socket.send(reply, reached.address)

    def _way_s(self, quality: Quality, place: int) -> float | None:
        """Return how long a packet is under way, None when it is lost."""
        if not quality.reached[place, 0] or self._random.random() < quality.loss[place, 0]:
            return None
        queued_us = self._random.expovariate(1 / float(quality.queue_us[place, 0]))
        return (float(quality.delay_us[place, 0]) + queued_us) / 1e6
