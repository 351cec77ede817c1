"""Time-outs that are learnt, and how many questions may be under way."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.agents import Agent, serve, switch
from console.snmp.errors import Timeout
from console.snmp.manager import Manager
from console.snmp.path import Path, Window
from console.snmp.target import Target

SYS_NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)


def learnt(*round_trips_s):
    async def make():
        path = Path(2, ("192.0.2.1", 161), 0.0)
        for rtt_s in round_trips_s:
            path.answered(rtt_s)
        return path

    return asyncio.run(make())


def test_nothing_is_known_of_a_device_that_never_answered():
    assert 0.75 <= learnt().wait_s(1.0, 0) <= 1.0


def test_a_near_device_is_asked_again_sooner_than_a_far_one():
    near, far = learnt(*[0.002] * 20), learnt(*[0.6] * 20)
    assert near.wait_s(2.0, 0) <= 0.2
    assert 0.45 <= far.wait_s(2.0, 0) <= 1.5


def test_a_device_that_varies_is_given_time():
    assert learnt(*[0.1, 0.9] * 10).wait_s(5.0, 0) > learnt(*[0.5] * 20).wait_s(5.0, 0)


def test_silence_forgets():
    path = learnt(*[0.002] * 20)
    path.fell_silent()
    assert path.wait_s(1.0, 0) >= 0.75


@given(st.lists(st.floats(0, 100), max_size=20), st.floats(0.01, 60), st.integers(0, 10))
def test_a_wait_never_exceeds_what_is_configured_and_grows_from_try_to_try(rtts_s, most_s, tries):
    path = learnt(*rtts_s)
    waits_s = [path.wait_s(most_s, n) for n in range(tries + 2)]
    assert max(waits_s) <= most_s
    assert min(waits_s) > 0
    assert waits_s[-1] >= 0.74 * waits_s[0]


async def test_tries_are_apart_and_a_late_answer_still_counts():
    heard_s = []

    class Slow(Agent):
        def handle(self, data):
            heard_s.append(asyncio.get_running_loop().time())
            return super().handle(data) if len(heard_s) % 3 == 0 else None

    transport, port = await serve(Slow(switch(1)))
    manager = Manager()
    await manager.open()
    target = Target("127.0.0.1", port, timeout_s=0.1, retries=2)
    assert (await manager.get(target, [SYS_NAME]))[0].value == b"switch"
    with pytest.raises(Timeout):
        await manager.get(Target("127.0.0.1", port, timeout_s=0.1, retries=0), [SYS_NAME])
    transport.close()
    await manager.close()
    assert len(heard_s) == 4
    assert min(b - a for a, b in pairwise(heard_s[:3])) >= 0.07


async def test_a_device_is_asked_no_more_at_once_than_it_can_bear():
    waiting, most = [], 0

    class Counting(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport, self.agent = transport, Agent(switch(1))

        def datagram_received(self, data, address):
            nonlocal most
            waiting.append((self.agent.handle(data), address))
            most = max(most, len(waiting))
            asyncio.get_running_loop().call_later(0.01, self.answer)

        def answer(self):
            self.transport.sendto(*waiting.pop(0))

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Counting, local_addr=("127.0.0.1", 0)
    )
    manager = Manager()
    await manager.open()
    target = Target("127.0.0.1", transport.get_extra_info("sockname")[1])
    found = await asyncio.gather(*(manager.get(target, [SYS_NAME]) for _ in range(30)))
    await manager.close()
    transport.close()
    assert [varbinds[0].value for varbinds in found] == [b"switch"] * 30
    assert most == 4


async def test_the_next_in_turn_gets_a_place_that_is_given_back():
    window, order = Window(2), []

    async def work(name):
        await window.enter(name)
        order.append(name)
        await asyncio.sleep(0.001)
        window.leave(name)

    await asyncio.gather(*map(work, range(8)))
    assert order == list(range(8))


async def test_the_dead_do_not_hold_up_the_living():
    window = Window(2, held_s=0.02)
    await window.enter("dead")
    await window.enter("dead too")
    await asyncio.wait_for(window.enter("alive"), 1.0)


async def test_who_stops_waiting_leaves_no_gap():
    window = Window(1)
    await window.enter("first")
    tired = asyncio.create_task(window.enter("tired"))
    patient = asyncio.create_task(window.enter("patient"))
    await asyncio.sleep(0)
    tired.cancel()
    await asyncio.sleep(0)
    window.leave("first")
    await asyncio.wait_for(patient, 1.0)
    window.leave("patient")
    await asyncio.wait_for(window.enter("next"), 1.0)


async def test_silent_devices_in_hundreds_do_not_delay_one_that_answers():
    transport, port = await serve(Agent(switch(1)))
    manager = Manager()
    await manager.open()
    silent, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    where = silent.get_extra_info("sockname")[1]
    dead = [Target(f"127.0.{n // 200}.{n % 200 + 1}", where, timeout_s=2.0) for n in range(400)]
    asked = [asyncio.create_task(manager.get(target, [SYS_NAME])) for target in dead]
    await asyncio.sleep(0)
    found = await manager.get(Target("127.0.0.1", port, timeout_s=2.0), [SYS_NAME])
    pending = sum(not task.done() for task in asked)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    await manager.close()
    for opened in (transport, silent):
        opened.close()
    assert found[0].value == b"switch"
    assert pending == 400
