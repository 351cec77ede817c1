"""One device asked by its rounds and out of turn: a cycle has one poll, and it stays as seen."""

from collections.abc import AsyncIterator

import pytest

from bench.agents import IF_ENTRY, IF_X_ENTRY, Agent, switch
from console.collector.lookups import Names, Secrets
from console.collector.questions import DeviceQuestion, Means
from console.collector.recorder import CycleClock
from console.model.inventory import Inventory
from console.model.observation import DevicePoll
from console.snmp import ber
from tests.snmp_agents import answering


class Asked:
    """A device of 4 ports, and what its question handed on."""

    def __init__(self, means: Means, inventory: Inventory, agent: Agent) -> None:
        self.agent = agent
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


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    agent = Agent(switch(4))
    async with answering(agent) as (manager, target):
        inventory = Inventory.model_validate(
            {
                "network": "Test",
                "snmp": {"lab": {"version": "2c", "community": "public"}},
                "polling": {"timeout_s": 0.1, "retries": 0},
                "sites": [{"id": "s", "name": "S", "lat": 50, "lon": 7}],
                "devices": [
                    {"id": "r", "site": "s", "address": f"127.0.0.1:{target.port}", "snmp": "lab"}
                ],
            }
        )
        means = Means(
            *(inventory.polling, Names(), Secrets(), manager, None),
            lambda: CycleClock(found.cycle, 0.0, 0.0),
            lambda poll: found.polls.append(poll),
            lambda look: found.looks.append(look),
            lambda _probe: None,
        )
        found = Asked(means, inventory, agent)
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
