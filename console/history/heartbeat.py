"""Heartbeat segments: one row for as long as a beat came every second."""

import sqlite3

from console.history.units import to_ms

BEAT_S = 1.0
UNBROKEN_S = 2.0  # a longer pause begins a new row
SILENT_S = 5.0  # a longer pause is silence: what was seen before says nothing any more
_NEVER_MS = 2**31  # later than anything in a cycle


def beat(db: sqlite3.Connection, at_s: float, cycle: int, cycle_at_s: float | None) -> None:
    """Extend the newest segment, or begin one; `cycle` is the newest."""
    last = db.execute(
        "SELECT id, last_at, stopped, cycle, cycle_ms FROM heartbeat ORDER BY id DESC LIMIT 1"
    ).fetchone()
    at_s = to_ms(at_s) / 1000
    if last is None:
        return _begin(db, at_s, cycle, _since(at_s, cycle_at_s))
    number, last_at, stopped, began_cycle, began_ms = last
    pause_s = at_s - last_at
    if pause_s < -BEAT_S:  # the clock was set back: no age can be told across it
        return _begin(db, at_s, cycle, _NEVER_MS)
    if stopped or pause_s > SILENT_S:
        return _begin(db, at_s, cycle, _since(at_s, cycle_at_s))
    if pause_s > UNBROKEN_S:
        return _begin(db, at_s, began_cycle, began_ms)
    db.execute(
        "UPDATE heartbeat SET first_at = min(first_at, ?), last_at = max(last_at, ?) WHERE id = ?",
        (at_s, at_s, number),
    )
    return None


def stop(db: sqlite3.Connection, at_s: float) -> None:
    """Mark the newest segment as ended on request."""
    db.execute(
        "UPDATE heartbeat SET stopped = 1, last_at = max(last_at, ?)"
        " WHERE id = (SELECT max(id) FROM heartbeat)",
        (to_ms(at_s) / 1000,),
    )


def extend_past(
    db: sqlite3.Connection, from_s: float, to_s: float, cycle: int, gap_s: float
) -> None:
    """Record an unbroken past; a pause of up to `gap_s` between two calls does not break it."""
    last = db.execute("SELECT id, last_at FROM heartbeat ORDER BY id DESC LIMIT 1").fetchone()
    if last and -BEAT_S <= from_s - last[1] <= gap_s:
        db.execute("UPDATE heartbeat SET last_at = ? WHERE id = ?", (to_s, last[0]))
        return
    _begin(db, from_s, cycle, 0)
    db.execute("UPDATE heartbeat SET last_at = ? WHERE id = last_insert_rowid()", (to_s,))


def _begin(db: sqlite3.Connection, at_s: float, cycle: int, cycle_ms: int) -> None:
    db.execute(
        "INSERT INTO heartbeat(first_at, last_at, stopped, cycle, cycle_ms) VALUES (?, ?, 0, ?, ?)",
        (at_s, at_s, cycle, cycle_ms),
    )


def _since(at_s: float, cycle_at_s: float | None) -> int:
    return _NEVER_MS if cycle_at_s is None else max(0, to_ms(at_s) - to_ms(cycle_at_s))
