"""What probe packets saw along paths, window by window: written as it came, read as of a moment."""

import sqlite3
from collections.abc import Iterable

from console.history.memory import Memory
from console.history.recording import stored_ms
from console.model.observation import PathWindow


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
