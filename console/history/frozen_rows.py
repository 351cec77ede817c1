"""Assessments kept at the gates before a conference, and its report: written once, read as of T."""

import sqlite3
from collections.abc import Iterable

from pydantic import TypeAdapter

from console.history.memory import Memory
from console.history.moment import Moment
from console.history.units import to_ms
from console.model.observation import Frozen
from console.model.readiness import Assessment
from console.model.readiness_json import dumps, loads
from console.model.report import GATES, ConferenceReport

_REPORT = "report"  # stands for a gate
_REPORTS = TypeAdapter(ConferenceReport)
_ORDER = [gate.name for gate in GATES]
_SEEN = (
    "SELECT gate, content FROM frozen WHERE conference = :conference AND start = :start"
    " AND cycle <= :cycle"
    " AND (:live OR cycle < :era OR CAST(round(stored_at * 1000) AS INT) <= :at_ms)"
)


def store_frozen(
    db: sqlite3.Connection,
    memory: Memory,
    frozen: Iterable[Frozen],
    reports: Iterable[ConferenceReport],
    stored_at_s: float,
    cycle: int | None = None,
) -> None:
    """Write assessments and reports; one of the same gate is replaced. None: the newest cycle."""
    rows = [
        (
            *(one.assessment.conference, one.assessment.start_s, one.gate),
            dumps(one.assessment),
        )
        for one in frozen
    ]
    rows += [
        (one.conference, one.occurrence.start_s, _REPORT, _REPORTS.dump_json(one).decode())
        for one in reports
    ]
    db.executemany(
        "INSERT OR REPLACE INTO frozen(conference, start, gate, content, cycle, stored_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(*row, cycle or memory.newest, to_ms(stored_at_s) / 1000) for row in rows],
    )


def read_frozen(
    db: sqlite3.Connection, moment: Moment, conference: str, start_s: float
) -> tuple[Frozen, ...]:
    """Return what was kept of an occurrence by a moment, the earliest gate first."""
    found = {
        gate: Frozen(gate, _assessment(content))
        for gate, content in _rows(db, moment, conference, start_s)
        if gate != _REPORT
    }
    return tuple(found[gate] for gate in sorted(found, key=_place))


def _assessment(content: str) -> Assessment:
    try:
        return loads(content)
    except ValueError as error:
        raise sqlite3.DataError(str(error)) from error  # told as a damaged file


def _place(gate: str) -> int:
    return _ORDER.index(gate) if gate in _ORDER else len(_ORDER)


def read_report(
    db: sqlite3.Connection, moment: Moment, conference: str, start_s: float
) -> ConferenceReport | None:
    """Return the report that was kept by a moment, None where there was none."""
    rows = dict(_rows(db, moment, conference, start_s))
    return _REPORTS.validate_json(rows[_REPORT]) if _REPORT in rows else None


def _rows(
    db: sqlite3.Connection, moment: Moment, conference: str, start_s: float
) -> list[tuple[str, str]]:
    wanted = moment.as_of | {"conference": conference, "start": start_s}
    return db.execute(_SEEN, wanted).fetchall()
