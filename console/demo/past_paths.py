"""What measuring the simulated paths would have brought in the past.

Windows are written of the last day, of conferences and of the hour before each.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from console.collector.path_targets import stamp_name
from console.collector.vigil import BEFORE_S
from console.demo.noise import stream
from console.demo.past_moments import Floats, Stretch, inside
from console.demo.path_quality import PathQuality, Quality
from console.demo.simulation import Simulation
from console.demo.watched import watched
from console.model.observation import PathWindow
from console.stamp.sender import AF41

LASTS_S = 86400.0  # so much of the past has windows
WINDOW_S = 60.0  # the collector's are 15 s; the demo starts sooner with a quarter as many
CLOSE_S = 15.0  # during conferences they are as long as the collector's
Row = tuple[Any, ...]

_WORST = 3.0  # how many times the queues' mean the slowest packet of a window waited


class PastPaths:
    """All paths to reflectors; windows that ended before `to_s`."""

    def __init__(self, simulation: Simulation, to_s: float) -> None:
        self._simulation = simulation
        self._to_s = to_s
        self._reflectors = simulation.inventory.reflectors
        sites = tuple(reflector.site for reflector in self._reflectors)
        self._quality = PathQuality(simulation, sites)
        self._names = [(entry.id, stamp_name(entry, AF41)) for entry in self._reflectors]

    def windows(self, over: Stretch, slots: int) -> dict[int, list[PathWindow]]:
        """Return the windows of a stretch by bucket of `slots` cycles."""
        found: dict[int, list[PathWindow]] = defaultdict(list)
        every_s = self._simulation.inventory.polling.paths_s
        if every_s is None or not self._reflectors:
            return found
        for lasts_s, starts_s in self._starts(over):
            if len(starts_s):
                self._add(found, over, starts_s, (lasts_s, max(1, round(lasts_s / every_s)), slots))
        return found

    def _starts(self, over: Stretch) -> Iterator[tuple[float, Floats]]:
        """Yield how long windows last and when they begin.

        Outside the last day there are those of conferences and of the hour before them.
        """
        from_s, to_s = float(over.at_s[0]), min(over.end_s, self._to_s)
        spans = {span for of in watched(self._simulation, from_s, to_s).values() for span in of}
        held = [(_down(began_s + BEFORE_S), _up(ended_s)) for began_s, ended_s in spans]
        before = [(_down(began_s), _down(began_s + BEFORE_S)) for began_s, _ended_s in spans]
        usual_s, close_s = _grid(from_s, to_s, WINDOW_S), _grid(from_s, to_s, CLOSE_S)
        wanted = inside(usual_s, [*before, (self._to_s - LASTS_S, self._to_s)])
        yield WINDOW_S, usual_s[wanted & ~inside(usual_s, held)]
        yield CLOSE_S, close_s[inside(close_s, held)]

    def _add(
        self,
        found: dict[int, list[PathWindow]],
        over: Stretch,
        starts_s: Floats,
        how: tuple[float, int, int],
    ) -> None:
        """Add the windows that begin then; `how`: seconds and packets of each, cycles a bucket."""
        lasts_s, sent, slots = how
        places = np.searchsorted(over.at_s, starts_s, side="right") - 1
        at_ms = np.round((starts_s - over.at_s[places]) * 1000).astype(np.int64)
        cycles = (over.first_cycle + places).tolist()
        lasts_ms = round(lasts_s * 1000)
        for number, rows in enumerate(self._rows(over, starts_s, sent)):
            subject, name = self._names[number]
            for cycle, at, row in zip(cycles, at_ms.tolist(), rows, strict=True):
                window = PathWindow(subject, name, cycle, at, lasts_ms, sent, *row)
                found[cycle // slots].append(window)

    def _rows(self, over: Stretch, starts_s: Floats, sent: int) -> Iterator[list[Row]]:
        """Yield, path by path, what follows `sent` in each window."""
        parts = [
            list(self._part(over, starts_s, place, sent)) for place in _outages(over, starts_s)
        ]
        for number in range(len(self._reflectors)):
            yield [row for part in parts for row in part[number]]

    def _part(self, over: Stretch, starts_s: Floats, outage: int, sent: int) -> Iterator[list[Row]]:
        """Yield the rows of each path for the windows that began during one outage."""
        at_s = starts_s[over.numbers(starts_s) == outage]
        there, back = (
            self._quality.along(over.curves, over.outages[outage], at_s, back)
            for back in (False, True)
        )
        draw = np.random.default_rng(stream(self._simulation.seed, "paths", int(at_s[0])))
        columns = _columns(there, back, sent, draw)
        for number in range(len(self._reflectors)):
            reached = there.reached[number, 0] and back.reached[number, 0]
            silent = (sent, None, None, None, None, 0, None, None, None)
            if reached:
                yield list(zip(*(column[number].tolist() for column in columns), strict=True))
            else:
                yield [silent] * len(at_s)


def _grid(from_s: float, to_s: float, step_s: float) -> Floats:
    """Return the multiples of a step that begin, and end a step later, in the span."""
    first, last = np.ceil(from_s / step_s), (to_s - step_s) // step_s
    return np.asarray(np.arange(first, last + 1) * step_s)


def _down(at_s: float) -> float:
    return at_s // WINDOW_S * WINDOW_S


def _up(at_s: float) -> float:
    return -_down(-at_s)


def _outages(over: Stretch, starts_s: Floats) -> list[int]:
    """Return the places of the outages during which windows began."""
    numbers: list[int] = np.unique(over.numbers(starts_s)).tolist()
    return numbers


def _columns(
    there: Quality, back: Quality, sent: int, draw: np.random.Generator
) -> "list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]":
    """Return arrays (sites, times): PathWindow's columns from `lost` on."""
    lost_there = draw.binomial(sent, there.loss)
    lost_back = draw.binomial(sent - lost_there, back.loss)
    lost = lost_there + lost_back
    shape = there.loss.shape
    queue_us = there.queue_us + back.queue_us
    rtt_us = there.delay_us + back.delay_us + queue_us * draw.uniform(0.8, 1.2, shape)
    jitter_there_us = there.queue_us * draw.uniform(0.6, 1.4, shape)
    jitter_back_us = back.queue_us * draw.uniform(0.6, 1.4, shape)
    columns = (
        *(lost, lost_there, lost_back, rtt_us, rtt_us + _WORST * queue_us),
        *(np.maximum(sent - lost - 1, 0), 0.75 * (jitter_there_us + jitter_back_us)),
        *(jitter_there_us, jitter_back_us),
    )
    return [np.asarray(column).round().astype(np.int64) for column in columns]
