"""What a reader could see at one moment: the newest cycle, the collector's state, what is stale.

Order is by cycle number; a stretch of cycles between two settings-back of the clock is an era.
A past moment means its newest era.
"""

import sqlite3
from dataclasses import dataclass

from console.history.heartbeat import SILENT_S, UNBROKEN_S
from console.history.units import to_ms
from console.model.snapshot import Collector, Cycle
from console.model.states import CollectorState

# What a row of `c` (cycle) with a column stored_ms must fulfil; takes as_of().
VISIBLE = "(:live OR c.id < :era OR CAST(round(c.at * 1000) AS INT) + {0}.stored_ms <= :at_ms)"


@dataclass(frozen=True, slots=True)
class Moment:
    """The cursor's moment in the file. `at_ms` is UTC milliseconds."""

    at_ms: int
    live: bool
    cycle: Cycle | None
    era: int  # first cycle since the clock was last set back
    collector: Collector
    silent: bool
    since: tuple[int, int]  # cycle and ms in it from which on the collector never fell silent

    @property
    def at_s(self) -> float:
        """UTC seconds."""
        return self.at_ms / 1000

    @property
    def as_of(self) -> dict[str, int]:
        """Parameters for VISIBLE, and the newest cycle."""
        newest = self.cycle.id if self.cycle else -1
        return {"live": self.live, "era": self.era, "at_ms": self.at_ms, "cycle": newest}

    def sees(self, cycle: int, cycle_at_ms: int, stored_ms: int) -> bool:
        """Tell whether a row had been stored by this moment."""
        return self.live or cycle < self.era or cycle_at_ms + stored_ms <= self.at_ms

    def fresh(self, cycle: int, stored_ms: int, seen_at_ms: int, longest_s: float) -> bool:
        """Tell whether a value still says something: young, and nobody fell silent since."""
        young = self.at_ms - seen_at_ms <= longest_s * 1000
        return young and not self.silent and (cycle, stored_ms) >= self.since

    def age_s(self, seen_at_ms: int) -> float:
        """Return the age of something seen then; never negative."""
        return max(0, self.at_ms - seen_at_ms) / 1000


def find(db: sqlite3.Connection, at_s: float | None, now_s: float) -> Moment:
    """Return the moment `at_s`, or with None the newest one as of `now_s`."""
    live = at_s is None
    at_ms = to_ms(now_s if at_s is None else at_s)
    cycle, era = _newest(db) if live else _cycle_at(db, at_ms / 1000)
    beat = db.execute(
        "SELECT last_at, stopped, cycle, cycle_ms FROM heartbeat WHERE ? OR first_at <= ?"
        " ORDER BY id DESC LIMIT 1",
        (live, at_ms / 1000),
    ).fetchone()
    if beat is None:
        nobody = Collector(CollectorState.NEVER, None)
        return Moment(at_ms, live, cycle, era, nobody, True, (0, 0))
    last_at_s, stopped, since_cycle, since_ms = beat
    silence_s = (at_ms - to_ms(last_at_s)) / 1000
    collector = _collector(silence_s, bool(stopped))
    silent = silence_s > SILENT_S
    return Moment(at_ms, live, cycle, era, collector, silent, (since_cycle, since_ms))


def _collector(silence_s: float, stopped: bool) -> Collector:
    age_s = silence_s if silence_s > UNBROKEN_S else 0.0
    if stopped and silence_s >= 0:
        return Collector(CollectorState.STOPPED, age_s)
    state = CollectorState.SILENT if silence_s > SILENT_S else CollectorState.RUNNING
    return Collector(state, age_s)


def _newest(db: sqlite3.Connection) -> tuple[Cycle | None, int]:
    row = db.execute("SELECT id, at FROM cycle ORDER BY id DESC LIMIT 1").fetchone()
    era = db.execute("SELECT coalesce(max(cycle), 0) FROM clock_step").fetchone()[0]
    return (Cycle(*row) if row else None), era


def _cycle_at(db: sqlite3.Connection, at_s: float) -> tuple[Cycle | None, int]:
    era = db.execute(
        "SELECT coalesce(max(cycle), 0) FROM clock_step WHERE at <= ?", (at_s,)
    ).fetchone()[0]
    row = db.execute(
        "SELECT id, at FROM cycle WHERE at <= ? AND id >= ? ORDER BY at DESC, id DESC LIMIT 1",
        (at_s, era),
    ).fetchone()
    return (Cycle(*row) if row else None), era
