"""One device asked by its rounds and out of turn: a cycle has one poll, and it stays as seen."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bench.agents import IF_ENTRY, IF_X_ENTRY, Agent, Endpoint, switch
from console.analysis.judge import Judge
from console.collector.lookups import Names, Secrets
from console.collector.questions import DeviceQuestion, Means
from console.collector.recorder import CycleClock
from console.model.inventory import Inventory, Polling
from console.model.observation import DevicePoll
from console.model.states import Outcome
from console.snmp import ber
from console.snmp.manager import Manager
from tests.snmp_agents import Endless


class Asked:
    """A device of 4 ports, and what its question handed on."""

    def __init__(self, means: Means, inventory: Inventory, agent: Agent) -> None:
        self.agent = agent
        self.inventory = inventory
        self.cycle = 1
        self.question = DeviceQuestion(means, inventory.devices[0], inventory.snmp["lab"])
        self.polls: list[DevicePoll] = []
        self.looks: list[DevicePoll] = []

    def renumber(self) -> None:
        """Swap ports 1 and 2, as a reboot may."""
        cells = switch(4)
        for names in ((*IF_ENTRY, 2), (*IF_X_ENTRY, 1)):
            cells[(*names, 1)], cells[(*names, 2)] = cells[(*names, 2)], cells[(*names, 1)]
        cells[ber.parse_oid("1.3.6.1.2.1.1.3.0")] = (ber.TIME_TICKS, 100)
        cells[(*IF_ENTRY, 8, 1)] = (ber.INTEGER, 2)
        self.agent.replace(cells)

    def names(self) -> list[str]:
        """The ports of the newest poll by ifIndex."""
        return [port.name for port in self.polls[-1].port_facts or ()]


class LateEndpoint(Endpoint):
    """An agent that lets every question wait, but never so long that it is asked again."""

    wait_s = 0.05

    def datagram_received(self, data, address):
        answer = super().datagram_received
        asyncio.get_running_loop().call_later(self.wait_s, answer, data, address)


@asynccontextmanager
async def asking(
    agent: Agent, endpoint=Endpoint, host="127.0.0.1", resolve=None, **polling: float
) -> AsyncIterator[Asked]:
    manager = Manager()
    await manager.open()
    transport, _endpoint = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: endpoint(agent), local_addr=("127.0.0.1", 0)
    )
    port = transport.get_extra_info("sockname")[1]
    inventory = Inventory.model_validate(
        {
            "network": "Test",
            "snmp": {"lab": {"version": "2c", "community": "public"}},
            "polling": {"timeout_s": 0.1, "retries": 0, **polling},
            "sites": [{"id": "s", "name": "S", "lat": 50, "lon": 7}],
            "devices": [{"id": "r", "site": "s", "address": f"{host}:{port}", "snmp": "lab"}],
        }
    )
    means = Means(
        *(inventory.polling, Names(resolve), Secrets(), manager, None),
        lambda: CycleClock(found.cycle, 0.0, 0.0),
        lambda poll: found.polls.append(poll),
        lambda look: found.looks.append(look),
        lambda _probe: None,
    )
    found = Asked(means, inventory, agent)
    try:
        yield found
    finally:
        transport.close()
        await manager.close()


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    async with asking(Agent(switch(4))) as found:
        yield found


async def test_a_look_after_renumbering_tells_ports_apart_and_the_next_poll_names_them(asked):
    await asked.question.ask()
    asked.renumber()
    for changed in (True, False):
        assert await asked.question.look() is changed
    (look, _again) = asked.looks
    assert (look.system, look.port_facts) == (None, None)
    assert {port.key: port.oper for port in look.ports} == {
        **{"name:Gi0/1": 1, "name:Gi0/2": 2, "name:Gi0/3": 1, "name:Gi0/4": 1}
    }
    assert len(asked.polls) == 1
    asked.cycle = 2
    await asked.question.ask()
    assert asked.names() == ["Gi0/2", "Gi0/1", "Gi0/3", "Gi0/4"]


async def test_before_its_first_turn_a_device_is_polled_once(asked):
    await asked.question.look()
    await asked.question.ask()
    assert (len(asked.polls), len(asked.looks)) == (1, 1)


async def test_an_agent_that_answers_slowly_for_ever_is_given_up_with_a_reason():
    async with asking(Endless(switch(2)), LateEndpoint, interfaces_s=1) as found:
        for found.cycle in (1, 2):
            async with asyncio.timeout(10):
                await found.question.ask()
        told = [(poll.outcome, poll.detail, poll.ports) for poll in found.polls]
        assert told == [(Outcome.GARBLED, "snmp_slow", ())] * 2
        judge = Judge(found.inventory)
        (changed,) = judge.poll(found.polls[0])
        assert (changed.state, changed.reasons) == ("degraded", ("snmp_slow",))


async def test_a_look_at_an_agent_that_became_endless_comes_to_an_end_untold():
    agent = Agent(switch(2))
    async with asking(agent, LateEndpoint, interfaces_s=1) as found:
        await found.question.ask()
        agent.answer = Endless(switch(2)).answer
        async with asyncio.timeout(10):
            assert not await found.question.look()
    assert (len(found.polls), found.looks) == (1, [])


@pytest.mark.parametrize(("interval_s", "timeout_s"), [(5, 1), (30, 1), (30, 5), (300, 1), (5, 60)])
def test_a_poll_may_last_for_its_tries_and_else_ends_within_its_round(interval_s, timeout_s):
    polling = Polling(interfaces_s=interval_s, timeout_s=timeout_s)
    means = Means(polling, *[None] * 8)
    assert means.longest_s >= 2 * means.patience_s
    assert means.longest_s < interval_s or means.longest_s == 2 * means.patience_s


@pytest.mark.skipif(sys.platform != "linux", reason="needs 127.0.0.9")
async def test_a_host_is_asked_at_its_next_address_after_three_misses():
    places = ("127.0.0.9", "127.0.0.1")  # nobody answers at the first
    async with asking(Agent(switch(2)), host="r.test", resolve=lambda _name: places) as found:
        for found.cycle in range(1, 7):
            await found.question.ask()
    alive = [poll.outcome.alive for poll in found.polls]
    assert alive == [False, False, False, True, True, True]
