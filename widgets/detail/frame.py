"""Where a moment and a value lie on the graph, in pixels, and how the graph is scaled. No Qt."""

from dataclasses import dataclass

import numpy as np

from console.model.series import Column
from widgets.detail.curves import Curves
from widgets.detail.ticks import rate_step

_HEADROOM = 1.16  # above the highest point, for its label
_SMALLER_SIDE = 0.24  # of the height at least for the direction with less load
_CAPACITY_IN_SIGHT = 1.6  # times the peak: a capacity line further up would flatten the curves


@dataclass(frozen=True, slots=True)
class Span:
    """What the graph shows: UTC seconds across, bit/s (or events a second) upwards."""

    from_s: float
    to_s: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A span laid into a rectangle of `width` × `height` pixels, y downwards."""

    span: Span
    width: float
    height: float

    def x(self, at_s: float) -> float:
        """Pixels from the left."""
        return (at_s - self.span.from_s) / (self.span.to_s - self.span.from_s) * self.width

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return (self.span.high - value) / (self.span.high - self.span.low) * self.height

    def xs(self, at_s: Column) -> Column:
        """Pixels from the left, of many moments."""
        return (at_s - self.span.from_s) * (self.width / (self.span.to_s - self.span.from_s))

    def ys(self, value: Column) -> Column:
        """Pixels from the top, of many values."""
        return (self.span.high - value) * (self.height / (self.span.high - self.span.low))

    def moment(self, x: float) -> float:
        """The UTC seconds at `x` pixels from the left."""
        return self.span.from_s + x / self.width * (self.span.to_s - self.span.from_s)


def _largest(*values: Column | float | None) -> float:
    found = [np.atleast_1d(np.asarray(x, np.float64)) for x in values if x is not None]
    joined = np.concatenate(found) if found else np.empty(0)
    known = joined[np.isfinite(joined)]
    return float(known.max()) if len(known) else 0.0


def rate_span(curves: Curves, from_s: float, to_s: float) -> Span:
    """Return a span in which both directions fit, upwards and downwards on the same scale."""
    up = _largest(curves.up_bps, curves.up_max_bps, curves.up_p95_bps)
    down = _largest(curves.down_bps, curves.down_max_bps, curves.down_p95_bps)
    capacity = curves.capacity_bps or 0.0
    if max(up, down) <= 0.0:
        up = down = capacity or 1.0
    high, low = (_with_room(x, capacity) for x in (up, down))
    low, high = max(low, high * _SMALLER_SIDE), max(high, low * _SMALLER_SIDE)
    grain = rate_step(high + low, 8) / 2
    return Span(from_s, to_s, -grain * np.ceil(low / grain), grain * np.ceil(high / grain))


def _with_room(peak: float, capacity: float) -> float:
    if peak <= capacity <= peak * _CAPACITY_IN_SIGHT:
        return capacity * 1.06
    return peak * _HEADROOM


def fault_span(curves: Curves, from_s: float, to_s: float) -> Span:
    """Return a span from 0 in which all errors and discards fit."""
    known = [np.nan_to_num(x) for x in (curves.errors_ps, curves.discards_ps) if x is not None]
    return Span(from_s, to_s, 0.0, _largest(sum(known)) * 1.15 if known else 0.0)
