"""Simulated Cisco and Poly rooms, asked over real sockets as the collector asks them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from console.demo.room_systems import RoomMoment, facts
from console.demo.serve import Endpoints, endpoints_of, serve
from console.demo.simulation import Simulation
from console.demo.web import WebRoom
from console.model.inventory import Inventory, Probe
from console.model.states import Outcome
from console.probes.rooms import table
from tests.peers import free_tcp_port
from tests.simulated import shipped
from tests.web_peers import means, question

IDLE = RoomMoment("LST1", in_call=False, standby=False, up_s=90.0)


@asynccontextmanager
async def simulated(room: WebRoom) -> AsyncIterator[str]:
    """The URL of a room that is simulated meanwhile."""
    port, stop, ready = free_tcp_port(), asyncio.Event(), asyncio.Event()
    endpoints = Endpoints(web={("127.0.0.1", port): room})
    task = asyncio.create_task(serve(endpoints, stop, ready.set))
    await ready.wait()
    yield f"http://127.0.0.1:{port}"
    stop.set()
    with suppress(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", ["cisco", "poly"])
@pytest.mark.parametrize("now", [IDLE, replace(IDLE, in_call=True), replace(IDLE, standby=True)])
async def test_they_tell_what_the_past_says(kind, now):
    room = WebRoom(kind, lambda _at_s: now, "demo:demo")
    async with simulated(room) as url, means() as by:
        answer = await table.ask(kind, by, question(url, "demo:demo"))
        wrong = await table.ask(kind, by, question(url, "demo:wrong"))
        nobody = await table.ask(kind, by, question(url))
    assert (answer.outcome, answer.facts) == (Outcome.OK, facts(kind, now))
    assert answer.facts is not None
    assert (answer.facts.in_call, answer.facts.standby) == (now.in_call, now.standby)
    assert answer.facts.registered is True
    assert (wrong.outcome, nobody.outcome) == (Outcome.REFUSED, Outcome.REFUSED)


@pytest.mark.parametrize("kind", ["cisco", "poly"])
async def test_a_lost_room_is_silent(kind):
    async with simulated(WebRoom(kind, lambda _at_s: None)) as url, means() as by:
        answer = await table.ask(kind, by, question(url, timeout_s=0.2))
    assert (answer.outcome, answer.detail) == (Outcome.TIMEOUT, "http_timeout")


@pytest.mark.parametrize("rubbish", [b"\r\n\r\n", b"GET\r\n\r\n", b"\xff" * 100_000, b""])
async def test_rubbish_ends_nothing(rubbish):
    async with simulated(WebRoom("cisco", lambda _at_s: IDLE)) as url, means() as by:
        _reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(rubbish)
        writer.close()
        answer = await table.ask("cisco", by, question(url))
    assert answer.outcome is Outcome.OK


def test_what_the_simulation_cannot_be_is_left_out():
    asked = ({"cisco": "https://127.0.0.1:9"}, {"poly": "http://127.0.0.1:18210"})
    probes = tuple(map(Probe.model_validate, (*asked, {"jitsi": "http://127.0.0.1:9"})))
    room = shipped().rooms[0].model_copy(update={"probes": probes})
    inventory = shipped().model_copy(update={"rooms": (room,), "conferences": ()})
    found = endpoints_of(Simulation(inventory, 1, time.time()))
    assert list(found.web) == [("127.0.0.1", 18210)]
    assert found.left_out == [room.id]


def test_a_network_of_one_device_without_links_can_be_simulated():
    inventory = Inventory.model_validate(
        {
            "network": "One",
            "snmp": {"lab": {"version": "2c", "community": "public"}},
            "sites": [{"id": "s", "name": "S", "lat": 50, "lon": 7}],
            "devices": [{"id": "r", "site": "s", "address": "127.0.0.1:16999", "snmp": "lab"}],
            "rooms": [
                {"id": "a", "site": "s", "name": "A", "probes": [{"sip": "sip:a@127.0.0.1:15999"}]},
                {
                    "id": "b",
                    "site": "s",
                    "name": "B",
                    "probes": [{"poly": "http://127.0.0.1:18210"}],
                },
            ],
        }
    )
    now_s = time.time()
    courses = (Simulation(inventory, seed, now_s) for seed in range(100))
    quiet = next(c for c in courses if not c.script.between(now_s - 300, now_s + 300))
    assert endpoints_of(quiet).rooms == {"a", "b"}
    assert quiet.device("r", now_s) is not None
    assert quiet.sip_status(inventory.rooms[0], now_s) == 200
