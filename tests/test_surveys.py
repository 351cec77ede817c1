import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bench.agents import Agent, switch
from console.collector import surveys
from console.collector.lookups import Names, Secrets
from console.collector.questions import DeviceQuestion, Means
from console.collector.recorder import CycleClock
from console.collector.surveys import Surveys
from console.model.inventory import Inventory
from console.model.observation import DevicePoll, Surroundings
from console.snmp import ber
from console.snmp.messages import GETBULK
from tests.lldp_agents import LLDP, part, remote
from tests.snmp_agents import answering

IF_ENTRY = ber.parse_oid("1.3.6.1.2.1.2.2.1")
CHASSIS = part(1, 3, "chassis", "", "", "", "SN1", "MX204")


class Watched:
    """A device under survey, and what it told."""

    def __init__(self, means: Means, inventory: Inventory) -> None:
        self.told: list[Surroundings] = []
        self.means = means
        self.surveys = Surveys(means, inventory, self.told.append)
        device = inventory.devices[0]
        self.cycle = 4
        self._question = DeviceQuestion(means, device, inventory.snmp["lab"])

    async def ask(self) -> None:
        self.cycle += 1
        await self._question.ask()

    async def until(self, count: int) -> list[Surroundings]:
        async with asyncio.timeout(5):
            while len(self.told) < count:
                await asyncio.sleep(0.01)
        return self.told


@asynccontextmanager
async def watching(agent: Agent, topology_s: float = 60.0) -> AsyncIterator[Watched]:
    async with answering(agent) as (manager, target):
        inventory = Inventory.model_validate(
            {
                "network": "Test",
                "snmp": {"lab": {"version": "2c", "community": "public"}},
                "polling": {"topology_s": topology_s, "timeout_s": 0.1, "retries": 0},
                "sites": [{"id": "s", "name": "S", "lat": 50, "lon": 7}],
                "devices": [
                    {"id": d, "site": "s", "address": f"127.0.0.1:{target.port}", "snmp": "lab"}
                    for d in ("a", "b")
                ],
                "links": [
                    {
                        "id": "a-b",
                        "a": {"device": "a", "interface": "Gi0/2"},
                        "b": {"device": "b", "interface": "Gi0/3"},
                    }
                ],
            }
        )
        polls: list[DevicePoll] = []
        watched: Watched

        def saw(poll: DevicePoll) -> None:
            polls.append(poll)
            watched.surveys.saw(poll)

        means = Means(
            *(inventory.polling, Names(), Secrets(), manager, None),
            *(lambda: CycleClock(watched.cycle, 0.0, 0.0), saw, saw, saw),
        )
        watched = Watched(means, inventory)
        tasks = [asyncio.create_task(rounds) for rounds in watched.surveys.rounds()]
        try:
            yield watched
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "SOON_S", 0.05)
    monkeypatch.setattr(surveys, "LATER_S", 0.1)
    monkeypatch.setattr(surveys, "RETRY_S", 0.1)


async def test_a_device_tells_after_its_first_poll():
    async with watching(Agent(switch(4) | remote(2, "b") | CHASSIS)) as watched:
        await asyncio.sleep(0.1)
        assert not watched.told
        await watched.ask()
        (told,) = await watched.until(1)
    assert (told.device, told.cycle) == ("a", 5)
    assert [(n.port, n.name) for n in told.neighbours] == [("Gi0/2", "b")]
    assert told.chassis is not None
    assert told.chassis.serial == "SN1"


async def test_it_is_read_again_at_its_interval():
    agent = Agent(switch(4))
    async with watching(agent, topology_s=1.0) as watched:
        await watched.ask()
        await watched.until(1)
        agent.replace(switch(4) | remote(2, "b"))
        told = await watched.until(2)
    assert (told[0].neighbours, told[1].neighbours[0].name) == ((), "b")


async def test_a_link_that_comes_up_is_looked_at_soon_and_once_more():
    down = switch(4) | {(*IF_ENTRY, 8, 2): (ber.INTEGER, 2)}
    agent = Agent(down)
    async with watching(agent) as watched:
        await watched.ask()
        await watched.until(1)
        agent.replace(switch(4) | remote(2, "b"))
        await watched.ask()
        told = await watched.until(3)
        assert [len(now.neighbours) for now in told] == [0, 1, 1]
        agent.replace(switch(4) | {(*IF_ENTRY, 8, 4): (ber.INTEGER, 2)})
        await watched.ask()  # no link ends at that port
        await asyncio.sleep(0.3)
    assert len(watched.told) == 3


class WithoutLldp(Agent):
    """Says nothing at all when asked for its neighbours."""

    silent = True

    def answer(self, request_id, kind, oids, non_repeaters, repetitions):
        asked_lldp = any(oid.startswith(ber.encode_oid(LLDP)) for oid in oids)
        if self.silent and kind == GETBULK and asked_lldp:
            return None
        return super().answer(request_id, kind, oids, non_repeaters, repetitions)


async def test_a_reading_that_failed_is_tried_again_and_holds_up_no_poll():
    agent = WithoutLldp(switch(4) | remote(2, "b"))
    async with watching(agent) as watched:
        await watched.ask()
        await asyncio.sleep(0.05)
        await watched.ask()
        assert not watched.told
        agent.silent = False
        (told,) = await watched.until(1)
    assert told.neighbours[0].name == "b"


async def test_what_cannot_be_read_any_more_is_no_longer_told(monkeypatch):
    monkeypatch.setattr(surveys, "STALE_INTERVALS", 0.1)
    agent = WithoutLldp(switch(4) | remote(2, "b"))
    agent.silent = False
    async with watching(agent, topology_s=1.0) as watched:
        await watched.ask()
        await watched.until(1)
        agent.silent = True
        told = await watched.until(2)
    assert told[1].neighbours == ()
