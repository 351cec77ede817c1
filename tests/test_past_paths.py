"""The windows of measured paths on the last day of the simulated past."""

from functools import cache

import numpy as np

from console.demo.incidents import Kind
from console.demo.past_moments import Stretch, stretch
from console.demo.past_paths import LASTS_S, WINDOW_S, PastPaths
from console.model.observation import PathWindow
from tests.simulated import WORKDAY_S, shipped, simulation

SLOTS = 10


@cache
def two_days() -> tuple[Stretch, dict[int, list[PathWindow]]]:
    cycles = WORKDAY_S - 30.0 * np.arange(2 * 2880, 0, -1)
    over = stretch(simulation(), 100, cycles, 30.0)
    return over, PastPaths(simulation(), WORKDAY_S).windows(over, SLOTS)


def start_s(over: Stretch, window: PathWindow) -> float:
    return float(over.at_s[window.cycle - 100]) + window.at_ms / 1000


def test_every_path_has_a_window_a_minute_on_the_last_day_and_none_before() -> None:
    over, found = two_days()
    starts: dict[str, list[float]] = {}
    for bucket, windows in found.items():
        for window in windows:
            assert window.cycle // SLOTS == bucket
            assert 0 <= window.at_ms < 30_000
            starts.setdefault(window.subject, []).append(start_s(over, window))
    assert set(starts) == {reflector.id for reflector in shipped().reflectors}
    first_s = WORKDAY_S - LASTS_S
    for found_s in starts.values():
        assert found_s == [first_s + WINDOW_S * n for n in range(1440)]


def test_numbers_fit_each_other() -> None:
    for windows in two_days()[1].values():
        for window in windows:
            assert window.sent == 40
            assert 0 <= window.lost <= window.sent
            if window.rtt_us is None:
                assert window.lost == window.sent
                assert window.lost_there is window.jitter_us is None
            else:
                assert window.lost_there is not None
                assert window.lost_back is not None
                assert window.lost_there + window.lost_back == window.lost
                assert window.rtt_max_us is not None
                assert window.rtt_max_us >= window.rtt_us > 0


def test_a_day_has_losses_only_where_something_happened() -> None:
    over, found = two_days()
    lossy = [w for windows in found.values() for w in windows if w.lost]
    assert lossy
    happened = [
        span
        for incident in simulation().script.between(WORKDAY_S - LASTS_S, WORKDAY_S)
        if incident.kind is not Kind.ROOM_LOST
        for span in incident.spans
    ]
    for window in lossy:
        at_s = start_s(over, window)
        assert any(began - WINDOW_S <= at_s <= ended + WINDOW_S for began, ended in happened)
