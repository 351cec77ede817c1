"""The trap receiver in a running collector: net-snmp sends, a counting agent is polled."""

import asyncio
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pysnmp.proto.rfc1902 import Integer32, IpAddress

from bench.agents import IF_ENTRY, SYS_UP_TIME, Agent, serve, switch
from console.collector.network import Network
from console.collector.recorder import Recorder
from console.history.reader import HistoryReader
from console.model.events import EventLog, Fate
from console.model.inventory import Inventory
from console.model.snapshot import Snapshot
from console.model.states import State
from console.snmp import ber, traps
from tests.peers import free_udp_port, require
from tests.snmp_agents import ENGINE, secured
from tests.trap_messages import IF_INDEX, LINK_DOWN, message_v1, message_v2

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs 127.0.0.2")
COLD_START = "1.3.6.1.6.3.1.1.5.1"
USER = {
    **{"version": "3", "user": "noc", "auth": "SHA-256", "auth_key": "auth key 1"},
    **{"priv": "AES-128", "priv_key": "priv key 1"},
}
V3 = ("-v3", "-u", "noc", "-l", "authPriv", "-a", "SHA-256", "-A", "auth key 1")
V3 += ("-x", "AES", "-X", "priv key 1")
V2C = ("-v2c", "-c", "public")
V1 = ("-v1", "-c", "public")
VARIABLE = (IF_INDEX, "i", "7")
PATIENCE_S = 15.0


@dataclass(slots=True)
class Collecting:
    """A collector under test, which polls once an hour by itself."""

    path: Path
    port: int
    agent: Agent
    agent_port: int
    observing: asyncio.Task[None]

    def events(self) -> EventLog:
        with HistoryReader(self.path) as reader:
            return reader.events(0, None, 10_000)

    def snapshot(self) -> Snapshot:
        with HistoryReader(self.path) as reader:
            return reader.snapshot_at(None)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for what is written."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline_s, (self.events(), "waited in vain")
            if self.observing.done():
                await self.observing
            await asyncio.sleep(0.02)

    async def counted(self, **fates: int) -> EventLog:
        """Wait until at least so many met these fates; return the log."""
        await self.until(
            lambda: all(self.events().counts.get(Fate(f), 0) >= n for f, n in fates.items())
        )
        return self.events()

    def send(self, data: bytes, source: str = "127.0.0.1", times: int = 1) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind((source, 0))
            for _ in range(times):
                udp.sendto(data, ("127.0.0.1", self.port))


def inventory_of(
    port: int, agent_port: int, snmp: str = "lab", other_source: bool = False, **changes: Any
) -> Inventory:
    r1 = {"id": "r1", "site": "here", "address": f"127.0.0.1:{agent_port}", "snmp": snmp}
    links = [
        {
            "id": "a-b",
            "a": {"device": "r1", "interface": "Gi0/3"},
            "b": {"device": "r2", "interface": "Gi0/3"},
        }
    ]
    return Inventory.model_validate(
        {
            "network": "Test",
            "snmp": {"lab": {"version": "2c", "community": "public"}, "secure": USER},
            "traps": {"listen": f"127.0.0.1:{port}", "profiles": ["lab", "secure"]},
            "polling": {"interfaces_s": 3600, "ping_s": None, "timeout_s": 0.3, "retries": 0},
            "sites": [{"id": "here", "name": "Here", "lat": 50, "lon": 7}],
            "devices": [
                r1 | {"other_source": other_source},
                {"id": "r2", "site": "here", "address": "127.0.0.9:9", "snmp": "lab"},
            ],
            "links": links,
            **changes,
        }
    )


@asynccontextmanager
async def collecting(
    path: Path, agent: Agent | None = None, **changes: Any
) -> AsyncIterator[Collecting]:
    agent = agent or Agent(switch())
    transport, agent_port = await serve(agent)
    port = free_udp_port()
    inventory = inventory_of(port, agent_port, **changes)
    async with Recorder(path) as recorder:
        observing = asyncio.create_task(Network(inventory, recorder, None).observe())
        running = Collecting(path, port, agent, agent_port, observing)
        await asyncio.sleep(0.1)
        await running.until(
            lambda: path.exists() and running.snapshot().devices["r1"].state is State.UP
        )
        try:
            yield running
        finally:
            observing.cancel()
            with suppress(asyncio.CancelledError):
                await observing
            transport.close()


@pytest.fixture
async def collector(tmp_path: Path) -> AsyncIterator[Collecting]:
    async with collecting(tmp_path / "history.db") as running:
        yield running


