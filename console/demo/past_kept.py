"""Check points and reports of the conferences of a written past, as a collector had made them.

Each is worked out from the history as of its moment, by the code that judges live.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from typing import Protocol
from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.analysis.readiness import assess
from console.history.reader import HistoryReader
from console.history.reports import SETTLED_S
from console.model.observation import Frozen
from console.model.plan import Occurrence, Plan
from console.model.report import GATES, ConferenceReport


class Writer(Protocol):
    """What keeping them needs of the history's writer."""

    def finish_past(self) -> None:
        """Let readers see all of the past."""

    def past_kept(
        self, at_s: float, frozen: tuple[Frozen, ...], reports: tuple[ConferenceReport, ...] = ()
    ) -> None:
        """Store what was kept at a moment of the past."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate of an occurrence, or its report (None), and when it was due."""

    at_s: float
    conference: str
    occurrence: Occurrence
    name: str | None


def keep(
    reader: HistoryReader,
    writer: Writer,
    plans: tuple[Plan, ...],
    timezone: str,
    progress: Callable[[float], None],
) -> None:
    """Keep what came due in the recorded past; `progress` gets the part done, 0..1."""
    writer.finish_past()
    span = reader.span()
    if span is None:
        return
    due = sorted(came_due(plans, ZoneInfo(timezone), *span), key=attrgetter("at_s"))
    gates = [gate for gate in due if gate.name is not None]
    made = list(_assessed(reader, gates, progress))
    for at_s, frozen in made:
        writer.past_kept(at_s, (frozen,))
    for gate in due:
        if gate.name is None:
            told = reader.report(gate.conference, gate.occurrence.start_s, gate.at_s)
            if told is not None:
                writer.past_kept(gate.at_s, (), (told,))


def came_due(plans: tuple[Plan, ...], zone: ZoneInfo, from_s: float, to_s: float) -> Iterator[Gate]:
    """Yield every gate and report whose moment lies in the span."""
    first_s = max(gate.before_s for gate in GATES)
    for plan in plans:
        for one in occurrences(plan, zone, from_s - SETTLED_S, to_s + first_s):
            moments = [(one.start_s - gate.before_s, gate.name) for gate in GATES]
            for at_s, name in (*moments, (one.end_s + SETTLED_S, None)):
                if from_s <= at_s <= to_s:
                    yield Gate(at_s, plan.id, one, name)


def _assessed(
    reader: HistoryReader, gates: list[Gate], progress: Callable[[float], None]
) -> Iterator[tuple[float, Frozen]]:
    for number, gate in enumerate(gates):
        assert gate.name is not None
        with suppress(LookupError):  # not planned then
            situation = reader.situation(
                gate.conference, gate.at_s, start_s=gate.occurrence.start_s
            )
            yield gate.at_s, Frozen(gate.name, assess(situation))
        progress((number + 1) / len(gates))
