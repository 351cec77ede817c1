"""The windows of measured paths on the last day of the simulated past."""

from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from console.analysis.occurrences import occurrences
from console.demo.incidents import Kind
from console.demo.past_moments import Stretch, stretch
from console.demo.past_paths import CLOSE_S, LASTS_S, WINDOW_S, PastPaths
from console.model.observation import PathWindow
from tests.simulated import WORKDAY_S, shipped, shipped_plans, simulation

SLOTS = 10


@cache
def two_days() -> tuple[Stretch, dict[int, list[PathWindow]]]:
    cycles = WORKDAY_S - 30.0 * np.arange(2 * 2880, 0, -1)
    over = stretch(simulation(), 100, cycles, 30.0)
    return over, PastPaths(simulation(), WORKDAY_S).windows(over, SLOTS)


def start_s(over: Stretch, window: PathWindow) -> float:
    return float(over.at_s[window.cycle - 100]) + window.at_ms / 1000


def conferences_s() -> list[tuple[float, float]]:
    zone = ZoneInfo(shipped().timezone)
    return [
        (one.start_s, one.end_s)
        for plan in shipped_plans()
        for one in occurrences(plan, zone, WORKDAY_S - 2 * LASTS_S, WORKDAY_S + 86400)
    ]


def test_windows_are_a_minute_long_on_the_last_day_and_as_the_collectors_in_conferences() -> None:
    over, found = two_days()
    held_s = [span for span in conferences_s() if span[1] > WORKDAY_S - LASTS_S]
    by_path: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for bucket, windows in found.items():
        for window in windows:
            assert window.cycle // SLOTS == bucket
            assert 0 <= window.at_ms < 30_000
            path = window.subject, window.path
            by_path[path].append((start_s(over, window), window.lasts_ms / 1000))
    entries = shipped().reflectors
    assert set(by_path) == {
        *((entry.id, f"stamp {entry.address} 34") for entry in entries),
        *((to, f"stamp-from {entry.id} 34") for entry in entries for to in entry.toward),
    }
    for own in by_path.values():
        own.sort()
        ends = [began_s + lasts_s for began_s, lasts_s in own]
        assert own[0][0] == WORKDAY_S - LASTS_S
        assert ends[:-1] == [began_s for began_s, _ in own[1:]]  # without a gap
        assert ends[-1] == WORKDAY_S
        for began_s, lasts_s in own:
            held = any(first <= began_s < last for first, last in held_s)
            assert lasts_s == (CLOSE_S if held else WINDOW_S)
        assert {lasts_s for _, lasts_s in own} == {CLOSE_S, WINDOW_S}


def test_conferences_before_the_last_day_have_windows_from_an_hour_before_on() -> None:
    start = WORKDAY_S - 3600
    cycles = start - 7200 + 30.0 * np.arange(600)
    over = stretch(simulation(), 100, cycles, 30.0)
    found = PastPaths(simulation(), WORKDAY_S + 10 * 86400).windows(over, SLOTS)
    starts = sorted({start_s(over, window) for of in found.values() for window in of})
    ((began_s, ended_s),) = [span for span in conferences_s() if span[0] == start]
    assert (starts[0], starts[-1]) == (began_s - 3600, ended_s - CLOSE_S)


def test_numbers_fit_each_other() -> None:
    for windows in two_days()[1].values():
        for window in windows:
            assert window.sent == window.lasts_ms / 1500
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
