"""What reflectors saw themselves, asked for by the collector over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from console.analysis.echoes import PathNumbers
from console.collector import far_paths as module
from console.collector.far_paths import FarPaths
from console.collector.lookups import Names, Secrets
from console.collector.recorder import CycleClock
from console.model.inventory import Inventory
from console.model.observation import PathWindow
from console.stamp.finished import Finished
from console.stamp.reflector import Reflector
from console.stamp.serving import Listener

KEY = "only we know"
NUMBERS = PathNumbers(10, 3, 2, 1, 2000, 4000, 6, 500, 300, 200)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY_S", 0.1)


@asynccontextmanager
async def reflecting(finished: Finished, port: int = 0) -> AsyncIterator[int]:
    listener = await Listener.open("127.0.0.1", port, Reflector(KEY.encode(), finished.fill))
    try:
        yield listener.place[1]
    finally:
        listener.close()


def inventory(port: int, key: str | None = KEY) -> Inventory:
    sites = [{"id": name, "name": name, "lat": 50, "lon": 8} for name in ("west", "east")]
    west = {"id": "refl-west", "site": "west", "address": f"127.0.0.1:{port}", "key": key}
    east = {"id": "refl-east", "site": "east", "address": "192.0.2.1"}
    return Inventory.model_validate(
        {
            "network": "test",
            "snmp": {},
            "devices": [],
            "sites": sites,
            "polling": {"timeout_s": 0.2, "retries": 0},
            "reflectors": [{**west, "toward": ["refl-east"]}, east],
        }
    )


@asynccontextmanager
async def collecting(known: Inventory) -> AsyncIterator[list[PathWindow]]:
    clock = CycleClock(7, time.time(), time.monotonic())
    seen: list[PathWindow] = []
    paths = FarPaths(known, Names(), Secrets(), lambda: clock, seen.append)
    running = asyncio.create_task(paths.run())
    try:
        yield seen
    finally:
        running.cancel()
        await asyncio.wait([running])


async def until(seen: list[PathWindow], count: int) -> None:
    async with asyncio.timeout(5):
        while len(seen) < count:
            await asyncio.sleep(0.01)


async def test_every_window_is_taken_once_and_placed_by_its_age() -> None:
    finished = Finished(["refl-east"], 34)
    finished.add("refl-east", time.monotonic() - 20, 15.0, NUMBERS)  # before the collector began
    async with reflecting(finished) as port, collecting(inventory(port)) as seen:
        began_s = time.monotonic()
        await asyncio.sleep(0.15)
        finished.add("refl-east", began_s + 0.1, 0.05, NUMBERS)
        await until(seen, 1)
        finished.add("refl-east", began_s + 0.2, 0.05, NUMBERS)
        await until(seen, 2)
        await asyncio.sleep(0.25)
    assert [(w.subject, w.path, w.cycle) for w in seen] == [
        ("refl-east", "stamp-from refl-west 34", 7)
    ] * 2
    assert [w.at_ms for w in seen] == pytest.approx([100, 200], abs=30)
    assert (seen[0].lasts_ms, seen[0].sent, seen[0].lost_back) == (50, 10, 1)


async def test_a_reflector_that_began_anew_is_believed_from_its_first_window() -> None:
    first, second = Finished(["refl-east"], 34), Finished(["refl-east"], 34)
    async with reflecting(first) as port:
        pass
    async with collecting(inventory(port)) as seen:
        await asyncio.sleep(0.05)
        async with reflecting(first, port):
            for _ in range(3):
                first.add("refl-east", time.monotonic() - 0.01, 0.005, NUMBERS)
            await until(seen, 3)
        async with reflecting(second, port):
            second.add("refl-east", time.monotonic() - 0.01, 0.005, NUMBERS)
            await until(seen, 4)
    assert len(seen) == 4


async def test_a_question_that_was_lost_is_made_up_for_and_no_gap_is_filled() -> None:
    finished = Finished(["refl-east"], 34)
    async with reflecting(finished) as port:
        pass
    async with collecting(inventory(port)) as seen:
        await asyncio.sleep(0.1)
        for _ in range(2):
            finished.add("refl-east", time.monotonic(), 0.001, NUMBERS)
        await asyncio.sleep(0.3)
        assert seen == []
        async with reflecting(finished, port):
            await until(seen, 2)
            await asyncio.sleep(0.2)
    assert len(seen) == 2


async def test_a_path_that_nobody_measures_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    async with reflecting(Finished([], 34)) as port, collecting(inventory(port)) as seen:
        await asyncio.sleep(0.4)
    assert seen == []
    assert len(caplog.records) == 1
    assert "--toward refl-east" in caplog.text


async def test_without_a_key_nobody_is_asked() -> None:
    finished = Finished(["refl-east"], 34)
    async with reflecting(finished) as port, collecting(inventory(port, None)) as seen:
        finished.add("refl-east", time.monotonic(), 0.001, NUMBERS)
        await asyncio.sleep(0.3)
    assert seen == []
