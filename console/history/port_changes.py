"""When ports came into their states: written when it changed, read as of a moment."""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from console.history.memory import Memory
from console.history.moment import Moment
from console.history.recording import stored_ms
from console.history.units import to_ms
from console.model.observation import DevicePoll, PortChange

_SAME_S = 60.0  # by so much the moment of the same ticks may wander: clocks, and what is on the way
_NOT_TOLD = (None, None)


def store_changes(
    db: sqlite3.Connection, memory: Memory, answers: Iterable[DevicePoll], stored_at_s: float
) -> None:
    """Write what polls and looks told of it and the file does not hold yet."""
    for answer in sorted(answers, key=attrgetter("cycle", "at_ms")):
        if answer.changes:
            at_s = memory.at_of(db, answer.cycle)
            shown_ms = to_ms(at_s) + stored_ms(at_s, answer.at_ms, stored_at_s)
            device = memory.subject(db, answer.device)
            insert_changes(db, memory, device, answer.cycle, answer.changes, shown_ms / 1000)


def insert_changes(
    db: sqlite3.Connection,
    memory: Memory,
    device: int,
    cycle: int,
    changes: Iterable[PortChange],
    stored_at_s: float,
) -> None:
    """Write those of one device that are not there; a reader sees them from `stored_at_s` on."""
    rows = []
    for change in changes:
        port, now = memory.port(db, device, change.key), (change.ticks, change.at_s)
        if not _same(memory.changes.get(port, _NOT_TOLD), now):
            memory.changes[port] = now
            rows.append((port, cycle, stored_at_s, *now))
    db.executemany(
        "INSERT INTO port_change(port, cycle, stored_at, ticks, at) VALUES (?, ?, ?, ?, ?)", rows
    )


def _same(before: tuple[int | None, float | None], now: tuple[int | None, float | None]) -> bool:
    old_s, new_s = before[1], now[1]
    if old_s is None or new_s is None:
        return old_s is None and new_s is None
    return before[0] == now[0] and abs(old_s - new_s) <= _SAME_S


@dataclass(slots=True)
class _OfDevice:
    """All rows of one device, oldest first; `current` is what the first `count` come to."""

    cycles: list[int] = field(default_factory=list)
    rows: list[tuple[int, int, float | None]] = field(default_factory=list)  # stored, port, at
    count: int = 0
    current: dict[int, float | None] = field(default_factory=dict)

    def upto(self, count: int) -> dict[int, float | None]:
        """Return the newest moment of each port among so many rows."""
        if count < self.count:
            self.count, self.current = 0, {}
        for _stored_ms, port, at_s in self.rows[self.count : count]:
            self.current[port] = at_s
        self.count = count
        return self.current


class PortChanges:
    """All of one file, read once and then only what was added."""

    def __init__(self) -> None:
        self._devices: dict[int, _OfDevice] = {}
        self._last = 0

    def refresh(self, db: sqlite3.Connection) -> None:
        """Read what was added since the last look."""
        for number, device, port, cycle, stored_at_s, at_s in db.execute(
            "SELECT c.id, p.device, c.port, c.cycle, c.stored_at, c.at FROM port_change c"
            " JOIN port p ON p.id = c.port WHERE c.id > ? ORDER BY c.id",
            (self._last,),
        ).fetchall():
            known = self._devices.setdefault(device, _OfDevice())
            known.cycles.append(cycle)
            known.rows.append((to_ms(stored_at_s), port, at_s))
            self._last = number

    def at(self, device: int, moment: Moment) -> Mapping[int, float | None]:
        """Return when the ports of a device came into their states, UTC seconds, as then told."""
        known = self._devices.get(device)
        if known is None or moment.cycle is None:
            return {}
        count = bisect_right(known.cycles, moment.cycle.id)
        while count and not moment.sees(known.cycles[count - 1], known.rows[count - 1][0], 0):
            count -= 1
        return known.upto(count)
