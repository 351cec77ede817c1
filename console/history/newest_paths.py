"""The newest window of every measured path, as a moment saw it."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from console.analysis.evidence import LOSS_S
from console.history.moment import VISIBLE, Moment
from console.history.poll_rows import recent_cycles
from console.history.rollups import STALE_INTERVALS
from console.history.units import to_ms
from console.model.inventory import Bridge, Inventory, Reflector, Room
from console.model.observation import FAR_PATH, PathWindow
from console.model.path_view import PathView

_WINDOW = (
    "w.cycle, w.at_ms, w.lasts_ms, w.sent, w.lost, w.lost_there, w.lost_back, w.rtt_us,"
    " w.rtt_max_us, w.pairs, w.jitter_us, w.jitter_there_us, w.jitter_back_us"
)


def newest_paths(
    db: sqlite3.Connection, moment: Moment, inventory: Inventory
) -> tuple[PathView, ...]:
    """Return every path to what the inventory has, measured in the last LOSS_S seconds.

    In the inventory's order of far ends, paths from the collector first.
    """
    cycles = recent_cycles(db, moment, LOSS_S, inventory.polling.interfaces_s)
    rows = db.execute(
        f"SELECT s.name, p.name, c.at, w.stored_ms, {_WINDOW}"
        " FROM path_window w JOIN cycle c ON c.id = w.cycle JOIN path p ON p.id = w.path"
        " JOIN subject s ON s.id = p.subject"
        f" WHERE w.cycle BETWEEN :first AND :cycle AND {VISIBLE.format('w')}"
        " ORDER BY w.cycle, w.at_ms",
        moment.as_of | {"first": min(cycles, default=0)},
    ).fetchall()
    newest = {(row[0], row[1]): row for row in rows}
    found = [_view(moment, inventory, row) for row in newest.values()]
    places = {entry.id: place for place, entry in enumerate(inventory.entries)}
    young = [view for view in found if view is not None and view.age_s <= LOSS_S]
    return tuple(sorted(young, key=lambda view: (places[view.window.subject], *_rank(view))))


def _view(moment: Moment, inventory: Inventory, row: Sequence[Any]) -> PathView | None:
    """Return a row as what it says at the moment; None for a far end nobody knows."""
    subject, name, at_s, stored_ms, *cells = row
    entry = inventory.by_id.get(subject)
    if not isinstance(entry, Room | Bridge | Reflector):
        return None
    window = PathWindow(subject, name, *cells)
    ended_ms = to_ms(at_s) + window.at_ms + window.lasts_ms
    longest_s = STALE_INTERVALS * window.lasts_ms / 1000
    fresh = moment.fresh(window.cycle, stored_ms, ended_ms, longest_s)
    return PathView(entry.site, _origin(name), window, moment.age_s(ended_ms), fresh)


def _origin(name: str) -> str | None:
    """Return the reflector that measures a path, None: the collector."""
    return name[len(FAR_PATH) :].rpartition(" ")[0] if name.startswith(FAR_PATH) else None


def _rank(view: PathView) -> tuple[bool, str]:
    return view.origin is not None, view.window.path
