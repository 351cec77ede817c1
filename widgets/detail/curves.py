"""Series made ready to draw and to count: gaps found, thinned to pixels. No Qt."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from console.model.series import Column, LinkSeries, PortSeries

MEAN_S = 300.0  # percentiles are those of 5-minute means
_TOLERANCE = 1.5  # steps between two rows that still follow each other
_EDGE = 2.5  # steps without a row at the end of the range that are no gap yet: it is under way


@dataclass(frozen=True, slots=True)
class Curves:
    """Two directions over time, drawn up and down. Rates in bit/s, NaN where not known.

    For a link up is a to b; for a port up is what it receives. `errors_ps` and `discards_ps` are
    None where nobody counts them. `outages` are spans (from, to) in UTC seconds.
    """

    step_s: float
    at_s: Column
    up_bps: Column
    down_bps: Column
    up_max_bps: Column
    down_max_bps: Column
    errors_ps: Column | None
    discards_ps: Column | None
    outages: tuple[tuple[float, float], ...]
    capacity_bps: float | None
    up_p95_bps: float | None
    down_p95_bps: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What one direction's curve adds up to; None where nothing is known."""

    mean_bps: float | None
    min_bps: float | None
    p95_bps: float | None
    peak_bps: float | None


def of_link(series: LinkSeries) -> Curves:
    """Make the curves of a link."""
    return _without_holes(
        Curves(
            step_s=series.step_s,
            at_s=series.at_s,
            up_bps=series.a_to_b_bps,
            down_bps=series.b_to_a_bps,
            up_max_bps=series.a_to_b_max_bps,
            down_max_bps=series.b_to_a_max_bps,
            errors_ps=series.errors_ps,
            discards_ps=series.discards_ps,
            outages=series.down,
            capacity_bps=series.capacity_bps,
            up_p95_bps=series.p95_a_to_b_bps,
            down_p95_bps=series.p95_b_to_a_bps,
        )
    )


def of_port(series: PortSeries, speed_bps: float | None) -> Curves:
    """Make the curves of a port."""
    return _without_holes(
        Curves(
            step_s=series.step_s,
            at_s=series.at_s,
            up_bps=series.in_bps,
            down_bps=series.out_bps,
            up_max_bps=series.in_max_bps,
            down_max_bps=series.out_max_bps,
            errors_ps=None,
            discards_ps=None,
            outages=(),
            capacity_bps=speed_bps,
            up_p95_bps=five_minute_p95(series.at_s, series.in_bps, series.step_s),
            down_p95_bps=five_minute_p95(series.at_s, series.out_bps, series.step_s),
        )
    )


def five_minute_p95(at_s: Column, rate_bps: Column, step_s: float) -> float | None:
    """Return the nearest-rank 95th percentile of the 5-minute means; None if steps are longer."""
    known = np.isfinite(rate_bps)
    if step_s > MEAN_S or not known.any():
        return None
    window, index = np.unique(np.floor(at_s[known] / MEAN_S), return_inverse=True)
    sums = np.bincount(index, rate_bps[known], len(window))
    means = np.sort(sums / np.bincount(index, minlength=len(window)))
    return float(means[int(np.ceil(0.95 * len(means))) - 1])


def statistics(curves: Curves) -> tuple[Statistics, Statistics]:
    """Return what the upper and the lower curve add up to."""
    return (
        _of_direction(curves.up_bps, curves.up_max_bps, curves.up_p95_bps),
        _of_direction(curves.down_bps, curves.down_max_bps, curves.down_p95_bps),
    )


def _of_direction(mean_bps: Column, max_bps: Column, p95_bps: float | None) -> Statistics:
    known = mean_bps[np.isfinite(mean_bps)]
    peaks = max_bps[np.isfinite(max_bps)]
    return Statistics(
        float(known.mean()) if len(known) else None,
        float(known.min()) if len(known) else None,
        p95_bps,
        float(peaks.max()) if len(peaks) else None,
    )


def runs(known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the unbroken stretches of True as half-open index ranges."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def gaps(curves: Curves, from_s: float, to_s: float) -> list[tuple[float, float]]:
    """Return the spans inside the range in which neither direction is known."""
    known = np.isfinite(curves.up_bps) | np.isfinite(curves.down_bps)
    found, cursor_s = [], from_s
    for first, after in runs(known):
        found.append((cursor_s, float(curves.at_s[first])))
        cursor_s = float(curves.at_s[after - 1]) + curves.step_s
    late_s = _EDGE * curves.step_s if cursor_s > from_s else 0.0
    if to_s - cursor_s > late_s:
        found.append((cursor_s, to_s))
    return [(a, b) for a, b in found if b - a > curves.step_s / 2]


def _without_holes(curves: Curves) -> Curves:
    """Put a row of NaN wherever rows are missing, so that nothing is drawn across."""
    broken = np.flatnonzero(np.diff(curves.at_s) > _TOLERANCE * curves.step_s) + 1
    if not len(broken):
        return curves
    at_s = np.insert(curves.at_s, broken, curves.at_s[broken - 1] + curves.step_s)
    return _changed(curves, curves.step_s, at_s, _Hole(broken))


def thinned(curves: Curves, points: int) -> Curves:
    """Return at most about `points` rows: means of means, maxima of maxima.

    Rows are gathered by absolute time, so that the picture does not shimmer while it moves. A
    gathered row is a gap where half of what it gathers is unknown.
    """
    if len(curves.at_s) <= points:
        return curves
    length_s = float(curves.at_s[-1] - curves.at_s[0]) + curves.step_s
    step_s = curves.step_s * math.ceil(length_s / curves.step_s / points)
    cell = np.floor(curves.at_s / step_s)
    first = np.flatnonzero(np.concatenate(([True], np.diff(cell) > 0)))
    gather = _Gather(first, len(curves.at_s))
    return _without_holes(_changed(curves, step_s, cell[first] * step_s, gather))


@dataclass(frozen=True, slots=True)
class _Hole:
    """Puts NaN before the given rows."""

    before: NDArray[np.int64]

    def mean(self, values: Column) -> Column:
        return np.insert(values, self.before, np.nan)

    maximum = mean


@dataclass(frozen=True, slots=True)
class _Gather:
    """Gathers the rows from each of `first` to the next."""

    first: NDArray[np.int64]
    rows: int

    def mean(self, values: Column) -> Column:
        known = np.isfinite(values)
        count = np.add.reduceat(known.astype(np.float64), self.first)
        size = np.diff(np.append(self.first, self.rows))
        total = np.add.reduceat(np.where(known, values, 0.0), self.first)
        mean = np.full(len(count), np.nan)
        np.divide(total, count, out=mean, where=2 * count > size)
        return mean

    def maximum(self, values: Column) -> Column:
        peak = np.maximum.reduceat(np.where(np.isfinite(values), values, -np.inf), self.first)
        return np.where(np.isfinite(peak), peak, np.nan)


def _changed(curves: Curves, step_s: float, at_s: Column, change: _Hole | _Gather) -> Curves:
    faults = (curves.errors_ps, curves.discards_ps)
    errors, discards = (None if x is None else change.maximum(x) for x in faults)
    return replace(
        curves,
        step_s=step_s,
        at_s=at_s,
        up_bps=change.mean(curves.up_bps),
        down_bps=change.mean(curves.down_bps),
        up_max_bps=change.maximum(curves.up_max_bps),
        down_max_bps=change.maximum(curves.down_max_bps),
        errors_ps=errors,
        discards_ps=discards,
    )
