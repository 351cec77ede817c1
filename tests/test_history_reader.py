"""What the history answers: a moment, a stretch of time, the edges of what is known."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.history.schema import VERSION
from console.history.writer import HistoryWriter
from console.model.observation import Batch, PortSample, ProbeResult, Transition
from console.model.snapshot import Reason
from console.model.states import CollectorState, Outcome, RoomState, State
from tests.histories_small import (
    DEVICES,
    KEYS,
    NOON_S,
    SYSTEM,
    facts_of,
    poll_of,
    small_inventory,
    write_cycles,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def write_one_cycle(path: Path, *transitions: Transition, **changes: object) -> None:
    """One cycle at NOON_S, committed after a second; beats for ten minutes."""
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        cycle = writer.begin_cycle(NOON_S)
        polls = tuple(
            poll_of(d, cycle, 250, system=SYSTEM, port_facts=facts_of(), **changes) for d in DEVICES
        )
        probes = (ProbeResult("room", "sip sip:r@h", cycle, 400, Outcome.OK, 7000),)
        writer.store(Batch(cycle, NOON_S + 1, polls, probes, transitions))
        for second in range(2, 600):
            writer.beat(NOON_S + second)


def test_a_snapshot_tells_everything_there_is(path: Path) -> None:
    write_one_cycle(
        path,
        Transition("b1", 1, 300, State.DEGRADED, ("snmp_timeout", "behind:a1")),
        Transition("a-b", 1, 300, State.UP),
        Transition("room", 1, 500, RoomState.IN_CALL),
    )
    with HistoryReader(path) as reader:
        seen = reader.snapshot_at(NOON_S + 10)
    device, port, link = seen.devices["b1"], seen.ports["b1"][0], seen.links["a-b"]
    assert (device.state, device.since_s) == (State.DEGRADED, NOON_S + 0.3)
    assert device.reasons == (Reason("snmp_timeout"), Reason("behind", "a1"))
    assert (device.rtt_ms, device.loss, device.uptime_s, device.age_s) == (1.5, 0.0, 3610.0, 9.75)
    assert (device.sys_name, device.sys_descr) == ("name", "descr")
    assert (device.sys_location, device.sys_object_id) == ("here", "1.3.6.1")
    assert port[1:] == (
        *("b1", 1, "p1", "", 6, 1e9, "up", "up", 1e6, 2e6, 0.0, 0.0, 0.0, 0.0, 9.75, None),
    )
    assert (link.state, link.a_site, link.b_site, link.capacity_bps) == (State.UP, "a", "b", 1e9)
    assert (link.a_to_b_bps, link.b_to_a_bps, link.a_to_b_load) == (2e6, 1e6, 0.002)
    assert link.a_port == seen.ports["a1"][0].port
    assert link.b_port == seen.ports["b1"][1].port
    assert link.age_s == 9.75
    room = seen.rooms["room"]
    assert (room.state, room.rtt_ms, room.age_s) == (RoomState.IN_CALL, 7.0, 9.6)
    assert seen.bridges["mcu"].state is RoomState.UNKNOWN
    assert seen.sites["b"].state is State.DEGRADED
    assert seen.cycle is not None
    assert (seen.cycle.id, seen.collector.state) == (1, CollectorState.RUNNING)


def test_before_anything_nothing_is_known(path: Path) -> None:
    HistoryWriter.open(path, "1").close()
    with HistoryReader(path) as reader:
        for at_s in (None, NOON_S):
            seen = reader.snapshot_at(at_s, NOON_S)
            assert (seen.cycle, seen.inventory, seen.graph) == (None, None, None)
            assert seen.collector.state is CollectorState.NEVER
            assert seen.devices == seen.links == seen.rooms == {}
        assert reader.span() is None
        assert reader.incidents(0, NOON_S) == ()
        assert not reader.density(0, NOON_S, 10).recorded.any()


@pytest.mark.parametrize(("age_s", "known"), [(75.0, True), (75.001, False)])
def test_a_value_is_stale_after_two_and_a_half_intervals(
    path: Path, age_s: float, known: bool
) -> None:
    write_one_cycle(path, Transition("a1", 1, 300, State.UP), Transition("a-b", 1, 300, State.UP))
    with HistoryReader(path) as reader:
        seen = reader.snapshot_at(NOON_S + 0.25 + age_s)
    device, port, link = seen.devices["a1"], seen.ports["a1"][0], seen.links["a-b"]
    assert (device.age_s, port.age_s) == (age_s, age_s)
    if known:
        assert (device.state, port.oper, port.in_bps, link.state) == (State.UP, "up", 1e6, State.UP)
        return
    assert (device.state, link.state, seen.sites["a"].state) == (State.UNKNOWN,) * 3
    assert device.reasons == link.reasons == (Reason("stale"),)
    assert device.since_s == NOON_S + 0.25
    assert (port.admin, port.oper, port.in_bps, port.in_errors_ps) == (
        *("unknown", "unknown", None, None),
    )
    assert (link.a_to_b_bps, link.a_to_b_load, device.rtt_ms, device.uptime_s) == (None,) * 4


def test_a_silent_collector_makes_everything_unknown(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        cycle = writer.begin_cycle(NOON_S)
        up = Transition("a1", cycle, 0, State.UP)
        writer.store(Batch(cycle, NOON_S + 1, (poll_of("a1", cycle, system=SYSTEM),), (), (up,)))
    with HistoryReader(path) as reader:
        assert reader.snapshot_at(None, NOON_S + 6).devices["a1"].state is State.UP
        silent = reader.snapshot_at(None, NOON_S + 7.5)
        assert silent.devices["a1"].state is State.UNKNOWN
        assert silent.collector.state is CollectorState.SILENT


def test_the_collector_is_not_said_to_run_once_its_silence_hides_everything(path: Path) -> None:
    write_one_cycle(path, Transition("b1", 1, 300, State.UP))
    last_s = NOON_S + 599
    with HistoryReader(path) as reader:
        for silence_s in (0.5, 1.9, 2.1, 4.9, 5.1, 8.0, 60.0):
            seen = reader.snapshot_at(None, last_s + silence_s).collector
            silent = silence_s > 5
            assert seen.state is (CollectorState.SILENT if silent else CollectorState.RUNNING)
            told = 0.0 if silence_s < 2 else silence_s  # beats are stored to 2 s
            assert seen.heartbeat_age_s == pytest.approx(told, abs=0.002)


def test_what_was_seen_before_a_silence_says_nothing_after_it(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        cycle = writer.begin_cycle(NOON_S)
        up = Transition("a1", cycle, 0, State.UP)
        writer.store(Batch(cycle, NOON_S + 1, (poll_of("a1", cycle, system=SYSTEM),), (), (up,)))
        again = writer.begin_cycle(NOON_S + 20)
        with HistoryReader(path) as reader:
            assert reader.snapshot_at(None, NOON_S + 21).devices["a1"].state is State.UNKNOWN
            writer.store(Batch(again, NOON_S + 22, (poll_of("a1", again),)))
            assert reader.snapshot_at(None, NOON_S + 22).devices["a1"].state is State.UP


def test_the_age_of_a_device_that_fails_is_not_that_of_its_counters(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        for number in range(8):
            if number == 4:  # the collector starts anew meanwhile
                writer.close()
                writer = HistoryWriter.open(path, "1")
            at_s = NOON_S + 30 * number
            cycle = writer.begin_cycle(at_s)
            outcome = Outcome.TIMEOUT if number else Outcome.OK
            new = {} if number else {"system": SYSTEM, "port_facts": facts_of()}
            writer.store(Batch(cycle, at_s + 1, (poll_of("a1", cycle, 500, outcome, **new),)))
            for second in range(2, 30):
                writer.beat(at_s + second)
        writer.close()
    with HistoryReader(path) as reader:
        seen = reader.snapshot_at(NOON_S + 7 * 30 + 10)
    assert seen.devices["a1"].age_s == 9.5
    assert seen.devices["a1"].loss == 7 / 8
    assert seen.ports["a1"][0].age_s == 7 * 30 + 9.5
    assert seen.ports["a1"][0].in_bps is None


def test_faults_and_unknown_rates_are_kept_apart(path: Path) -> None:
    ports = (
        PortSample("p1", 1, 1, 1e6, 1e6, 0.5, 0.0, 0.0, 3.0),
        PortSample("p2", 1, 1, 1e6, None, 0.0, None, 0.0, None),
        PortSample("p3", 1, 7, None, None, None, None, 2.0, None),
    )
    write_one_cycle(path, ports=ports)
    with HistoryReader(path) as reader:
        views = reader.snapshot_at(NOON_S + 2).ports["a1"]
    assert [view[9:15] for view in views] == [
        (1e6, 1e6, 0.5, 0.0, 0.0, 3.0),
        (1e6, None, 0.0, None, 0.0, None),
        (None, None, None, None, 2.0, None),
    ]
    assert [view.oper for view in views] == ["up", "up", "lowerLayerDown"]


def test_single_samples_with_a_gap_where_nobody_looked(path: Path) -> None:
    write_cycles(path, 6)
    write_cycles(path, 4, first_s=NOON_S + 600)
    with HistoryReader(path) as reader:
        port = reader.snapshot_at(NOON_S + 100).ports["a1"][0].port
        series = reader.port_series(port, NOON_S, NOON_S + 3600)
    assert series.step_s == 30
    expected = [np.nan, 2e6, 3e6, 4e6, 5e6, 6e6, np.nan, np.nan, 8e6, 9e6, 10e6]
    assert np.array_equal(series.in_bps, expected, equal_nan=True)
    assert np.array_equal(series.out_max_bps, np.array(expected) * 2, equal_nan=True)
    assert series.at_s[-1] == NOON_S + 690


def test_means_and_maxima_at_every_step(path: Path) -> None:
    write_cycles(path, 250)  # two hours and five minutes
    with HistoryReader(path) as reader:
        port = reader.snapshot_at(NOON_S + 100).ports["a1"][0].port
        five = reader.port_series(port, NOON_S, NOON_S + 7500, 300)
        ten = reader.port_series(port, NOON_S, NOON_S + 7500, 600)
        hour = reader.port_series(port, NOON_S, NOON_S + 7500, 3600)
        minute = reader.port_series(port, NOON_S, NOON_S + 7500, 60)
    assert len(five.at_s) == 25
    # A sample is the mean of the 30 s up to it: the second window holds those of cycles 12 to 21.
    assert five.in_bps[1] == pytest.approx(np.mean(range(12, 22)) * 1e6)
    assert five.in_max_bps[1] == 21e6
    assert ten.in_bps[1] == pytest.approx(np.mean(range(22, 42)) * 1e6)
    assert ten.at_s.tolist() == [NOON_S + 600 * n for n in range(13)]
    assert hour.at_s.tolist() == [NOON_S, NOON_S + 3600, NOON_S + 7200]
    assert hour.in_bps[1] == pytest.approx(np.mean(range(122, 242)) * 1e6)
    assert hour.out_max_bps[1] == 241 * 2e6
    assert minute.in_bps[1] == 3.5e6
    assert minute.in_max_bps[1] == 4e6


def test_a_link_shows_both_directions_what_was_lost_and_when_it_was_down(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(small_inventory())
        for number in range(21):
            at_s = NOON_S + 30 * number
            cycle = writer.begin_cycle(at_s)
            states = {4: State.DOWN, 8: State.UP, 18: State.DOWN}
            changes = (Transition("a-b", cycle, 0, states[number]),) if number in states else ()
            new = {} if number else {"port_facts": facts_of()}
            a_ports = (PortSample("p1", 1, 1, 1e6, 3e6, 1.0, 0.0, 0.0, 0.5),)
            a_known = Outcome.OK if number < 10 else Outcome.TIMEOUT
            a_changes = new | ({"ports": a_ports} if a_known.alive else {})
            polls = (
                poll_of("a1", cycle, 0, a_known, **a_changes),
                poll_of("b1", cycle, 0, rates=dict.fromkeys(KEYS, (2.9e6, 0.9e6)), **new),
            )
            writer.store(Batch(cycle, at_s + 1, polls, (), changes))
    with HistoryReader(path) as reader:
        series = reader.link_series("a-b", NOON_S, NOON_S + 600, at_s=NOON_S + 300)
        five = reader.link_series("a-b", NOON_S, NOON_S + 600, 300)
        with pytest.raises(KeyError):
            reader.link_series("no-such", NOON_S, NOON_S + 600)
    assert series.capacity_bps == 1e9
    assert series.a_to_b_bps.tolist() == [3e6] * 10 + [2.9e6] * 11
    assert series.b_to_a_bps.tolist() == [1e6] * 10 + [0.9e6] * 11
    assert series.errors_ps.tolist() == [1.0] * 10 + [0.0] * 11
    assert series.discards_ps.tolist() == [0.5] * 10 + [0.0] * 11
    assert series.down == ((NOON_S + 120, NOON_S + 240), (NOON_S + 540, NOON_S + 600))
    assert five.p95_a_to_b_bps == series.p95_a_to_b_bps == max(five.a_to_b_bps)
    assert five.errors_ps.tolist() == pytest.approx([1.0, 0.0])


def test_sparklines_have_as_many_points_as_asked(path: Path) -> None:
    write_cycles(path, 130)
    with HistoryReader(path) as reader:
        ports = [view.port for view in reader.snapshot_at(NOON_S + 100).ports["b1"]]
        fine = reader.sparklines(ports, NOON_S, NOON_S + 600, 10)
        coarse = reader.sparklines([*ports, 4711], NOON_S, NOON_S + 3600, 6)
    assert fine[ports[0]][0].tolist() == pytest.approx(
        [2e6, *(1e6 * (2 * n + 1.5) for n in range(1, 10))]
    )
    assert coarse[ports[1]][1][1] == pytest.approx(np.mean(range(22, 42)) * 2e6, rel=1e-3)
    assert np.isnan(coarse[4711][0]).all()


def test_steps_go_from_cycle_to_cycle(path: Path) -> None:
    write_cycles(path, 3)
    with HistoryReader(path) as reader:
        after, before = reader.cycle_after(NOON_S), reader.cycle_before(NOON_S + 60)
        assert after == before
        assert after is not None
        assert (after.id, after.at_s) == (2, NOON_S + 30)
        assert reader.cycle_before(NOON_S) is None
        assert reader.cycle_after(NOON_S + 60) is None
        assert reader.span() == (NOON_S, NOON_S + 89)


def test_a_reader_notices_commits_and_never_writes(path: Path) -> None:
    with HistoryWriter.open(path, "1") as writer, HistoryReader(path) as reader:
        before = reader.data_version()
        assert reader.data_version() == before
        writer.begin_cycle(NOON_S)
        assert reader.data_version() != before
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader._db.execute("DELETE FROM cycle")


def test_what_cannot_be_read_is_refused_in_words(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no history at"):
        HistoryReader(path)
    path.write_bytes(b"nothing that SQLite would know" * 50)
    with pytest.raises(OperatorError, match="cannot be read as a history"):
        HistoryReader(path)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("CREATE TABLE theirs(a)")
    with pytest.raises(OperatorError, match="is not a history of Leitstand"):
        HistoryReader(other)
    newer = tmp_path / "newer.db"
    HistoryWriter.open(newer, "1").close()
    for version, words in (
        (VERSION + 1, "newer Leitstand"),
        (VERSION - 1, "open it with `review`"),
    ):
        with closing(sqlite3.connect(newer)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        with pytest.raises(OperatorError, match=words):
            HistoryReader(newer)
