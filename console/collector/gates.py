"""Keeps an assessment at every gate before a conference, and makes the report after it.

What a gate saw is worked out in a thread of its own, from the history like any reader's. A gate
that nobody was there for stays empty: it is not made up for later than its tolerance.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.analysis.readiness import Cancelled, assess
from console.collector.recorder import Recorder
from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.history.reports import SETTLED_S
from console.language import _
from console.model.observation import Frozen
from console.model.plan import Occurrence, Plan
from console.model.report import GATES, ConferenceReport

log = logging.getLogger("leitstand.collector")
LOOK_S = 2.0  # so often the clock is looked at
REPORT = "report"
_LATE_REPORT_S = 86400  # a report can be made long after: it needs only what is stored


@dataclass(frozen=True, slots=True)
class Due:
    """A gate, or the report, of one occurrence that is due now."""

    conference: str
    occurrence: Occurrence
    gate: str

    @property
    def key(self) -> tuple[str, float, str]:
        """What tells it apart from all others."""
        return self.conference, self.occurrence.start_s, self.gate


def due(plans: tuple[Plan, ...], zone: ZoneInfo, at_s: float) -> Iterator[Due]:
    """Yield what is due at a moment, and not later than it may be."""
    last_s = max(gate.before_s for gate in GATES)
    for plan in plans:
        for one in occurrences(plan, zone, at_s - _LATE_REPORT_S, at_s + last_s):
            for gate in GATES:
                if 0 <= at_s - (one.start_s - gate.before_s) <= gate.late_s:
                    yield Due(plan.id, one, gate.name)
            if 0 <= at_s - one.end_s - SETTLED_S <= _LATE_REPORT_S:
                yield Due(plan.id, one, REPORT)


class Gates:
    """The gates of all that is planned; `plans` tells it, `settle_s` is waited for at first.

    So long the collector needs after its start until it has asked everything once.
    """

    def __init__(
        self,
        recorder: Recorder,
        plans: Callable[[], tuple[Plan, ...]],
        timezone: str,
        settle_s: float,
    ) -> None:
        self._recorder = recorder
        self._plans = plans
        self._zone = ZoneInfo(timezone)
        self._settle_s = settle_s
        self._done: set[tuple[str, float, str]] = set()
        self._cancelled = threading.Event()

    async def keep(self) -> None:
        """Freeze what is due until cancelled; what is under way then is given up."""
        await asyncio.sleep(self._settle_s)
        with ThreadPoolExecutor(1, "gates") as thread:
            try:
                while True:
                    for one in list(due(self._plans(), self._zone, time.time())):
                        if one.key not in self._done:
                            self._done.add(one.key)
                            await self._freeze(thread, one)
                    await asyncio.sleep(LOOK_S)
            finally:
                self._cancelled.set()

    async def _freeze(self, thread: ThreadPoolExecutor, one: Due) -> None:
        work = partial(_made, self._recorder.path, one, self._cancelled.is_set)
        try:
            made = await asyncio.get_running_loop().run_in_executor(thread, work)
        except OperatorError as error:
            log.warning("%s", error)
            return
        if isinstance(made, Frozen):
            self._recorder.add_frozen(made)
        elif made is not None:
            self._recorder.add_report(made)
        if made is not None:
            log.info(
                _("%(conference)s: %(gate)s is kept."),
                {"conference": one.conference, "gate": one.gate},
            )


def _made(path: Path, one: Due, cancelled: Callable[[], bool]) -> Frozen | ConferenceReport | None:
    """Return what is to be kept; None where it is already, or where it cannot be told."""
    start_s = one.occurrence.start_s
    try:
        with HistoryReader(path) as reader:
            if one.gate == REPORT:
                return _report(reader, one)
            kept = reader.frozen_at(one.conference, start_s, None)
            if any(frozen.gate == one.gate for frozen in kept):
                return None
            situation = reader.situation(one.conference, None, start_s=start_s)
        return Frozen(one.gate, assess(situation, cancelled))
    except (LookupError, Cancelled):
        return None  # it is not planned any more, or the collector ends


def _report(reader: HistoryReader, one: Due) -> ConferenceReport | None:
    """Return the report unless it is kept already."""
    start_s = one.occurrence.start_s
    if reader.report_kept(one.conference, start_s):
        return None
    return reader.report(one.conference, start_s)
