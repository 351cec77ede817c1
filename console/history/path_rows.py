"""What probe packets saw along paths, window by window: written as it came, read as of a moment."""

import sqlite3
from collections.abc import Iterable

from console.history.memory import Memory
from console.history.recording import stored_ms
from console.history.units import to_ms
from console.model.observation import PathWindow
from console.model.series import SeenWindow

_COLUMNS = (
    "w.cycle, w.at_ms, w.lasts_ms, w.sent, w.lost, w.lost_there, w.lost_back, w.rtt_us,"
    " w.rtt_max_us, w.pairs, w.jitter_us, w.jitter_there_us, w.jitter_back_us"
)


def store_windows(
    db: sqlite3.Connection,
    memory: Memory,
    windows: Iterable[PathWindow],
    stored_at_s: float | None,
) -> None:
    """Write path windows; without a moment each is visible from its end."""
    rows = []
    for w in windows:
        ended_ms = w.at_ms + w.lasts_ms
        shown_ms = ended_ms
        if stored_at_s is not None:
            shown_ms = stored_ms(memory.at_of(db, w.cycle), ended_ms, stored_at_s)
        rows.append(
            (
                *(w.cycle, memory.path(db, w.subject, w.path), w.at_ms, shown_ms, w.lasts_ms),
                *(w.sent, w.lost, w.lost_there, w.lost_back, w.rtt_us, w.rtt_max_us, w.pairs),
                *(w.jitter_us, w.jitter_there_us, w.jitter_back_us),
            )
        )
    places = ", ".join("?" * 15)
    db.executemany(f"INSERT OR REPLACE INTO path_window VALUES ({places})", rows)


def read_windows(
    db: sqlite3.Connection, subject: str, from_s: float, to_s: float
) -> tuple[SeenWindow, ...]:
    """Return the windows of a subject's paths that began in the span and were known at its end.

    In order of their start.
    """
    first = db.execute("SELECT max(id) FROM cycle WHERE at <= ?", (from_s,)).fetchone()[0] or 0
    rows = db.execute(
        f"SELECT c.at, p.name, {_COLUMNS} FROM path p JOIN subject s ON s.id = p.subject"
        " JOIN cycle c ON c.id >= :first AND c.at <= :to_s"
        " JOIN path_window w ON w.cycle = c.id AND w.path = p.id"
        " WHERE s.name = :subject"
        " AND CAST(round(c.at * 1000) AS INT) + w.at_ms BETWEEN :from_ms AND :to_ms"
        " AND CAST(round(c.at * 1000) AS INT) + w.stored_ms <= :to_ms"
        " ORDER BY c.at + w.at_ms / 1000.0, p.name",
        {
            **{"first": first, "subject": subject, "to_s": to_s},
            **{"from_ms": to_ms(from_s), "to_ms": to_ms(to_s)},
        },
    ).fetchall()
    return tuple(
        SeenWindow(at_s + cells[1] / 1000, PathWindow(subject, name, *cells))
        for at_s, name, *cells in rows
    )
