import pytest

from bench.agents import Agent, switch
from console.model.observation import ChassisFacts
from console.probes.entity import read_chassis
from console.snmp.errors import Garbled, Refused
from tests.lldp_agents import part
from tests.snmp_agents import Failing, Garbling, answering

CHASSIS = ("MX204 chassis", "Rev 3", "1.2", "23.4R1", "SN0815", "MX204")


async def chassis(agent: Agent) -> ChassisFacts | None:
    async with answering(agent, timeout_s=0.3) as (manager, target):
        return await read_chassis(manager, target)


async def test_the_chassis_is_told():
    cells = switch(2) | part(1, 3, *CHASSIS) | part(2, 9, "card", "", "", "", "SN1", "CARD")
    assert await chassis(Agent(cells)) == ChassisFacts(
        *("MX204 chassis", "MX204", "SN0815", "Rev 3", "1.2", "23.4R1")
    )


async def test_of_a_stack_the_first_chassis_with_a_serial_is_told():
    parts = part(1, 11, "stack", "", "", "", "", "") | part(2, 3, "empty", "", "", "", "", "")
    found = await chassis(Agent(switch(2) | parts | part(1001, 3, *CHASSIS)))
    assert found is not None
    assert found.serial == "SN0815"


async def test_a_stack_without_chassis_stands_for_one():
    found = await chassis(Agent(switch(2) | part(5, 11, *CHASSIS) | part(6, 9, *CHASSIS)))
    assert found is not None
    assert found.descr == "MX204 chassis"


async def test_texts_are_cleaned():
    cells = switch(2) | part(1, 3, "a\x1b", "", "", "", "SN 1  ", "M\0")
    found = await chassis(Agent(cells))
    assert found == ChassisFacts("a\ufffd", "M", "SN 1", "", "", "")


async def test_a_device_that_does_not_tell():
    assert await chassis(Agent(switch(2))) is None
    assert await chassis(Agent(switch(2) | part(1, 9, *CHASSIS))) is None


@pytest.mark.parametrize(("kind", "error"), [(Garbling, Garbled), (Failing, Refused)])
async def test_what_cannot_be_read_is_raised(kind, error):
    with pytest.raises(error):
        await chassis(kind(switch(2) | part(1, 3, *CHASSIS)))
