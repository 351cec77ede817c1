"""The working week: what the clock on the wall says decides, in summer as in winter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from console.demo import week

BERLIN = ZoneInfo("Europe/Berlin")


def office(text: str) -> float:
    at_s = int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC).timestamp())
    return float(week.factor(week.OFFICE, np.asarray([at_s]), BERLIN)[0])


def test_morning_is_busy_and_night_and_sunday_are_not() -> None:
    assert office("2026-11-24T10:30") == 1.0
    assert office("2026-11-24T03:00") < 0.1
    assert office("2026-11-22T10:30") < 0.1


def test_friday_afternoon_is_over_early_and_thursday_late() -> None:
    assert office("2026-11-27T15:00") < 0.3 < office("2026-11-24T15:00")
    assert office("2026-11-26T17:30") > 1.5 * office("2026-11-25T17:30")


def test_ten_thirty_is_ten_thirty_in_summer_too() -> None:
    assert office("2026-07-07T10:30") == office("2026-11-24T10:30") == 1.0


def test_a_holiday_is_a_sunday() -> None:
    assert {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 14), date(2026, 6, 4)} <= (
        week.holidays(2026)
    )
    assert office("2026-10-03T10:30") == office("2026-10-04T10:30")
    assert office("2026-05-14T10:30") < 0.1


def test_many_moments_are_the_same_as_each_alone() -> None:
    start = int(datetime(2026, 10, 24, 12, tzinfo=UTC).timestamp())  # the clocks change that night
    moments = np.arange(start, start + 2 * 86400, 1800)
    together = week.factor(week.BACKUP, moments, BERLIN)
    alone = [week.factor(week.BACKUP, moments[n : n + 1], BERLIN)[0] for n in range(len(moments))]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("shape", [week.OFFICE, week.TRANSIT, week.BACKUP])
def test_every_day_of_a_shape_rises_from_midnight_to_midnight(shape: week.Shape) -> None:
    for points in shape:
        hours = [hour for hour, _factor in points]
        assert hours == sorted(set(hours))
        assert (hours[0], hours[-1]) == (0, 24)
