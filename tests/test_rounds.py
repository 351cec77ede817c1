import asyncio
import time
from itertools import pairwise

import pytest

from console.collector.rounds import MOMENTS, keep_asking


class Member:
    def __init__(self, takes_s: float = 0.0) -> None:
        self.asked_s: list[float] = []
        self._takes_s = takes_s

    async def ask(self) -> None:
        self.asked_s.append(time.monotonic())
        await asyncio.sleep(self._takes_s)


async def run_for(seconds: float, members: list[Member], interval_s: float, **how) -> None:
    asking = keep_asking([m.ask for m in members], interval_s, interval_s, **how)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asking, seconds)


async def test_everybody_is_asked_every_round_in_turn():
    members = [Member() for _ in range(4)]
    await run_for(0.5, members, 0.1)
    counts = [len(member.asked_s) for member in members]
    assert max(counts) - min(counts) <= 1
    assert counts[0] >= 2
    first = [member.asked_s[0] for member in members]
    assert first == sorted(first)
    assert all(later - earlier > 0.01 for earlier, later in pairwise(first))


async def test_many_are_asked_several_at_once_and_nobody_twice():
    members = [Member() for _ in range(2 * MOMENTS + 7)]
    await run_for(0.6, members, 0.5)
    moments = [member.asked_s[0] for member in members]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > 0.4
    assert {len(member.asked_s) for member in members} <= {1, 2}


async def test_who_still_waits_is_passed_over():
    slow, quick = Member(takes_s=10.0), Member()
    await run_for(0.4, [slow, quick], 0.1)
    assert len(slow.asked_s) == 1
    assert len(quick.asked_s) >= 2


async def test_a_round_begins_with_what_it_needs_but_the_first():
    begun: list[int] = []
    member = Member()

    async def begin() -> None:
        begun.append(len(member.asked_s))

    await run_for(0.35, [member], 0.1, begin=begin)
    assert begun == list(range(1, len(begun) + 1))
    assert begun


async def test_nobody_to_ask():
    await run_for(0.05, [], 0.01)


async def test_a_fault_of_the_program_is_not_swallowed():
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup, match="unhandled errors") as group:
        await keep_asking([broken], 1.0, 1.0)
    assert group.group_contains(ZeroDivisionError)
