"""Marks of the axes: round local times, also when clocks change."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import language
from widgets.detail.ticks import axis_scale, rate_scale, rate_step, step_moment, time_ticks


def utc(*when: int) -> float:
    return datetime(*when, tzinfo=UTC).timestamp()


def labels(from_s: float, to_s: float, count: int) -> list[str]:
    return [tick.label for tick in time_ticks(from_s, to_s, count)]


def test_a_day_is_marked_at_round_local_hours():
    found = labels(utc(2026, 11, 21, 9), utc(2026, 11, 22, 9), 5)
    assert found == ["12:00", "18:00", "Sun 22", "06:00"]


def test_an_hour_in_german(monkeypatch):
    monkeypatch.setattr(language._Current, "language", "de")
    assert labels(utc(2026, 11, 22, 8), utc(2026, 11, 22, 9), 3) == ["09:00", "09:30", "10:00"]
    assert labels(utc(2026, 11, 20, 8), utc(2026, 11, 23, 9), 3)[0] == "Sa 21."


def test_the_hour_that_does_not_exist_is_left_out():
    # 29 March 2026: 02:00 to 03:00 does not exist in Berlin.
    found = labels(utc(2026, 3, 28, 23), utc(2026, 3, 29, 4), 6)
    assert found == ["Sun 29", "01:00", "03:00", "04:00", "05:00", "06:00"]


def test_the_hour_that_comes_twice_is_marked_once():
    found = labels(utc(2026, 10, 24, 22), utc(2026, 10, 25, 4), 7)
    assert found == ["Sun 25", "01:00", "02:00", "03:00", "04:00", "05:00"]


def test_a_year_is_marked_by_months_and_the_new_year():
    found = labels(utc(2025, 11, 22), utc(2026, 11, 22), 6)
    assert found == ["2026", "Mar", "May", "Jul", "Sep", "Nov"]


@given(
    st.floats(1.5e9, 2e9),
    st.sampled_from([3600.0, 6 * 3600.0, 86400.0, 7 * 86400.0, 30 * 86400.0, 365 * 86400.0]),
    st.integers(1, 20),
)
def test_marks_rise_inside_the_range(from_s, length_s, count):
    ticks = time_ticks(from_s, from_s + length_s, count)
    moments = [tick.at_s for tick in ticks]
    assert moments == sorted(set(moments))
    assert all(from_s <= at_s <= from_s + length_s for at_s in moments)
    assert len(moments) <= 2 * count + 2


@given(st.floats(1.0, 1e12), st.integers(1, 12))
def test_rate_marks_are_round_and_few_enough(span, marks):
    step = rate_step(span, marks)
    assert span / step <= marks * 1.01
    assert step / span <= 2.51 / marks or step <= 2.5


@pytest.mark.parametrize(
    ("rate", "text", "unit"),
    [(7.81e9, "7.81", "Gbit/s"), (312e6, "312", "Mbit/s"), (44.4e3, "44.4", "kbit/s")],
)
def test_three_figures(rate, text, unit):
    scale = rate_scale(rate)
    assert (scale.text(rate), scale.unit) == (text, unit)


def test_an_axis_has_no_more_digits_than_its_step():
    assert axis_scale(2e9, 8e9).text(4e9) == "4"
    assert axis_scale(2.5e9, 8e9).text(2.5e9) == "2.5"


def test_a_step_says_what_it_covers():
    at_s = utc(2026, 11, 22, 13, 35)
    assert step_moment(at_s, 300) == "Sun 22 Nov · 14:35–14:40"
    assert step_moment(at_s, 30) == "Sun 22 Nov · 14:35:00"
    assert step_moment(at_s, 86400) == "Sun 22 Nov"
