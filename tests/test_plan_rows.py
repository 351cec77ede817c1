"""Plans in the history: as visible at a moment, and without secrets."""

import sqlite3
from contextlib import closing
from pathlib import Path

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.inventory import Conference
from console.model.observation import Batch
from console.model.plan import Occurrence, Plan, PlanSource
from tests.histories_small import NOON_S, small_inventory

PROFILES = {"hd": {"up": "4M", "down": "8M"}}
OWN = {
    "id": "weekly",
    "bridge": "mcu",
    "profile": "hd",
    "start": "2026-11-26T10:00",
    "repeat": "RRULE:FREQ=WEEKLY",
}
SECRET = Conference(
    id="it",
    bridge="mcu",
    profile="hd",
    calendar="https://user:hidden-word@host/it.ics?token=hidden-word",
    credential="hidden-word",
)


def test_without_a_row_the_inventory_tells(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    inventory = small_inventory(profiles=PROFILES, conferences=[OWN])
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(inventory)
        writer.begin_cycle(NOON_S)
    with HistoryReader(path) as reader:
        assert reader.snapshot_at(NOON_S + 1).plans == (Plan(inventory.conferences[0]),)


def test_plans_are_written_when_they_change_and_seen_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    entry = Conference.model_validate(OWN)
    first = (Plan(entry),)
    second = (
        *first,
        Plan(SECRET, PlanSource.CALENDAR, (Occurrence(NOON_S, NOON_S + 60, "Title"),), "calendar"),
    )
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory(profiles=PROFILES))
        cycle = writer.begin_cycle(NOON_S)
        writer.store(Batch(cycle, NOON_S + 1, plans=first))
        writer.store(Batch(cycle, NOON_S + 2, plans=first))
        writer.store(Batch(cycle, NOON_S + 3, plans=None))
    with HistoryWriter.open(path, "1") as writer:
        writer.store(Batch(cycle, NOON_S + 4, plans=first))
        writer.store(Batch(cycle, NOON_S + 5, plans=second))
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT content FROM plan").fetchall()
    assert len(rows) == 2
    assert "hidden-word" not in str(rows)
    with HistoryReader(path) as reader:
        none, one, two = (reader.snapshot_at(NOON_S + s).plans for s in (0.5, 4.9, 5))
    assert (none, one) == ((), first)
    assert two[0] == first[0]
    assert (two[1].source, two[1].read, two[1].problem) == (
        *(PlanSource.CALENDAR, second[1].read, "calendar"),
    )
    assert two[1].entry.calendar == "https://user@host/it.ics?token=removed"
