"""Loss, jitter and round trip of a room from all that was measured on the way to it."""

from console.analysis.evidence import evidence, of_trips, of_windows
from console.model.observation import PathWindow
from console.model.situation import Evidence


def window(
    sent: int, lost: int, rtt_us: int | None, pairs: int, jitter_us: int | None
) -> PathWindow:
    return PathWindow(
        *("room", "icmp", 1, 0, 15_000, sent, lost),
        rtt_us=rtt_us,
        pairs=pairs,
        jitter_us=jitter_us,
    )


def test_nothing_measured_is_unknown() -> None:
    assert evidence([]) == Evidence(None, None, None, None, fresh=False)


def test_jitter_is_the_mean_difference_of_successive_round_trips() -> None:
    told = evidence([of_trips(5, 1, [1000, 3000, 2000, 2000], 12.0, True)])
    assert told == Evidence(2.0, 1.0, 0.2, 12.0, fresh=True)


def test_two_round_trips_tell_no_jitter_and_three_do() -> None:
    two = of_trips(1, 0, [1000], 5.0, True), of_trips(1, 0, [9000], 3.0, False)
    assert evidence(two) == Evidence(5.0, None, 0.0, 3.0, fresh=True)
    assert evidence([of_trips(3, 0, [1000, 2000, 4000], 3.0, False)]).jitter_ms == 1.5


def test_windows_weigh_as_much_as_their_packets() -> None:
    path = of_windows(
        [window(10, 0, 2000, 9, 100), window(10, 9, 4000, 0, None), window(2, 2, None, 0, None)],
        *(4.0, True),
    )
    told = evidence([path, of_trips(1, 0, [14_000], 40.0, False)])
    assert told.loss == 11 / 23
    assert told.rtt_ms == (10 * 2 + 4 + 14) / 12
    assert (told.jitter_ms, told.age_s, told.fresh) == (0.1, 4.0, True)


def test_a_silent_reflector_counts_only_where_nothing_answers() -> None:
    dead = of_windows([window(10, 10, None, 0, None)], 2.0, True, remote=True)
    assert evidence([dead]).loss == 1.0
    assert evidence([dead, of_trips(2, 0, [500, 500], 30.0, True)]).loss == 0.0
    own = of_windows([window(10, 10, None, 0, None)], 2.0, True)
    assert evidence([own, of_trips(2, 0, [500, 500], 30.0, True)]).loss == 10 / 12
