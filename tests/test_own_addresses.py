"""The addresses of a device, out of both tables that tell them."""

from bench.agents import Agent, switch
from console.probes.own_addresses import read_own_addresses
from console.snmp import ber
from tests.snmp_agents import StuckAtARow, answering

UNICAST, BROADCAST = 1, 3


def old(*octets):
    """A row of ipAddrTable: ipAdEntIfIndex."""
    return {ber.parse_oid("1.3.6.1.2.1.4.20.1.2") + octets: (ber.INTEGER, 3)}


def new(kind, *octets, use=UNICAST):
    """A row of ipAddressTable: ipAddressType."""
    index = (kind, len(octets), *octets)
    return {ber.parse_oid("1.3.6.1.2.1.4.34.1.4") + index: (ber.INTEGER, use)}


async def addresses(cells, kind=Agent):
    async with answering(kind(switch(2) | cells)) as (manager, target):
        return await read_own_addresses(manager, target)


async def test_both_tables_are_read():
    v6 = (0x20, 1, 0x0D, 0xB8, *[0] * 11, 1)
    cells = old(10, 0, 0, 1) | new(1, 10, 0, 0, 2) | new(2, *v6)
    assert await addresses(cells) == {"10.0.0.1", "10.0.0.2", "2001:db8::1"}


async def test_what_other_devices_have_too_is_left_out():
    link_local = (0xFE, 0x80, *[0] * 13, 1)
    cells = old(127, 0, 0, 1) | old(0, 0, 0, 0) | old(224, 0, 0, 5) | old(255, 255, 255, 255)
    cells |= new(2, *link_local) | new(1, 10, 0, 0, 255, use=BROADCAST)
    assert await addresses(cells | old(10, 0, 0, 1)) == {"10.0.0.1"}


async def test_rows_that_are_no_addresses_are_left_out():
    cells = old(10, 0, 0, 300) | old(10, 0) | new(1, 10, 0) | new(3, 10, 0, 0, 1, 0, 0, 0, 7)
    assert await addresses(cells) == set()


async def test_an_agent_without_them_or_that_repeats_itself_tells_what_it_has():
    assert await addresses({}) == set()
    assert await addresses(old(10, 0, 0, 1) | old(10, 0, 0, 2), StuckAtARow) == {"10.0.0.1"}
