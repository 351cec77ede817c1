import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from console.collector import measuring as path_module
from console.collector.lookups import Names, Secrets
from console.collector.path_targets import icmp_paths
from console.collector.paths import Paths
from console.collector.recorder import CycleClock
from console.model.inventory import Inventory
from console.model.observation import PathWindow
from console.probes.icmp import Pinger, allowed_pinger
from console.stamp.reflector import Reflector
from console.stamp.serving import Listener


def inventory(**sections: Any) -> Inventory:
    polling = {"ping_s": 1, "paths_s": 0.05, "timeout_s": 0.2, **sections.pop("polling", {})}
    return Inventory.model_validate(
        {
            "network": "test",
            "snmp": {"lab": {"version": "2c", "community": "public"}},
            "sites": [{"id": name, "name": name, "lat": 50, "lon": 8} for name in ("west", "east")],
            "devices": [
                {"id": "west-r1", "site": "west", "address": "192.0.2.1", "snmp": "lab"},
                {"id": "east-r1", "site": "east", "address": "192.0.2.2", "snmp": "lab"},
                {"id": "east-r2", "site": "east", "address": "192.0.2.3", "snmp": "lab"},
            ],
            "polling": polling,
            **sections,
        }
    )


@asynccontextmanager
async def measuring(
    measured: Inventory, pinger: Pinger | None = None
) -> AsyncIterator[list[PathWindow]]:
    clock = CycleClock(7, time.time(), time.monotonic())
    seen: list[PathWindow] = []
    paths = Paths(measured, Names(), Secrets(), pinger, lambda: clock, seen.append)
    running = asyncio.create_task(paths.run())
    try:
        yield seen
    finally:
        running.cancel()
        await asyncio.wait([running])


@asynccontextmanager
async def reflecting(key: bytes | None = None) -> AsyncIterator[Listener]:
    listener = await Listener.open("127.0.0.1", 0, Reflector(key))
    try:
        yield listener
    finally:
        listener.close()


def reflector(listener: Listener, **more: str) -> dict[str, str]:
    host, port = listener.place
    return {"id": "refl-east", "site": "east", "address": f"{host}:{port}", **more}


def room(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "site": "east", "name": name, **more}


