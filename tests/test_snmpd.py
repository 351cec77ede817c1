"""Net-snmp's snmpd, read by this manager, by net-snmp's own tools and by pysnmp: one truth."""

import asyncio
import subprocess

import pytest
from pysnmp.hlapi.v1arch.asyncio import (
    CommunityData,
    ObjectIdentity,
    ObjectType,
    SnmpDispatcher,
    UdpTransportTarget,
    bulk_walk_cmd,
)

from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.probes.port_names import IF_ENTRY, IF_X_ENTRY, NAME_COLUMNS
from console.snmp import ber
from console.snmp.errors import Timeout
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.peers import require, snmpd

STILL = [  # columns of the kernel's interfaces that do not change while a test runs
    *((*IF_ENTRY, c) for c in (1, 2, 3, 4, 5, 6, 7, 8, 13, 19)),
    *((*IF_X_ENTRY, c) for c in (1, 15, 16, 17, 18, 19)),
]
TEXTS = [(*IF_ENTRY, 2), (*IF_ENTRY, 6), (*IF_X_ENTRY, 1), (*IF_X_ENTRY, 18)]


@pytest.fixture(scope="module")
def agent(tmp_path_factory):
    # Values no kernel has: they show that types and signs come through.
    overrides = (
        "override -rw 1.3.6.1.4.1.8072.9999.1.1.1 integer -2147483648",
        "override -rw 1.3.6.1.4.1.8072.9999.1.1.2 integer 2147483647",
        "override -rw 1.3.6.1.4.1.8072.9999.1.1.3 uinteger 4294967295",
        "override -rw 1.3.6.1.4.1.8072.9999.1.1.128 counter 4294967295",
        "override -rw 1.3.6.1.4.1.8072.9999.1.1.16384 octet_str Saal",
    )
    with snmpd(tmp_path_factory.mktemp("snmpd"), *overrides) as running:
        yield running


@pytest.fixture
async def manager():
    opened = Manager()
    await opened.open()
    yield opened
    await opened.close()


def read_by_net_snmp(agent, oid):
    """The values below an OID as snmpbulkwalk prints them, by numeric OID."""
    command = [require("snmpbulkwalk"), "-v2c", "-c", "public", "-Onet", "-OU", "-Oq", "-Ox"]
    text = subprocess.run(
        [*command, agent.address, ".".join(map(str, oid))],
        env={"MIBS": "", "SNMP_PERSISTENT_DIR": str(agent.folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.partition(" ") for line in text.splitlines() if line.startswith(".")]
    return {ber.parse_oid(name): value for name, _, value in lines}


async def read_by_pysnmp(agent, oid):
    dispatcher = SnmpDispatcher()
    target = await UdpTransportTarget.create(("127.0.0.1", agent.port), timeout=2)
    found = {}
    async for error, _, _, varbinds in bulk_walk_cmd(
        dispatcher,
        CommunityData("public", mpModel=1),
        target,
        0,
        20,
        ObjectType(ObjectIdentity(oid)),
        lexicographicMode=False,
        lookupMib=False,
    ):
        assert not error
        found |= {tuple(name): value for name, value in varbinds}
    dispatcher.close()
    return found


def as_net_snmp_prints(value):
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(f"{octet:02X} " for octet in value) + '"' if value else '""'


async def cells(manager, agent, columns):
    """The table's cells by OID, as this manager reads them."""
    table = await manager.table(Target("127.0.0.1", agent.port), columns)
    return {
        (*column, *index): value
        for column, values in zip(columns, table.columns, strict=True)
        for index, value in zip(table.indexes, values, strict=True)
        if value is not None
    }


async def test_the_tables_are_what_snmpbulkwalk_reads(manager, agent):
    found = await cells(manager, agent, STILL)
    theirs = {}
    for column in STILL:
        theirs |= read_by_net_snmp(agent, column)
    assert found
    assert {oid: as_net_snmp_prints(value) for oid, value in found.items()} == theirs


async def test_the_tables_are_what_pysnmp_reads(manager, agent):
    found = await cells(manager, agent, STILL)
    theirs = {}
    for column in STILL:
        theirs |= await read_by_pysnmp(agent, column)
    assert found == {
        oid: bytes(value) if oid[:-1] in TEXTS else int(value) for oid, value in theirs.items()
    }


async def test_extreme_values_come_through(manager, agent):
    base = ber.parse_oid("1.3.6.1.4.1.8072.9999.1.1")
    oids = [(*base, last) for last in (1, 2, 3, 128, 16384)]
    found = await manager.get(Target("127.0.0.1", agent.port), oids)
    assert [varbind.value for varbind in found] == [
        *(-2147483648, 2147483647, 4294967295, 4294967295, b"Saal"),
    ]
    theirs = read_by_net_snmp(agent, base)
    assert {v.oid: as_net_snmp_prints(v.value) for v in found} == theirs


async def test_a_probe_of_snmpd_finds_the_kernels_ports(manager, agent):
    probe = InterfaceProbe(manager, "pc", Target("127.0.0.1", agent.port))
    poll = await probe.poll(1, lambda: 0)
    table = await manager.table(Target("127.0.0.1", agent.port), NAME_COLUMNS)
    assert poll.outcome is Outcome.OK
    assert poll.system.name == "tester"
    assert [facts.name.encode() for facts in poll.port_facts] == table.columns[3]
    assert "name:lo" in {port.key for port in poll.ports}


async def test_a_wrong_community_is_a_time_out(manager, agent):
    with pytest.raises(Timeout):
        await manager.get(
            Target("127.0.0.1", agent.port, "private", timeout_s=0.1), [(1, 3, 6, 1, 2, 1, 1, 3, 0)]
        )


async def test_a_silent_snmpd_is_a_time_out_and_back_with_its_next_answer(manager, agent):
    target = Target("127.0.0.1", agent.port, timeout_s=0.1, retries=0)
    probe = InterfaceProbe(manager, "pc", target)
    outcomes = [(await probe.poll(1, lambda: 0)).outcome]
    agent.pause()
    outcomes.append((await probe.poll(2, lambda: 0)).outcome)
    agent.resume()
    await asyncio.sleep(0.1)
    outcomes.append((await probe.poll(3, lambda: 0)).outcome.alive)
    assert outcomes == [Outcome.OK, Outcome.TIMEOUT, True]
