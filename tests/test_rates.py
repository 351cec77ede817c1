from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis.rates import (
    SPEED_TOLERANCE,
    clock_restarted,
    rates_between,
    repeated,
    speed_limit_bps,
    unknown_rates,
)
from console.model.reading import Rates, Reading

GIGABIT = 1e9
KINDS = ("octets_in", "octets_out", "errors_in", "errors_out", "discards_in", "discards_out")


def reading(at_s, octets_in=0, *, uptime_s=1000.0, bits=64, **others):
    """A device of one port; all other counters stand at 0 unless said."""
    columns = {kind: [0] for kind in KINDS} | {"octets_in": [octets_in]}
    columns |= {kind: [value] for kind, value in others.items()}
    columns.setdefault("discontinuities", [0])
    ticks = None if uptime_s is None else int((uptime_s + at_s) * 100) % (1 << 32)
    return Reading(at_s, ticks, ("name:a",), [bits], **columns)


def known(in_bps):
    return replace(unknown_rates(1), in_bps=[in_bps], out_bps=[in_bps])


@pytest.mark.parametrize(
    ("before", "now", "expected_bps"),
    [
        (reading(0, 0), reading(8, 1000), 1000.0),
        (reading(0, 1 << 63), reading(10, (1 << 63) + 10), 8.0),
        (reading(0, 5, errors_in=1), reading(30, 5, errors_in=2), 0.0),
        (reading(0, 5), reading(30, 4), None),
        (reading(0, 5), reading(0, 6), None),
        (reading(0, (1 << 64) - 1), reading(30, 0), None),
        (reading(0, None), reading(30, 7), None),
        (reading(0, 7), reading(30, None), None),
        (reading(0, 0), reading(8, 2_000_000_000), None),
        (reading(0, 0), reading(8, 1_000_000_000), 1e9),
        (reading(0, 100), reading(30, 1000, uptime_s=-29.0), None),
        (reading(0, 100), reading(30, 1000, discontinuities=5), None),
        (reading(0, 100), reading(30, 400, uptime_s=None), 80.0),
        (reading(0, 100, bits=32), reading(30, 400, bits=64), None),
    ],
    ids=[
        *("steady", "large counter", "unchanged while others moved", "fell", "no time passed"),
        *("64 bits do not wrap", "appeared", "disappeared", "above the speed", "at the speed"),
        *("rebooted", "discontinuity", "no sysUpTime", "another counter"),
    ],
)
def test_rate(before, now, expected_bps):
    assert list(rates_between(before, now, [GIGABIT]).in_bps) == [expected_bps]


@pytest.mark.parametrize(
    ("old", "new", "elapsed_s", "limit_bps", "last_bps", "expected_bps"),
    [
        (4_294_967_000, 704, 8, 1e8, 1000.0, 1000.0),
        (4_294_967_000, 704, 8, 1e8, None, None),
        (4_294_967_000, 704, 8, None, 1000.0, None),
        (3_000_000_000, 500, 30, 1e9, 1e7, None),
        (1_000, 500, 30, 1e8, 1e6, None),
        (100, 200, 60, 1e9, 1e6, None),
        (100, 875, 6.2, 1e8, None, 1000.0),
    ],
    ids=[
        *("wrapped", "nothing to compare with", "no known speed", "reset: a rate unlike the last"),
        *("reset: faster than the port", "may have wrapped twice", "rose"),
    ],
)
def test_32_bits(old, new, elapsed_s, limit_bps, last_bps, expected_bps):
    before, now = reading(0, old, bits=32), reading(elapsed_s, new, bits=32)
    rates = rates_between(before, now, [limit_bps], known(last_bps))
    assert rates.in_bps[0] == expected_bps


def test_32_bits_that_fell_with_the_errors_were_reset():
    before = reading(0, 4_294_967_000, bits=32, errors_in=7)
    now = reading(8, 704, bits=32, errors_in=0)
    assert rates_between(before, now, [1e8], known(1000.0)).in_bps == [None]


def test_errors_and_discards_are_counted_a_second():
    before = reading(0, 0, errors_in=1, errors_out=2, discards_in=3, discards_out=4)
    now = reading(10, 0, errors_in=11, errors_out=2, discards_in=2, discards_out=9)
    rates = rates_between(before, now, [GIGABIT])
    assert rates == Rates([0.0], [0.0], [1.0], [0.0], [None], [0.5])


def test_more_errors_than_a_port_can_see_frames_are_a_gap():
    now = reading(10, 0, errors_in=100_000_000)
    assert rates_between(reading(0), now, [GIGABIT]).in_errors_ps == [None]


