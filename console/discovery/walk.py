"""Walks from seeds to their neighbours and theirs, breadth first and bounded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from console.analysis.found_links import DeviceFinder
from console.discovery.device import Asked
from console.discovery.scope import Network, may_ask
from console.model.addresses import split_address
from console.model.found import Found, Silent, Walk
from console.model.inventory import SNMP_PORT
from console.model.observation import Neighbour

_MOST_ADDRESSES = 3  # tried of one neighbour
_MOST_NEIGHBOURS = 256  # followed of one device: the table of a hostile one ends nowhere
_ASKED_A_DEVICE = 4  # so many are asked in all for each that may be found

Ask = Callable[[Asked], Awaitable[Found | str]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a walk ends: devices found, steps from a seed, seconds; how many are asked at once."""

    devices: int = 500
    depth: int = 32
    time_s: float = 900.0
    at_once: int = 32


@dataclass(slots=True)
class Step:
    """One device to be asked, at one address after the other until one answers."""

    tries: tuple[Asked, ...]


@dataclass(slots=True)
class Walker:
    """One walk. `told` hears of every device as it is found, and of every one that is silent."""

    ask: Ask
    profile: str
    bounds: Bounds
    networks: Sequence[Network]
    told: Callable[[Found | Silent], None]
    _found: dict[tuple[str, ...], Found] = field(default_factory=dict)
    _silent: dict[str, Silent] = field(default_factory=dict)
    _seen: dict[str, tuple[str, ...] | None] = field(default_factory=dict)  # by address
    _cut: set[str] = field(default_factory=set)

    async def walk(self, seeds: Iterable[Asked], stop: asyncio.Event) -> Walk:
        """Walk until all is seen, a bound is met or `stop` is set; return what was found."""
        walking = asyncio.create_task(self._levels([Step((seed,)) for seed in seeds]))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait(
                (walking, stopping),
                timeout=self.bounds.time_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            stopping.cancel()
        if walking.done():
            walking.result()
        else:
            self._cut.add("stopped" if stop.is_set() else "time")
            walking.cancel()
            await asyncio.wait((walking,))
        found = sorted(self._found.values(), key=_by_name)
        return Walk(tuple(found), self._silents(found), tuple(sorted(self._cut)))

    async def _levels(self, steps: list[Step]) -> None:
        for _depth in range(self.bounds.depth + 1):
            if not steps:
                return
            new = await self._level(steps)
            steps = [step for found in new for step in self._next(found)]
        if steps:
            self._cut.add("depth")

    async def _level(self, steps: Sequence[Step]) -> list[Found]:
        """Ask all of one distance from the seeds; return those not found before."""
        slots = asyncio.Semaphore(self.bounds.at_once)
        new: list[Found] = []

        async def visit(step: Step) -> None:
            async with slots:
                found = await self._visit(step)
            if found is not None:
                new.append(found)

        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(visit(step))
        return sorted(new, key=_by_name)

    async def _visit(self, step: Step) -> Found | None:
        reason = ""
        for asked in step.tries:
            if asked.address in self._seen and asked.known is None:
                return None
            if self._full():
                return None
            self._seen[asked.address] = None
            answer = await self.ask(asked)
            if isinstance(answer, Found):
                return self._take(answer)
            reason = reason or answer
        if step.tries:
            first = step.tries[0]
            silent = Silent(first.address, first.name, first.heard_at, reason, first.known)
            if self._silent.setdefault(first.address, silent) is silent:
                self.told(silent)
        return None

    def _full(self) -> bool:
        most = self.bounds.devices
        full = len(self._found) >= most or len(self._seen) >= most * _ASKED_A_DEVICE
        if full:
            self._cut.add("devices")
        return full

    def _take(self, found: Found) -> Found | None:
        """Keep a device; the same one at another address only adds that address."""
        self._seen[found.address] = found.identity
        before = self._found.get(found.identity)
        if before is None:
            self._found[found.identity] = found
            self.told(found)
            return found
        if before.known and found.known and before.known != found.known:
            twin = (*found.identity, found.known)  # the inventory holds both for different
            self._found[twin] = found
            self.told(found)
            return found
        addresses = tuple(dict.fromkeys((*before.addresses, *found.addresses)))
        keep = found if found.known and not before.known else before
        self._found[found.identity] = replace(keep, addresses=addresses)
        return None

    def _next(self, device: Found) -> Iterator[Step]:
        """Yield whom the device hears and nobody has asked yet."""
        for neighbour in device.neighbours[:_MOST_NEIGHBOURS]:
            if ("chassis", neighbour.chassis, neighbour.name) not in self._found:
                tries = self._tries(device, neighbour)
                if tries:
                    yield Step(tries)

    def _tries(self, device: Found, neighbour: Neighbour) -> tuple[Asked, ...]:
        """Return how to ask a neighbour: at the port at which the device itself was asked."""
        heard_at = f"{device.label} {neighbour.port}"
        allowed = [host for host in neighbour.addresses if may_ask(host, self.networks)]
        written = [address_beside(device, host) for host in allowed[:_MOST_ADDRESSES]]
        return tuple(
            Asked(address, self.profile, neighbour.remote_name, heard_at=heard_at)
            for address in written
            if address not in self._seen
        )

    def _silents(self, found: Sequence[Found]) -> tuple[Silent, ...]:
        """Return those who did not answer, and those heard of who could not be asked."""
        silent = dict(self._silent)
        finder = DeviceFinder(found)
        for device in found:
            for neighbour in device.neighbours:
                if finder.find(neighbour) is None and len(silent) < self._most_silent:
                    new = self._not_asked(device, neighbour)
                    silent.setdefault(new.address or f"{new.name} {new.heard_at}", new)
        return tuple(silent.values())

    @property
    def _most_silent(self) -> int:
        return self.bounds.devices * _ASKED_A_DEVICE

    def _not_asked(self, device: Found, neighbour: Neighbour) -> Silent:
        heard_at = f"{device.label} {neighbour.port}"
        usable = [(h, may_ask(h, self.networks)) for h in neighbour.addresses]
        written = [address_beside(device, host) for host, allowed in usable if allowed is not None]
        asked = [address for address in written if address in self._silent]
        if asked:
            return self._silent[asked[0]]
        reason = "not_asked" if any(allowed for _host, allowed in usable) else "outside"
        if not written:
            reason = "no_address"
        elif reason == "not_asked" and any(address in self._seen for address in written):
            reason = "other_device"
        return Silent(written[0] if written else "", neighbour.remote_name, heard_at, reason)


def _by_name(found: Found) -> tuple[str, str]:
    return found.label, found.address


def address_beside(device: Found, host: str) -> str:
    """Write a host and the port at which `device` was asked, as an inventory does."""
    port = split_address(device.address, SNMP_PORT)[1]
    if port == SNMP_PORT:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
