"""What was when in a stretch of a simulated past: outages looked up for many moments at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.demo.fabric import Outage
from console.demo.simulation import Simulation
from console.demo.traffic import Curves

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole cycles in a row, with the traffic and the outages over them.

    `first_cycle` is the number of the first, `at_s` when each began; the stretch's curves go
    from the first cycle to `end_s`.
    """

    first_cycle: int
    at_s: Floats
    end_s: float
    curves: Curves
    cuts_s: Floats  # when each of the outages begins
    outages: tuple[Outage, ...]

    def true_at(self, times_s: Floats, tell: Callable[[Outage], bool]) -> Bools:
        """Return, for each of the times, whether `tell` is true of its outage."""
        told = np.asarray([tell(outage) for outage in self.outages], dtype=np.bool_)
        return np.asarray(told[self.numbers(times_s)])

    def numbers(self, times_s: Floats) -> NDArray[np.intp]:
        """Return the place in `outages` of what holds at each of the times."""
        numbers = np.searchsorted(self.cuts_s, times_s, side="right") - 1
        return np.asarray(np.clip(numbers, 0, len(self.outages) - 1))


def stretch(simulation: Simulation, first_cycle: int, at_s: Floats, interval_s: float) -> Stretch:
    """Work out the traffic and the outages of cycles that begin at `at_s`."""
    from_s, end_s = float(at_s[0]), float(at_s[-1] + interval_s)
    spans = simulation.script.outages(from_s, end_s)
    return Stretch(
        first_cycle,
        at_s,
        end_s,
        simulation.traffic.curves(from_s, end_s),
        np.asarray([began for began, _, _ in spans]),
        tuple(outage for _, _, outage in spans),
    )


def inside(times_s: Floats, spans: Iterable[tuple[float, float]]) -> Bools:
    """Return, for each of the times, whether it lies in any of the spans."""
    found = np.zeros(len(times_s), dtype=np.bool_)
    for began, ended in spans:
        found |= (times_s >= began) & (times_s < ended)
    return found
