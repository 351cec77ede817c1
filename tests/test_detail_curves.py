"""What is drawn and counted: gaps stay gaps, thinning loses no peak."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.series import LinkSeries, PortSeries
from tests.builders import NOON_S
from widgets.detail import curves as c

NAN = float("nan")


def link_series(up, step_s=30.0, **changes) -> LinkSeries:
    up = np.asarray(up, np.float64)
    at_s = NOON_S + np.arange(len(up)) * step_s
    values = {
        "link": "mz-tr",
        "capacity_bps": 1e9,
        "step_s": step_s,
        "at_s": at_s,
        "a_to_b_bps": up,
        "b_to_a_bps": up / 2,
        "a_to_b_max_bps": up * 1.5,
        "b_to_a_max_bps": up,
        "errors_ps": np.zeros(len(up)),
        "discards_ps": np.zeros(len(up)),
        "down": (),
        "p95_a_to_b_bps": 7.0,
        "p95_b_to_a_bps": None,
    }
    return LinkSeries(**{**values, **changes})


def test_unknown_rows_are_a_gap():
    curves = c.of_link(link_series([1, 2, NAN, NAN, 5, 6]))
    end_s = NOON_S + 6 * 30
    assert c.gaps(curves, NOON_S, end_s) == [(NOON_S + 60, NOON_S + 120)]
    assert c.runs(np.isfinite(curves.up_bps)) == [(0, 2), (4, 6)]


def test_missing_rows_are_a_gap_too():
    whole = link_series([1, 2, 3, 4])
    at_s = whole.at_s + np.array([0, 0, 300, 300])
    curves = c.of_link(link_series([1, 2, 3, 4], at_s=at_s))
    assert c.runs(np.isfinite(curves.up_bps)) == [(0, 2), (3, 5)]
    assert c.gaps(curves, NOON_S, NOON_S + 420) == [(NOON_S + 60, NOON_S + 360)]


def test_time_before_the_first_row_is_a_gap_and_the_step_under_way_is_not():
    curves = c.of_link(link_series([1, 2, 3]))
    assert c.gaps(curves, NOON_S - 600, NOON_S + 90 + 60) == [(NOON_S - 600, NOON_S)]
    late = c.gaps(curves, NOON_S, NOON_S + 600)
    assert late == [(NOON_S + 90, NOON_S + 600)]


def test_nothing_at_all_is_one_gap():
    curves = c.of_link(link_series([]))
    assert c.gaps(curves, NOON_S, NOON_S + 3600) == [(NOON_S, NOON_S + 3600)]
    assert c.statistics(curves)[0] == c.Statistics(None, None, 7.0, None)


def test_statistics_leave_gaps_out():
    up, down = c.statistics(c.of_link(link_series([2, NAN, 4, 6])))
    assert up == c.Statistics(mean_bps=4.0, min_bps=2.0, p95_bps=7.0, peak_bps=9.0)
    assert down.peak_bps == 6.0
    assert down.p95_bps is None


@given(
    st.lists(st.one_of(st.just(NAN), st.floats(0, 1e10)), min_size=1, max_size=300),
    st.integers(1, 60),
)
def test_thinning_keeps_peaks_and_invents_nothing(values, points):
    whole = c.of_link(link_series(values))
    thin = c.thinned(whole, points)
    known = whole.up_max_bps[np.isfinite(whole.up_max_bps)]
    kept = thin.up_max_bps[np.isfinite(thin.up_max_bps)]
    assert kept.max(initial=-1) == known.max(initial=-1)
    means = thin.up_bps[np.isfinite(thin.up_bps)]
    if len(means):
        assert means.min() >= np.nanmin(whole.up_bps) * (1 - 1e-9)
        assert means.max() <= np.nanmax(whole.up_bps) * (1 + 1e-9)
    assert len(thin.at_s) <= max(points + 2, 3) or len(whole.at_s) <= points


def test_thinning_does_not_bridge_an_outage():
    values = [5.0] * 100 + [NAN] * 40 + [5.0] * 100
    thin = c.thinned(c.of_link(link_series(values)), 60)
    assert len(c.runs(np.isfinite(thin.up_bps))) == 2


def test_rows_are_gathered_by_absolute_time():
    values = np.arange(400.0)
    first = c.thinned(c.of_link(link_series(values)), 100)
    later = c.thinned(c.of_link(link_series(values[1:], at_s=link_series(values).at_s[1:])), 100)
    assert set(later.at_s[1:-1]) <= set(first.at_s)


def test_percentile_is_that_of_five_minute_means():
    # 20 windows of 5 minutes: a single sample of 100 in one of them is not a window of 100.
    rate = np.repeat(np.arange(1.0, 21.0), 10)
    rate[0] = 100.0
    start_s = NOON_S - NOON_S % 300
    at_s = start_s + np.arange(200) * 30.0
    assert c.five_minute_p95(at_s, rate, 30.0) == 19.0
    assert c.five_minute_p95(at_s, rate, 3600.0) is None
    assert c.five_minute_p95(at_s, np.full(200, NAN), 30.0) is None


def test_a_port_is_received_up_and_sent_down():
    at_s = NOON_S + np.arange(3) * 30.0
    one, two = np.array([1.0, 2, 3]), np.array([4.0, 5, 6])
    curves = c.of_port(PortSeries(7, 30.0, at_s, one, two, one, two), 1e9)
    assert curves.up_bps.tolist() == [1, 2, 3]
    assert curves.down_bps.tolist() == [4, 5, 6]
    assert curves.capacity_bps == pytest.approx(1e9)
    assert curves.errors_ps is None
