"""Rehearsals as they went: a row whenever there was news, never changed, read as of a moment."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from pydantic import TypeAdapter

from console.history.memory import Memory
from console.history.moment import Moment
from console.history.units import to_ms
from console.model.rehearsal import COLLECTOR_ENDED, Rehearsal, RehearsalState

SILENT_S = 5.0  # one that tells nothing for so long does not run any more
_CONTENT = TypeAdapter(Rehearsal)


def store_rehearsals(
    db: sqlite3.Connection, memory: Memory, rehearsals: Iterable[Rehearsal], stored_at_s: float
) -> None:
    """Write how rehearsals stand now."""
    db.executemany(
        "INSERT INTO rehearsal(conference, wish, cycle, stored_at, content) VALUES (?, ?, ?, ?, ?)",
        [
            (
                *(one.conference, one.wish, memory.newest, to_ms(stored_at_s) / 1000),
                _CONTENT.dump_json(one).decode(),
            )
            for one in rehearsals
        ],
    )


def read_rehearsal(db: sqlite3.Connection, moment: Moment, conference: str) -> Rehearsal | None:
    """Return the newest rehearsal of a conference as it stood at a moment.

    One that fell silent has been ended with the collector.
    """
    row = db.execute(
        "SELECT stored_at, content FROM rehearsal WHERE conference = :conference"
        " AND cycle <= :cycle"
        " AND (:live OR cycle < :era OR CAST(round(stored_at * 1000) AS INT) <= :at_ms)"
        " ORDER BY id DESC LIMIT 1",
        moment.as_of | {"conference": conference},
    ).fetchone()
    if row is None:
        return None
    try:
        found = _CONTENT.validate_json(row[1])
    except ValueError as error:
        raise sqlite3.DataError(str(error)) from error  # told as a damaged file
    if not found.state.over and moment.at_s - row[0] > SILENT_S:
        ended = RehearsalState.CANCELLED
        return replace(found, state=ended, ended_s=row[0], reason=COLLECTOR_ENDED)
    return found
