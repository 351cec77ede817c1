"""Rooms of an inventory asked by all their probes at once, as the collector asks them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bench.agents import SYS_UP_TIME, Agent
from console.collector.lookups import Names, Secrets
from console.collector.questions import Means
from console.collector.recorder import CycleClock
from console.collector.rooms import Rooms
from console.collector.vigil import Vigil
from console.model.inventory import Inventory
from console.model.observation import ProbeResult
from console.model.states import Outcome
from console.snmp import ber
from tests.certificates import authority
from tests.peers import free_tcp_port
from tests.sip_peer import baresip
from tests.snmp_agents import answering
from tests.test_cisco import PLAIN, STATUS
from tests.web_peers import Reply, serving

IDLE = STATUS.format(**PLAIN)


@asynccontextmanager
async def asking(folder: Path, *probes, manager=None, **more) -> AsyncIterator[list[ProbeResult]]:
    """Ask a room by its probes meanwhile; give what they were told."""
    inventory = Inventory.model_validate(
        {
            "network": "Test",
            "snmp": {"lab": {"version": "2c", "community": "public"}},
            "polling": {"timeout_s": 0.5, "retries": 0, "rooms_s": 1},
            "devices": [],
            "rooms": [{"id": "saal", "site": "s", "name": "Saal", "probes": probes}],
            **more,
        }
    )
    told: list[ProbeResult] = []
    means = Means(
        *(inventory.polling, Names(), Secrets(), manager, None),
        lambda: CycleClock(1, 0.0, 0.0),
        *(lambda _poll: None, lambda _look: None, told.append),
    )
    task = asyncio.create_task(
        Rooms(means, inventory, folder, Vigil(inventory, lambda: ())).keep_asking(0.1)
    )
    try:
        yield told
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.05)


async def until(told: list[ProbeResult], *protocols: str) -> dict[str, ProbeResult]:
    """Wait until every protocol told something; return the last of each."""
    for _turn in range(400):
        last = {result.probe.partition(" ")[0]: result for result in told}
        if last.keys() >= set(protocols):
            return last
        await asyncio.sleep(0.02)
    pytest.fail(f"waited in vain for {protocols}: {told}")


async def test_every_probe_tells_by_itself_and_none_holds_up_another(tmp_path):
    own = authority(tmp_path)
    agent = Agent({SYS_UP_TIME: (ber.TIME_TICKS, 1)})
    with baresip(tmp_path, own.pem("127.0.0.1")) as sip:
        async with (
            serving(Reply(raw=b"HTTP", pause_s=60)) as silent,
            serving(Reply(IDLE), own.server("localhost")) as room,
            answering(agent) as (manager, target),
            asking(
                tmp_path,
                {"cisco": f"https://localhost:{room.port}", "credential": "noc:secret"},
                {"poly": f"http://127.0.0.1:{silent.port}"},
                {"poly_snmp": f"127.0.0.1:{target.port}", "snmp": "lab"},
                {"sip": f"sip:tr-saal@127.0.0.1:{sip + 1}", "transport": "tls"},
                {"http": f"http://127.0.0.1:{free_tcp_port()}"},
                manager=manager,
                ca=own.path.name,
            ) as told,
        ):
            seen = await until(told, "cisco", "poly", "poly_snmp", "sip", "http")
    outcomes = {name: (result.outcome, result.detail) for name, result in seen.items()}
    assert outcomes == {
        "cisco": (Outcome.OK, None),
        "poly": (Outcome.TIMEOUT, "http_timeout"),
        "poly_snmp": (Outcome.GARBLED, "poly_snmp_garbled"),
        "sip": (Outcome.OK, None),
        "http": (Outcome.ERROR, "port_closed"),
    }
    assert room.heard[0].credential == "noc:secret"
    assert seen["cisco"].facts is not None
    assert seen["cisco"].facts.registered is True


async def test_without_its_secret_a_room_is_not_asked(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("ROOM_SECRET", raising=False)
    async with serving(Reply(IDLE)) as room:
        probe = {"cisco": f"http://127.0.0.1:{room.port}", "credential": "noc:${env:ROOM_SECRET}"}
        async with asking(tmp_path, probe) as told:
            seen = await until(told, "cisco")
    assert seen["cisco"].detail == "secret_missing:${env:ROOM_SECRET}"
    assert room.heard == []
    assert "ROOM_SECRET" in caplog.text


async def test_a_secret_that_is_there_reaches_the_room(tmp_path, monkeypatch):
    monkeypatch.setenv("ROOM_SECRET", "geheim")
    async with serving(Reply(IDLE)) as room:
        probe = {"cisco": f"http://127.0.0.1:{room.port}", "credential": "noc:${env:ROOM_SECRET}"}
        async with asking(tmp_path, probe) as told:
            await until(told, "cisco")
    assert room.heard[0].credential == "noc:geheim"


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_an_authority_that_cannot_be_read_is_told_once(tmp_path, caplog, content):
    caplog.set_level(logging.INFO, "leitstand")
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    own = authority(tmp_path)
    async with serving(Reply(IDLE), own.server("127.0.0.1")) as room:
        probe = {"https": f"https://127.0.0.1:{room.port}"}
        async with asking(tmp_path, probe, ca="ca.pem") as told:
            seen = await until(told, "https")
    assert seen["https"].detail == "tls_untrusted"
    assert len(caplog.records) == 1
    assert "ca.pem holds no authority's certificate" in caplog.text


async def test_a_name_that_does_not_resolve(tmp_path):
    async with asking(tmp_path, {"jitsi": "http://nobody.invalid:8080"}) as told:
        seen = await until(told, "jitsi")
    assert (seen["jitsi"].outcome, seen["jitsi"].detail) == (Outcome.ERROR, "dns")