async def run(tool: str, *arguments: str) -> tuple[int, str]:
    """Run one of net-snmp's tools; return its exit code and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(str(require(tool)), "-m", "", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _none = await process.communicate()
    return process.returncode or 0, said.decode()


async def trap(running: Collecting, *how: str, tool: str = "snmptrap", **more: Any) -> int:
    place = f"127.0.0.1:{running.port}"
    what = ("", LINK_DOWN, *VARIABLE)
    return (await run(tool, *more.get("wait", ()), *how, place, *more.get("what", what)))[0]


@pytest.mark.parametrize("how", [V2C, V3], ids=["v2c", "v3"])
async def test_a_trap_of_net_snmp_is_stored_with_its_variables(collector, how):
    engine = ("-e", "8000000001020304") if how is V3 else ()
    assert await trap(collector, *how, *engine) == 0
    (event,) = (await collector.counted(stored=1)).events
    assert (event.trap, event.device, event.source) == (LINK_DOWN, "r1", "127.0.0.1")
    assert event.variables == ((IF_INDEX, "7"),)


async def test_a_v1_trap_is_told_as_v2_tells_it(collector):
    what = ("1.3.6.1.4.1.9", "10.1.2.3", "6", "42", "", *VARIABLE)
    assert await trap(collector, *V1, what=what) == 0
    (event,) = (await collector.counted(stored=1)).events
    assert (event.trap, event.device, event.source) == ("1.3.6.1.4.1.9.0.42", "r1", "10.1.2.3")
    assert (IF_INDEX, "7") in event.variables


@pytest.mark.parametrize("how", [V2C, V3], ids=["v2c", "v3"])
async def test_an_inform_is_acknowledged(collector, how):
    assert await trap(collector, *how, tool="snmpinform", wait=("-t", "5", "-r", "0")) == 0
    log = collector.events()  # acknowledged means that it is there already
    assert [event.trap for event in log.events] == [LINK_DOWN]


@linux_only
async def test_a_v3_trap_from_another_interface_is_its_engines(tmp_path):
    agent = secured(switch())
    elsewhere = ("--clientAddr=127.0.0.2",)
    async with collecting(tmp_path / "history.db", agent, snmp="secure") as running:
        asked = agent.asked
        assert await trap(running, *V3, "-e", "8000000001020304", *elsewhere) == 0
        (stranger,) = (await running.counted(stored=1)).events
        assert (stranger.device, stranger.source, agent.asked) == (None, "127.0.0.2", asked)
        assert await trap(running, *V3, "-e", ENGINE.hex(), *elsewhere) == 0
        known, _stranger = (await running.counted(stored=2)).events
        assert (known.device, known.source) == ("r1", "127.0.0.2")
        await running.until(lambda: agent.asked > asked)


@linux_only
@pytest.mark.parametrize("believed", [True, False])
async def test_an_unauthenticated_trap_is_a_devices_where_it_may_send_from_elsewhere(
    tmp_path, believed
):
    own = {ber.parse_oid("1.3.6.1.2.1.4.20.1.2.10.1.2.3"): (ber.INTEGER, 3)}
    agent = Agent(switch() | own)
    where = tmp_path / "history.db"
    async with collecting(where, agent, other_source=believed) as running:
        place = [(traps.TRAP_ADDRESS, IpAddress("10.1.2.3"))]
        messages = (message_v1(0), message_v2(place), message_v2([]))

        def devices() -> set[tuple[str | None, str]]:
            for message in messages:
                running.send(message, "127.0.0.2")
            return {(event.device, event.source) for event in running.events().events}

        wanted = {("r1" if believed else None, "10.1.2.3"), (None, "127.0.0.2")}
        await running.until(lambda: devices() >= wanted)
        assert (("r1", "10.1.2.3") in devices()) is believed
        assert ("r1", "127.0.0.2") not in devices()


async def test_an_inform_is_not_acknowledged_before_its_commit(collector):
    with closing(sqlite3.connect(collector.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody else can commit now
        assert await trap(collector, *V2C, tool="snmpinform", wait=("-t", "1", "-r", "1")) == 1
        other.execute("ROLLBACK")
    log = await collector.counted(stored=1, repeated=1)
    assert len(log.events) == 1  # though sent twice


async def test_an_inform_that_comes_again_is_acknowledged_again_and_stored_once(collector):
    inform = message_v2([], inform=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setblocking(False)
        udp.connect(("127.0.0.1", collector.port))
        for _time in range(2):
            udp.send(inform)
            answer = await asyncio.get_running_loop().sock_recv(udp, 1500)
            assert answer == inform.replace(b"\xa6", b"\xa2", 1)
    assert len((await collector.counted(stored=1, repeated=1)).events) == 1


async def test_a_trap_leads_to_one_poll_and_that_shows_the_link_down_at_once(collector, caplog):
    before = collector.agent.asked
    cells = switch()
    cells[(*IF_ENTRY, 8, 3)] = (ber.INTEGER, 2)
    collector.agent.replace(cells)
    rate = port_three(collector.snapshot()).in_bps
    collector.send(message_v2([]))
    await collector.until(lambda: collector.snapshot().links["a-b"].state is State.DOWN)
    snapshot = collector.snapshot()
    assert (port_three(snapshot).oper, port_three(snapshot).in_bps) == ("down", rate)
    assert snapshot.devices["r1"].age_s < PATIENCE_S
    collector.agent.replace(switch())
    collector.send(message_v2([]))
    await collector.until(lambda: port_three(collector.snapshot()).oper == "up")
    assert collector.agent.asked - before <= 2 * requests_a_poll(collector)
    assert "a-b: down (Port down: r1 Gi0/3)" in caplog.text


def port_three(snapshot: Snapshot) -> Any:
    return next(port for port in snapshot.ports["r1"] if port.name == "Gi0/3")


def requests_a_poll(collector: Collecting) -> int:
    return 6


async def test_a_forged_trap_changes_nothing_but_causes_a_poll(collector):
    before, asked = collector.snapshot(), collector.agent.asked
    collector.send(message_v2([], trap=COLD_START))
    await collector.until(lambda: collector.agent.asked > asked)
    await asyncio.sleep(1.2)
    after = collector.snapshot()
    assert collector.agent.asked - asked <= requests_a_poll(collector)
    assert after.links["a-b"].state is before.links["a-b"].state
    assert {d: view.state for d, view in after.devices.items()} == {
        d: view.state for d, view in before.devices.items()
    }


async def test_a_link_down_is_worth_one_question_unless_its_sender_has_a_key(collector):
    """Anybody can send what a community lets in; an agent's cache may hide what is true."""

    def looks() -> int:
        with closing(sqlite3.connect(collector.path)) as db:
            return int(db.execute("SELECT count(*) FROM look").fetchone()[0])

    assert await trap(collector, *V2C) == 0
    await collector.until(looks)
    await asyncio.sleep(2.0)  # who looks again does so after a second
    assert looks() == 1
    assert await trap(collector, *V3, "-e", "8000000001020304") == 0
    await collector.until(lambda: looks() >= 3)


