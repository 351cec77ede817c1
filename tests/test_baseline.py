"""The usual load in a conference's hours: which windows count, and what they come to."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from console.analysis.readiness.baseline import Candidates, Windows, baseline, candidate_windows
from console.model.plan import Occurrence

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def walls(windows: Windows) -> list[str]:
    return [f"{datetime.fromtimestamp(s, BERLIN):%a %d.%m. %H:%M}" for s in windows.starts_s]


THURSDAY = Occurrence(at("2026-12-03T10:00"), at("2026-12-03T12:00"))


def test_same_weekday_same_hours_of_the_last_four_weeks_by_the_clock_on_the_wall() -> None:
    found = candidate_windows(THURSDAY, BERLIN, at("2026-11-22T09:00"))
    names = walls(found.weekday)
    assert len(names) == 4 * 24
    assert names[0] == "Thu 29.10. 10:00"
    assert names[-1] == "Thu 19.11. 11:55"
    # The clocks went back on 25 October: ten o'clock was 08:00 UTC before, 09:00 UTC after.
    summer = candidate_windows(THURSDAY, BERLIN, at("2026-11-10T09:00")).weekday
    first = datetime.fromtimestamp(summer.starts_s[0], UTC)
    assert (first.day, first.month, first.hour) == (15, 10, 8)
    assert len(summer.starts_s) == 4 * 24


def test_the_week_has_the_hours_of_seven_days_and_the_day_the_running_window() -> None:
    found = candidate_windows(THURSDAY, BERLIN, at("2026-11-22T09:02"))
    names = walls(found.week)
    assert len(names) == 7 * 24
    assert (names[0], names[-1]) == ("Sun 15.11. 10:00", "Sat 21.11. 11:55")
    names = walls(found.day)
    assert (names[0], names[-1]) == ("Sat 21.11. 09:05", "Sun 22.11. 09:00")
    assert len(names) == 288


def test_a_window_not_yet_over_counts_only_in_the_last_day() -> None:
    names = walls(candidate_windows(THURSDAY, BERLIN, at("2026-11-21T10:07")).week)
    assert names[-1] == "Sat 21.11. 10:00"
    assert len(names) == 7 * 24 - 1  # last Saturday's from 10:10, today's first: 23


def test_hours_that_do_not_begin_on_a_window_or_cross_midnight() -> None:
    late = Occurrence(at("2026-12-03T23:52"), at("2026-12-04T00:08"))
    names = walls(candidate_windows(late, BERLIN, at("2026-11-22T09:00")).weekday)
    assert names[:4] == [
        "Thu 29.10. 23:50",
        "Thu 29.10. 23:55",
        "Fri 30.10. 00:00",
        "Fri 30.10. 00:05",
    ]
    assert len(names) == 16


def test_windows_of_conferences_on_the_same_bridge_are_marked() -> None:
    held = [Occurrence(at("2026-11-05T10:58"), at("2026-11-05T11:06"))]
    found = candidate_windows(THURSDAY, BERLIN, at("2026-11-22T09:00"), held).weekday
    marked = Windows(found.starts_s[found.held], found.held)
    assert walls(marked) == ["Thu 05.11. 10:55", "Thu 05.11. 11:00", "Thu 05.11. 11:05"]


def candidates(*held: Sequence[bool]) -> Candidates:
    sets = [
        Windows(np.arange(len(flags), dtype=np.int64) * 300, np.array(flags, np.bool_))
        for flags in held
    ]
    return Candidates(*sets)


def means(*rows: Sequence[float]) -> NDArray[np.float64]:
    return np.array(rows, np.float64)


NONE = float("nan")


def test_nearest_rank_is_the_element_at_the_ceiling_of_95_percent() -> None:
    for count, rank in ((1, 1), (19, 19), (20, 19), (21, 20), (40, 38), (96, 92)):
        values = means([float(n) for n in range(count, 0, -1)])
        chosen = candidates([False] * count, [], [])
        empty = np.zeros((1, 0))
        assert baseline(chosen, (values, empty, empty)).tolist() == [rank]


def test_less_than_half_of_the_windows_falls_back_link_by_link() -> None:
    chosen = candidates([False] * 4, [False] * 3, [False] * 5)
    first = means([1, 2, NONE, NONE], [1, NONE, NONE, NONE], [NONE] * 4, [NONE] * 4)
    second = means([7, 7, 7], [5, 4, NONE], [3, NONE, NONE], [NONE] * 3)
    third = means([9] * 5, [9] * 5, [NONE, 6, NONE, NONE, NONE], [NONE] * 5)
    found = baseline(chosen, (first, second, third))
    assert found[:3].tolist() == [2, 5, 6]
    assert np.isnan(found[3])


def test_windows_with_a_conference_are_left_out_where_others_remain() -> None:
    chosen = candidates([True, False, True, False], [], [True, False])
    first = means([9, 1, 9, 2], [9, NONE, 9, NONE], [NONE] * 4)
    third = means([8, NONE], [8, NONE], [8, NONE])
    empty = np.zeros((3, 0))
    # The second link has rates of conferences only: half of the windows, and nothing else remains.
    assert baseline(chosen, (first, empty, third)).tolist() == [2, 9, 8]


def by_hand(sets: list[tuple[list[float | None], list[bool]]]) -> float | None:
    for number, (values, held) in enumerate(sets):
        pairs = list(zip(values, held, strict=True))
        free = [v for v, taken in pairs if not taken and v is not None]
        known = free or [v for v in values if v is not None]
        expected = held.count(False) if free else len(held)
        if known and (number == 2 or 2 * len(known) >= expected):
            return sorted(known)[-(-95 * len(known) // 100) - 1]
    return None


one = st.tuples(st.none() | st.integers(0, 50).map(float), st.booleans())
three = st.lists(st.lists(one, max_size=30), min_size=3, max_size=3)


@given(three)
def test_agrees_with_the_rule_worked_out_window_by_window(
    drawn: list[list[tuple[float | None, bool]]],
) -> None:
    sets = [([v for v, _ in one], [h for _, h in one]) for one in drawn]
    chosen = candidates(*[held for _, held in sets])
    values = tuple(means([NONE if v is None else v for v in row]).reshape(1, -1) for row, _ in sets)
    found = baseline(chosen, values)
    expected = by_hand(sets)
    assert np.isnan(found[0]) if expected is None else found[0] == expected
