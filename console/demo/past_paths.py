"""What measuring the simulated paths would have brought in the past.

Windows are written of the last day, of conferences and of the hour before each.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from console.collector.path_targets import far_name, stamp_name
from console.collector.vigil import BEFORE_S
from console.demo.noise import stream
from console.demo.past_moments import Floats, Stretch, inside
from console.demo.path_quality import PathQuality, columns
from console.demo.simulation import Simulation
from console.demo.watched import watched
from console.model.observation import PathWindow
from console.stamp.sender import AF41

LASTS_S = 86400.0  # so much of the past has windows
WINDOW_S = 60.0  # the collector's are 15 s; the demo starts sooner with a quarter as many
CLOSE_S = 15.0  # during conferences they are as long as the collector's
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Paths that are worked out together: far end and name of each; `draws` names its chance."""

    names: tuple[tuple[str, str], ...]
    quality: PathQuality
    draws: str


def _groups(simulation: Simulation) -> Iterator[_Group]:
    """Yield the paths from the collector, and those between reflectors."""
    entries = simulation.inventory.reflectors
    sites = {entry.id: entry.site for entry in entries}
    names = tuple((entry.id, stamp_name(entry, AF41)) for entry in entries)
    if names:
        yield _Group(names, PathQuality(simulation, tuple(sites.values())), "paths")
    pairs = [(entry.id, to) for entry in entries for to in entry.toward]
    if pairs:
        begins, ends = (tuple(sites[pair[end]] for pair in pairs) for end in (0, 1))
        far = tuple((to, far_name(source, AF41)) for source, to in pairs)
        yield _Group(far, PathQuality(simulation, ends, begins), "far")


class PastPaths:
    """All paths to reflectors; windows that ended before `to_s`."""

    def __init__(self, simulation: Simulation, to_s: float) -> None:
        self._simulation = simulation
        self._to_s = to_s
        self._groups = list(_groups(simulation))

    def windows(self, over: Stretch, slots: int) -> dict[int, list[PathWindow]]:
        """Return the windows of a stretch by bucket of `slots` cycles."""
        found: dict[int, list[PathWindow]] = defaultdict(list)
        every_s = self._simulation.inventory.polling.paths_s
        if every_s is None or not self._groups:
            return found
        for lasts_s, starts_s in self._starts(over):
            how = lasts_s, max(1, round(lasts_s / every_s)), slots
            for group in self._groups if len(starts_s) else ():
                self._add(found, group, over, starts_s, how)
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
        group: _Group,
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
        for number, rows in enumerate(self._rows(group, over, starts_s, sent)):
            subject, name = group.names[number]
            for cycle, at, row in zip(cycles, at_ms.tolist(), rows, strict=True):
                window = PathWindow(subject, name, cycle, at, lasts_ms, sent, *row)
                found[cycle // slots].append(window)

    def _rows(
        self, group: _Group, over: Stretch, starts_s: Floats, sent: int
    ) -> Iterator[list[Row]]:
        """Yield, path by path, what follows `sent` in each window."""
        parts = [
            list(self._part(group, over, starts_s[over.numbers(starts_s) == place], sent))
            for place in _outages(over, starts_s)
        ]
        for number in range(len(group.names)):
            yield [row for part in parts for row in part[number]]

    def _part(self, group: _Group, over: Stretch, at_s: Floats, sent: int) -> Iterator[list[Row]]:
        """Yield the rows of each path for windows that began during one outage."""
        outage = over.outages[int(over.numbers(at_s[:1])[0])]
        there, back = (
            group.quality.along(over.curves, outage, at_s, back) for back in (False, True)
        )
        draw = np.random.default_rng(stream(self._simulation.seed, group.draws, int(at_s[0])))
        table = columns(there, back, sent, draw)
        for number in range(len(group.names)):
            reached = there.reached[number, 0] and back.reached[number, 0]
            silent = (sent, None, None, None, None, 0, None, None, None)
            if reached:
                yield list(zip(*(column[number].tolist() for column in table), strict=True))
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
