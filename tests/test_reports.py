"""Check points and reports in real histories."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.history.reader import HistoryReader
from console.history.retention import Retention
from console.history.writer import HistoryWriter
from console.model.inventory import Conference
from console.model.observation import (
    Batch,
    Frozen,
    PathWindow,
    ProbeResult,
    RoomFacts,
    Transition,
)
from console.model.plan import Plan
from console.model.readiness import (
    Assessment,
    Direction,
    Finding,
    LoadedLink,
    Participant,
    Severity,
    SingleFailure,
    Verdict,
)
from console.model.states import Outcome
from tests.histories_small import NOON_S, small_inventory

START_S = NOON_S  # 10:00 in Berlin
END_S = START_S + 600
BLOCKER = Finding("room_down", Severity.BLOCKER, "room", "x")
KEPT = Assessment(
    *("conf", START_S, END_S, START_S - 300.0, Verdict.READY_NOT_N1, (BLOCKER,)),
    participants=(
        Participant("room", "b", Verdict.READY, ("a-b",), 1.5, None, 0.0, 3.0, (BLOCKER,)),
        Participant("other", "c", Verdict.UNKNOWN, None, None, None, None, None, ()),
    ),
    links=(LoadedLink("a-b", Direction.B_TO_A, 1e9, None, 4e6, None),),
    single_failures=(SingleFailure("a-b", ("room",), (), Verdict.NOT_READY),),
)


def write(path: Path, spoilt: tuple[int, ...] = (), silent: str = "") -> None:
    """A conference of ten minutes that is held at START_S; probes are lost in some windows.

    The room or bridge `silent` is down from its 60th to its 150th second.
    """
    entry = {"id": "conf", "bridge": "mcu", "profile": "hd", "start": "2026-11-22T10:00"}
    inventory = small_inventory(
        profiles={"hd": {"up": "4M", "down": "8M"}}, conferences=[entry | {"duration_min": 10}]
    )
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(inventory)
        for cycle in range(1, 36):
            at_s = START_S - 330 + 30 * (cycle - 1)
            assert writer.begin_cycle(at_s) == cycle
            told = [_window(cycle, at_s, half, spoilt) for half in (0, 1)]
            probe = ProbeResult("room", "sip sip:r@h", cycle, 1000, Outcome.OK, 900)
            frozen = (Frozen("5m", KEPT),) if at_s == START_S - 300 else ()
            changes = ()
            if at_s == START_S + 30:
                changes = (Transition("a-b", cycle, 0, "down"), Transition("b-c", cycle, 0, "down"))
            if silent and at_s in (START_S + 60, START_S + 150):
                state = "down" if at_s == START_S + 60 else "idle"
                changes = (Transition(silent, cycle, 0, state),)
            batch = Batch(
                *(cycle, at_s + 30, (), (probe,), changes), windows=tuple(told), frozen=frozen
            )
            for second in range(1, 30):
                writer.beat(at_s + second)
            writer.store(batch)


def _window(cycle: int, at_s: float, half: int, spoilt: tuple[int, ...]) -> PathWindow:
    lost = 5 if (at_s - START_S) // 15 + half in spoilt else 0
    where = ("room", "icmp h", cycle, 15_000 * half, 15_000)
    return PathWindow(*where, 10, lost, rtt_us=2000, pairs=9, jitter_us=100)


def test_what_was_kept_comes_back_whole_and_only_from_its_moment_on(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path)
    with HistoryReader(path) as reader:
        assert reader.frozen_at("conf", START_S, START_S - 271) == ()
        assert reader.frozen_at("conf", START_S, START_S - 270) == (Frozen("5m", KEPT),)
        assert reader.frozen_at("conf", START_S + 1, None) == ()


def test_a_past_that_is_written_afterwards_keeps_its_moments(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path)
    early = Frozen("15m", KEPT)
    with HistoryWriter.open(path, "1") as writer:
        writer.past_kept(START_S - 200, (early,))
        writer.past_kept(START_S - 2000, (early,))  # nothing is recorded then
    with HistoryReader(path) as reader:
        assert reader.frozen_at("conf", START_S, START_S - 201) == (Frozen("5m", KEPT),)
        assert reader.frozen_at("conf", START_S, START_S - 200) == (early, Frozen("5m", KEPT))


def test_what_is_kept_outlasts_its_cycles_and_goes_with_the_means(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path)
    entry = Conference(id="conf", bridge="mcu", profile="hd", start="2026-11-22T10:00")
    left: dict[int, dict[str, int]] = {}
    with HistoryWriter.open(path, "1", Retention(cycles_d=1, means_d=3)) as writer:
        for number in range(2):
            facts = RoomFacts(calls=number)
            told = ProbeResult("room", "cisco http://r", 35, number, Outcome.OK, 1, facts=facts)
            plans = (Plan(entry),) * number
            writer.store(Batch(35, END_S + 120 + number, probes=(told,), plans=plans))
        for day in (2, 4):
            for _turn in range(60):
                writer.begin_cycle(END_S + day * 86400)
            left[day] = _left(path)
    # Cycles go in tens: those of the last old ones stay that newer ones share.
    assert left[2] == {"path_window": 12, "frozen": 1, "room_facts": 2, "plan": 2}
    assert left[4] == {"path_window": 0, "frozen": 0, "room_facts": 1, "plan": 1}


def _left(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as db:
        tables = ("path_window", "frozen", "room_facts", "plan")
        return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}


def test_gates_are_ahead_kept_or_missed(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path)
    with HistoryReader(path) as reader:
        early = reader.conference_story("conf", START_S, START_S - 310)
        late = reader.conference_story("conf", START_S, START_S)
        with pytest.raises(KeyError):
            reader.conference_story("conf", START_S + 60, START_S)
    assert [point.gate for point in early.points] == ["7d", "1d", "60m", "15m", "5m"]
    assert [point.missed for point in early.points] == [True, True, True, True, False]
    assert early.points[-1].kept is None
    assert late.points[-1].kept == KEPT
    assert (late.occurrence.end_s, late.report) == (END_S, None)


def test_the_report_of_what_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path, spoilt=(4, 5, 6))
    with HistoryReader(path) as reader:
        assert reader.report("conf", START_S, END_S + 29) is None
        told = reader.report("conf", START_S, END_S + 60)
    assert told is not None
    (room,) = told.rooms
    assert (room.green, room.red, room.unknown, room.worst_share) == (37, 3, 0, 0.15)
    assert (told.affected_sites, told.happened) == (("b",), Verdict.NOT_READY)
    assert (told.gate, told.predicted, told.right) == ("5m", Verdict.READY_NOT_N1, False)
    assert [cause.subject for cause in told.causes] == ["a-b"]  # b-c is not on the way


@pytest.mark.parametrize("silent", ["room", "mcu"])
def test_a_room_that_was_down_saw_nothing_however_well_the_way_there_was(
    tmp_path: Path, silent: str
) -> None:
    path = tmp_path / "history.db"
    write(path, silent=silent)
    with HistoryReader(path) as reader:
        told = reader.report("conf", START_S, END_S + 60)
    assert told is not None
    (room,) = told.rooms
    assert (room.green, room.red, room.worst_share) == (34, 6, 0.3)
    assert told.happened is Verdict.NOT_READY


def test_a_stored_report_is_the_one_that_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path)
    with HistoryReader(path) as reader:
        told = reader.report("conf", START_S, END_S + 60)
        assert not reader.report_kept("conf", START_S)
    assert told is not None
    with HistoryWriter.open(path, "1") as writer:
        writer.store(Batch(35, END_S + 121, reports=(told,)))
    with HistoryReader(path) as reader:
        assert reader.report_kept("conf", START_S)
        assert reader.report("conf", START_S, END_S + 200) == told
        again = reader.report("conf", START_S, END_S + 100)
    assert again is not None
    assert again.made_at_s == END_S + 100
