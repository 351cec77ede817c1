"""When ports came into their states: a row where it changed, seen from its commit on."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.history.reader import HistoryReader
from console.history.retention import Retention
from console.history.writer import HistoryWriter
from console.model.observation import Batch, DevicePoll, PortChange
from tests.histories_small import NOON_S, SYSTEM, facts_of, poll_of, small_inventory

KEY = facts_of()[0].key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def polled(cycle: int, *changes: PortChange, at_ms: int = 100, first: bool = False) -> DevicePoll:
    facts = {"system": SYSTEM, "port_facts": facts_of()} if first else {}
    return poll_of("a1", cycle, at_ms=at_ms, changes=changes, **facts)


def change(ticks: int | None, at_s: float | None) -> PortChange:
    return PortChange(KEY, ticks, at_s)


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT ticks, at FROM port_change ORDER BY id").fetchall()


def seen_at(path: Path, at_s: float | None) -> float | None:
    with HistoryReader(path) as reader:
        snapshot = reader.snapshot_at(at_s, now_s=NOON_S + 62)
    return next(port.last_change_s for port in snapshot.ports["a1"] if port.name == "p1")


def test_it_is_seen_from_its_commit_on_by_polls_and_looks(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        first = writer.begin_cycle(NOON_S)
        told = change(100, NOON_S - 500)
        writer.store(Batch(first, NOON_S + 1, (polled(first, told, first=True),)))
        look = polled(first, change(600, NOON_S + 3), at_ms=4000)
        writer.store(Batch(first, NOON_S + 5, looks=(look,)))
        second = writer.begin_cycle(NOON_S + 30)
        writer.store(Batch(second, NOON_S + 31, (polled(second),)))
        third = writer.begin_cycle(NOON_S + 60)
        writer.store(Batch(third, NOON_S + 61, (polled(third, change(None, None)),)))
    moments = (NOON_S + 2, NOON_S + 4.9, NOON_S + 5, NOON_S + 32, None, NOON_S + 4.9)
    assert [seen_at(path, at_s) for at_s in moments] == [
        *(NOON_S - 500, NOON_S - 500, NOON_S + 3, NOON_S + 3, None, NOON_S - 500)
    ]
    with HistoryReader(path) as reader:  # one reader, back and forth
        found = [reader.snapshot_at(at_s).ports["a1"][0] for at_s in moments[:4][::-1]]
    assert [port.last_change_s for port in found] == [
        *(NOON_S + 3, NOON_S + 3, NOON_S - 500, NOON_S - 500)
    ]


def test_the_same_told_again_is_no_row_even_by_another_run(path: Path) -> None:
    for run, wanders_s in enumerate((0.0, 0.4, 20.0)):
        with HistoryWriter.open(path, "1") as writer:
            writer.record_inventory(small_inventory())
            cycle = writer.begin_cycle(NOON_S + 30 * run)
            told = change(100, NOON_S - 500 + wanders_s)
            poll = polled(cycle, told, first=not run)
            writer.store(Batch(cycle, NOON_S + 30 * run + 1, (poll,)))
    assert rows(path) == [(100, NOON_S - 500)]


def test_the_same_ticks_after_a_reboot_are_another_moment(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        cycle = writer.begin_cycle(NOON_S)
        before, after = change(100, NOON_S - 500), change(100, NOON_S - 9)
        writer.store(Batch(cycle, NOON_S + 1, (polled(cycle, before, first=True),)))
        writer.store(Batch(cycle, NOON_S + 8, looks=(polled(cycle, after, at_ms=7000),)))
    assert rows(path) == [(100, NOON_S - 500), (100, NOON_S - 9)]


def test_what_was_superseded_long_ago_is_deleted_and_the_rest_stays(path: Path) -> None:
    with HistoryWriter.open(path, "1", Retention(cycles_d=0.01)) as writer:
        writer.record_inventory(small_inventory())
        for number in range(60):
            at_s = NOON_S + 60 * number
            cycle = writer.begin_cycle(at_s)
            news = (change(number, at_s),) if number in (0, 5, 50) else ()
            writer.store(Batch(cycle, at_s + 1, (polled(cycle, *news, first=not number),)))
    assert [ticks for ticks, _at in rows(path)] == [5, 50]
