"""Values over time, as columns. A gap is NaN, never 0 and never the value before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from console.model.observation import PathWindow

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PortSeries:
    """Load of a port: one element per step, `at_s` the step's start in UTC seconds, rates in bit/s.

    Where a step holds one sample only, mean and max are the same.
    """

    port: int
    step_s: float
    at_s: Column
    in_bps: Column
    out_bps: Column
    in_max_bps: Column
    out_max_bps: Column


@dataclass(frozen=True, slots=True)
class LinkSeries:
    """Load of a link in both directions; faults are those of both ends together, per second.

    `down` are the spans (from, to) in UTC seconds in which the link was down. The percentiles are
    the nearest-rank 95th of the 5-minute means in the range, None where there are none.
    """

    link: str
    capacity_bps: float | None
    step_s: float
    at_s: Column
    a_to_b_bps: Column
    b_to_a_bps: Column
    a_to_b_max_bps: Column
    b_to_a_max_bps: Column
    errors_ps: Column
    discards_ps: Column
    down: tuple[tuple[float, float], ...]
    p95_a_to_b_bps: float | None
    p95_b_to_a_bps: float | None


@dataclass(frozen=True, slots=True)
class Incident:
    """One subject not well, from when to when. `ended_s` is None while it lasts.

    `state` is the worst state it reached (a State or RoomState), `reasons` are reason codes.
    """

    subject: str
    state: str
    began_s: float
    ended_s: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Density:
    """How much went wrong when: per bin of equal width the incidents that began in it.

    `recorded` is False where no cycle was recorded in the bin: that past is not known.
    """

    from_s: float
    to_s: float
    down: NDArray[np.int64]
    warning: NDArray[np.int64]
    recorded: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SeenWindow:
    """A few seconds of probe packets along a path, and when they began, UTC seconds."""

    at_s: float
    window: "PathWindow"
