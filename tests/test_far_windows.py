"""The question for finished windows and its answer: octets, what is kept, what is believed."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis.echoes import PathNumbers
from console.stamp.far_windows import (
    MOST,
    WINDOWS_TLV,
    Answer,
    FarWindow,
    Question,
    answer_octets,
    question_octets,
    read_answer,
    read_question,
)
from console.stamp.finished import Finished

NUMBERS = PathNumbers(10, 3, 2, 1, 2000, 4000, 6, 500, 300, 200)
SILENT = PathNumbers(10, 10)
QUESTION = Question(99, 5, 7, "refl-tr")

counts = st.integers(0, 1_000_000)
times = st.none() | st.integers(0, 2**31)
numbers = st.builds(
    lambda sent, lost, rest: PathNumbers(sent + lost, lost, None, None, *rest[:2], 3, *rest[2:]),
    *(st.integers(0, 1000), st.integers(0, 1000), st.tuples(times, times, times, times, times)),
)
windows = st.builds(
    lambda number, lasts_ms, more_ms, told: FarWindow(
        number, (lasts_ms + more_ms) / 1000, lasts_ms / 1000, told
    ),
    *(st.integers(1, 2**32 - 2), st.integers(1, 60_000), st.integers(0, 10**6), numbers),
)
answers = st.builds(
    Answer,
    st.just(QUESTION.nonce),
    st.integers(0, 2**64 - 1),
    st.none() | st.integers(0, 63),
    st.lists(windows, max_size=MOST).map(tuple),
)


def test_a_question_lies_as_said() -> None:
    value = question_octets(QUESTION)
    head = "4c535701 0000000000000063 0000000000000005 00000007 00 00 07 00"
    assert value[:35] == bytes.fromhex(head) + b"refl-tr"
    assert value[35:] == bytes(MOST * 52)
    assert read_question(value) == QUESTION


def test_an_answer_lies_as_said() -> None:
    window = FarWindow(8, 17.5, 15.0, NUMBERS)
    value = answer_octets(Answer(99, 6, 34, (window,)), question_octets(QUESTION))
    head = "4c535701 0000000000000063 0000000000000006 00000000 01 22 07 00"
    assert value[:35] == bytes.fromhex(head) + b"refl-tr"
    cells = "00000008 0000445c 00003a98 0000000a 00000003 00000002 00000001"
    cells += "000007d0 00000fa0 00000006 000001f4 0000012c 000000c8"
    assert value[35:87] == bytes.fromhex(cells)
    assert value[87:] == bytes(7 * 52)


@given(answers)
def test_an_answer_is_read_as_it_was_told_and_as_long_as_the_question(answer: Answer) -> None:
    asked = question_octets(QUESTION)
    value = answer_octets(answer, asked)
    assert len(value) == len(asked)
    assert read_answer(value, QUESTION.nonce) == answer


@given(st.binary(max_size=600))
def test_any_octets_are_read_or_refused(value: bytes) -> None:
    for octets in (value, question_octets(QUESTION)[:35] + value):
        read_question(octets)
        read_answer(octets, 0)


@given(st.text(min_size=64, max_size=64))
def test_the_longest_name_of_an_inventory_fits(name: str) -> None:
    if len(name.encode("utf-8", "replace")) > 255:
        with pytest.raises(ValueError, match="255"):
            question_octets(Question(1, 1, 1, name))


@pytest.mark.parametrize(
    "window",
    [
        FarWindow(1, 10.0, 15.0, NUMBERS),  # longer than it is old
        FarWindow(1, 100.0, 0.0, NUMBERS),
        FarWindow(1, 100.0, 61.0, NUMBERS),
        FarWindow(1, 90_000.0, 15.0, NUMBERS),
        FarWindow(1, 20.0, 15.0, PathNumbers(3, 4)),
        FarWindow(1, 20.0, 15.0, dataclasses.replace(NUMBERS, lost_there=3)),
        FarWindow(1, 20.0, 15.0, PathNumbers(2_000_000, 4)),
    ],
)
def test_windows_that_cannot_be_are_left_out(window: FarWindow) -> None:
    good = FarWindow(2, 20.0, 15.0, SILENT)
    value = answer_octets(Answer(99, 6, 34, (window, good)), question_octets(QUESTION))
    told = read_answer(value, 99)
    assert told is not None
    assert told.windows == (good,)


def test_an_answer_to_another_question_is_none() -> None:
    value = answer_octets(Answer(98, 6, 34), question_octets(QUESTION))
    assert read_answer(value, 99) is None


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def asked(finished: Finished, run: int, after: int, name: str = "refl-tr") -> Answer:
    value = question_octets(Question(42, run, after, name))
    told = finished.fill(WINDOWS_TLV, value)
    assert told is not None
    answer = read_answer(told, 42)
    assert answer is not None
    return answer


def test_only_the_last_windows_are_kept_and_only_what_is_new_is_told() -> None:
    clock = Clock()
    finished = Finished(["refl-tr", "refl-kl"], 34, clock)
    for number in range(12):
        finished.add("refl-tr", 1000.0 + 15 * number, 15.0, NUMBERS)
    clock.now_s = 1200.0
    answer = asked(finished, 0, 0)
    assert (answer.dscp, [w.number for w in answer.windows]) == (34, list(range(5, 13)))
    assert answer.windows[-1] == FarWindow(12, 35.0, 15.0, NUMBERS)
    assert [w.number for w in asked(finished, answer.run, 10).windows] == [11, 12]
    assert asked(finished, answer.run, 12).windows == ()
    assert len(asked(finished, answer.run + 1, 12).windows) == MOST  # another run's number
    assert asked(finished, 0, 0, "refl-kl").windows == ()


def test_who_asks_for_a_path_that_is_not_there_is_told() -> None:
    assert asked(Finished(["refl-kl"], 34), 0, 0).dscp is None


def test_what_is_none_of_ours_is_not_answered() -> None:
    finished = Finished(["refl-tr"], 34)
    assert finished.fill(WINDOWS_TLV, b"another experiment") is None
    assert finished.fill(241, question_octets(QUESTION)) is None
    broken = question_octets(QUESTION).replace(b"refl-tr", b"refl-\xff\xff")
    assert finished.fill(WINDOWS_TLV, broken) is None
