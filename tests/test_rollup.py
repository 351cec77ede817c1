"""Means, maxima and percentiles: what counters would say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis.rollup import known_max, known_mean, nearest_rank, spans, window_means

ONE_PORT = np.array([0])


def columns(*values: float) -> np.ndarray:
    return np.array([[value] for value in values])


def test_a_sample_lasts_from_the_poll_before() -> None:
    end_s = columns(10.0, 40.0, np.nan, 95.0)
    assert spans(end_s, 75.0)[[0, 1, 3]].ravel().tolist() == [-65.0, 10.0, 40.0]


def test_a_sample_after_a_long_pause_counts_for_its_end_only() -> None:
    assert spans(columns(0.0, 500.0), 75.0)[1, 0] == 425.0


def test_a_sample_after_the_clock_was_set_back_has_no_length() -> None:
    assert spans(columns(500.0, 100.0), 75.0)[1, 0] == 100.0


@given(
    st.lists(st.tuples(st.floats(1, 70), st.floats(0, 1e6)), min_size=1, max_size=40),
    st.floats(0, 100),
)
def test_windows_add_up_to_what_the_counters_counted(
    told: list[tuple[float, float]], first_s: float
) -> None:
    lengths_s, rates = np.array(told).T
    end_s = (first_s + np.cumsum(lengths_s))[:, None]
    start_s = end_s - lengths_s[:, None]
    counted = (lengths_s * rates).sum()
    added = 0.0
    for window_s in range(0, 3300, 300):
        mean, highest = window_means(window_s, 300, start_s, end_s, ONE_PORT, rates[:, None])
        covered_s = np.clip(
            np.minimum(end_s, window_s + 300) - np.maximum(start_s, window_s), 0, 300
        )
        if covered_s.sum() > 0:
            added += mean[0] * covered_s.sum()
            assert highest[0] >= mean[0] * (1 - 1e-9)
    assert added == pytest.approx(counted, rel=1e-6, abs=1e-6)


def test_what_is_not_known_is_left_out_and_nothing_known_is_nan() -> None:
    end_s, rates = columns(30.0, 60.0), np.array([[5.0, np.nan], [np.nan, np.nan]])
    mean, highest = window_means(0, 300, end_s - 30, end_s, np.array([0, 0]), rates)
    assert mean[0] == highest[0] == 5.0
    assert np.isnan(mean[1])
    assert np.isnan(highest[1])


def test_ports_follow_the_moments_of_their_own_device() -> None:
    end_s = np.array([[150.0, 450.0]])
    rates = np.array([[1.0, 2.0]])
    mean, _highest = window_means(0, 300, end_s - 100, end_s, np.array([0, 1]), rates)
    assert mean[0] == 1.0
    assert np.isnan(mean[1])


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=400), st.integers(1, 100))
def test_nearest_rank_is_the_element_the_contract_names(values: list[float], percent: int) -> None:
    rank = int(np.ceil(percent * len(values) / 100))
    assert nearest_rank(np.array([*values, np.nan]), percent) == sorted(values)[rank - 1]


def test_there_is_no_percentile_of_nothing() -> None:
    assert nearest_rank(np.array([np.nan, np.nan])) is None


def test_known_values_decide_over_the_first_axis() -> None:
    values = np.array([[1.0, np.nan], [4.0, np.nan], [np.nan, np.nan]])
    assert known_mean(values)[0] == 2.5
    assert known_max(values)[0] == 4.0
    assert np.isnan(known_mean(values)[1])
    assert np.isnan(known_max(values)[1])
