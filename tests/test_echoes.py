from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from console.analysis.echoes import EchoLog


@dataclass
class Line:
    """A session whose packets' fates are known; its reflector counts what reaches it."""

    log: EchoLog
    reached: int = 0

    def packet(self, fate: str) -> None:
        number = self.log.sent(0.0)
        reflected = self.reached
        self.reached += fate != "there"
        if fate == "ok":
            self.log.answered(number, 1000, reflected=reflected)


def line(*fates: str) -> EchoLog:
    made = Line(EchoLog())
    for fate in fates:
        made.packet(fate)
    return made.log


def test_each_direction_is_counted_by_itself() -> None:
    numbers = line("ok", "there", "ok", "back", "back", "ok").numbers(1, 7)
    assert (numbers.sent, numbers.lost, numbers.lost_there, numbers.lost_back) == (6, 3, 1, 2)


def test_losses_before_the_first_answer_are_told_apart_too() -> None:
    numbers = line("there", "back", "ok").numbers(1, 4)
    assert (numbers.lost_there, numbers.lost_back) == (1, 1)


def test_what_no_later_answer_closes_cannot_be_told() -> None:
    numbers = line("ok", "ok", "there").numbers(1, 4)
    assert (numbers.lost, numbers.lost_there, numbers.lost_back) == (1, None, None)


def test_without_loss_nothing_was_lost_in_either_direction() -> None:
    numbers = line("ok", "ok").numbers(1, 3)
    assert (numbers.lost, numbers.lost_there, numbers.lost_back) == (0, 0, 0)


def test_a_gap_over_the_edge_of_a_window_counts_where_all_of_it_went_the_same_way() -> None:
    log = line("ok", "there", "there", "ok")
    assert log.numbers(1, 3).lost_there == 1
    assert log.numbers(3, 5).lost_there == 1


def test_a_gap_over_the_edge_of_a_window_with_both_cannot_be_told() -> None:
    log = line("ok", "there", "back", "ok")
    assert log.numbers(1, 3).lost_there is None
    assert log.numbers(1, 5).lost_there == 1


def test_a_reflector_that_does_not_count_tells_no_direction() -> None:
    log = EchoLog()
    for number in (1, 2, 3, 4):
        log.sent(0.0)
        if number != 2:
            log.answered(number, 1000, reflected=number)
    numbers = log.numbers(1, 5)
    assert (numbers.lost, numbers.lost_there) == (1, None)


def test_a_reflector_that_began_anew_tells_no_direction_for_the_gap() -> None:
    log = EchoLog()
    for _ in range(5):
        log.sent(0.0)
    for number, reflected in ((1, 70), (2, 71), (4, 0), (5, 1)):
        log.answered(number, 1000, reflected=reflected)
    assert log.numbers(1, 6).lost_there is None


def test_packets_that_overtook_each_other_are_no_loss_on_the_way_back() -> None:
    log = EchoLog()
    for _ in range(5):
        log.sent(0.0)
    for number, reflected in ((1, 0), (2, 2), (3, 1), (5, 3)):
        log.answered(number, 1000, reflected=reflected)
    numbers = log.numbers(1, 6)
    assert (numbers.lost_there, numbers.lost_back) == (1, 0)


def test_what_was_forgotten_still_closes_the_next_gap() -> None:
    log = line("ok", "ok", "there", "ok")
    log.forget(3)
    assert log.numbers(3, 5).lost_there == 1


@given(
    st.lists(st.sampled_from(["ok", "there", "back"]), max_size=40),
    st.integers(0, 41),
)
def test_what_is_told_is_true(fates: list[str], cut: int) -> None:
    log = line(*fates)
    cut = min(cut, len(fates))
    for first, after in ((1, cut + 1), (cut + 1, len(fates) + 1)):
        inside = fates[first - 1 : after - 1]
        numbers = log.numbers(first, after)
        assert numbers.sent == len(inside)
        assert numbers.lost == sum(fate != "ok" for fate in inside)
        if numbers.lost_there is not None:
            assert numbers.lost_there == inside.count("there")
            assert numbers.lost_back == inside.count("back")


def test_jitter_is_the_mean_difference_of_successive_round_trips() -> None:
    log = EchoLog()
    for rtt_us, there_us, back_us in (
        (1000, 5400, -4400),
        (1300, 5600, -4300),
        (1200, 5500, -4300),
    ):
        log.answered(log.sent(0.0), rtt_us, there_us, back_us, 9)
    numbers = log.numbers(1, 4)
    assert (numbers.rtt_us, numbers.rtt_max_us, numbers.pairs) == (1167, 1300, 2)
    assert (numbers.jitter_us, numbers.jitter_there_us, numbers.jitter_back_us) == (200, 150, 50)


def test_a_clock_that_was_set_is_no_jitter() -> None:
    log = EchoLog()
    for there_us, back_us in ((500, 500), (900_500, -899_500), (900_600, -899_600)):
        log.answered(log.sent(0.0), 1000, there_us, back_us, 9)
    numbers = log.numbers(1, 4)
    assert (numbers.jitter_us, numbers.jitter_there_us, numbers.jitter_back_us) == (0, 100, 100)


def test_what_may_still_come_back_is_not_lost() -> None:
    log = EchoLog()
    log.sent(10.0)
    log.sent(11.0)
    log.sent(12.0)
    log.answered(2, 1000)
    numbers = log.numbers(1, 4, settled_s=11.5)
    assert (numbers.sent, numbers.lost) == (2, 1)


def test_nothing_sent_is_nothing_known() -> None:
    numbers = EchoLog().numbers(1, 1)
    assert (numbers.sent, numbers.rtt_us, numbers.jitter_us) == (0, None, None)
