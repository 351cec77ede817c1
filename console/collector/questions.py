"""What is asked of a device, and what becomes of the answer.

Every failure of network, names or secrets ends as an outcome that is recorded, never as an
exception.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace

from console.analysis.judge import PING
from console.collector.lookups import Names, Secrets
from console.collector.recorder import CycleClock
from console.collector.targets import ABOUT_CREDENTIALS, find_target, use_of
from console.model.inventory import Device, Polling, SnmpProfile
from console.model.observation import DevicePoll, PortSample, ProbeResult
from console.model.states import Outcome
from console.probes.icmp import Pinger
from console.probes.interfaces import InterfaceProbe
from console.snmp.manager import Manager
from console.snmp.target import Target


@dataclass(frozen=True, slots=True)
class Means:
    """What every question needs. `pinger` is None where the system allows no pings."""

    polling: Polling
    names: Names
    secrets: Secrets
    manager: Manager
    pinger: Pinger | None
    cycle: Callable[[], CycleClock]
    saw_poll: Callable[[DevicePoll], None]
    saw_look: Callable[[DevicePoll], None]
    saw_probe: Callable[[ProbeResult], None]

    @property
    def patience_s(self) -> float:
        """How long an answer may take, all retries included."""
        return self.polling.timeout_s * (1 + self.polling.retries)

    @property
    def longest_s(self) -> float:
        """How long the poll of one device may last, however many answers it takes.

        So every round has its poll and no reason grows old; silence is told as silence before.
        """
        return max(0.9 * self.polling.interfaces_s, 2 * self.patience_s)


class DeviceQuestion:
    """Polls the interfaces of one device by SNMP."""

    def __init__(self, means: Means, device: Device, profile: SnmpProfile) -> None:
        self._means = means
        self._device = device
        self._profile = profile
        self._target: Target | None = None
        self._probe: InterfaceProbe
        self._ports: tuple[PortSample, ...] = ()  # of the last answer
        self._polled = 0  # the cycle of the last poll; a cycle has one
        self._turn = asyncio.Lock()  # one question at a time

    @property
    def engine_id(self) -> bytes | None:
        """The device's SNMP engine as its answers confirmed it; None where they did not."""
        return self._means.manager.engine_id(self._target) if self._target else None

    async def ask(self) -> None:
        """Poll once and hand on what came of it; look, where the cycle has had its poll."""
        async with self._turn:
            if self._means.cycle().id == self._polled:
                await self._look()
            else:
                await self._poll()

    async def look(self) -> bool:
        """Ask out of turn how the ports stand; the rates and misses of the polls stay as they are.

        A device that was never asked before is polled. Tells whether a port stands otherwise than
        at the last answer.
        """
        async with self._turn:
            before = self._ports
            await self._look()
            return _stand(before) != _stand(self._ports)

    async def _look(self) -> None:
        cycle = self._means.cycle()
        if self._target is None:
            if cycle.id != self._polled:
                await self._poll()
            return
        seen = await self._bounded(self._probe.look(cycle.id, cycle.ms), cycle)
        if seen.outcome.alive:
            self._ports = seen.ports
            self._means.saw_look(seen)

    async def _poll(self) -> None:
        cycle = self._means.cycle()
        self._polled = cycle.id
        means, device = self._means, self._device
        target = await find_target(device, self._profile, means.polling, means.names, means.secrets)
        if isinstance(target, str):
            poll = DevicePoll(device.id, cycle.id, cycle.ms(), Outcome.ERROR, detail=target)
        else:
            poll = await self._bounded(self._probe_of(target).poll(cycle.id, cycle.ms), cycle)
            host, port = device.endpoint
            means.names.heard(host, use_of(port), poll.outcome)
        if poll.detail in ABOUT_CREDENTIALS:
            poll = replace(poll, detail=f"{poll.detail}:{device.snmp}")
        if poll.outcome.alive:
            self._ports = poll.ports
        means.saw_poll(poll)

    async def _bounded(
        self, asked: Coroutine[None, None, DevicePoll], cycle: CycleClock
    ) -> DevicePoll:
        """Wait for a poll or look; one that was answered again and again, yet never ends, fails."""
        try:
            async with asyncio.timeout(self._means.longest_s):
                return await asked
        except TimeoutError:
            failed = (self._device.id, cycle.id, cycle.ms(), Outcome.GARBLED)
            return DevicePoll(*failed, detail="snmp_slow")

    def _probe_of(self, target: Target) -> InterfaceProbe:
        """Return the probe that remembers this target; another address is another agent."""
        if target != self._target:
            topology_s = self._means.polling.topology_s
            self._probe = InterfaceProbe(self._means.manager, self._device.id, target, topology_s)
            self._target = target
        return self._probe


class PingQuestion:
    """Pings one device."""

    def __init__(self, means: Means, device: Device) -> None:
        self._means = means
        self._device = device

    async def ask(self) -> None:
        """Ping once and hand on what came of it."""
        cycle = self._means.cycle()
        host, use = self._device.endpoint[0], f"{PING} {self._device.id}"
        address = await self._means.names.get(host, use)
        result: tuple[Outcome, int | None, str | None] = (Outcome.ERROR, None, "dns")
        if address is not None:
            result = await _ping(self._means, address)
            self._means.names.heard(host, use, result[0])
        self._means.saw_probe(ProbeResult(self._device.id, PING, cycle.id, cycle.ms(), *result))


def _stand(ports: Sequence[PortSample]) -> list[tuple[str, int | None, int | None]]:
    return [(sample.key, sample.admin, sample.oper) for sample in ports]


async def _ping(means: Means, address: str) -> tuple[Outcome, int | None, str | None]:
    assert means.pinger is not None, "pings are planned only where the system allows them"
    ping = await means.pinger.ask(address, means.polling.timeout_s)
    return ping.outcome, ping.rtt_us, ping.detail