async def test_windows_follow_each_other_at_whole_multiples(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(path_module, "WINDOW_S", 1.0)
    began_s = time.time()
    async with reflecting() as there, measuring(inventory(reflectors=[reflector(there)])) as seen:
        port = there.place[1]
        await asyncio.sleep(2.9)
        assert seen, "a window is handed on while the collector runs"
    starts_s = [began_s + window.at_ms / 1000 for window in seen]
    assert {(w.subject, w.path, w.cycle) for w in seen} == {
        ("refl-east", f"stamp 127.0.0.1:{port} 34", 7)
    }
    assert all(window.lost == 0 and window.rtt_us for window in seen)
    for start_s, window, after_s in zip(starts_s, seen, starts_s[1:], strict=False):
        assert after_s == pytest.approx(start_s + window.lasts_ms / 1000, abs=0.01)
        assert after_s == pytest.approx(round(after_s), abs=0.05)


async def test_what_was_seen_until_the_end_is_not_lost() -> None:
    async with reflecting() as there, measuring(inventory(reflectors=[reflector(there)])) as seen:
        await asyncio.sleep(0.6)
        assert seen == []
    assert len(seen) in (1, 2)  # the edge of a window may lie inside
    assert sum(window.sent for window in seen) >= 5
    assert sum(window.lost for window in seen) == 0
    assert sum(window.lasts_ms for window in seen) == pytest.approx(600, abs=200)


async def test_a_reflector_that_is_silent_is_seen_as_loss() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        entry = {"id": "refl-east", "site": "east", "address": address}
        async with measuring(inventory(reflectors=[entry])) as seen:
            await asyncio.sleep(0.6)
    assert sum(window.sent for window in seen) > 3
    assert all(window.lost == window.sent and window.rtt_us is None for window in seen)


async def test_with_a_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLECTOR_KEY", "only we know")
    async with reflecting(b"only we know") as there:
        entry = reflector(there, key="${env:REFLECTOR_KEY}")
        async with measuring(inventory(reflectors=[entry])) as seen:
            await asyncio.sleep(0.4)
    assert sum(window.sent for window in seen) > 1
    assert sum(window.lost for window in seen) == 0


async def test_a_key_that_is_missing_is_told_once_and_nothing_is_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with reflecting() as there:
        entry = reflector(there, key="${env:NOT_SET_ANYWHERE}")
        async with measuring(inventory(reflectors=[entry])) as seen:
            await asyncio.sleep(0.4)
    assert seen == []
    assert len(caplog.records) == 1
    assert "NOT_SET_ANYWHERE" in caplog.text


async def test_a_host_without_an_address_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    entry = {"id": "refl-east", "site": "east", "address": "nowhere.invalid"}
    async with measuring(inventory(reflectors=[entry])) as seen:
        await asyncio.sleep(0.4)
    assert seen == []
    assert len(caplog.records) == 1
    assert "nowhere.invalid" in caplog.text


async def test_rooms_that_share_a_host_share_the_pings() -> None:
    pinger = allowed_pinger()
    if pinger is None:
        pytest.skip("this system allows no pings without root")
    rooms = [room(name, probes=[{"icmp": "127.0.0.1"}]) for name in ("hall", "office")]
    async with measuring(inventory(rooms=rooms), pinger) as seen:
        await asyncio.sleep(0.4)
    assert {window.subject for window in seen} == {"hall", "office"}
    assert {window.path for window in seen} == {"icmp 127.0.0.1"}
    assert all(window.lost == 0 and window.rtt_us for window in seen)
    assert all(window.lost_there == 0 for window in seen)


async def test_pings_over_ipv6_and_with_raw_sockets() -> None:
    pinger = allowed_pinger()
    if pinger is None:
        pytest.skip("this system allows no pings without root")
    pingers = [pinger]
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
        pingers.append(Pinger(True))
    except PermissionError:
        pass
    rooms = [room("hall", probes=[{"icmp": "127.0.0.1"}]), room("six", probes=[{"icmp": "0::1"}])]
    for one in pingers:
        async with measuring(inventory(rooms=rooms), one) as seen:
            await asyncio.sleep(0.4)
        assert {window.subject for window in seen} == {"hall", "six"}
        assert sum(window.lost for window in seen) == 0


async def test_nothing_is_sent_where_paths_are_off() -> None:
    off = inventory(polling={"paths_s": None}, rooms=[room("hall", probes=[{"icmp": "127.0.0.1"}])])
    async with measuring(off, allowed_pinger()) as seen:
        await asyncio.sleep(0.1)
    assert seen == []


def hosts(**sections: Any) -> dict[str, tuple[str, ...]]:
    return {path.host: path.subjects for path in icmp_paths(inventory(**sections))}


def test_a_room_is_reached_by_its_own_host_or_its_device_or_one_of_its_site() -> None:
    rooms = [
        room("own", probes=[{"icmp": "192.0.2.9"}]),
        room("named", device="east-r2"),
        room("any"),
    ]
    assert hosts(rooms=rooms) == {
        "192.0.2.9": ("own",),
        "192.0.2.3": ("named",),
        "192.0.2.2": ("any",),
    }


def test_a_host_that_stands_for_several_sites_stands_for_none() -> None:
    shared = [
        {"id": f"r{n}", "site": site, "address": f"127.0.0.1:{1000 + n}", "snmp": "lab"}
        for n, site in enumerate(("west", "east"))
    ]
    assert hosts(rooms=[room("any")], devices=shared) == {}


def test_where_nothing_is_pinged_no_path_is() -> None:
    rooms = [room("own", probes=[{"icmp": "192.0.2.9"}])]
    assert hosts(rooms=rooms, polling={"ping_s": None}) == {}
