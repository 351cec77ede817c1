"""A past written in bulk is the past that a collector would have written."""

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.inventory import Inventory
from console.model.observation import (
    Batch,
    DevicePoll,
    Fault,
    PastBucket,
    PortSample,
    ProbeResult,
    Transition,
)
from console.model.states import Outcome
from tests.histories_small import DEVICES, KEYS, NOON_S, SYSTEM, facts_of, small_inventory

BUCKETS = 30
INTERVAL_S = 30.0
FIRST_S = NOON_S - 450  # not on a window's edge
PORTS = tuple((device, key) for device in DEVICES for key in KEYS)


def made_up(seed: int = 3) -> list[PastBucket]:
    """Five quarter-hours with failures, unknown rates, faults and ports that go down."""
    random = np.random.default_rng(seed)
    buckets = []
    for number in range(BUCKETS):
        first = 10 + 10 * number
        shape = (10, len(DEVICES))
        outcome = random.choice([0, 0, 0, 0, 0, 2], shape)
        answered = np.repeat(outcome == 0, len(KEYS), axis=1)
        rates = [random.choice([0.0, 300.0, 2e6, 7e8, np.nan], answered.shape) for _ in range(2)]
        changes = tuple((first, column, 1, 2) for column in range(len(PORTS)) if number == column)
        buckets.append(
            PastBucket(
                first_cycle=first,
                cycle_at_s=FIRST_S + INTERVAL_S * np.arange(10 * number, 10 * number + 10),
                devices=DEVICES,
                at_ms=random.integers(0, 29_000, shape),
                outcome=outcome,
                rtt_us=np.where(outcome == 0, random.integers(500, 2000, shape), -1),
                ports=PORTS,
                in_bps=np.where(answered, rates[0], np.nan),
                out_bps=np.where(answered, rates[1], np.nan),
                faults=(Fault(first + 3, 4, 0.5, 0.0, 0.0, 2.0),) if answered[3, 4] else (),
                port_states=changes if number else tuple((first, c, 1, 1) for c in range(9)),
                probes=(ProbeResult("room", "sip sip:r@h", first, 700, Outcome.OK, 900),),
                transitions=(Transition("a1", first, 800, "up" if number % 2 else "down"),),
            )
        )
    return buckets


def write_in_bulk(path: Path, buckets: list[PastBucket], inventory: Inventory) -> None:
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(inventory)
        for device in DEVICES:
            writer.past_port_facts(device, SYSTEM, facts_of())
        for bucket in buckets:
            assert writer.next_past_cycle() == bucket.first_cycle
            writer.write_past(bucket)


def write_as_seen(path: Path, buckets: list[PastBucket], inventory: Inventory) -> None:
    """Write the same through the collector's calls, poll by poll."""
    with HistoryWriter.open(path, "1") as writer, closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO cycle VALUES (9, ?)", (FIRST_S - INTERVAL_S,))
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(inventory)
        oper: dict[tuple[str, str], int] = {}
        for bucket in buckets:
            for _cycle, column, _admin, status in bucket.port_states:
                oper[PORTS[column]] = status
            for slot in range(10):
                at_s = float(bucket.cycle_at_s[slot])
                cycle = writer.begin_cycle(at_s)
                assert cycle == bucket.first_cycle + slot
                probes = bucket.probes if slot == 0 else ()
                transitions = bucket.transitions if slot == 0 else ()
                for second in range(29):
                    writer.beat(at_s + second)
                polls = tuple(poll_in(bucket, slot, device, oper) for device in DEVICES)
                writer.store(Batch(cycle, at_s + 29, polls, probes, transitions))
        writer.begin_cycle(at_s + 2 * INTERVAL_S)
        writer.begin_cycle(at_s + 3 * INTERVAL_S)


def poll_in(
    bucket: PastBucket, slot: int, device: str, oper: dict[tuple[str, str], int]
) -> DevicePoll:
    column = DEVICES.index(device)
    cycle, outcome = bucket.first_cycle + slot, Outcome(int(bucket.outcome[slot, column]))
    fault_of = {(f.cycle, f.port): dataclasses.astuple(f)[2:] for f in bucket.faults}
    samples = []
    for place, (owner, key) in enumerate(PORTS):
        if owner == device and outcome is Outcome.OK:
            rates = [float(r[slot, place]) for r in (bucket.in_bps, bucket.out_bps)]
            known = [None if np.isnan(rate) else rate for rate in rates]
            none_lost = [None if rate is None else 0.0 for rate in (*known, *known)]
            faults = fault_of.get((cycle, place), none_lost)
            samples.append(PortSample(key, 1, oper[owner, key], *known, *faults))
    rtt_us = int(bucket.rtt_us[slot, column])
    return DevicePoll(
        *(device, cycle, int(bucket.at_ms[slot, column]), outcome),
        *(None if rtt_us < 0 else rtt_us, None, SYSTEM, facts_of(), tuple(samples)),
    )


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    inventory = small_inventory()
    bulk, seen = tmp_path / "bulk.db", tmp_path / "seen.db"
    write_in_bulk(bulk, made_up(), inventory)
    write_as_seen(seen, made_up(), inventory)
    return bulk, seen


def test_a_past_in_bulk_replays_as_if_it_had_been_seen(both: tuple[Path, Path]) -> None:
    with HistoryReader(both[0]) as bulk, HistoryReader(both[1]) as seen:
        for cycle in range(20, 10 * BUCKETS, 7):
            at_s = FIRST_S + INTERVAL_S * cycle + 29.5
            one, other = (reader.snapshot_at(at_s) for reader in (bulk, seen))
            assert one.devices == other.devices
            assert one.ports == other.ports
            assert one.links == other.links
            assert one.rooms == other.rooms
            assert one.cycle == other.cycle


def test_means_of_a_past_in_bulk_are_those_filled_as_time_passes(both: tuple[Path, Path]) -> None:
    to_s = FIRST_S + 10 * BUCKETS * INTERVAL_S
    with HistoryReader(both[0]) as bulk, HistoryReader(both[1]) as seen:
        for port in (view.port for view in bulk.snapshot_at(to_s - 10).ports["b1"]):
            for step_s in (300, 3600):
                one = bulk.port_series(port, FIRST_S, to_s - 400, step_s)
                other = seen.port_series(port, FIRST_S, to_s - 400, step_s)
                for name in ("at_s", "in_bps", "out_bps", "in_max_bps", "out_max_bps"):
                    assert np.array_equal(getattr(one, name), getattr(other, name), True), name
                assert not np.isnan(one.in_bps).all()


def test_what_is_rolled_up_and_what_is_still_open_together_miss_no_window(
    both: tuple[Path, Path],
) -> None:
    to_s = FIRST_S + 10 * BUCKETS * INTERVAL_S
    with HistoryReader(both[0]) as bulk:
        port = bulk.snapshot_at(to_s - 10).ports["a1"][0].port
        series = bulk.port_series(port, FIRST_S, to_s, 300)
        assert len(series.at_s) == 31
        assert not np.isnan(series.in_bps[:-1]).any()


def test_a_past_must_follow_what_is_there(tmp_path: Path) -> None:
    with HistoryWriter.open(tmp_path / "h.db", "1") as writer:
        writer.record_inventory(small_inventory())
        for _ in range(25):
            cycle = writer.begin_cycle(FIRST_S - 900)
        assert cycle == 25
        assert writer.next_past_cycle() == 30
        with pytest.raises(ValueError, match="cannot begin at cycle 10"):
            writer.write_past(made_up()[0])
        writer.write_past(made_up()[2])
        assert writer.begin_cycle(FIRST_S + 1000) == 40
