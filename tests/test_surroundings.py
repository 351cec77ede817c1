"""Neighbours and chassis in the history: a row where something changed, and only then."""

import sqlite3
from contextlib import closing
from pathlib import Path

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.observation import Batch, ChassisFacts, Neighbour, Surroundings
from console.model.states import Wired
from tests.histories_small import NOON_S, SYSTEM, facts_of, poll_of, small_inventory

CHASSIS = ChassisFacts("chassis", "M", "S1", "", "", "1.0")
RIGHT = Neighbour("lldp", "p1", "p1", "b1", "02:00", "p2", "", "", ("192.0.2.1",))
WRONG = Neighbour("lldp", "p1", "p1", "b1", "02:00", "p3", "", "", ())
UNPLACED = Neighbour("cdp", None, "77", "x", "x", "1", "", "", ())


def told(cycle: int, *heard: Neighbour, chassis: ChassisFacts | None = CHASSIS) -> Surroundings:
    return Surroundings("a1", cycle, 100, heard, chassis)


def begin(writer: HistoryWriter) -> int:
    writer.record_inventory(small_inventory())
    cycle = writer.begin_cycle(NOON_S)
    polls = tuple(
        poll_of(device, cycle, system=SYSTEM, port_facts=facts_of()) for device in ("a1", "b1")
    )
    writer.store(Batch(cycle, NOON_S + 1, polls))
    return cycle


def store(writer: HistoryWriter, at_s: float, surroundings: Surroundings) -> None:
    writer.store(Batch(surroundings.cycle, at_s, surroundings=(surroundings,)))


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM surroundings").fetchone()[0])


def test_only_what_changed_is_written_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, "1") as writer:
        cycle = begin(writer)
        for second in (2, 3, 4):
            store(writer, NOON_S + second, told(cycle, RIGHT, UNPLACED))
    assert count(path) == 1
    with HistoryWriter.open(path, "1") as writer:
        store(writer, NOON_S + 5, told(cycle, RIGHT, UNPLACED))
        assert count(path) == 1
        store(writer, NOON_S + 6, told(cycle, RIGHT))
        store(writer, NOON_S + 7, told(cycle, RIGHT, chassis=None))
    assert count(path) == 3


def test_every_moment_has_its_own_version(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, "1") as writer:
        cycle = begin(writer)
        store(writer, NOON_S + 2, told(cycle, RIGHT))
        store(writer, NOON_S + 4, told(cycle, WRONG, UNPLACED, chassis=None))
        writer.beat(NOON_S + 5)
    with HistoryReader(path) as reader:
        before, first, second = (reader.snapshot_at(NOON_S + s) for s in (1.5, 3, 5))
    assert not before.neighbours
    assert (before.links["a-b"].wiring.state, before.devices["a1"].chassis) == (
        *(Wired.NOT_TOLD, None),
    )
    (heard,) = first.neighbours["a1"]
    assert (heard.port_name, heard.remote_name, heard.addresses) == ("p1", "b1", ("192.0.2.1",))
    assert heard.port == first.links["a-b"].a_port
    assert (first.links["a-b"].wiring.state, first.devices["a1"].chassis) == (
        *(Wired.AGREES, CHASSIS),
    )
    assert not first.links["a-b"].reasons
    assert second.links["a-b"].wiring.state is Wired.WRONG_PORT
    (reason,) = second.links["a-b"].reasons
    assert (reason.code, reason.argument) == ("lldp_port", "a1 p1 → b1 p3")
    assert (second.neighbours["a1"][1].port, second.devices["a1"].chassis) == (None, None)


def test_a_port_that_is_down_hears_nothing_any_more(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, "1") as writer:
        cycle = begin(writer)
        store(writer, NOON_S + 2, told(cycle, WRONG))
        writer.beat(NOON_S + 100)
    with HistoryReader(path) as reader:
        assert reader.snapshot_at(NOON_S + 3).links["a-b"].wiring.state is Wired.WRONG_PORT
        stale = reader.snapshot_at(NOON_S + 100)  # nobody knows how the ports stand now
    assert stale.links["a-b"].wiring.state is Wired.NOT_TOLD
    assert [neighbour.remote_port for neighbour in stale.neighbours["a1"]] == ["p3"]
