"""Spells in which something was not well, told from the stored judgements."""

import json
import sqlite3

import numpy as np

from console.history.recording import NOT_WELL
from console.model.series import Density, Incident
from console.model.states import State

_WORST_FIRST = (State.DOWN, State.UNREACHABLE, State.DEGRADED)
_SELECT = (
    "SELECT s.name, t.at, t.state, t.reasons, t.began_at"
    " FROM transition t JOIN subject s ON s.id = t.subject"
)
_Row = tuple[str, float, str, str, float | None]


def read(db: sqlite3.Connection, from_s: float, to_s: float) -> tuple[Incident, ...]:
    """Return the incidents of the span, in the order in which they began.

    One that outlasts the span keeps the end that is known now.
    """
    begun_s = db.execute(
        "SELECT min(began_at) FROM (SELECT began_at, max(cycle * 4294967296 + at_ms)"
        " FROM transition WHERE at < ? GROUP BY subject)",
        (from_s,),
    ).fetchone()[0]
    earliest_s = from_s if begun_s is None else min(begun_s, from_s)
    rows = db.execute(
        f"{_SELECT} WHERE t.at BETWEEN ? AND ? ORDER BY t.subject, t.cycle, t.at_ms",
        (earliest_s, to_s),
    ).fetchall()
    spells: dict[tuple[str, float], list[_Row]] = {}
    ends: dict[tuple[str, float], float] = {}
    open_spell: dict[str, tuple[str, float]] = {}
    for row in rows:
        name, at_s, _state, _reasons, began_at = row
        spell = (name, began_at) if began_at is not None else None
        before = open_spell.pop(name, None)
        if before is not None and before != spell:
            ends[before] = at_s
        if spell is not None:
            spells.setdefault(spell, []).append(row)
            open_spell[name] = spell
    for spell in open_spell.values():
        if (ended_s := _end_after(db, spell[0], to_s)) is not None:
            ends[spell] = ended_s
    found = [_incident(spell, of_spell, ends.get(spell)) for spell, of_spell in spells.items()]
    lasting = (i for i in found if i.ended_s is None or i.ended_s >= from_s)
    return tuple(sorted(lasting, key=_began))


def _end_after(db: sqlite3.Connection, subject: str, after_s: float) -> float | None:
    row = db.execute(
        "SELECT t.at FROM transition t JOIN subject s ON s.id = t.subject"
        " WHERE s.name = ? AND t.at > ? AND t.began_at IS NULL ORDER BY t.at LIMIT 1",
        (subject, after_s),
    ).fetchone()
    return float(row[0]) if row else None


def _incident(spell: tuple[str, float], rows: list[_Row], ended_s: float | None) -> Incident:
    worst = min(rows, key=_severity)
    reasons = tuple(dict.fromkeys(code for row in rows for code in json.loads(row[3])))
    return Incident(spell[0], worst[2], spell[1], ended_s, reasons)


def _severity(row: _Row) -> int:
    return _WORST_FIRST.index(State(row[2]))


def _began(incident: Incident) -> tuple[float, str]:
    return incident.began_s, incident.subject


def density(db: sqlite3.Connection, from_s: float, to_s: float, bins: int) -> Density:
    """Count the incidents that began in each bin, and tell which bins were recorded."""
    width_s = (to_s - from_s) / bins
    down, warning = np.zeros(bins, dtype=np.int64), np.zeros(bins, dtype=np.int64)
    for incident in read(db, from_s, to_s):
        place = int((incident.began_s - from_s) // width_s)
        if 0 <= place < bins:
            (down if incident.state == State.DOWN else warning)[place] += 1
    return Density(from_s, to_s, down, warning, _recorded(db, from_s, width_s, bins))


def _recorded(
    db: sqlite3.Connection, from_s: float, width_s: float, bins: int
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    recorded = np.zeros(bins, dtype=np.bool_)
    oldest_s = db.execute("SELECT min(at) FROM cycle").fetchone()[0]
    if oldest_s is None:
        return recorded
    for first_s, last_s in db.execute(
        "SELECT max(first_at, ?), last_at FROM heartbeat WHERE last_at >= ? AND first_at < ?",
        (oldest_s, max(oldest_s, from_s), from_s + bins * width_s),
    ).fetchall():
        first = max(0, int((first_s - from_s) // width_s))
        recorded[first : int((last_s - from_s) // width_s) + 1] = True
    return recorded


assert set(_WORST_FIRST) == set(NOT_WELL)
