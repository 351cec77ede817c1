"""Gathers what was seen and commits it in groups, on the one thread that writes the history."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from console import __version__
from console.history.writer import HistoryWriter
from console.model.events import Event, EventCount
from console.model.inventory import Inventory
from console.model.observation import (
    Batch,
    DevicePoll,
    Frozen,
    PathWindow,
    ProbeResult,
    Surroundings,
    Transition,
)
from console.model.plan import Plan
from console.model.rehearsal import Rehearsal
from console.model.report import ConferenceReport

COMMIT_S = 0.4  # so long something seen waits at most for its commit
BEAT_S = 1.0
MOST_EVENTS = 50_000  # wait for their commit at most; a disk may be slow for seconds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CycleClock:
    """Moments of one cycle, by a clock that does not step."""

    id: int
    at_s: float  # UTC seconds
    began_s: float  # monotonic

    def ms(self) -> int:
        """Return the milliseconds since the cycle began."""
        return round((time.monotonic() - self.began_s) * 1000)

    def now_s(self) -> float:
        """Return UTC seconds as this cycle counts them."""
        return self.at_s + time.monotonic() - self.began_s


@dataclass(slots=True)
class _Waiting:
    """What the next commit stores; named as in Batch. `told` is called after it."""

    polls: list[DevicePoll] = field(default_factory=list)
    looks: list[DevicePoll] = field(default_factory=list)
    probes: list[ProbeResult] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    event_counts: list[EventCount] = field(default_factory=list)
    surroundings: list[Surroundings] = field(default_factory=list)
    windows: list[PathWindow] = field(default_factory=list)
    plans: tuple[Plan, ...] | None = None
    frozen: list[Frozen] = field(default_factory=list)
    reports: list[ConferenceReport] = field(default_factory=list)
    rehearsals: list[Rehearsal] = field(default_factory=list)
    told: list[Callable[[], None]] = field(default_factory=list)

    def batch(self, cycle: int, stored_at_s: float) -> Batch:
        """Return it as what is stored at that moment."""
        return Batch(
            *(cycle, stored_at_s),
            polls=tuple(self.polls),
            looks=tuple(self.looks),
            probes=tuple(self.probes),
            transitions=tuple(self.transitions),
            events=tuple(self.events),
            event_counts=tuple(self.event_counts),
            surroundings=tuple(self.surroundings),
            windows=tuple(self.windows),
            plans=self.plans,
            frozen=tuple(self.frozen),
            reports=tuple(self.reports),
            rehearsals=tuple(self.rehearsals),
        )


class Recorder:
    """What was seen waits here at most COMMIT_S; use as an async context manager.

    Leaving it commits what still waits, says goodbye and closes the history.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "history")
        self._writer: HistoryWriter
        self._waiting = _Waiting()
        self._cycle = CycleClock(0, 0.0, 0.0)

    async def __aenter__(self) -> "Recorder":
        try:
            opened = partial(HistoryWriter.open, self._path, __version__)
            self._writer = await self._in_thread(opened)
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(self, *_exception: object) -> None:
        try:
            await self._commit()
            if self._cycle.id:
                await self._in_thread(partial(self._writer.stop, time.time()))
        finally:
            await self._in_thread(self._writer.close)
            self._thread.shutdown()

    @property
    def path(self) -> Path:
        """The history's file."""
        return self._path

    async def resumed(self) -> Mapping[str, Transition]:
        """Return how everything stands by what was seen until now, in this run or before."""
        await self._commit()
        return await self._in_thread(self._writer.newest_transitions)

    async def planned(self) -> tuple[Plan, ...]:
        """Return what was planned last, in this run or before."""
        await self._commit()
        return await self._in_thread(self._writer.newest_plans)

    async def record_inventory(self, inventory: Inventory) -> None:
        """Store the inventory that holds from the next cycle on."""
        await self._in_thread(partial(self._writer.record_inventory, inventory))

    async def begin_cycle(self) -> None:
        """Begin the next cycle; all that begins from now on belongs to it."""
        at_s, began_s = time.time(), time.monotonic()
        number = await self._in_thread(partial(self._writer.begin_cycle, at_s))
        self._cycle = CycleClock(number, at_s, began_s)

    def now(self) -> CycleClock:
        """Return the clock of the cycle under way."""
        return self._cycle

    def add(
        self,
        *,
        poll: DevicePoll | None = None,
        look: DevicePoll | None = None,
        probe: ProbeResult | None = None,
        transitions: tuple[Transition, ...] = (),
    ) -> None:
        """Take in something seen; the next commit stores it."""
        waiting = self._waiting
        if poll is not None:
            waiting.polls.append(poll)
        if look is not None:
            waiting.looks.append(look)
        if probe is not None:
            waiting.probes.append(probe)
        waiting.transitions.extend(transitions)

    def add_surroundings(self, surroundings: Surroundings) -> None:
        """Take in what a device told of its neighbours and itself."""
        self._waiting.surroundings.append(surroundings)

    def add_window(self, window: PathWindow) -> None:
        """Take in what probe packets saw along a path."""
        self._waiting.windows.append(window)

    def add_plans(self, plans: tuple[Plan, ...]) -> None:
        """Take in everything that is planned; stored where it differs from before."""
        self._waiting.plans = plans

    def add_frozen(self, frozen: Frozen) -> None:
        """Take in an assessment to be kept as it is."""
        self._waiting.frozen.append(frozen)

    def add_report(self, report: ConferenceReport) -> None:
        """Take in what became of a conference."""
        self._waiting.reports.append(report)

    def add_rehearsal(self, rehearsal: Rehearsal) -> None:
        """Take in how a rehearsal stands."""
        self._waiting.rehearsals.append(rehearsal)

    def add_event(self, event: Event, stored: Callable[[], None] | None = None) -> bool:
        """Take in an event; return False where too many wait. `stored` is called when it is."""
        if len(self._waiting.events) >= MOST_EVENTS:
            return False
        self._waiting.events.append(event)
        if stored is not None:
            self._waiting.told.append(stored)
        return True

    def add_event_counts(self, counts: Iterable[EventCount]) -> None:
        """Take in how many notifications were not stored, and why."""
        self._waiting.event_counts.extend(counts)

    async def keep_committing(self) -> None:
        """Commit what waits, and beat each second, until cancelled."""
        beat_s = time.monotonic()
        while True:
            await asyncio.sleep(COMMIT_S)
            if await self._commit():
                beat_s = time.monotonic()
            elif time.monotonic() - beat_s > BEAT_S - COMMIT_S:
                await self._in_thread(partial(self._writer.beat, time.time()))
                beat_s = time.monotonic()

    async def _commit(self) -> bool:
        """Store what waits; return False where nothing did."""
        if self._waiting == _Waiting():
            return False
        waiting, self._waiting = self._waiting, _Waiting()
        await self._in_thread(partial(self._store, self._cycle, waiting))
        for tell in waiting.told:
            tell()
        return True

    def _store(self, cycle: CycleClock, waiting: "_Waiting") -> None:
        self._writer.store(waiting.batch(cycle.id, cycle.now_s()))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run in the writer's thread; a cancelled caller does not stop what is queued."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
