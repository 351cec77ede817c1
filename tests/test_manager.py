import asyncio

import pytest

from bench.agents import Agent, serve, switch
from console.model.states import Outcome
from console.snmp import ber
from console.snmp.errors import Garbled, Refused, SnmpError, Timeout, Unasked
from console.snmp.manager import Manager
from console.snmp.messages import GET, Varbind
from console.snmp.target import Target
from tests.snmp_agents import Deaf, Failing, Garbling, Lying, TooBig, answering

SYS_NAME = ber.parse_oid("1.3.6.1.2.1.1.5.0")
SYS_DESCR = ber.parse_oid("1.3.6.1.2.1.1.1.0")
NOT_THERE = ber.parse_oid("1.3.6.1.2.1.1.99.0")


async def test_gets_what_there_is_and_none_for_what_there_is_not():
    async with answering(Agent(switch())) as (manager, target):
        assert await manager.get(target, [SYS_NAME, NOT_THERE]) == [
            Varbind(SYS_NAME, ber.OCTET_STRING, b"switch"),
            Varbind(NOT_THERE, ber.NO_SUCH_INSTANCE, None),
        ]


async def test_silence_is_a_time_out_after_all_tries():
    agent = Deaf(switch())
    agent.misses = 99
    async with answering(agent, retries=2, timeout_s=0.02) as (manager, target):
        with pytest.raises(Timeout) as failed:
            await manager.get(target, [SYS_NAME])
        assert (failed.value.outcome, failed.value.detail) == (Outcome.TIMEOUT, "snmp_timeout")
        assert agent.asked == 3


async def test_asks_again_when_the_first_question_got_lost():
    async with answering(Deaf(switch()), retries=1) as (manager, target):
        assert (await manager.get(target, [SYS_NAME]))[0].value == b"switch"


async def test_the_round_trip_is_that_of_the_try_that_was_answered():
    async with answering(Deaf(switch()), retries=1, timeout_s=0.3) as (manager, target):
        prepared = manager.prepare(target, GET, [ber.encode_oid(SYS_NAME)])
        assert (await manager.ask(target, prepared)).rtt_us < 300_000


async def test_another_community_is_silence():
    async with answering(Agent(switch()), community="private") as (manager, target):
        with pytest.raises(Timeout):
            await manager.get(target, [SYS_NAME])


async def test_an_answer_under_another_request_id_is_not_believed():
    async with answering(Lying(switch())) as (manager, target):
        with pytest.raises(Timeout):
            await manager.get(target, [SYS_NAME])


async def test_garbled_answers_are_no_time_out():
    async with answering(Garbling(switch())) as (manager, target):
        with pytest.raises(Garbled):
            await manager.get(target, [SYS_NAME])


async def test_an_error_status_is_a_refusal():
    agent = Failing(switch())
    agent.status = 16
    async with answering(agent) as (manager, target):
        with pytest.raises(Refused):
            await manager.get(target, [SYS_NAME])


async def test_a_get_that_is_too_big_is_asked_in_halves():
    agent = TooBig(switch())
    agent.most_varbinds = 1
    async with answering(agent) as (manager, target):
        found = await manager.get(target, [SYS_NAME, SYS_DESCR, NOT_THERE])
        assert [varbind.value for varbind in found] == [b"switch", b"Test switch", None]


async def test_one_variable_that_is_too_big_is_refused():
    agent = TooBig(switch())
    agent.most_varbinds = 0
    async with answering(agent) as (manager, target):
        with pytest.raises(Refused):
            await manager.get(target, [SYS_NAME])


async def test_a_name_that_does_not_resolve_was_never_asked():
    async with answering(Agent(switch())) as (manager, _):
        for host in ("no-such-host.invalid", "ü" * 80):
            with pytest.raises(Unasked) as failed:
                await manager.get(Target(host, 161), [SYS_NAME])
            assert (failed.value.outcome, failed.value.detail) == (Outcome.ERROR, "dns")


