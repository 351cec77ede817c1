"""The writer: what it keeps, what it refuses, and that nothing committed is ever lost."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from console.errors import OperatorError
from console.history import migrations
from console.history.reader import HistoryReader
from console.history.retention import Retention
from console.history.schema import APPLICATION_ID, DUMP_CYCLES, VERSION
from console.history.writer import HistoryWriter
from console.model.observation import Batch, PortSample, Transition
from console.model.states import CollectorState, Outcome, State
from tests.histories_small import (
    KEYS,
    NOON_S,
    SYSTEM,
    facts_of,
    poll_of,
    small_inventory,
    write_cycles,
)

DAY_S = 86400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def writer(path: Path) -> Any:
    with HistoryWriter.open(path, "1") as opened:
        opened.record_inventory(small_inventory())
        yield opened


def rows(path: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def known(cycle: int, device: str = "a1", **changes: Any) -> Any:
    return poll_of(device, cycle, system=SYSTEM, port_facts=facts_of(), **changes)


def test_anyone_with_sqlite_sees_plain_rows(path: Path) -> None:
    write_cycles(path, 3)
    found = rows(path, "SELECT cycle, at, device, port, in_bps, out_bps, state FROM sample")
    assert len(found) == 3 * 9
    assert (3, NOON_S + 60.1, "b1", "p2", 3e6, 6e6, "up/up") in found
    assert (1, NOON_S, "a1", "p1", None, None, "up/up") in found


def test_the_view_tells_states_in_words(writer: HistoryWriter, path: Path) -> None:
    cycle = writer.begin_cycle(NOON_S)
    ports = (
        PortSample("p1", 1, 7, None, None),
        PortSample("p2", 2, 2, None, None),
        PortSample("p3", None, None, None, None),
    )
    writer.store(Batch(cycle, NOON_S + 1, (known(cycle, ports=ports),)))
    told = rows(path, "SELECT port, state FROM sample ORDER BY port")
    assert told == [("p1", "up/lowerLayerDown"), ("p2", "down/down"), ("p3", "unknown/unknown")]


def test_a_rate_is_never_rounded_to_nothing(writer: HistoryWriter, path: Path) -> None:
    cycle = writer.begin_cycle(NOON_S)
    rates = {"p1": (0.01, 0.0), "p2": (1499.0, 1500.0), "p3": (None, 4e11)}
    writer.store(Batch(cycle, NOON_S + 1, (known(cycle, rates=rates),)))
    found = rows(path, "SELECT port, in_bps, out_bps FROM sample ORDER BY port")
    assert found == [("p1", 1000, 0), ("p2", 1000, 2000), ("p3", None, 400_000_000_000)]


def test_no_secret_reaches_the_file(path: Path) -> None:
    inventory = small_inventory(
        snmp={
            "lab": {"version": "2c", "community": "hidden-1"},
            "user": {
                **{"version": "3", "user": "noc", "auth": "SHA-256", "auth_key": "hidden-2"},
                **{"priv": "AES-128", "priv_key": "hidden-3"},
            },
        },
        rooms=[
            {
                **{"id": "room", "site": "b", "name": "Room"},
                "probes": [
                    {"cisco": "http://admin:hidden-4@10.0.0.1", "credential": "hidden-5"},
                    {"http": "http://10.0.0.1/state?room=7&token=hidden-6"},
                ],
            }
        ],
    )
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(inventory)
        writer.begin_cycle(NOON_S)
    for file in path.parent.iterdir():
        assert b"hidden" not in file.read_bytes()
    with HistoryReader(path) as reader:
        stored = reader.inventory_at(None)
        assert stored is not None
        assert stored.rooms[0].probes[0].cisco == "http://admin@10.0.0.1"
        assert stored.rooms[0].probes[1].http == "http://10.0.0.1/state?room=7&token=removed"
        assert stored.links == inventory.links


def test_an_inventory_holds_from_the_next_cycle_and_is_stored_once(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        for moment, network in enumerate(("one", "one", "two", "one")):
            writer.record_inventory(small_inventory(network=network))
            writer.begin_cycle(NOON_S + 30 * moment)
    assert rows(path, "SELECT cycle FROM inventory") == [(1,), (3,), (4,)]
    with HistoryReader(path) as reader:
        named = [reader.inventory_at(NOON_S + 30 * moment + 1) for moment in range(-1, 4)]
    assert [inventory and inventory.network for inventory in named] == [
        *(None, "one", "one", "two", "one")
    ]


def test_a_second_collector_is_refused_until_the_first_ends(path: Path) -> None:
    first = HistoryWriter.open(path, "1")
    with pytest.raises(OperatorError, match="Another collector already writes"):
        HistoryWriter.open(path, "1")
    first.close()
    HistoryWriter.open(path, "1").close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 40])
def test_what_is_no_history_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(OperatorError, match="cannot be written as a history"):
        HistoryWriter.open(path, "1")
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE theirs(a)")
    with pytest.raises(OperatorError, match="not a history of Leitstand"):
        HistoryWriter.open(path, "1")
    assert rows(path, "SELECT name FROM sqlite_master") == [("theirs",)]


def test_a_newer_history_is_refused(path: Path) -> None:
    HistoryWriter.open(path, "1").close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(OperatorError, match="newer Leitstand"):
        HistoryWriter.open(path, "1")


def test_a_migration_that_fails_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HistoryWriter.open(path, "1").close()

    def broken(db: Any) -> None:
        db.execute("CREATE TABLE half(a)")
        raise RuntimeError("half way")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, broken))
    monkeypatch.setattr(migrations, "VERSION", VERSION + 1)
    with pytest.raises(RuntimeError, match="half way"):
        HistoryWriter.open(path, "1")
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]
    assert rows(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert rows(path, "SELECT 1 FROM sqlite_master WHERE name = 'half'") == []


def test_a_commit_that_fails_leaves_the_writer_sound(writer: HistoryWriter, path: Path) -> None:
    cycle = writer.begin_cycle(NOON_S)
    broken = Transition("b1", 4711, 0, "up")  # of a cycle that never was
    with pytest.raises(KeyError):
        writer.store(Batch(cycle, NOON_S + 1, (known(cycle, "b1"),), (), (broken,)))
    writer.store(Batch(cycle, NOON_S + 2, (known(cycle, "b1"), known(cycle, "c1"))))
    devices = rows(path, "SELECT DISTINCT device FROM sample ORDER BY device")
    assert devices == [("b1",), ("c1",)]


def test_a_port_that_went_down_before_a_restart_is_up_again_after_it(path: Path) -> None:
    down = tuple(PortSample(key, 1, 2, 0.0, 0.0) for key in KEYS)
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        cycle = writer.begin_cycle(NOON_S)
        writer.store(Batch(cycle, NOON_S + 1, (known(cycle, ports=down),)))
    with HistoryWriter.open(path, "1") as writer:
        cycle = writer.begin_cycle(NOON_S + 30)
        writer.store(Batch(cycle, NOON_S + 31, (known(cycle),)))
    with HistoryReader(path) as reader:
        assert {port.oper for port in reader.snapshot_at(NOON_S + 2).ports["a1"]} == {"down"}
        assert {port.oper for port in reader.snapshot_at(NOON_S + 32).ports["a1"]} == {"up"}


def test_a_port_stays_down_over_the_day_at_which_all_states_are_stored_again(path: Path) -> None:
    HistoryWriter.open(path, "1").close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO cycle VALUES (?, ?)", (DUMP_CYCLES - 2, NOON_S - 30))
    ports = (PortSample("p1", 2, 2, 0.0, 0.0), PortSample("p2", 1, 1, 0.0, 0.0))
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        for number in range(4):
            at_s = NOON_S + 30 * number
            cycle = writer.begin_cycle(at_s)
            writer.store(Batch(cycle, at_s + 1, (known(cycle, ports=ports),)))
    with HistoryReader(path) as reader:
        for number in range(4):
            views = reader.snapshot_at(NOON_S + 30 * number + 2).ports["a1"]
            assert [view.admin for view in views] == ["down", "up", "up"]
    assert rows(path, "SELECT cycle, state FROM port_state") == [
        *((DUMP_CYCLES - 1, 22), (DUMP_CYCLES, 22))
    ]


def test_new_counters_after_a_caches_repetitions_fill_the_gap(
    writer: HistoryWriter, path: Path
) -> None:
    outcomes = (Outcome.OK, Outcome.REPEATED, Outcome.REPEATED, Outcome.OK, Outcome.TIMEOUT)
    for number, outcome in enumerate(outcomes):
        at_s = NOON_S + 30 * number
        cycle = writer.begin_cycle(at_s)
        loads = {"p1": (1e6 * number, 1e6 * number)} if outcome is Outcome.OK else {}
        poll = known(cycle, outcome=outcome, rates=loads or {"p1": (None, None)})
        writer.store(Batch(cycle, at_s + 1, (poll,)))
    found = rows(path, "SELECT i1, i2, i3, i4, i5 FROM traffic")
    assert found == [(0, 3000, 3000, 3000, None)]


def test_newest_transitions_let_a_collector_go_on(writer: HistoryWriter, path: Path) -> None:
    cycle = writer.begin_cycle(NOON_S)
    first = Transition("a1", cycle, 5, State.DOWN, ("snmp_timeout", "behind:b1"))
    newest = Transition("a1", cycle, 9, State.UP)
    writer.store(Batch(cycle, NOON_S + 1, (), (), (first,)))
    assert writer.newest_transitions() == {"a1": first}
    writer.store(Batch(cycle, NOON_S + 2, (), (), (newest,)))
    assert writer.newest_transitions() == {"a1": newest}


def test_what_is_too_old_is_deleted_bucket_by_bucket(path: Path) -> None:
    keep = Retention(cycles_d=0.02, means_d=400)
    with HistoryWriter.open(path, "1", keep) as writer:
        writer.record_inventory(small_inventory())
        for number in range(200):
            at_s = NOON_S + 30 * number
            cycle = writer.begin_cycle(at_s)
            writer.store(Batch(cycle, at_s + 1, (known(cycle),)))
    oldest = NOON_S + 30 * 199 - 0.02 * DAY_S
    first_s, last_s = rows(path, "SELECT min(at), max(at) FROM cycle")[0]
    assert oldest - 20 * 30 < first_s < oldest + 30
    assert last_s == NOON_S + 30 * 199
    for table in ("poll", "traffic"):
        column = "cycle" if table == "poll" else "10 * bucket"
        kept = rows(path, f"SELECT min({column}) FROM {table}")[0][0]
        assert kept == rows(path, "SELECT min(id) FROM cycle")[0][0]
    assert rows(path, "SELECT count(*) FROM traffic_5min")[0][0] > 0
    with HistoryReader(path) as reader:
        assert reader.snapshot_at(NOON_S + 30).cycle is None
        assert reader.snapshot_at(last_s + 2).devices["a1"].age_s == 2.0


def test_goodbye_and_silence_are_told_apart(writer: HistoryWriter, path: Path) -> None:
    cycle = writer.begin_cycle(NOON_S)
    writer.store(Batch(cycle, NOON_S + 1, (known(cycle),)))
    with HistoryReader(path) as reader:
        assert reader.snapshot_at(None, NOON_S + 2).collector.state is CollectorState.RUNNING
        assert reader.snapshot_at(None, NOON_S + 20).collector.state is CollectorState.SILENT
        assert reader.snapshot_at(None, NOON_S + 20).collector.heartbeat_age_s == 19.0
        assert reader.snapshot_at(NOON_S - 1).collector.state is CollectorState.NEVER
        writer.stop(NOON_S + 3)
        assert reader.snapshot_at(None, NOON_S + 4).collector.state is CollectorState.STOPPED
        assert reader.snapshot_at(NOON_S + 2).collector.state is CollectorState.RUNNING


WRITING = """
import sys
from pathlib import Path
from console.history.writer import HistoryWriter
from console.model.observation import Batch
from tests.histories_small import *
with HistoryWriter.open(Path(sys.argv[1]), "1") as writer:
    writer.record_inventory(small_inventory())
    for number in range(100_000):
        cycle = writer.begin_cycle(NOON_S + 30 * number)
        polls = tuple(poll_of(d, cycle, port_facts=facts_of()) for d in DEVICES)
        writer.store(Batch(cycle, NOON_S + 30 * number + 1, polls))
        print(cycle, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("cycles", [1, 9, 40])
def test_a_killed_writer_loses_no_cycle_it_had_committed(path: Path, cycles: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITING, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(cycles)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    process.stdout.close()
    process.wait()
    with HistoryWriter.open(path, "1") as writer:  # neither is the file locked for ever
        assert writer.begin_cycle(NOON_S + 30 * told[-1] + 600) > told[-1]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    stored = rows(path, "SELECT cycle, count(*) FROM poll GROUP BY cycle ORDER BY cycle")
    assert [cycle for cycle, count in stored if count == 3][: len(told)] == told
