"""Load over time: of a port, of a link, of many ports as sparklines."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from console.analysis.rollup import WINDOW_S, Column, known_max, known_mean, nearest_rank
from console.history.means import Means, coarser, five_minutes, hours
from console.history.memory import interval_s
from console.history.rollups import HOUR_S, STALE_INTERVALS, read_buckets
from console.history.schema import SLOTS
from console.model.series import LinkSeries, PortSeries
from console.model.states import State

RAW_SPAN_S = 25 * 3600  # up to this span single samples are shown
MEANS_SPAN_S = 32 * 86400  # and up to this one 5-minute means
KBIT = 1000.0


def port_series(
    db: sqlite3.Connection, port: int, from_s: float, to_s: float, step_s: float | None
) -> PortSeries:
    """Return the load of one port."""
    step_s = step_s or suitable_step(db, to_s - from_s)
    means = read_means(db, [port], from_s, to_s, step_s)
    inward, outward, max_in, max_out = means.values[0] * KBIT
    return PortSeries(port, step_s, means.at_s, inward, outward, max_in, max_out)


@dataclass(frozen=True, slots=True)
class LinkEnds:
    """A link, its ends' ports where they are known, and what it carries at most."""

    id: str
    a_port: int | None
    b_port: int | None
    capacity_bps: float | None


def link_series(
    db: sqlite3.Connection, link: LinkEnds, from_s: float, to_s: float, step_s: float | None
) -> LinkSeries:
    """Return the load of a link: what a's end sends, else what b's end receives, and back."""
    step_s = step_s or suitable_step(db, to_s - from_s)

    def read(ports: list[int]) -> Means:
        return read_means(db, ports, from_s, to_s, step_s)

    def read_windows(ports: list[int]) -> Means:
        return five_minutes(db, ports, from_s, to_s)

    at_s, mean_ab, mean_ba, max_ab, max_ba = _directions(link, read)
    five_ab, five_ba = mean_ab, mean_ba
    if step_s != WINDOW_S:
        _at_s, five_ab, five_ba, *_maxima = _directions(link, read_windows)
    ends = [port for port in (link.a_port, link.b_port) if port is not None]
    errors, discards = _faults(db, ends, at_s, step_s)
    unknown = np.isnan(mean_ab) & np.isnan(mean_ba)
    errors[unknown] = discards[unknown] = np.nan
    return LinkSeries(
        *(link.id, link.capacity_bps, step_s, at_s, mean_ab, mean_ba, max_ab, max_ba),
        *(errors, discards, down_spans(db, link.id, from_s, to_s)),
        *(nearest_rank(five_ab), nearest_rank(five_ba)),
    )


def suitable_step(db: sqlite3.Connection, span_s: float) -> float:
    """Return the finest step that still suits a span: single samples, 5 minutes, an hour."""
    if span_s <= RAW_SPAN_S:
        return interval_s(db)
    return float(WINDOW_S if span_s <= MEANS_SPAN_S else HOUR_S)