async def test_a_name_is_resolved():
    async with answering(Agent(switch())) as (manager, target):
        named = Target("localhost", target.port, timeout_s=1.0)
        assert (await manager.get(named, [SYS_NAME]))[0].value == b"switch"


async def test_a_network_without_a_way_is_an_error_of_its_own():
    async with answering(Agent(switch())) as (manager, _):
        broadcast = Target("255.255.255.255", 161, timeout_s=0.02, retries=1)
        with pytest.raises(Unasked) as failed:
            await manager.get(broadcast, [SYS_NAME])
        assert failed.value.detail == "network"


async def test_speaks_ipv6():
    manager = Manager()
    await manager.open()
    try:
        transport, port = await serve(Agent(switch()), "::1")
    except OSError:
        await manager.close()
        pytest.skip("needs IPv6 on loopback")
    found = await manager.get(Target("::1", port), [SYS_NAME])
    transport.close()
    await manager.close()
    assert found[0].value == b"switch"


class _Elsewhere(asyncio.DatagramProtocol):
    """Answers from another socket than the one it was asked at."""

    def __init__(self, agent, answering_from):
        self.agent, self.answering_from = agent, answering_from

    def datagram_received(self, data, address):
        self.answering_from.sendto(self.agent.handle(data), address)


@pytest.mark.parametrize("believed", [True, False])
async def test_an_answer_from_elsewhere_is_believed_only_where_the_target_says_so(believed):
    loop = asyncio.get_running_loop()
    other, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    asked, _ = await loop.create_datagram_endpoint(
        lambda: _Elsewhere(Agent(switch()), other), local_addr=("127.0.0.1", 0)
    )
    manager = Manager()
    await manager.open()
    port = asked.get_extra_info("sockname")[1]
    target = Target("127.0.0.1", port, timeout_s=0.1, retries=0, other_source=believed)
    try:
        found = await manager.get(target, [SYS_NAME])
    except SnmpError as error:
        found = error.outcome
    asked.close()
    other.close()
    await manager.close()
    assert (found == Outcome.TIMEOUT) is not believed


async def test_many_are_asked_at_once_over_one_socket():
    agents = [Agent({**switch(1), SYS_NAME: (ber.OCTET_STRING, b"%d" % n)}) for n in range(40)]
    served = [await serve(agent) for agent in agents]
    manager = Manager()
    await manager.open()
    targets = [Target("127.0.0.1", port) for _, port in served]
    found = await asyncio.gather(*(manager.get(target, [SYS_NAME]) for target in targets))
    await manager.close()
    for transport, _ in served:
        transport.close()
    assert [varbinds[0].value for varbinds in found] == [b"%d" % n for n in range(40)]


async def test_a_cancelled_question_leaves_nothing_behind():
    agent = Deaf(switch())
    agent.misses = 99
    async with answering(agent, timeout_s=5.0) as (manager, target):
        task = asyncio.create_task(manager.get(target, [SYS_NAME]))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not manager._questions


async def test_closing_ends_what_is_under_way():
    agent = Deaf(switch())
    agent.misses = 99
    async with answering(agent, timeout_s=5.0) as (manager, target):
        task = asyncio.create_task(manager.get(target, [SYS_NAME]))
        await asyncio.sleep(0.01)
        await manager.close()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_loop_that_cannot_watch_sockets_serves_as_well(monkeypatch):
    def refuse(*_):
        raise NotImplementedError

    manager = Manager()
    transport, port = await serve(Agent(switch()))
    with monkeypatch.context() as patched:
        patched.setattr("console.snmp.sockets._WatchedSocket.__init__", refuse)
        await manager.open()
    target = Target("127.0.0.1", port)
    found = await manager.get(target, [SYS_NAME])
    lost = Target("255.255.255.255", 161, timeout_s=0.02, retries=0)
    with pytest.raises(Unasked):
        await manager.get(lost, [SYS_NAME])
    transport.close()
    await manager.close()
    assert found[0].value == b"switch"
