"""Fills 5-minute and hourly means as time passes. Restart-safe: the file says what is still open.

A window is closed when a whole cycle that began after it is over, so that every poll that reaches
into it is there.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.analysis.rollup import (
    WINDOW_S,
    Column,
    known_max,
    known_mean,
    spans,
    window_means,
)
from console.history.memory import Memory
from console.history.moment import Moment
from console.history.schema import MEANS, SLOTS, TRAFFIC, WINDOWS
from console.history.units import to_ms
from console.model.states import Outcome

HOUR_S = 3600
STALE_INTERVALS = 2.5
_MOST_WINDOWS = 24  # closed in one call
_PREFIXES = ("mi", "mo", "xi", "xo")


@dataclass(frozen=True, slots=True)
class Samples:
    """Rates of some ports in kbit/s, and the spans they are means of (see analysis.rollup)."""

    ports: NDArray[np.int64]
    owner: NDArray[np.intp]
    start_s: Column
    end_s: Column
    inward: Column
    outward: Column

    def window(self, from_s: float, length_s: float = WINDOW_S) -> tuple[Column, ...]:
        """Return mean in, mean out, maximum in, maximum out per port."""
        reaching = ((self.end_s > from_s) & (self.start_s < from_s + length_s)).any(axis=1)
        where = (from_s, length_s, self.start_s[reaching], self.end_s[reaching], self.owner)
        mean_in, max_in = window_means(*where, self.inward[reaching])
        mean_out, max_out = window_means(*where, self.outward[reaching])
        return mean_in, mean_out, max_in, max_out


def load_samples(
    db: sqlite3.Connection,
    from_s: float,
    to_s: float,
    interval_s: float,
    ports: Sequence[int] | None = None,
    moment: Moment | None = None,
) -> Samples:
    """Read all samples that reach into the span, of all ports or of some; as a moment saw them."""
    longest_s = STALE_INTERVALS * interval_s
    cycles = db.execute(
        "SELECT id, at FROM cycle WHERE at >= ? AND at < ? ORDER BY id",
        (from_s - longest_s - interval_s, to_s + longest_s),
    ).fetchall()
    if moment is not None:
        newest = moment.cycle.id if moment.cycle else -1
        cycles = [row for row in cycles if row[0] <= newest]
    ids = [cycle for cycle, _at_s in cycles]
    device_of = _owners(db, ports)
    devices = sorted(set(device_of.values()))
    end_s = _poll_ends(db, cycles, devices, moment)
    numbers = np.array(sorted(device_of), dtype=np.int64)
    inward, outward = _rates(db, ids, numbers, None if ports is None else list(ports))
    owner = np.searchsorted(devices, [device_of[int(n)] for n in numbers]).astype(np.intp)
    return Samples(numbers, owner, spans(end_s, longest_s), end_s, inward, outward)


def _owners(db: sqlite3.Connection, ports: Sequence[int] | None) -> dict[int, int]:
    if ports is None:
        return dict(db.execute("SELECT id, device FROM port"))
    wanted = json.dumps(list(ports))
    sql = "SELECT id, device FROM port WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(sql, (wanted,)))


def _poll_ends(
    db: sqlite3.Connection,
    cycles: list[tuple[int, float]],
    devices: list[int],
    moment: Moment | None,
) -> Column:
    end_s = np.full((len(cycles), len(devices)), np.nan)
    row_of = {cycle: row for row, (cycle, _at_s) in enumerate(cycles)}
    column_of = {device: column for column, device in enumerate(devices)}
    for cycle, device, at_ms, stored_ms in db.execute(
        "SELECT cycle, device, at_ms, stored_ms FROM poll"
        " WHERE cycle IN (SELECT value FROM json_each(?))"
        " AND device IN (SELECT value FROM json_each(?)) AND outcome = ?",
        (json.dumps(list(row_of)), json.dumps(devices), int(Outcome.OK)),
    ):
        row = row_of[cycle]
        if moment is not None and not moment.sees(cycle, to_ms(cycles[row][1]), stored_ms):
            continue
        end_s[row, column_of[device]] = cycles[row][1] + at_ms / 1000
    return end_s


def _rates(
    db: sqlite3.Connection, cycles: list[int], numbers: NDArray[np.int64], ports: list[int] | None
) -> tuple[Column, Column]:
    inward = np.full((len(cycles), len(numbers)), np.nan)
    outward = inward.copy()
    rows = read_buckets(db, sorted({cycle // SLOTS for cycle in cycles}), ports)
    column = np.searchsorted(numbers, rows[:, 1])
    for row, cycle in enumerate(cycles):
        here = rows[:, 0] == cycle // SLOTS
        inward[row, column[here]] = rows[here, 2 + cycle % SLOTS]
        outward[row, column[here]] = rows[here, 2 + SLOTS + cycle % SLOTS]
    return inward, outward


def read_buckets(db: sqlite3.Connection, buckets: list[int], ports: list[int] | None) -> Column:
    """Return rows of bucket, port and the 20 rates in kbit/s."""
    sql = (
        f"SELECT bucket, port, {', '.join(TRAFFIC)} FROM traffic"
        " WHERE bucket IN (SELECT value FROM json_each(?))"
    )
    if ports is not None:
        sql += " AND port IN (SELECT value FROM json_each(?))"
    wanted = [json.dumps(buckets)] if ports is None else [json.dumps(buckets), json.dumps(ports)]
    rows = db.execute(sql, wanted).fetchall()
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2 + 2 * SLOTS)


def open_from(db: sqlite3.Connection) -> int | None:
    """Return the start of the first window that is not closed, UTC seconds."""
    row = db.execute("SELECT open_from FROM rollup").fetchone()
    return int(row[0]) if row else None


def set_open_from(db: sqlite3.Connection, at_s: int) -> None:
    """Remember which window is open."""
    db.execute("INSERT OR REPLACE INTO rollup VALUES (1, ?)", (at_s,))


def floor_window(at_s: float) -> int:
    """Return the start of the window that holds the moment."""
    return int(at_s // WINDOW_S) * WINDOW_S


def close_due(db: sqlite3.Connection, memory: Memory) -> None:
    """Close the windows that nothing can reach into any more, at most a day's share in one call."""
    settled_s = memory.cycle_at.get(memory.newest - 2)
    if settled_s is None:
        return
    start = open_from(db)
    if start is None:
        set_open_from(db, floor_window(settled_s))
        return
    if settled_s < start:  # the clock was set back: what is open ends here
        _close(db, start, memory.interval_s, floor_window(settled_s))
        return
    for _turn in range(_MOST_WINDOWS):
        if start + WINDOW_S > settled_s:
            return
        after = _next_window(db, start, memory.interval_s)
        _close(db, start, memory.interval_s, after)
        start = after


