"""The simulated agent, checked against net-snmp, pysnmp and the console's own poller."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    bulk_cmd,
    get_cmd,
)

from console.demo.agent import LARGEST_ANSWER, Agent
from console.demo.placing import moved
from console.demo.serve import endpoints_of, serve
from console.demo.simulation import Simulation
from console.errors import OperatorError
from console.model.inventory import Inventory
from console.model.inventory_file import examine
from console.model.states import Outcome
from console.probes.interfaces import InterfaceProbe
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.peers import free_udp_port, require

SMALL = """
network: Klein
snmp:
  one: {version: 2c, community: first}
  two: {version: 2c, community: "${env:SECOND_COMMUNITY}"}
sites:
  - {id: a, name: Großstadt, lat: 50.0, lon: 7.0}
  - {id: b, name: B, lat: 50.1, lon: 7.1}
devices:
  - {id: a-r1, site: a, address: "127.0.0.1:PORT", snmp: one}
  - {id: b-r1, site: b, address: "127.0.0.1:PORT", snmp: two, role: core}
links:
  - {id: ab, a: {device: a-r1, interface: xe-0/0/0}, b: {device: b-r1, interface: 7}, capacity: 10G}
"""


def small(port: int) -> Inventory:
    found = examine(SMALL.replace("PORT", str(port)), "small.yaml")
    assert found.inventory is not None, found.problems
    return found.inventory


def quiet(inventory: Inventory) -> Simulation:
    """A simulation in which nothing goes wrong in the next minutes."""
    now_s = time.time()
    courses = (Simulation(inventory, seed, now_s) for seed in range(100))
    return next(found for found in courses if not found.script.between(now_s - 300, now_s + 300))


@asynccontextmanager
async def served(inventory: Inventory) -> AsyncIterator[Simulation]:
    simulation = quiet(inventory)
    stop, ready = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(serve(endpoints_of(simulation), stop, ready.set))
    await asyncio.wait([task, asyncio.create_task(ready.wait())], return_when="FIRST_COMPLETED")
    try:
        yield simulation
    finally:
        stop.set()
        await task


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("SECOND_COMMUNITY", "second")
    return free_udp_port()


async def run(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return output.decode(errors="replace")


async def test_net_snmp_walks_everything(port: int) -> None:
    walk = str(require("snmpbulkwalk"))
    async with served(small(port)) as simulation:
        options = ("-v2c", "-m", "", "-Oatn", "-Cr25", "-t", "5", f"127.0.0.1:{port}", ".1")
        first = await run(walk, "-c", "first", *options)
        second = await run(walk, "-c", "second", *options)
    lines = dict(line.split(" = ", 1) for line in first.splitlines() if " = " in line)
    endpoint = endpoints_of(simulation).agents["127.0.0.1", port]
    view = endpoint[b"first"](time.time())
    assert view is not None
    walked = [tuple(map(int, name.strip(".").split("."))) for name in lines if name[0] == "."]
    assert walked == view[0].oids
    assert lines[".1.3.6.1.2.1.1.5.0"] == 'STRING: "a-r1"'
    assert lines[".1.3.6.1.2.1.2.1.0"] == "INTEGER: 6"
    assert '.1.3.6.1.2.1.1.5.0 = STRING: "b-r1"' in second


async def test_pysnmp_reads_the_same_as_the_simulation_says(port: int) -> None:
    engine = SnmpEngine()
    async with served(small(port)) as simulation:
        target = await UdpTransportTarget.create(("127.0.0.1", port), timeout=5)
        names = ("1.3.6.1.2.1.31.1.1.1.6.7", "1.3.6.1.2.1.2.2.1.8.7", "1.3.6.1.2.1.1.6.0")
        before = simulation.device("b-r1", time.time())
        error, status, _, found = await get_cmd(
            engine,
            CommunityData("second", mpModel=1),
            target,
            ContextData(),
            *(ObjectType(ObjectIdentity(name)) for name in names),
        )
        after = simulation.device("b-r1", time.time())
    engine.close_dispatcher()
    assert not error
    assert not status
    octets, oper, location = (value for _, value in found)
    assert before is not None
    assert after is not None
    place = next(n for n, p in enumerate(simulation.ports["b-r1"].ports) if p.name == "port7")
    assert before.counters[0, place] // 8 - 1 <= int(octets) <= after.counters[0, place] // 8 + 1
    assert int(oper) == 1
    assert bytes(location).decode() == "B"


async def test_pysnmp_gets_bulk_with_non_repeaters_and_the_end_of_the_view(port: int) -> None:
    engine = SnmpEngine()
    async with served(small(port)) as simulation:
        _, layout = simulation.script.boot("a-r1", time.time())
        lowest = min(p.numbers[layout] for p in simulation.ports["a-r1"].ports)
        target = await UdpTransportTarget.create(("127.0.0.1", port), timeout=5)
        names = ("1.3.6.1.2.1.1.4", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.6.3.10.2.1.3")
        error, _, _, found = await bulk_cmd(
            engine,
            CommunityData("first", mpModel=1),
            target,
            ContextData(),
            *(1, 3),
            *(ObjectType(ObjectIdentity(name)) for name in names),
        )
    engine.close_dispatcher()
    assert not error
    oids = [str(name) for name, _ in found]
    assert oids[:3] == [
        *("1.3.6.1.2.1.1.4.0", f"1.3.6.1.2.1.31.1.1.1.1.{lowest}", "1.3.6.1.6.3.10.2.1.3.0")
    ]
    assert type(found[4][1]).__name__ == "EndOfMibView"
    assert len(found) == 7


async def test_the_consoles_own_probe_sees_the_load(port: int) -> None:
    async with served(small(port)) as simulation:
        manager = Manager()
        await manager.open()
        probe = InterfaceProbe(manager, "a-r1", Target("127.0.0.1", port, "first"))
        first = await probe.poll(1, _no_clock)
        began_s = time.time()
        await asyncio.sleep(1.0)
        second = await probe.poll(2, _no_clock)
        await manager.close()
        rows = simulation.ports["a-r1"].rows
        curves = simulation.traffic.curves(began_s, began_s + 1)
        rate = curves.rates(rows, curves.at_s[:1])[:, 0]
    assert first.outcome is second.outcome is Outcome.OK
    assert first.port_facts is not None
    facts = {facts.name: facts for facts in first.port_facts}
    assert facts["xe-0/0/0"].speed_bps == 10e9
    assert facts["xe-0/0/0"].alias == "ab b-r1"
    assert facts["lo0"].speed_bps is None
    samples = {sample.key: sample for sample in second.ports}
    wire = samples[facts["xe-0/0/0"].key]
    place = next(n for n, p in enumerate(simulation.ports["a-r1"].ports) if p.name == "xe-0/0/0")
    true_bps = float(simulation.ports["a-r1"].weights[0, place] @ rate)
    assert wire.in_bps == pytest.approx(true_bps, rel=0.3)  # two clocks, one second
    assert (wire.admin, wire.oper) == (1, 1)


def _no_clock() -> int:
    return 0


async def test_wrong_community_and_noise_are_left_unanswered(port: int) -> None:
    get = str(require("snmpget"))
    async with served(small(port)):
        options = ("-m", "", "-t", "0.3", "-r", "0", f"127.0.0.1:{port}", ".1.3.6.1.2.1.1.5.0")
        assert "Timeout" in await run(get, "-v2c", "-c", "wrong", *options)
        assert '"a-r1"' in await run(get, "-v1", "-c", "first", *options)


@given(st.binary(max_size=200))
def test_no_octets_whatever_break_the_agent(data: bytes) -> None:
    assert _agent().answer(data, 0.0) is None


REQUEST = bytes.fromhex(
    "302602010104057075626c6963a11a02010102010002010030 0f300d06092b060102010202010a0500".replace(
        " ", ""
    )
)


@given(st.integers(0, len(REQUEST) - 1), st.integers(0, 255))
def test_no_damaged_request_breaks_the_agent(place: int, octet: int) -> None:
    damaged = bytearray(REQUEST)
    damaged[place] = octet
    answer = _agent().answer(bytes(damaged), time.time())
    assert answer is None or len(answer) <= LARGEST_ANSWER


def _agent() -> Agent:
    simulation = _plain_simulation()
    return Agent(endpoints_of(simulation).agents["127.0.0.1", 16101])


@cache
def _plain_simulation() -> Simulation:
    text = SMALL.replace("PORT", "16101").replace("${env:SECOND_COMMUNITY}", "public")
    found = examine(text, "small.yaml").inventory
    assert found is not None
    return quiet(found)


def test_other_hosts_are_not_imitated() -> None:
    found = examine(SMALL.replace("127.0.0.1:PORT", "192.0.2.1"), "small.yaml").inventory
    assert found is not None
    with pytest.raises(OperatorError, match="loopback") as caught:
        endpoints_of(Simulation(found, 1, time.time()))
    assert caught.value.exit_code == 2


async def test_a_taken_port_is_said_in_a_sentence(port: int) -> None:
    async with served(small(port)):
        simulation = Simulation(small(port), 1, time.time())
        with pytest.raises(OperatorError, match=f"port {port}"):
            await serve(endpoints_of(simulation), asyncio.Event())


def test_all_loopback_ports_of_a_text_move() -> None:
    assert moved("a 127.0.0.1:16101 b sip:x@127.0.0.1:15060", 200) == (
        "a 127.0.0.1:16301 b sip:x@127.0.0.1:15260"
    )
