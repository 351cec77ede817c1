"""Reads who is next to every device, and what it is made of: at the start, seldom, after changes.

Few at once and beside the polls, which wait for none of it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable

from console.analysis.ports import find_port
from console.collector.questions import Means
from console.collector.targets import find_target
from console.model.inventory import Device, Inventory, SnmpProfile
from console.model.observation import (
    ChassisFacts,
    DevicePoll,
    Neighbour,
    PortFacts,
    PortSample,
    Surroundings,
)
from console.model.states import PortStatus
from console.probes.entity import read_chassis
from console.probes.neighbours import read_neighbours
from console.probes.own_addresses import read_own_addresses
from console.snmp.errors import Garbled, Refused, SnmpError
from console.snmp.target import Target

AT_ONCE = 16  # devices
LONGEST_S = 60.0  # of a reading; whoever takes longer holds up others
RETRY_S = 60.0  # so soon a reading that failed is tried again
SOON_S = 4.0  # after a link came up: LLDP speaks at once, and its agent may need a moment
LATER_S = 35.0  # and once more: without its fast start LLDP speaks every 30 s
STALE_INTERVALS = 2.5  # without a reading, what was told before is no longer believed

Tell = Callable[[Surroundings], None]


class Survey:
    """One device, read again and again. `interfaces` are its ends of links, as written."""

    def __init__(
        self, means: Means, device: Device, profile: SnmpProfile, interfaces: Iterable[str]
    ) -> None:
        self._means = means
        self._device = device
        self._profile = profile
        self._interfaces = tuple(interfaces)
        self._ports: tuple[PortFacts, ...] = ()
        self._watched: frozenset[str] = frozenset()  # keys of the ports that links end at
        self._up: frozenset[str] | None = None
        self._answers = asyncio.Event()  # it does, and its ports are known
        self._changed = asyncio.Event()
        self._read_s: float | None = None
        self.addresses: frozenset[str] = frozenset()  # its own, where it may use any of them

    def saw(self, poll: DevicePoll) -> None:
        """Take in a poll: which ports there are, and whether something changed at them."""
        if not poll.outcome.alive:
            self._answers.clear()
            return
        if poll.port_facts is not None:
            self._ports = poll.port_facts
            ends = (find_port(self._ports, interface) for interface in self._interfaces)
            self._watched = frozenset(port.key for port in ends if port is not None)
            self._changed.set()
            self._answers.set()
        elif self._ports:
            self._answers.set()
        up = self._up_of(poll.ports)
        if up != self._up:
            self._changed.set()
        self._up = up

    def _up_of(self, ports: Iterable[PortSample]) -> frozenset[str]:
        watched = self._watched
        return frozenset(p.key for p in ports if p.key in watched and p.oper == PortStatus.UP)

    async def keep_reading(self, slots: asyncio.Semaphore, tell: Tell) -> None:
        """Read while the device answers its polls, until cancelled."""
        topology_s = self._means.polling.topology_s
        while True:
            await self._answers.wait()
            self._changed.clear()
            async with slots:
                well = await self._read(tell)
            if await self._changes_within(topology_s if well else min(topology_s, RETRY_S)):
                await asyncio.sleep(min(SOON_S, topology_s))
                self._changed.clear()
                async with slots:
                    await self._read(tell)
                await self._changes_within(min(LATER_S, topology_s))

    async def _changes_within(self, length_s: float) -> bool:
        try:
            async with asyncio.timeout(length_s):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def _read(self, tell: Tell) -> bool:
        """Read once and tell it; return False where that was not possible."""
        means, device, now_s = self._means, self._device, asyncio.get_running_loop().time()
        target = await find_target(device, self._profile, means.polling, means.names, means.secrets)
        try:
            if isinstance(target, str):
                return False
            async with asyncio.timeout(LONGEST_S):
                heard = await read_neighbours(means.manager, target, self._ports)
                chassis = await self._read_chassis(target)
                if device.other_source:
                    self.addresses = await read_own_addresses(means.manager, target)
        except (SnmpError, TimeoutError):
            longest_s = STALE_INTERVALS * means.polling.topology_s
            if self._read_s is not None and now_s - self._read_s > longest_s:
                self._tell(tell, (), None)
            return False
        self._read_s = now_s
        self._tell(tell, heard, chassis)
        return True

    async def _read_chassis(self, target: Target) -> ChassisFacts | None:
        try:
            return await read_chassis(self._means.manager, target)
        except (Refused, Garbled):
            return None

    def _tell(self, tell: Tell, heard: tuple[Neighbour, ...], chassis: ChassisFacts | None) -> None:
        cycle = self._means.cycle()
        tell(Surroundings(self._device.id, cycle.id, cycle.ms(), heard, chassis))


class Surveys:
    """All devices of an inventory."""

    def __init__(self, means: Means, inventory: Inventory, tell: Tell) -> None:
        ends = [end for link in inventory.links for end in (link.a, link.b)]
        interfaces: dict[str, list[str]] = {}
        for end in ends:
            interfaces.setdefault(end.device, []).append(end.interface)
        self._tell = tell
        self._surveys = {
            device.id: Survey(
                means, device, inventory.snmp[device.snmp], interfaces.get(device.id, ())
            )
            for device in inventory.devices
        }

    def saw(self, poll: DevicePoll) -> None:
        """Take in a poll of any device."""
        self._surveys[poll.device].saw(poll)

    def addresses(self, device: str) -> frozenset[str]:
        """Return a device's own addresses, as far as it may send from any of them."""
        return self._surveys[device].addresses

    def rounds(self) -> list[Coroutine[None, None, None]]:
        """Return what keeps reading every device, until cancelled."""
        slots = asyncio.Semaphore(AT_ONCE)
        return [survey.keep_reading(slots, self._tell) for survey in self._surveys.values()]
