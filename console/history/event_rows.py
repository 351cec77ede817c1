"""Events and the counts of what was not stored: written by the writer, read by the reader."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from console.history import moment
from console.history.memory import Memory
from console.history.moment import VISIBLE
from console.history.recording import stored_ms
from console.model.events import Event, EventCount, EventLog, EventView, Fate

MOST_EVENTS = 5_000_000  # kept at most, whatever their age; about 1 GB
_NOBODY = 0  # in place of a subject's number
# All rows in one step: a step a row gives way to the event loop's thread after each of them.
_INSERT = """
INSERT INTO event SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
  json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]'),
  json_extract(value, '$[5]'), json_extract(value, '$[6]'), json_extract(value, '$[7]'),
  json_extract(value, '$[8]') FROM json_each(?)
"""
_COUNT = """
INSERT INTO event_count VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET count = count + excluded.count
"""
# Takes Moment.as_of, and the first cycle.
_WITHIN = f"""
FROM {{table}} e CROSS JOIN cycle c ON c.id = e.cycle LEFT JOIN subject s ON s.id = e.device
WHERE e.cycle BETWEEN :first AND :cycle AND {VISIBLE.format("e")}
"""


def store_events(
    db: sqlite3.Connection,
    memory: Memory,
    events: Sequence[Event],
    counts: Sequence[EventCount],
    stored_at_s: float,
) -> None:
    """Write events, and count them and what else came."""
    rows: list[tuple[object, ...]] = []
    stored: Counter[tuple[int, int, Fate, int]] = Counter()
    for event in events:
        device = memory.subject(db, event.device) if event.device else _NOBODY
        seen_ms = stored_ms(memory.at_of(db, event.cycle), event.at_ms, stored_at_s)
        memory.events += 1
        rows.append(
            (
                *(event.cycle, memory.events, event.at_ms, seen_ms, device, event.source),
                *(event.trap, event.variables, event.left_out),
            )
        )
        stored[event.cycle, seen_ms, Fate.STORED, device] += 1
    for count in counts:
        device = memory.subject(db, count.device) if count.device else _NOBODY
        seen_ms = stored_ms(memory.at_of(db, count.cycle), count.at_ms, stored_at_s)
        stored[count.cycle, seen_ms, count.fate, device] += count.count
    if rows:
        db.execute(_INSERT, (json.dumps(rows, ensure_ascii=False),))
    db.executemany(_COUNT, [(*key, number) for key, number in stored.items()])


def delete_excess(db: sqlite3.Connection, newest: int, most: int = MOST_EVENTS) -> None:
    """Delete the oldest cycle's events while more are kept than may be; their counts stay."""
    oldest = db.execute("SELECT cycle, number FROM event ORDER BY cycle, number LIMIT 1").fetchone()
    if oldest is not None and newest - oldest[1] >= most:
        db.execute("DELETE FROM event WHERE cycle = ?", (oldest[0],))


def read(db: sqlite3.Connection, from_s: float, to_s: float | None, limit: int) -> EventLog:
    """Return the newest events of the span and the counts; `to_s` None: all there is by now."""
    now = moment.find(db, to_s, from_s)
    first = db.execute(
        "SELECT id FROM cycle WHERE at <= ? ORDER BY at DESC LIMIT 1", (from_s,)
    ).fetchone()
    span = {**now.as_of, "first": first[0] if first else 0, "from_s": from_s}
    rows = db.execute(
        "SELECT c.at + e.at_ms / 1000.0, s.name, e.source, e.trap, e.variables, e.left_out"
        f"{_WITHIN.format(table='event')} AND c.at + e.at_ms / 1000.0 >= :from_s"
        " ORDER BY e.cycle DESC, e.number DESC LIMIT :limit",
        {**span, "limit": limit},
    ).fetchall()
    counts = db.execute(
        f"SELECT e.fate, sum(e.count) {_WITHIN.format(table='event_count')}"
        " AND c.at + e.stored_ms / 1000.0 >= :from_s GROUP BY e.fate",
        span,
    ).fetchall()
    events = (
        EventView(at_s, device, source, trap, _pairs(variables), left_out)
        for at_s, device, source, trap, variables, left_out in rows
    )
    known = {Fate(fate): int(count) for fate, count in counts}
    return EventLog(from_s, from_s if to_s is None else to_s, tuple(events), known)


def _pairs(variables: str) -> tuple[tuple[str, str], ...]:
    return tuple((oid, text) for oid, text in json.loads(variables))
