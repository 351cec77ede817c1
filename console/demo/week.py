"""The working week of an administration as load factors. Pure; times are UTC seconds."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.easter import easter
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Points = tuple[tuple[float, float], ...]
Shape = tuple[Points, ...]  # Monday to Sunday; (hour on the wall clock, factor), linear between

# Hour of the day and factor of the busiest hour. Thursday is the long day, Friday ends at noon.
_DAY: Points = ((0, 0.05), (5, 0.05), (6.5, 0.12), (7.5, 0.55), (9, 0.92), (10.5, 1.0), (12, 0.85))
_DAY += ((12.75, 0.6), (13.5, 0.8), (14.5, 0.9), (16, 0.68), (17, 0.38), (18.5, 0.2))
_DAY += ((21, 0.12), (24, 0.05))
_THURSDAY: Points = (*_DAY[:10], (15.5, 0.85), (17.5, 0.7), (18.5, 0.35), (21, 0.12), (24, 0.05))
_FRIDAY: Points = (
    *_DAY[:6],
    (11.75, 0.8),
    (13, 0.4),
    (14, 0.2),
    (16, 0.12),
    (21, 0.08),
    (24, 0.05),
)
_SATURDAY: Points = ((0, 0.05), (8, 0.06), (11, 0.13), (15, 0.1), (20, 0.07), (24, 0.05))
_SUNDAY: Points = ((0, 0.05), (9, 0.05), (14, 0.08), (19, 0.09), (24, 0.05))
OFFICE: Shape = (_DAY, _DAY, _DAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY)

# What a state network carries for everybody: less idle at night and at weekends.
_TRANSIT: Points = ((0, 0.42), (4, 0.3), (6, 0.42), (9, 0.85), (11, 0.95), (14, 0.92), (17, 0.86))
_TRANSIT += ((20, 1.0), (22, 0.75), (24, 0.42))
_TRANSIT_FREE: Points = (
    (0, 0.44),
    (4, 0.3),
    (8, 0.4),
    (11, 0.62),
    (15, 0.7),
    (20, 0.92),
    (24, 0.44),
)
TRANSIT: Shape = (_TRANSIT,) * 5 + (_TRANSIT_FREE,) * 2

# Nightly increments after 21:00; on Saturday and Sunday full backups through the day.
_BACKUP: Points = (
    (0, 0.75),
    (1.5, 0.9),
    (3, 0.7),
    (4, 0.06),
    (4.5, 0.0),
    (20.75, 0.0),
    (21.25, 0.55),
)
_BACKUP += ((23, 0.8), (24, 0.75))
_BACKUP_FULL: Points = ((0, 0.75), (3, 0.8), (6, 0.7), (9, 1.0), (14, 0.9), (18, 0.7), (19, 0.0))
_BACKUP_FULL += ((22, 0.0), (22.5, 0.6), (24, 0.75))
BACKUP: Shape = (_BACKUP,) * 5 + (_BACKUP_FULL,) * 2


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of Rhineland-Palatinate (Feiertagsgesetz RLP, section 2)."""
    sunday = easter(year)
    movable = {sunday + timedelta(days=days) for days in (-2, 1, 39, 50, 60)}
    fixed = ((1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26))
    return frozenset(movable | {date(year, month, day) for month, day in fixed})


def weekday(day: date) -> int:
    """Return 0 for a Monday to 6 for a Sunday; a holiday counts as a Sunday."""
    return 6 if day in holidays(day.year) else day.weekday()


def factor(shape: Shape, at_s: NDArray[np.int64], zone: ZoneInfo) -> Floats:
    """Return the load factor at rising UTC seconds, by the clock on the wall in `zone`."""
    local_s = at_s + _offsets(at_s, zone)
    days = local_s // 86400
    hours = (local_s - days * 86400) / 3600
    result = np.empty(len(at_s))
    for day in np.unique(days):
        points = shape[weekday(date(1970, 1, 1) + timedelta(days=int(day)))]
        here = days == day
        clock, factors = zip(*points, strict=True)
        result[here] = np.interp(hours[here], np.asarray(clock, float), np.asarray(factors, float))
    return result


def _offsets(at_s: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """Return seconds east of UTC; clocks change on the hour (UTC) only."""
    hours, where = np.unique(at_s // 3600, return_inverse=True)
    offsets = [_offset_s(int(hour), zone) for hour in hours]
    return np.asarray(offsets, dtype=np.int64)[where]


@cache
def _offset_s(hour: int, zone: ZoneInfo) -> int:
    moment = datetime.fromtimestamp(hour * 3600, UTC).astimezone(zone)
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset else 0