def read_means(
    db: sqlite3.Connection, ports: Sequence[int], from_s: float, to_s: float, step_s: float
) -> Means:
    """Return means and maxima in kbit/s, one element per step."""
    if step_s % HOUR_S == 0:
        found = hours(db, ports, from_s, to_s)
        return found if step_s == HOUR_S else _binned(found, from_s, to_s, step_s)
    if step_s % WINDOW_S == 0:
        return coarser(five_minutes(db, ports, from_s, to_s), int(step_s // WINDOW_S))
    samples = _samples(db, ports, from_s, to_s)
    if step_s <= interval_s(db):
        return _with_gaps(samples, interval_s(db))
    return _binned(samples, from_s, to_s, step_s)


def _samples(db: sqlite3.Connection, ports: Sequence[int], from_s: float, to_s: float) -> Means:
    """Return one element per cycle; where the clock was set back, of the later ones only."""
    rows = db.execute(
        "SELECT id, at FROM cycle WHERE at BETWEEN ? AND ? ORDER BY id", (from_s, to_s)
    ).fetchall()
    cycles = np.array(rows, dtype=np.float64).reshape(len(rows), 2)
    if len(cycles) > 1:
        later = np.minimum.accumulate(cycles[::-1, 1])[::-1]
        cycles = cycles[np.append(cycles[:-1, 1] < later[1:], True)]
    ids = cycles[:, 0].astype(np.int64)
    values = np.full((len(ports), 4, len(ids)), np.nan)
    table = read_buckets(db, np.unique(ids // SLOTS).tolist(), list(ports))
    for place, port in enumerate(ports):
        of_port = table[table[:, 1] == port]
        of_port = of_port[np.argsort(of_port[:, 0])]
        at = np.minimum(np.searchsorted(of_port[:, 0], ids // SLOTS), max(0, len(of_port) - 1))
        if len(of_port):
            there = of_port[at, 0] == ids // SLOTS
            inward = np.where(there, of_port[at, 2 + ids % SLOTS], np.nan)
            outward = np.where(there, of_port[at, 2 + SLOTS + ids % SLOTS], np.nan)
            values[place] = inward, outward, inward, outward
    return Means(cycles[:, 1], values)


def _with_gaps(samples: Means, step_s: float) -> Means:
    """Put an unknown element where no cycle was for longer than makes a value stale."""
    gaps = np.flatnonzero(np.diff(samples.at_s) > STALE_INTERVALS * step_s)
    at_s = np.insert(samples.at_s, gaps + 1, samples.at_s[gaps] + step_s)
    return Means(at_s, np.insert(samples.values, gaps + 1, np.nan, axis=2))


def _binned(means: Means, from_s: float, to_s: float, step_s: float) -> Means:
    """Return means and maxima over equal steps from a multiple of the step on."""
    first_s = from_s // step_s * step_s
    count = max(1, int(np.ceil((to_s - first_s) / step_s)))
    at_s = first_s + np.arange(count, dtype=np.float64) * step_s
    return Means(at_s, _bin(means, first_s, step_s, count))


def _bin(means: Means, first_s: float, step_s: float, count: int) -> Column:
    place = np.floor((means.at_s - first_s) / step_s).astype(np.int64)
    values = np.full((*means.values.shape[:2], count), np.nan)
    for number in np.unique(place[(place >= 0) & (place < count)]):
        part = np.moveaxis(means.values[:, :, place == number], -1, 0)
        values[:, :2, number] = known_mean(part[:, :, :2])
        values[:, 2:, number] = known_max(part[:, :, 2:])
    return values


def _directions(link: LinkEnds, read: Callable[[list[int]], Means]) -> tuple[Column, ...]:
    """Return the steps; means a to b and back, maxima a to b and back, in bit/s.

    b's end is read only where a's does not tell everything.
    """
    found = read([] if link.a_port is None else [link.a_port])
    unknown = np.full((4, len(found.at_s)), np.nan)
    a = found.values[0] if link.a_port is not None else unknown
    b = unknown
    if link.b_port is not None and np.isnan(a).any():
        b = read([link.b_port]).values[0]
    ends = ((a[1], b[0]), (a[0], b[1]), (a[3], b[2]), (a[2], b[3]))
    loads = (np.where(np.isnan(first), second, first) * KBIT for first, second in ends)
    return (found.at_s, *loads)


def _faults(
    db: sqlite3.Connection, ports: list[int], at_s: Column, step_s: float
) -> tuple[Column, Column]:
    """Return errors and discards of the ports together per step, per second."""
    totals = np.zeros((2, len(at_s)))
    if not len(at_s):
        return totals[0], totals[1]
    first, last = db.execute(
        "SELECT min(id), max(id) FROM cycle WHERE at >= ? AND at < ?", (at_s[0], at_s[-1] + step_s)
    ).fetchone()
    share = min(1.0, interval_s(db) / step_s)
    for port in dict.fromkeys(ports):
        for cycle_at_s, errors, discards in db.execute(
            "SELECT c.at, coalesce(f.in_err, 0) + coalesce(f.out_err, 0),"
            " coalesce(f.in_disc, 0) + coalesce(f.out_disc, 0)"
            " FROM port_fault f JOIN cycle c ON c.id = f.cycle"
            " WHERE f.port = ? AND f.cycle BETWEEN ? AND ?",
            (port, first, last),
        ).fetchall():
            place = np.searchsorted(at_s, cycle_at_s, side="right") - 1
            if place >= 0:
                totals[:, place] += errors * share, discards * share
    return totals[0], totals[1]


def down_spans(
    db: sqlite3.Connection,
    subject: str,
    from_s: float,
    to_s: float,
    states: Collection[str] = (State.DOWN,),
) -> tuple[tuple[float, float], ...]:
    """Return when the subject was down, or in one of other states, cut to the span."""
    rows = db.execute(
        "SELECT t.at, t.state FROM transition t JOIN subject s ON s.id = t.subject"
        " WHERE s.name = ? AND t.at < ? ORDER BY t.cycle, t.at_ms",
        (subject, to_s),
    ).fetchall()
    ends_s = [*(at_s for at_s, _state in rows[1:]), to_s]
    return tuple(
        (max(began_s, from_s), ended_s)
        for (began_s, state), ended_s in zip(rows, ends_s, strict=False)
        if state in states and ended_s > from_s
    )


def sparklines(
    db: sqlite3.Connection, ports: Sequence[int], from_s: float, to_s: float, points: int
) -> dict[int, tuple[Column, Column]]:
    """Return means in and out in bit/s over equal parts of the span."""
    wanted = list(dict.fromkeys(ports))
    step_s = (to_s - from_s) / points
    fine = step_s < WINDOW_S
    means = (_samples if fine else five_minutes)(db, wanted, from_s, to_s)
    values = _bin(means, from_s, step_s, points) * KBIT
    return {port: (values[place, 0], values[place, 1]) for place, port in enumerate(wanted)}
