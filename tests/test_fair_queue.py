"""Queues and shares of many senders: nobody waits for another's storm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.collector.fair_queue import FairQueue, Shares


def drained(queue):
    return [queue.take() for _ in range(len(queue))]


def test_sources_take_turns():
    queue = FairQueue(10, 1000)
    for number in range(3):
        assert queue.put("storm", number, 1)
    queue.put("calm", "a", 1)
    assert drained(queue) == [("storm", 0), ("calm", "a"), ("storm", 1), ("storm", 2)]
    with pytest.raises(IndexError):
        queue.take()


def test_a_full_queue_refuses_only_its_own_source():
    queue = FairQueue(2, 100)
    assert [queue.put("storm", n, 1) for n in range(3)] == [True, True, False]
    assert queue.put("large", 0, 500)  # a single one always finds room
    assert not queue.put("large", 1, 1)
    assert queue.put("calm", 0, 1)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 60)), max_size=60))
def test_what_is_taken_in_comes_out_in_its_sources_order(items):
    queue, kept = FairQueue(5, 200), {}
    for number, (source, octets) in enumerate(items):
        if queue.put(source, number, octets):
            kept.setdefault(source, []).append(number)
    found = {}
    for source, number in drained(queue):
        found.setdefault(source, []).append(number)
    assert found == kept
    assert all(len(of) <= 5 for of in kept.values())
    assert len(queue) == 0


def test_shares_are_used_up_and_grow_again():
    shares = Shares(burst=3, per_s=2)
    assert [shares.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert shares.take("b", 0.0)
    assert [shares.take("a", 1.0) for _ in range(3)] == [True, True, False]
    assert [shares.take("a", 100.0) for _ in range(4)] == [True, True, True, False]
