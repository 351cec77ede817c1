"""The 5-minute means of many links in chosen windows as a moment saw them, and their baselines."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.analysis.readiness.baseline import Candidates, Windows, baseline
from console.analysis.rollup import WINDOW_S, Column
from console.history.moment import Moment
from console.history.rollups import HOUR_S, floor_window, load_samples, open_from, whole
from console.history.schema import WINDOWS, columns
from console.model.readiness import Direction
from console.model.situation import Baselines
from console.model.snapshot import LinkView

_KEPT = 64  # results kept in memory
_KBIT = 1000.0
_MEANS = (*columns("mi", WINDOWS), *columns("mo", WINDOWS))
_Key = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Links whose means are asked as a moment saw them; `interval_s` is the polling's then."""

    moment: Moment
    links: Sequence[LinkView]
    interval_s: float

    @property
    def ends(self) -> NDArray[np.int64]:
        """The ports of the links' ends, 0 where not known: (2, links)."""
        of = [(link.a_port or 0, link.b_port or 0) for link in self.links]
        return np.array(of, dtype=np.int64).reshape(len(of), 2).T


class LinkMeans:
    """Baselines of one file; those of finished windows are worked out once."""

    def __init__(self) -> None:
        self._known: dict[_Key, NDArray[np.float64]] = {}

    def baselines(self, db: sqlite3.Connection, asked: Asked, candidates: Candidates) -> Baselines:
        """Return the baseline of every link and direction, bit/s, None where unknown."""
        key = (
            asked.ends.tobytes(),
            *(w.tobytes() for c in candidates for w in (c.starts_s, c.held)),
        )
        found = self._known.get(key)
        if found is None:
            settled_s = _settled(db, asked.moment)
            found, used = _baselines(db, asked, candidates, settled_s)
            if all(windows.starts_s[-1] + WINDOW_S <= settled_s for windows in used):
                self._keep(key, found)
        told = [None if value != value else value for value in found.tolist()]
        keys = [(link.id, way) for way in Direction for link in asked.links]
        return dict(zip(keys, told, strict=True))

    def _keep(self, key: _Key, found: NDArray[np.float64]) -> None:
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[key] = found


def _baselines(
    db: sqlite3.Connection, asked: Asked, candidates: Candidates, settled_s: float
) -> tuple[NDArray[np.float64], list[Windows]]:
    """Return the baselines, all links there and then back, and the windows that were read.

    Later candidates are read only where those before do not tell everything.
    """
    means = [np.full((2 * len(asked.links), len(c.starts_s)), np.nan) for c in candidates]
    found, used = np.full(2 * len(asked.links), np.nan), []
    for place, windows in enumerate(candidates):
        if not np.isnan(found).any():
            break
        if len(windows.starts_s):
            means[place] = link_means(db, asked, windows.starts_s, settled_s)
            found = baseline(candidates, tuple(means))
            used.append(windows)
    return found, used


def link_means(
    db: sqlite3.Connection, asked: Asked, starts_s: NDArray[np.int64], settled_s: float
) -> Column:
    """Return the means in bit/s, a to b of all links and then b to a: (2 * links, windows).

    a to b is what a's end sends, else what b's end receives.
    """
    ends = asked.ends
    ports = np.unique(ends[ends > 0])
    inward, outward = _closed(db, ports, starts_s, settled_s)
    _add_open(db, asked, ports, starts_s, settled_s, (inward, outward))
    a, b = (np.searchsorted(ports, np.where(side > 0, side, np.inf)) for side in ends)
    there = np.where(np.isnan(outward[a]), inward[b], outward[a])
    back = np.where(np.isnan(inward[a]), outward[b], inward[a])
    return np.concatenate([there, back]) * _KBIT


def _settled(db: sqlite3.Connection, moment: Moment) -> float:
    """Return the moment up to which every window had its last sample then, UTC seconds."""
    newest = moment.cycle.id if moment.cycle else -1
    count, begun_s = db.execute(  # the clock may have been set back between them
        "SELECT count(*), min(at) FROM cycle WHERE id BETWEEN ? AND ?", (newest - 2, newest)
    ).fetchone()
    opened = open_from(db)
    return -np.inf if count < 3 or opened is None else min(begun_s, opened)


def _closed(
    db: sqlite3.Connection, ports: NDArray[np.int64], starts_s: NDArray[np.int64], settled_s: float
) -> tuple[Column, Column]:
    """Return stored means in and out in kbit/s; the last row, of no port, is unknown."""
    hours, window = starts_s // HOUR_S, starts_s % HOUR_S // WINDOW_S
    known = np.unique(hours)
    rows = db.execute(
        f"SELECT hour, port, {', '.join(_MEANS)} FROM traffic_5min"
        " WHERE hour IN (SELECT value FROM json_each(?))"
        " AND port IN (SELECT value FROM json_each(?))",
        (json.dumps(known.tolist()), json.dumps(ports.tolist())),
    ).fetchall()
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 2 + len(_MEANS))
    values = np.full((len(ports) + 1, len(known), len(_MEANS)), np.nan)
    place = np.searchsorted(ports, table[:, 1]), np.searchsorted(known, table[:, 0])
    values[place] = table[:, 2:]
    hour = np.searchsorted(known, hours)
    inward, outward = values[:, hour, window], values[:, hour, WINDOWS + window]
    unsettled = starts_s + WINDOW_S > settled_s
    inward[:, unsettled] = outward[:, unsettled] = np.nan
    return inward, outward


def _add_open(
    db: sqlite3.Connection,
    asked: Asked,
    ports: NDArray[np.int64],
    starts_s: NDArray[np.int64],
    settled_s: float,
    means: tuple[Column, Column],
) -> None:
    """Fill in the windows that had not all their samples yet, from those that they had."""
    last_s = floor_window(asked.moment.at_s)
    late = np.flatnonzero((starts_s + WINDOW_S > settled_s) & (starts_s <= last_s))
    late = late[starts_s[late] > last_s - HOUR_S]  # more is open only where nothing was recorded
    if not len(late) or not len(ports):
        return
    first, stop = int(starts_s[late[0]]), int(starts_s[late[-1]]) + WINDOW_S
    samples = load_samples(db, first, stop, asked.interval_s, ports.tolist(), asked.moment)
    places = np.searchsorted(ports, samples.ports)
    for number in late.tolist():
        mean_in, mean_out, *_maxima = samples.window(int(starts_s[number]))
        means[0][places, number] = whole(mean_in)
        means[1][places, number] = whole(mean_out)
