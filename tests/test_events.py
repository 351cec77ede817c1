"""Events in the history: written, counted, read as a moment saw them, forgotten in time."""

import sqlite3
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.history import event_rows
from console.history.connection import version_of
from console.history.migrations import migrate
from console.history.reader import HistoryReader
from console.history.retention import Retention
from console.history.schema import APPLICATION_ID, TABLES, VERSION
from console.history.writer import HistoryWriter
from console.model.events import Event, EventCount, EventView, Fate
from console.model.observation import Batch
from tests.histories_small import NOON_S, small_inventory

LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
VARIABLES = (("1.3.6.1.2.1.2.2.1.1.7", "7"), ("1.3.6.1.2.1.31.1.1.1.18.7", 'Größe "7"\ufffd'))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


@pytest.fixture
def writer(path):
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        writer.begin_cycle(NOON_S)
        yield writer


def event(at_ms=0, cycle=1, device="a1", trap=LINK_DOWN, variables=VARIABLES, left_out=2):
    return Event(cycle, at_ms, device, "127.0.0.1", trap, variables, left_out)


def read(path, from_s=NOON_S, to_s=None, limit=500):
    with HistoryReader(path) as reader:
        return reader.events(from_s, to_s, limit)


def test_an_event_is_read_as_it_was_written(path, writer):
    writer.store(Batch(1, NOON_S + 1, events=(event(250), event(300, device=None))))
    log = read(path)
    known = EventView(NOON_S + 0.25, "a1", "127.0.0.1", LINK_DOWN, VARIABLES, 2)
    assert log.events[1] == known
    assert log.events[0].device is None
    assert (log.counts, log.stored, log.lost) == ({Fate.STORED: 2}, 2, 0)


def test_what_was_not_stored_is_counted(path, writer):
    counts = (
        EventCount(1, 900, Fate.WITHHELD, 7, "a1"),
        EventCount(1, 900, Fate.KERNEL, 3),
        EventCount(1, 900, Fate.KERNEL, 2),
        EventCount(1, 900, Fate.REFUSED, 9),
    )
    writer.store(Batch(1, NOON_S + 1, events=(event(),), event_counts=counts))
    log = read(path)
    assert log.counts == {Fate.STORED: 1, Fate.WITHHELD: 7, Fate.KERNEL: 5, Fate.REFUSED: 9}
    assert log.lost == 12


def test_only_the_newest_are_returned_but_all_are_counted(path, writer):
    writer.store(Batch(1, NOON_S + 1, events=tuple(event(n) for n in range(10))))
    writer.begin_cycle(NOON_S + 30)
    writer.store(Batch(2, NOON_S + 31, events=(event(500, cycle=2),)))
    log = read(path, limit=3)
    assert [round(e.at_s - NOON_S, 3) for e in log.events] == [30.5, 0.009, 0.008]
    assert log.stored == 11
    assert [e.at_s for e in read(path, from_s=NOON_S + 10).events] == [NOON_S + 30.5]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(st.lists(st.integers(0, 1500), max_size=4), min_size=1, max_size=6),
    st.integers(0, 8000),
)
def test_what_was_live_then_is_what_the_finished_file_shows(tmp_path_factory, batches, later_ms):
    path = tmp_path_factory.mktemp("law") / "history.db"
    at_s, live = NOON_S, {}
    with HistoryWriter.open(path, "1") as writer:
        for ages_ms in batches:
            cycle = writer.begin_cycle(at_s)
            at_s += 2
            seen = tuple(event(max(0, 1500 - age), cycle) for age in ages_ms)
            writer.store(Batch(cycle, at_s - 0.5, events=seen))
            live[at_s - 0.5] = read(path).events, read(path).counts
    moment_s = NOON_S + later_ms / 1000
    shown = [state for stored_s, state in live.items() if stored_s <= moment_s]
    log = read(path, to_s=moment_s)
    assert (log.events, log.counts) == (shown[-1] if shown else ((), {}))


def test_events_go_with_their_cycles(path):
    with HistoryWriter.open(path, "1", Retention(cycles_d=1)) as writer:
        for number in range(40):
            cycle = writer.begin_cycle(NOON_S + number * 3600)
            writer.store(Batch(cycle, NOON_S + number * 3600, events=(event(cycle=cycle),)))
    log = read(path, from_s=0)
    assert log.stored == len(log.events) == 40 - 9  # all in the oldest whole bucket are gone
    db = sqlite3.connect(path)
    assert db.execute("SELECT count(*) FROM event").fetchone() == (31,)
    db.close()


def test_there_are_never_too_many(path, writer):
    for cycle in (2, 3, 4):
        writer.begin_cycle(NOON_S + cycle)
        many = tuple(event(n, cycle) for n in range(10))
        writer.store(Batch(cycle, NOON_S + cycle, events=many))
    event_rows.delete_excess(writer._db, 30, most=25)
    log = read(path)
    assert (len(log.events), log.stored) == (20, 30)


def test_numbers_go_on_after_a_restart(path, writer):
    writer.store(Batch(1, NOON_S + 1, events=(event(1),)))
    writer.close()
    with HistoryWriter.open(path, "1") as again:
        again.store(Batch(1, NOON_S + 2, events=(event(2),)))
    assert Counter(round((e.at_s - NOON_S) * 1000) for e in read(path).events) == {1: 1, 2: 1}


def test_a_history_of_the_first_version_gets_the_tables(path):
    db = sqlite3.connect(path, isolation_level=None)
    for statement in TABLES:
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    migrate(db)
    assert version_of(db) == VERSION
    assert db.execute("SELECT count(*) FROM event").fetchone() == (0,)
    db.close()


def test_events_are_found_though_the_clock_was_set_back(path, writer):
    writer.store(Batch(1, NOON_S + 1, events=(event(1),)))
    writer.begin_cycle(NOON_S - 600)
    writer.store(Batch(2, NOON_S - 599, events=(event(2, cycle=2),)))
    assert [e.at_s for e in read(path, NOON_S - 900).events] == [NOON_S - 599.998, NOON_S + 0.001]
    shown = read(path, NOON_S - 900, NOON_S - 590).events
    assert shown[0].at_s == NOON_S - 599.998
