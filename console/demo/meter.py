"""The running integral of all lines: evaluated hour by hour, kept for a while. No clock."""

import numpy as np
from numpy.typing import NDArray

from console.demo.traffic import Curves, Traffic

HOUR_S = 3600
DAY_S = 86400
KEPT = 3  # hours of which the curves are kept

Floats = NDArray[np.float64]


class Meter:
    """Integrals of all rows of a traffic since the midnight (UTC) before `start_s`."""

    def __init__(self, traffic: Traffic, start_s: float) -> None:
        self.traffic = traffic
        self.origin_s = start_s // DAY_S * DAY_S
        self._curves: dict[int, Curves] = {}
        self._before = [np.zeros(traffic.rows)]  # the integral up to each hour
        while self.origin_s + len(self._before) * HOUR_S <= start_s:
            self._next_hour()

    def total(self, rows: NDArray[np.int64], at_s: float) -> Floats:
        """Return the integral of `rows` from the origin to `at_s`, (rows,)."""
        hour = int((at_s - self.origin_s) // HOUR_S)
        while hour >= len(self._before):
            self._next_hour()
        curves = self._curves.get(hour) or self._look(hour)
        inside = curves.integral(rows, np.asarray([at_s]))[:, 0]
        return np.asarray(self._before[hour][rows] + inside)

    def _look(self, hour: int) -> Curves:
        began = self.origin_s + hour * HOUR_S
        self._curves[hour] = self.traffic.curves(began, began + HOUR_S)
        for old in sorted(self._curves)[:-KEPT]:
            del self._curves[old]
        return self._curves.get(hour) or self.traffic.curves(began, began + HOUR_S)

    def _next_hour(self) -> None:
        curves = self._look(len(self._before) - 1)
        self._before.append(self._before[-1] + curves.total[:, -1])
