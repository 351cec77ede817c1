"""Gates freeze what a real history says, once, and none that was missed."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.collector.gates import Due, Gates, due
from console.collector.recorder import Recorder
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.inventory import Conference, Inventory
from console.model.observation import Batch, PathWindow
from console.model.plan import Occurrence, Plan, PlanSource
from console.model.readiness import Verdict
from tests.histories_small import NOON_S, small_inventory

ZONE = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = 60, 3600, 86400


def plan(*occurrences: Occurrence) -> Plan:
    entry = Conference(id="conf", bridge="mcu", profile="hd", calendar="c.ics")
    return Plan(entry, PlanSource.CALENDAR, occurrences)


@pytest.mark.parametrize(
    ("before_s", "expected"),
    [
        (7 * DAY + 1, []),
        (7 * DAY, ["7d"]),
        (7 * DAY - HOUR, ["7d"]),
        (7 * DAY - HOUR - 1, []),
        (DAY - 5, ["1d"]),
        (HOUR, ["60m"]),
        (HOUR - 121, []),
        (15 * MINUTE - 120, ["15m"]),
        (5 * MINUTE - 119, ["5m"]),
        (0, []),
        (-HOUR - 29, []),
        (-HOUR - 30, ["report"]),
        (-HOUR - 30 - DAY - 1, []),
    ],
)
def test_a_gate_is_due_from_its_moment_on_for_so_long(before_s: float, expected: list[str]) -> None:
    one = Occurrence(NOON_S, NOON_S + HOUR)
    found = list(due((plan(one),), ZONE, NOON_S - before_s))
    assert found == [Due("conf", one, gate) for gate in expected]


def planned(start_s: float) -> Inventory:
    start = datetime.fromtimestamp(start_s, UTC).isoformat()
    entry = {"id": "conf", "bridge": "mcu", "profile": "hd", "start": start, "duration_min": 1}
    return small_inventory(profiles={"hd": {"up": "4M", "down": "8M"}}, conferences=[entry])


async def run(path: Path, inventory: Inventory, gates: list[str]) -> None:
    """Collect nothing but keep gates, until these are in the history."""
    plans = tuple(Plan(entry) for entry in inventory.conferences)
    async with Recorder(path) as recorder:
        await recorder.record_inventory(inventory)
        await recorder.begin_cycle()
        committing = asyncio.create_task(recorder.keep_committing())
        await asyncio.sleep(0.6)  # until the first commit
        keeping = asyncio.create_task(Gates(recorder, lambda: plans, "UTC", 0.0).keep())
        try:
            await asyncio.wait_for(_kept(path, gates), 20)
        finally:
            for task in (keeping, committing):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _kept(path: Path, gates: list[str]) -> None:
    while True:
        with HistoryReader(path) as reader:
            if set(gates) <= set(found(reader)):
                return
        await asyncio.sleep(0.1)


def found(reader: HistoryReader) -> list[str]:
    inventory = reader.inventory_at(None)
    assert inventory is not None
    (entry,) = inventory.conferences
    assert entry.start is not None
    start_s = entry.start.timestamp()
    report = ["report"] if reader.report_kept("conf", start_s) else []
    return [kept.gate for kept in reader.frozen_at("conf", start_s, None)] + report


async def test_a_gate_is_kept_once_also_over_a_restart(tmp_path: Path) -> None:
    path, inventory = tmp_path / "history.db", planned(time.time() // 1 + 5 * MINUTE - 2)
    await run(path, inventory, ["5m"])
    with HistoryReader(path) as reader:
        start_s = inventory.conferences[0].start.timestamp()
        (first,) = reader.frozen_at("conf", start_s, None)
    assert first.assessment.verdict is Verdict.UNKNOWN  # nothing was ever asked
    assert first.assessment.start_s == start_s
    await run(path, inventory, ["5m"])
    with HistoryReader(path) as reader:
        assert reader.frozen_at("conf", start_s, None) == (first,)


async def test_a_report_is_made_of_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    start_s = time.time() // 1 - 95  # it lasted a minute and ended more than half a minute ago
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(planned(start_s))
        cycle = writer.begin_cycle(start_s)
        window = PathWindow("room", "icmp h", cycle, 0, 15_000, 10, 0, rtt_us=900)
        writer.store(Batch(cycle, start_s + 20, windows=(window,)))
    await run(path, planned(start_s), ["report"])
    with HistoryReader(path) as reader:
        told = reader.report("conf", start_s)
    assert told is not None
    assert (told.happened, told.right, told.rooms[0].green) == (Verdict.READY, None, 1)