def test_ports_are_compared_by_key_when_others_came():
    before = reading(0, 1000)
    now = Reading(
        *(8.0, 100_800, ("name:b", "name:a"), [64, 64], [7, 2000], *([[0, 0]] * 5), [0, 0])
    )
    rates = rates_between(before, now, [GIGABIT, GIGABIT])
    assert rates.in_bps == [None, 1000.0]


@pytest.mark.parametrize(
    ("before", "now", "elapsed_s", "restarted"),
    [
        (100_000, 103_000, 30, False),
        (100_000, 500, 30, True),
        (10_000, 20_000, 3600, True),
        ((1 << 32) - 1000, 2000, 30, False),
        ((1 << 32) - 1000, 500_000, 30, True),
        (100_000, 102_800, 30, False),
        (None, 5, 30, False),
        (5, None, 30, False),
    ],
    ids=[
        *(
            "runs on",
            "started anew",
            "started anew long ago",
            "wrapped",
            "anew where it might wrap",
        ),
        *("runs slow", "not known before", "not known now"),
    ],
)
def test_clock_restarted(before, now, elapsed_s, restarted):
    assert clock_restarted(before, now, elapsed_s) is restarted


def test_repeated_only_when_not_one_counter_moved():
    before = reading(0, 100)
    assert repeated(before, reading(30, 100))
    assert not repeated(before, reading(30, 101))
    assert not repeated(before, reading(30, 100, discards_out=1))
    assert not repeated(before, replace(reading(30, 100), keys=("name:b",)))


def test_without_counters_nothing_is_repeated():
    empty = Reading(0, 100, (), [], [], [], [], [], [], [], [])
    assert not repeated(empty, replace(empty, at_s=30.0))
    nothing = reading(0, None, **dict.fromkeys(KINDS[1:]))
    assert not repeated(nothing, replace(nothing, at_s=30.0))


@pytest.mark.parametrize(
    ("if_type", "speed_bps", "limit_bps"),
    [(6, 1e9, 1e9 + 5e5), (6, None, None), (None, 1e6, 1.5e6), (24, 1e7, None), (131, 9e3, None)],
)
def test_speed_limit(if_type, speed_bps, limit_bps):
    assert speed_limit_bps(if_type, speed_bps) == limit_bps


COUNTS = st.integers(0, (1 << 64) - 1)
NARROW = st.integers(0, (1 << 32) - 1)
SECONDS = st.floats(0.5, 100_000)


@given(st.data(), st.sampled_from((32, 64)), SECONDS, st.floats(1e3, 4e11))
def test_a_rate_is_never_negative_and_never_above_the_speed(data, bits, elapsed_s, limit_bps):
    counts = NARROW if bits == 32 else COUNTS
    before = reading(0, data.draw(counts), bits=bits, octets_out=data.draw(counts))
    now = reading(elapsed_s, data.draw(counts), bits=bits, octets_out=data.draw(counts))
    last_bps = data.draw(st.none() | st.floats(0, limit_bps))
    rates = rates_between(before, now, [limit_bps], known(last_bps))
    for rate_bps in (rates.in_bps[0], rates.out_bps[0]):
        assert rate_bps is None or 0 <= rate_bps <= limit_bps * SPEED_TOLERANCE


@given(NARROW, st.floats(1, 300), st.floats(0.001, 1))
def test_a_wrap_of_32_bits_makes_no_difference_to_a_steady_rate(start, elapsed_s, load):
    limit_bps = 1e8
    octets = int(limit_bps * load * elapsed_s / 8)
    before = reading(0, start, bits=32)
    now = reading(elapsed_s, (start + octets) % (1 << 32), bits=32)
    steady_bps = octets * 8 / elapsed_s
    found = rates_between(before, now, [limit_bps], known(steady_bps)).in_bps[0]
    assert found == pytest.approx(steady_bps)


@given(COUNTS, st.lists(st.tuples(st.floats(0.5, 60), st.integers(0, 10**9)), min_size=1))
def test_octets_add_up_whatever_the_intervals(start, steps):
    """Rates times their intervals are what the counter moved: nothing lost, nothing invented."""
    at_s, count, octets = 0.0, start // 2, 0.0
    before = reading(at_s, count)
    for elapsed_s, moved in steps:
        at_s, count = at_s + elapsed_s, count + moved
        now = reading(at_s, count)
        (rate_bps,) = rates_between(before, now, [None]).in_bps
        assert rate_bps is not None
        octets += rate_bps * (now.at_s - before.at_s) / 8
        before = now
    assert octets == pytest.approx(count - start // 2, rel=1e-6, abs=1)
