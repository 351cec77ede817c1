"""What an assessment rests on, read from real histories."""

from pathlib import Path
from typing import Any

import pytest

from console.analysis.rollup import nearest_rank
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.inventory import Inventory
from console.model.observation import Batch, PathWindow, ProbeResult
from console.model.readiness import Direction
from console.model.states import Outcome
from tests.histories_small import NOON_S, SYSTEM, facts_of, poll_of, small_inventory

A_B, B_A = ("a-b", Direction.A_TO_B), ("a-b", Direction.B_TO_A)


def conference(name: str, start: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "bridge": "mcu", "profile": "hd", "start": start, **more}


CONFERENCES = [
    conference("weekly", "2026-11-08T10:00", repeat="RRULE:FREQ=WEEKLY"),
    conference("beside", "2026-11-22T10:30"),
    conference("after", "2026-11-22T11:00"),
    conference("over", "2026-11-20T10:00"),
]


def planned(**changes: Any) -> Inventory:
    content = {"profiles": {"hd": {"up": "4M", "down": "8M"}}, "conferences": CONFERENCES}
    return small_inventory(**content | changes)


def write(path: Path, minutes: int, silent: tuple[str, ...] = ()) -> None:
    """Cycles of half a minute up to NOON_S; a1's p1 sends 2 Mbit/s more with every minute."""
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(planned())
        for number in range(2 * minutes + 1):
            at_s = NOON_S - 60 * minutes + 30 * number
            cycle = writer.begin_cycle(at_s)
            new: dict[str, Any] = {"system": SYSTEM, "port_facts": facts_of()} if not number else {}
            rate = 2e6 * (1 + number // 2)
            rates = dict.fromkeys(("p1", "p2", "p3"), (rate / 2, rate))
            polls = tuple(
                poll_of(device, cycle, rates=rates, **new)
                for device in ("a1", "b1")
                if not number or device not in silent
            )
            writer.store(Batch(cycle, at_s, polls))
            for second in range(1, 30):
                writer.beat(at_s + second)


def test_an_unknown_conference_and_one_without_an_occurrence(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path, 1)
    with HistoryReader(path) as reader:
        with pytest.raises(KeyError):
            reader.situation("nobody", NOON_S)
        with pytest.raises(KeyError):
            reader.situation("weekly", NOON_S - 86400)  # nothing is recorded yet
        with pytest.raises(LookupError) as caught:
            reader.situation("over", NOON_S)
    assert not isinstance(caught.value, KeyError)


def test_the_running_occurrence_or_the_next_and_what_overlaps_it(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path, 1)
    with HistoryReader(path) as reader:
        running = reader.situation("weekly", NOON_S)
        ahead = reader.situation("after", NOON_S)
        beside = reader.situation("beside", NOON_S)
    assert running.occurrence[:2] == (NOON_S, NOON_S + 3600)
    assert [plan.id for plan in running.others] == ["beside"]
    assert [plan.id for plan in ahead.others] == ["beside"]
    assert [plan.id for plan in beside.others] == ["weekly", "after"]


def test_baselines_are_the_percentile_of_the_last_day_where_no_more_is_known(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.db"
    write(path, 120)
    with HistoryReader(path) as reader:
        told = reader.situation("beside", NOON_S).baselines
        series = reader.link_series("a-b", NOON_S - 7200, NOON_S, 300)
        again = reader.situation("beside", NOON_S).baselines
    assert told[A_B] == nearest_rank(series.a_to_b_bps)
    assert told[B_A] == nearest_rank(series.b_to_a_bps)
    assert told["b-c", Direction.A_TO_B] is not None  # b1 tells it alone
    assert told == again


def test_where_one_end_is_silent_the_other_tells_and_without_both_nothing(tmp_path: Path) -> None:
    one, none = tmp_path / "one.db", tmp_path / "none.db"
    write(one, 30, silent=("a1",))
    write(none, 30, silent=("a1", "b1"))
    with HistoryReader(one) as reader:
        told = reader.situation("beside", NOON_S).baselines
        series = reader.link_series("a-b", NOON_S - 1800, NOON_S, 300)
    assert told[A_B] == nearest_rank(series.a_to_b_bps)  # half of what is sent
    assert told[A_B] < told[B_A]
    with HistoryReader(none) as reader:
        assert reader.situation("beside", NOON_S).baselines[A_B] is None


def test_a_mean_of_the_future_is_not_known_yet(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    write(path, 60)
    with HistoryReader(path) as reader:
        early = reader.situation("beside", NOON_S - 3300 + 60).baselines
    # Six minutes: a whole window, and one minute of the next.
    assert early[A_B] == pytest.approx(2e6 * 7, abs=1e6)


def test_evidence_of_probes_and_paths_as_a_moment_saw_it(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    reflectors = [{"id": "refl", "site": "b", "address": "127.0.0.1"}]
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(planned(reflectors=reflectors))
        writer.begin_cycle(NOON_S)
        probes = [
            ProbeResult("room", "sip sip:r@h", 1, 0, Outcome.OK, 5000),
            ProbeResult("room", "sip sip:r@h", 1, 10_000, Outcome.TIMEOUT),
            ProbeResult("room", "sip sip:r@h", 1, 20_000, Outcome.ERROR),
        ]
        window = PathWindow("refl", "stamp refl 34", 1, 5_000, 15_000, 10, 1, None, None, 2000)
        # What another reflector saw on its own way there says nothing of the way from here.
        far = PathWindow("refl", "stamp-from other 34", 1, 4_000, 15_000, 10, 9, 9, 0, 99_000)
        writer.store(Batch(1, NOON_S + 1, probes=tuple(probes[:1])))
        for second in range(2, 21):
            writer.beat(NOON_S + second)
        writer.store(Batch(1, NOON_S + 21, probes=tuple(probes[1:]), windows=(window, far)))
        for second in range(22, 200):
            writer.beat(NOON_S + second)
    with HistoryReader(path) as reader:
        first, second, third, last = (
            reader.situation("weekly", NOON_S + s).evidence for s in (20.9, 21, 58, 171)
        )
    assert (first["room"].rtt_ms, first["room"].loss, first["room"].age_s) == (5.0, 0.0, 20.9)
    assert first["room"].jitter_ms is None
    assert second["room"].rtt_ms == (5 + 9 * 2) / 10
    assert (second["room"].loss, second["room"].age_s) == (2 / 12, 1.0)
    assert (third["room"].fresh, last["room"].fresh) == (True, False)
    assert (second["mcu"].age_s, second["mcu"].fresh) == (None, False)
