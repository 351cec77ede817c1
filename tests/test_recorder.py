import asyncio
import sqlite3
from pathlib import Path

import pytest

from console.collector.recorder import Recorder
from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.inventory import load
from console.model.observation import DevicePoll, ProbeResult, Transition
from console.model.states import CollectorState, Outcome, State
from tests.builders import DEMO_INVENTORY

INVENTORY = load(DEMO_INVENTORY)
DEVICE = INVENTORY.devices[0].id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


async def begun(recorder: Recorder) -> None:
    await recorder.record_inventory(INVENTORY)
    await recorder.begin_cycle()


def seen(recorder: Recorder, state: str = "up", *reasons: str) -> None:
    cycle = recorder.now()
    poll = DevicePoll(DEVICE, cycle.id, cycle.ms(), Outcome.OK, 1500)
    change = Transition(DEVICE, cycle.id, cycle.ms(), state, reasons)
    recorder.add(poll=poll, transitions=(change,))


async def test_what_waits_is_committed_at_the_end(path):
    async with Recorder(path) as recorder:
        await begun(recorder)
        seen(recorder)
        recorder.add(probe=ProbeResult(DEVICE, "icmp", 1, 5, Outcome.TIMEOUT))
    assert rows(path, "SELECT cycle, outcome, rtt_us FROM poll") == [(1, 0, 1500)]
    assert rows(path, "SELECT cycle, at_ms, outcome FROM probe_result") == [(1, 5, 2)]
    with HistoryReader(path) as reader:
        snapshot = reader.snapshot_at(None)
    assert snapshot.collector.state is CollectorState.STOPPED


async def test_what_waits_is_committed_soon_and_the_heart_beats(path):
    async with Recorder(path) as recorder:
        await begun(recorder)
        committing = asyncio.create_task(recorder.keep_committing())
        seen(recorder)
        with HistoryReader(path) as reader:
            before = reader.data_version()
            while not rows(path, "SELECT 1 FROM poll"):
                await asyncio.sleep(0.02)
            assert reader.data_version() != before
            assert reader.snapshot_at(None).devices[DEVICE].state is State.UP
            beat = rows(path, "SELECT last_at FROM heartbeat")
            while rows(path, "SELECT last_at FROM heartbeat") == beat:
                await asyncio.sleep(0.02)
        committing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await committing


async def test_how_things_stand_includes_what_still_waits(path):
    async with Recorder(path) as recorder:
        await begun(recorder)
        seen(recorder, "down", "snmp_timeout")
        stood = await recorder.resumed()
    assert (stood[DEVICE].state, stood[DEVICE].reasons) == ("down", ("snmp_timeout",))


async def test_a_state_began_when_it_began_though_its_reasons_change(path):
    async with Recorder(path) as recorder:
        await begun(recorder)
        seen(recorder, "down", "snmp_timeout")
        await asyncio.sleep(0.03)
        seen(recorder, "down", "snmp_timeout", "ping_timeout")
        await recorder.resumed()
        with HistoryReader(path) as reader:
            view = reader.snapshot_at(None).devices[DEVICE]
    first = rows(path, "SELECT min(at) FROM transition")[0][0]
    assert view.since_s == first
    assert [reason.code for reason in view.reasons] == ["snmp_timeout", "ping_timeout"]


async def test_a_second_writer_is_refused_and_leaves_nothing_behind(path):
    async with Recorder(path) as recorder:
        await begun(recorder)
        with pytest.raises(OperatorError, match="already writes"):
            async with Recorder(path):
                pass
        seen(recorder)
    async with Recorder(path) as recorder:
        await recorder.begin_cycle()
    assert rows(path, "SELECT id FROM cycle") == [(1,), (2,)]