async def test_a_reboot_told_by_a_trap_leaves_the_cycles_poll_as_it_was_seen(collector, caplog):
    seen = collector.snapshot()
    cells = switch(4)
    cells |= {SYS_UP_TIME: (ber.TIME_TICKS, 100), (*IF_ENTRY, 8, 3): (ber.INTEGER, 2)}
    collector.agent.replace(cells)
    collector.send(message_v2([], trap=COLD_START))
    await collector.until(lambda: port_three(collector.snapshot()).oper == "down")
    with HistoryReader(collector.path) as reader:
        replayed = reader.snapshot_at(seen.at_s)
    assert replayed.ports == seen.ports
    assert replayed.devices == seen.devices
    assert "a-b: down (Port down: r1 Gi0/3)" in caplog.text


async def test_a_storm_causes_at_most_a_poll_a_second(collector):
    asked, began_s = collector.agent.asked, time.monotonic()
    while time.monotonic() < began_s + 1.5:
        collector.send(message_v2([]), times=20)
        await asyncio.sleep(0.02)
    await asyncio.sleep(1.1)
    passed_s = time.monotonic() - began_s
    polls = (collector.agent.asked - asked) / requests_a_poll(collector)
    assert 0 < polls <= passed_s + 1


async def test_a_strangers_community_is_refused_counted_and_causes_no_poll(collector):
    asked = collector.agent.asked
    collector.send(message_v2([], community="guess"))
    collector.send(b"\x30\x03garbage")
    weaker = ("-v3", "-u", "noc", "-l", "authNoPriv", "-a", "SHA-256", "-A", "auth key 1")
    assert await trap(collector, *weaker, "-e", "8000000001020304") == 0
    log = await collector.counted(refused=2, garbled=1)
    assert (log.events, log.stored) == ((), 0)
    assert collector.agent.asked == asked


async def test_an_inform_that_is_refused_is_counted_and_finding_out_who_we_are_is_not(collector):
    wrong = tuple(word.replace("auth key 1", "auth key 9") for word in V3)
    assert await trap(collector, *wrong, "-t", "1", "-r", "0", tool="snmpinform") != 0
    assert await trap(collector, *V3, tool="snmpinform") == 0
    log = await collector.counted(refused=1, stored=1)
    assert sum(log.counts.values()) == 2


@linux_only
async def test_a_storm_of_one_sender_is_no_other_senders_loss(collector):
    storm = message_v2([(IF_INDEX, Integer32(1))])
    collector.send(storm, times=3000)
    collector.send(message_v2([], trap=COLD_START), source="127.0.0.9")
    await collector.until(lambda: any(e.device == "r2" for e in collector.events().events))
    log = await collector.counted(stored=3001)
    assert sum(log.counts.values()) == 3001


@pytest.mark.parametrize("listen", ["[::1]:{port}", "localhost:{port}"])
async def test_it_listens_where_the_inventory_says(tmp_path, listen):
    port = free_udp_port()
    written = listen.format(port=port)
    async with collecting(tmp_path / "history.db", traps={"listen": written}) as running:
        family = socket.AF_INET6 if "::" in written else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as udp:
            udp.sendto(message_v2([]), ("::1" if "::" in written else "127.0.0.1", port))
        await running.counted(stored=1)


async def test_a_taken_port_is_told_and_polling_goes_on(tmp_path, caplog):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        async with collecting(tmp_path / "history.db", traps={"listen": listen}) as running:
            assert f"Traps cannot be received on {listen}" in caplog.text
            assert running.snapshot().devices["r1"].state is State.UP


async def test_without_traps_in_the_inventory_nothing_listens(tmp_path):
    async with collecting(tmp_path / "history.db", traps=None) as running:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", running.port))
