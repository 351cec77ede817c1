"""What the simulated reflectors tell of the ways between them."""

from collections.abc import Callable

import pytest

from console.demo.far_paths import FarPaths
from console.stamp.far_windows import (
    MOST,
    WINDOWS_TLV,
    Answer,
    Question,
    question_octets,
    read_answer,
)
from console.stamp.tlvs import Fill
from tests.simulated import WORKDAY_S, shipped, simulation

SLOT = int(WORKDAY_S // 15)


def asked(fill: Fill, name: str, run: int = 0, after: int = 0) -> Answer:
    told = fill(WINDOWS_TLV, question_octets(Question(9, run, after, name)))
    assert told is not None
    answer = read_answer(told, 9)
    assert answer is not None
    return answer


def clock(at_s: float) -> Callable[[], float]:
    return lambda: at_s


def test_the_last_windows_whoever_asks_and_whenever() -> None:
    first = asked(FarPaths(simulation(), clock(WORKDAY_S + 17.4)).fill_of("refl-nr"), "refl-tr")
    later = asked(FarPaths(simulation(), clock(WORKDAY_S + 17.5)).fill_of("refl-nr"), "refl-tr")
    assert first.dscp == later.dscp == 34
    assert [window.number for window in first.windows] == list(range(SLOT - MOST, SLOT))
    assert [window.number for window in later.windows] == list(range(SLOT - MOST + 1, SLOT + 1))
    assert later.windows[-1].age_s == pytest.approx(17.5, abs=0.01)
    same = {window.number: window.numbers for window in first.windows}
    for window in later.windows[:-1]:
        assert window.numbers == same[window.number]


def test_only_what_is_new_is_told() -> None:
    fill = FarPaths(simulation(), clock(WORKDAY_S + 20)).fill_of("refl-nr")
    answer = asked(fill, "refl-tr", 0, SLOT - 2)
    assert len(answer.windows) == MOST
    new = asked(fill, "refl-tr", answer.run, SLOT - 2)
    assert [window.number for window in new.windows] == [SLOT - 1, SLOT]


def test_it_is_farther_where_it_is_farther() -> None:
    paths = FarPaths(simulation(), clock(WORKDAY_S + 20))
    near = asked(paths.fill_of("refl-nr"), "refl-ww").windows[-1].numbers
    far = asked(paths.fill_of("refl-nr"), "refl-tr").windows[-1].numbers
    assert near.rtt_us is not None
    assert far.rtt_us is not None
    assert near.rtt_us < far.rtt_us
    assert near.sent == far.sent == 10


def test_who_measures_nothing_says_so() -> None:
    assert (
        asked(FarPaths(simulation(), clock(WORKDAY_S)).fill_of("refl-rz"), "refl-tr").dscp is None
    )


def test_the_shipped_network_has_some() -> None:
    measuring = [entry for entry in shipped().reflectors if entry.toward]
    assert len(measuring) == 3
    assert all(entry.key for entry in measuring)
