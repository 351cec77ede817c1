"""How long the history keeps what. Deletes a bounded piece a call; the file never shrinks."""

import sqlite3
from dataclasses import dataclass

from console.history.schema import SLOTS

DAY_S = 86400
_BY_CYCLE = (
    *("poll", "port_fault", "port_state", "probe_result", "path_window"),
    *("look", "look_state", "event", "event_count"),
)
_MOST_BUCKETS = 20  # deleted at once; one becomes due a bucket, so a backlog melts


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that cycles, and 5-minute means and states, are kept. Hours are kept for ever."""

    cycles_d: float = 30
    means_d: float = 400


def apply(db: sqlite3.Connection, keep: Retention, now_s: float) -> None:
    """Delete what is older than kept. Bounds are computed first: a subquery in DELETE is slow."""
    _delete_cycles(db, now_s - keep.cycles_d * DAY_S)
    oldest_s = now_s - keep.means_d * DAY_S
    db.execute("DELETE FROM traffic_5min WHERE hour < ?", (int(oldest_s // 3600),))
    db.execute("DELETE FROM heartbeat WHERE last_at < ?", (oldest_s,))
    db.execute(
        "DELETE FROM transition AS t WHERE t.at < ? AND EXISTS (SELECT 1 FROM transition n"
        " WHERE n.subject = t.subject AND (n.cycle, n.at_ms) > (t.cycle, t.at_ms) AND n.at < ?)",
        (oldest_s, oldest_s),
    )
    _delete_versions(db, oldest_s)


def _delete_versions(db: sqlite3.Connection, oldest_s: float) -> None:
    """Delete what was told or planned so long ago that a newer version was already old then."""
    db.execute(
        "DELETE FROM room_facts AS t WHERE t.stored_at < ? AND EXISTS (SELECT 1 FROM room_facts n"
        " WHERE n.probe = t.probe AND n.id > t.id AND n.stored_at < ?)",
        (oldest_s, oldest_s),
    )
    db.execute(
        "DELETE FROM plan AS t WHERE t.stored_at < ? AND EXISTS (SELECT 1 FROM plan n"
        " WHERE n.id > t.id AND n.stored_at < ?)",
        (oldest_s, oldest_s),
    )
    db.execute("DELETE FROM frozen WHERE stored_at < ?", (oldest_s,))


def _delete_cycles(db: sqlite3.Connection, oldest_s: float) -> None:
    first = db.execute("SELECT id, at FROM cycle ORDER BY id LIMIT 1").fetchone()
    if first is None or first[1] >= oldest_s:
        return
    last_old = db.execute(
        "SELECT id FROM cycle WHERE at < ? ORDER BY at DESC LIMIT 1", (oldest_s,)
    ).fetchone()[0]
    # The first bucket that stays.
    bucket = min((last_old + 1) // SLOTS, first[0] // SLOTS + _MOST_BUCKETS)
    db.execute("DELETE FROM traffic WHERE bucket < ?", (bucket,))
    for table in _BY_CYCLE:
        db.execute(f"DELETE FROM {table} WHERE cycle < ?", (bucket * SLOTS,))
    db.execute(
        "DELETE FROM port_change AS c WHERE c.cycle < ?1 AND EXISTS (SELECT 1 FROM port_change n"
        " WHERE n.port = c.port AND n.cycle > c.cycle AND n.cycle < ?1)",
        (bucket * SLOTS,),
    )
    db.execute("DELETE FROM clock_step WHERE cycle < ?", (bucket * SLOTS,))
    db.execute("DELETE FROM cycle WHERE id < ?", (bucket * SLOTS,))
