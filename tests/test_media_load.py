"""The packets of a load: their rates add up, and no span gets more than the rate allows."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from console.analysis.media_load import SPAN_S, Pacer, Stream, streams

RATES = st.floats(16e3, 50e6)


@given(RATES, st.integers(1, 8))
def test_the_streams_together_are_the_rate_of_all_rooms(rate_bps: float, rooms: int) -> None:
    total_bps = sum(stream.rate_bps for stream in streams(rate_bps, rooms))
    assert abs(total_bps - rooms * rate_bps) < 1e-6 * rooms * rate_bps


def test_a_room_sends_audio_video_and_sharing_as_conferences_do() -> None:
    audio, video, sharing = streams(4e6)
    assert audio == Stream(46, 200, 50.0)
    assert (video.dscp, video.octets) == (34, 1200)
    assert (sharing.dscp, sharing.octets) == (18, 1200)


def test_a_small_rate_is_audio_alone() -> None:
    assert [stream.dscp for stream in streams(64e3)] == [46]


def given_out(
    of: tuple[Stream, ...], bound_bps: float, looks: list[float]
) -> list[tuple[float, int]]:
    pacer = Pacer(of, bound_bps, 0.0)
    return [(at_s, of[n].octets) for at_s in looks for n in pacer.due(at_s)]


@given(
    rate_bps=st.floats(200e3, 20e6),
    waits=st.lists(st.sampled_from([0.0, 0.001, 0.002, 0.005, 0.03, 0.09, 0.4]), max_size=150),
)
def test_no_span_of_100_ms_gets_more_than_the_rate_however_late_one_looks(
    rate_bps: float, waits: list[float]
) -> None:
    sent = given_out(streams(rate_bps), rate_bps, list(accumulate(waits)))
    for began_s, _octets in sent:
        inside = sum(octets for at_s, octets in sent if began_s <= at_s < began_s + SPAN_S)
        assert 8 * inside <= rate_bps * SPAN_S + 1e-6


def test_looked_at_often_enough_nearly_all_of_the_rate_is_sent() -> None:
    looks = [number * 0.002 for number in range(5000)]
    sent = given_out(streams(4e6), 4e6, looks)
    assert 0.95 * 4e6 < sum(octets for _at_s, octets in sent) * 8 / 10 <= 4e6


def test_what_is_late_is_not_made_up_for() -> None:
    of = streams(4e6)
    pacer = Pacer(of, 4e6, 0.0)
    for number in range(500):
        list(pacer.due(number * 0.002))
    after_a_pause = sum(of[number].octets for number in pacer.due(6.0)) * 8
    assert after_a_pause < 0.07 * 4e6
