"""What rooms tell of themselves in the history: a row where something changed, and only then."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.observation import Batch, ProbeResult, RoomFacts
from console.model.states import Outcome
from tests.histories_small import NOON_S, small_inventory

IDLE = RoomFacts(registered=True, in_call=False, model="SX20", findings=("microphone_muted",))


def tell(
    writer: HistoryWriter,
    second: int,
    facts: RoomFacts | None,
    probe: str = "cisco http://r",
    **more,
) -> None:
    """Store what the room's probe was told so many seconds after noon, a second later."""
    result = {"outcome": Outcome.OK, "rtt_us": 900, "facts": facts} | more
    told = ProbeResult("room", probe, 1, second * 1000, **result)
    writer.store(Batch(1, NOON_S + second + 1, probes=(told,)))


def begin(path: Path) -> HistoryWriter:
    writer = HistoryWriter.open(path, "1")
    writer.record_inventory(small_inventory())
    assert writer.begin_cycle(NOON_S) == 1
    return writer


def live(writer: HistoryWriter, from_s: int, to_s: int) -> None:
    """Beat every second."""
    for second in range(from_s, to_s + 1):
        writer.beat(NOON_S + second)


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM room_facts").fetchone()[0])


def test_only_what_changed_is_written_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with begin(path) as writer:
        for second in (1, 2, 3):
            tell(writer, second, replace(IDLE, uptime_s=100.0 + second))
        tell(writer, 4, None, outcome=Outcome.TIMEOUT)
    assert count(path) == 1
    with HistoryWriter.open(path, "1") as writer:
        tell(writer, 5, replace(IDLE, uptime_s=105.3))
        assert count(path) == 1
        tell(writer, 6, replace(IDLE, uptime_s=1.0))  # it was started again
        tell(writer, 7, replace(IDLE, uptime_s=2.0, in_call=True))
        tell(writer, 8, None, probe="sip sip:r@h")  # speaks of nothing
    assert count(path) == 3


def test_every_moment_has_its_own_facts(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with begin(path) as writer:
        tell(writer, 1, replace(IDLE, uptime_s=100.0))
        live(writer, 3, 10)
        tell(writer, 10, replace(IDLE, registered=False, uptime_s=109.0))
        live(writer, 12, 20)
        tell(writer, 20, None)
    with HistoryReader(path) as reader:
        before, first, second, third = (
            reader.snapshot_at(NOON_S + s).rooms["room"] for s in (1.5, 10.5, 11, 21)
        )
    assert (before.facts, before.registered) == (None, None)
    assert first.facts == replace(IDLE, uptime_s=109.5)
    assert (first.registered, second.registered) == (True, False)
    assert third.facts is None


def test_facts_go_stale_with_the_last_answer(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with begin(path) as writer:
        tell(writer, 0, IDLE)
        live(writer, 2, 140)
        tell(writer, 140, None, outcome=Outcome.TIMEOUT)
        live(writer, 142, 160)
    with HistoryReader(path) as reader:
        assert reader.snapshot_at(NOON_S + 150).rooms["room"].facts == IDLE
        assert reader.snapshot_at(NOON_S + 151).rooms["room"].facts is None


def test_probes_of_a_room_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with begin(path) as writer:
        tell(writer, 1, RoomFacts(registered=True, model="old", findings=("a",)))
        tell(writer, 2, RoomFacts(model="new", calls=0, findings=("b",)), probe="poly http://r")
        writer.beat(NOON_S + 4)
    with HistoryReader(path) as reader:
        facts = reader.snapshot_at(NOON_S + 4).rooms["room"].facts
    assert facts == RoomFacts(registered=True, model="new", calls=0, findings=("b", "a"))
