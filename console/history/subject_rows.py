"""Probe results and judgements as a moment saw them."""

import json
import sqlite3
from dataclasses import dataclass

from console.history.moment import VISIBLE, Moment
from console.history.poll_rows import LOSS_S, recent_cycles
from console.history.units import to_ms
from console.model.snapshot import Reason
from console.model.states import Outcome

_ALIVE = f"({', '.join(str(int(outcome)) for outcome in Outcome if outcome.alive)})"


@dataclass(frozen=True, slots=True)
class Probed:
    """Probe `id` of a subject: its newest result, the newest answer's round trip, its loss."""

    id: int
    name: str
    cycle: int
    stored_ms: int
    seen_at_ms: int
    rtt_us: int | None
    rtt_at_ms: int | None
    answer: tuple[int, int] | None  # cycle and stored_ms of that answer
    asked: int
    lost: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The newest judgement of a subject."""

    state: str
    since_s: float
    reasons: tuple[Reason, ...]


def read_probes(
    db: sqlite3.Connection, moment: Moment, span_s: float, interval_s: float
) -> dict[int, list[Probed]]:
    """Return the probes of every subject with a result in the last `span_s` seconds."""
    cycles = recent_cycles(db, moment, max(span_s, LOSS_S), interval_s)
    if not cycles:
        return {}
    where = (
        "FROM probe_result r JOIN cycle c ON c.id = r.cycle JOIN probe p ON p.id = r.probe"
        f" WHERE r.cycle BETWEEN :oldest AND :cycle AND {VISIBLE.format('r')}"
    )
    moments = "r.cycle * 4294967296 + r.at_ms"  # orders by cycle, then by time in it
    wanted = moment.as_of | {"oldest": min(cycles), "since_ms": moment.at_ms - LOSS_S * 1000}
    counted = "CAST(round(c.at * 1000) AS INT) + r.at_ms >= :since_ms"
    answers = {
        row[0]: (row[2], cycles.get(row[3], 0) + row[4], (row[3], row[5]))
        for row in db.execute(
            f"SELECT r.probe, max({moments}), r.rtt_us, r.cycle, r.at_ms, r.stored_ms {where}"
            f" AND r.outcome IN {_ALIVE} GROUP BY r.probe",
            wanted,
        ).fetchall()
    }
    found: dict[int, list[Probed]] = {}
    for probe, _newest, subject, name, cycle, at_ms, stored_ms, at_s, asked, lost in db.execute(
        f"SELECT r.probe, max({moments}), p.subject, p.name, r.cycle, r.at_ms, r.stored_ms, c.at,"
        f" sum({counted}), sum({counted} AND r.outcome = {int(Outcome.TIMEOUT)})"
        f" {where} GROUP BY r.probe",
        wanted,
    ).fetchall():
        rtt_us, rtt_at_ms, answer = answers.get(probe, (None, None, None))
        seen_at_ms = to_ms(at_s) + at_ms
        found.setdefault(subject, []).append(
            Probed(
                *(probe, name, cycle, stored_ms, seen_at_ms, rtt_us, rtt_at_ms, answer),
                *(asked, lost),
            )
        )
    return found


def read_judgements(db: sqlite3.Connection, moment: Moment) -> dict[str, Judged]:
    """Return how every subject stood, by its id in the inventory."""
    if moment.cycle is None:
        return {}
    rows = db.execute(
        "SELECT s.name, t.state, t.since, t.reasons FROM subject s JOIN transition t"
        " ON t.subject = s.id AND (t.cycle, t.at_ms) = (SELECT n.cycle, n.at_ms FROM transition n"
        " WHERE n.subject = s.id AND n.cycle <= :cycle"
        " AND (:live OR n.cycle < :era OR CAST(round(n.stored_at * 1000) AS INT) <= :at_ms)"
        " ORDER BY n.cycle DESC, n.at_ms DESC LIMIT 1)",
        moment.as_of,
    ).fetchall()
    return {name: Judged(state, since_s, _reasons(text)) for name, state, since_s, text in rows}


def _reasons(text: str) -> tuple[Reason, ...]:
    if text == "[]":
        return ()
    parts = (code.partition(":") for code in json.loads(text))
    return tuple(Reason(code, argument) for code, _colon, argument in parts)
