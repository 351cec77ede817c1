"""The usual load of links in the hours of a conference, by the contract's rule 3. Pure.

Which 5-minute means count is decided here; reading them is the caller's. Knows no capacity.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from console.model.plan import Occurrence

WINDOW_S = 300
_WEEK, _MONTH = timedelta(days=7), timedelta(days=28)


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Starts of 5-minute windows, UTC seconds, ascending multiples of 300.

    `held` is True where a conference was on at the same bridge. Both have shape (windows,).
    """

    starts_s: NDArray[np.int64]
    held: NDArray[np.bool_]


class Candidates(NamedTuple):
    """What may tell a baseline, the first choice first."""

    weekday: Windows  # same hours, same weekday, last 4 weeks
    week: Windows  # same hours, last 7 days
    day: Windows  # last 24 hours, the running window included


def candidate_windows(
    occurrence: Occurrence, zone: ZoneInfo, at_s: float, held: Sequence[Occurrence] = ()
) -> Candidates:
    """Return the windows whose means tell the baseline of an occurrence as known at `at_s`.

    `held` are the conferences on the same bridge since four weeks before, the running one
    included. The hours follow the clock on the wall; a window counts when it overlaps them.
    """
    weekday = datetime.fromtimestamp(occurrence.start_s, zone).weekday()
    days = list(_days_back(zone, at_s, _MONTH))
    same = [day for day in days if day.weekday() == weekday]
    hours, over_s = _Hours(occurrence, zone), at_s - WINDOW_S
    running_s = -(-at_s // WINDOW_S) * WINDOW_S - WINDOW_S
    return Candidates(
        _windows(hours.on(same), _back(zone, at_s, _MONTH), over_s, held),
        _windows(hours.on(days), _back(zone, at_s, _WEEK), over_s, held),
        _windows([(at_s - 86400, at_s)], at_s - 86400, running_s, held),
    )


def baseline(candidates: Candidates, means: tuple[NDArray[np.float64], ...]) -> NDArray[np.float64]:
    """Return the 95th percentile of each link, bit/s, NaN where unknown; shape (links,).

    `means` are the means of the windows of each candidate, bit/s, NaN where there is none, shape
    (links, windows). A window still running or only partly seen counts with what it has.
    """
    halves = (0.5, 0.5, 0.0)
    found = np.full(means[0].shape[0], np.nan)
    for windows, values, least in zip(candidates, means, halves, strict=True):
        missing = np.isnan(found)
        if not missing.any():
            break
        found[missing] = _percentile(values[missing], windows.held, least)
    return found


def _percentile(
    values: NDArray[np.float64], held: NDArray[np.bool_], least: float
) -> NDArray[np.float64]:
    """Return the nearest-rank percentile where at least so large a part of the windows exists."""
    if not held.size:
        return np.full(values.shape[0], np.nan)
    exists = ~np.isnan(values)
    remain = np.any(exists & ~held, axis=1)  # others remain: those with a conference are left out
    used = exists & ~(held[None, :] & remain.reshape(-1, 1))
    expected = np.where(remain, (~held).sum(), held.size)
    count = used.sum(axis=1)
    enough = (count > 0) & (count >= least * expected)
    ordered = np.sort(np.where(used, values, np.nan), axis=1)  # NaN comes last
    rank = np.maximum((95 * count + 99) // 100 - 1, 0)
    return np.where(enough, np.take_along_axis(ordered, rank[:, None], axis=1)[:, 0], np.nan)


class _Hours:
    """The hours of an occurrence on other days."""

    def __init__(self, occurrence: Occurrence, zone: ZoneInfo) -> None:
        self._zone = zone
        start = datetime.fromtimestamp(occurrence.start_s, zone).replace(tzinfo=None)
        end = datetime.fromtimestamp(occurrence.end_s, zone).replace(tzinfo=None)
        self._start, self._lasts = start.time(), end - start

    def on(self, days: Sequence[datetime]) -> list[tuple[float, float]]:
        """Return the spans, UTC seconds, that begin on these days."""
        starts = [datetime.combine(day, self._start) for day in days]
        return [
            (_instant_s(start, self._zone), _instant_s(start + self._lasts, self._zone))
            for start in starts
        ]


def _days_back(zone: ZoneInfo, at_s: float, back: timedelta) -> Iterator[datetime]:
    """Yield midnights on the wall; the day before the first, for hours that cross midnight."""
    today = datetime.combine(datetime.fromtimestamp(at_s, zone).date(), time())
    for number in range(back.days + 1, -1, -1):
        yield today - timedelta(days=number)


def _back(zone: ZoneInfo, at_s: float, back: timedelta) -> float:
    wall = datetime.fromtimestamp(at_s, zone).replace(tzinfo=None)
    return _instant_s(wall - back, zone)


def _instant_s(wall: datetime, zone: ZoneInfo) -> float:
    return wall.replace(tzinfo=zone).astimezone(UTC).timestamp()


def _windows(
    spans: Sequence[tuple[float, float]], from_s: float, last_s: float, held: Sequence[Occurrence]
) -> Windows:
    """Return the windows that overlap the spans and begin in from_s..last_s."""
    touched = [
        np.arange(start // WINDOW_S, -(-end // WINDOW_S), dtype=np.int64) for start, end in spans
    ]
    numbers = np.unique(np.concatenate([np.zeros(0, np.int64), *touched]))
    starts = numbers * WINDOW_S
    starts = starts[(starts >= from_s) & (starts <= last_s)]
    taken = np.zeros(starts.shape, np.bool_)
    for occurrence in held:
        taken |= (starts < occurrence.end_s) & (starts + WINDOW_S > occurrence.start_s)
    return Windows(starts, taken)
