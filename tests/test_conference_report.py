"""What a conference came to, from windows judged one by one."""

import pytest

from console.analysis.conference_report import Held, Windows, quality, report
from console.analysis.evidence import Measured, of_trips
from console.model.observation import Frozen
from console.model.plan import Occurrence
from console.model.readiness import Assessment, Verdict
from console.model.report import ConferenceReport, Quality

GREEN, AMBER, RED = Quality.GREEN, Quality.AMBER, Quality.RED
HOUR = Occurrence(0.0, 3600.0, "Title")


def told(
    sent: int = 10, lost: int = 0, rtt_ms: float | None = 20, jitter_ms: float = 1
) -> Measured:
    trips = 0 if rtt_ms is None else sent - lost
    rtt_us = None if rtt_ms is None else rtt_ms * 1000
    return Measured(sent, lost, trips, rtt_us, max(0, trips - 1), jitter_ms * 1000, 0.0, True)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (told(), GREEN),
        (told(rtt_ms=60), GREEN),
        (told(rtt_ms=61), AMBER),
        (told(rtt_ms=151), RED),
        (told(jitter_ms=16), AMBER),
        (told(jitter_ms=31), RED),
        (told(lost=1), AMBER),
        (told(lost=2), RED),
        (told(sent=1000, lost=1), GREEN),
        (told(sent=1000, lost=10), AMBER),
        (told(sent=1, lost=1, rtt_ms=None), RED),
    ],
)
def test_a_window_is_as_good_as_the_worst_that_was_measured(
    measured: Measured, expected: Quality
) -> None:
    assert quality([measured]) is expected


def test_a_window_without_a_measurement_is_unknown() -> None:
    assert quality([]) is None


def test_a_silent_reflector_does_not_spoil_a_window_in_which_the_room_answers() -> None:
    silent = Measured(10, 10, 0, None, 0, None, 0.0, True, remote=True)
    assert quality([silent, of_trips(1, 0, [900], 0.0, True)]) is GREEN
    assert quality([silent]) is RED


def made(
    windows: dict[str, Windows], needed: int = 2, predicted: Verdict | None = Verdict.READY
) -> ConferenceReport:
    last = None
    if predicted is not None:
        kept = Assessment("conf", 0.0, 3600.0, -300.0, predicted, (), (), (), ())
        last = Frozen("5m", kept)
    sites = {"a": "site-a", "b": "site-b"}
    return report(Held("conf", HOUR, 4000.0, needed, sites, windows, last, ()))


def test_the_worst_five_minutes_are_found_and_who_was_affected() -> None:
    hour = [GREEN] * 240
    spoilt = [*hour[:100], *[RED] * 4, AMBER, None, *hour[106:]]
    told = made({"a": hour, "b": spoilt})
    a, b = told.rooms
    assert (a.green, a.red, a.bad_min, a.worst_share) == (240, 0, 0.0, 0.0)
    assert (b.amber, b.red, b.unknown, b.bad_min, b.worst_share) == (1, 4, 1, 1.0, 0.2)
    assert b.worst_at_s is not None
    assert b.worst_at_s <= 100 * 15 < 104 * 15 <= b.worst_at_s + 300
    assert (told.affected_sites, told.sites) == (("site-b",), 2)
    assert (told.happened, told.right, told.gate) == (Verdict.NOT_READY, False, "5m")


def test_one_bad_window_of_five_minutes_affects_nobody() -> None:
    told = made({"a": [RED, *[GREEN] * 30, RED], "b": [GREEN]})
    assert told.affected_sites == ()
    assert (told.happened, told.right) == (Verdict.READY, True)


def test_what_nobody_measured_is_unknown_where_it_decides() -> None:
    told = made({"a": [GREEN] * 20, "b": [None] * 20})
    assert (told.happened, told.right) == (Verdict.UNKNOWN, None)
    assert (told.rooms[1].worst_share, told.rooms[1].worst_at_s) == (None, None)
    assert made({"a": [GREEN] * 20}, needed=1).happened is Verdict.READY
    assert made({"a": [RED] * 20}).happened is Verdict.NOT_READY


@pytest.mark.parametrize(
    ("predicted", "right"),
    [
        (Verdict.READY, False),
        (Verdict.READY_NOT_N1, False),
        (Verdict.NOT_READY, True),
        (Verdict.UNKNOWN, None),
        (None, None),
    ],
)
def test_a_prediction_is_right_wrong_or_none(predicted: Verdict | None, right: bool | None) -> None:
    assert made({"a": [RED] * 20, "b": [RED] * 20}, predicted=predicted).right is right