def catch_up(db: sqlite3.Connection, memory: Memory, to_s: float) -> None:
    """Close every window up to the newest cycle, because recording goes on at `to_s` only."""
    start = open_from(db)
    last_s = memory.cycle_at.get(memory.newest)
    while start is not None and last_s is not None and start <= last_s:
        after = start + WINDOW_S
        _close(
            db,
            start,
            memory.interval_s,
            max(after, floor_window(to_s)) if after > last_s else after,
        )
        start = after
    if start is not None:
        set_open_from(db, floor_window(to_s))


def _next_window(db: sqlite3.Connection, start: int, interval_s: float) -> int:
    """Return the window to open after this one: the next, or the next in which anything is."""
    after = start + WINDOW_S
    reach_s = after - (1 + STALE_INTERVALS) * interval_s
    row = db.execute("SELECT min(at) FROM cycle WHERE at >= ?", (reach_s,)).fetchone()
    return max(after, floor_window(row[0])) if row[0] is not None else after


def _close(db: sqlite3.Connection, start: int, interval_s: float, after: int) -> None:
    samples = load_samples(db, start, start + WINDOW_S, interval_s)
    means = np.array(samples.window(start))
    seen = ~np.isnan(means).all(axis=0)
    slot = start % HOUR_S // WINDOW_S
    names = [f"{prefix}{slot}" for prefix in _PREFIXES]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)
    rows = np.vstack([samples.ports[seen], whole(means[:, seen])]).T.tolist()
    db.executemany(
        f"INSERT INTO traffic_5min(hour, port, {', '.join(names)})"
        f" VALUES ({start // HOUR_S}, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET {updates}",
        rows,
    )
    if after // HOUR_S != start // HOUR_S:
        close_hour(db, start // HOUR_S)
    set_open_from(db, after)


def close_hour(db: sqlite3.Connection, hour: int) -> None:
    """Write the hour's means and maxima from its windows."""
    rows = db.execute(
        f"SELECT port, {', '.join(MEANS)} FROM traffic_5min WHERE hour = ?", (hour,)
    ).fetchall()
    if rows:
        values = np.array(rows, dtype=np.float64)
        write_hours(db, hour, values[:, 0], values[:, 1:].reshape(len(rows), 4, WINDOWS))


def write_hours(db: sqlite3.Connection, hour: int, ports: Column, means: Column) -> None:
    """Write the hour from `means`: (ports, 4, windows) in the order of MEANS."""
    values = np.swapaxes(means, 0, 2)  # windows first
    columns = [known_mean(values[:, 0]), known_mean(values[:, 1])]
    columns += [known_max(values[:, 2]), known_max(values[:, 3])]
    rows = np.vstack([ports, whole(np.array(columns))]).T.tolist()
    db.executemany(f"INSERT OR REPLACE INTO traffic_hour VALUES ({hour}, ?, ?, ?, ?, ?)", rows)


def whole(kbit: Column) -> Column:
    """Round to whole kbit/s, never to 0 if anything passed."""
    rounded = np.floor(kbit + 0.5)
    rounded[(rounded < 1) & (kbit > 0)] = 1.0
    return rounded
