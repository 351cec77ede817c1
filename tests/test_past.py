"""The written past: judged as the collector would have, and readable as what was recorded live."""

from pathlib import Path

import numpy as np
import pytest

from console.demo import past_calls, past_polls
from console.demo.incidents import Kind
from console.demo.past import write_past
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.observation import PastBucket, PortFacts, SystemFacts, Transition
from console.model.plan import Plan
from console.model.states import CollectorState, State, Wired
from tests.simulated import WORKDAY_S, shipped, simulation


class Kept:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.buckets: list[PastBucket] = []
        self.systems: list[SystemFacts] = []

    def next_past_cycle(self) -> int:
        return 10

    def past_port_facts(
        self, device: str, system: SystemFacts, facts: tuple[PortFacts, ...]
    ) -> None:
        assert device == system.name
        assert [port.if_index for port in facts] == sorted({port.if_index for port in facts})
        self.systems.append(system)

    def past_plans(self, plans: tuple[Plan, ...], at_s: float) -> None:
        assert [plan.id for plan in plans if plan.read] == ["it-leiter"]

    def write_past(self, bucket: PastBucket) -> None:
        self.buckets.append(bucket)

    @property
    def transitions(self) -> list[Transition]:
        return [found for bucket in self.buckets for found in bucket.transitions]


def written(from_s: float, to_s: float) -> Kept:
    kept, done = Kept(), []
    write_past(simulation(1, WORKDAY_S), kept, from_s, to_s, done.append)
    assert done == sorted(done)
    assert done[-1] == 1.0
    return kept


def test_buckets_are_whole_and_end_where_they_should() -> None:
    kept = written(WORKDAY_S - 3600, WORKDAY_S)
    assert [bucket.first_cycle for bucket in kept.buckets] == list(range(10, 130, 10))
    at_s = np.concatenate([bucket.cycle_at_s for bucket in kept.buckets])
    np.testing.assert_array_equal(np.diff(at_s), 30.0)
    assert at_s[-1] == WORKDAY_S - 30
    devices = len(shipped().devices)
    assert kept.buckets[0].outcome.shape == (10, devices)
    assert kept.buckets[0].in_bps.shape == (10, len(kept.buckets[0].ports))
    assert len(kept.systems) == devices


def test_judging_only_what_changes_comes_to_the_same_as_judging_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over an hour with a conference, a full link, one that fails, and a room that is lost."""
    end_s = WORKDAY_S + 2700
    some = written(WORKDAY_S - 900, end_s).transitions
    monkeypatch.setattr(past_polls, "SETTLES", 10**6)
    monkeypatch.setattr(past_calls, "SETTLES", 10**6)
    assert written(WORKDAY_S - 900, end_s).transitions == some
    assert {change.state for change in some} > {"up", "down", "idle", "degraded", "unreachable"}


def test_a_device_that_reboots_is_written_anew_and_its_rates_have_a_gap() -> None:
    script = simulation(1, WORKDAY_S).script
    device, restart_s = next(
        (device.id, restarts[0])
        for device in shipped().devices
        if (restarts := script.restarts(device.id, WORKDAY_S - 9 * 86400, WORKDAY_S - 3600))
    )
    kept = written(restart_s - 1200, restart_s + 1200)
    again = [system for system in kept.systems if system.name == device]
    assert [system.booted_at_s for system in again][-1] == restart_s
    assert len(again) == 2
    columns = [n for n, (owner, _) in enumerate(kept.buckets[0].ports) if owner == device]
    number = kept.buckets[0].devices.index(device)
    rates = np.vstack([bucket.in_bps for bucket in kept.buckets])[:, columns]
    outcome = np.vstack([bucket.outcome for bucket in kept.buckets])[:, number]
    answered = np.flatnonzero(outcome == 0)
    back = answered[np.flatnonzero(np.diff(answered) > 1)[0] + 1]
    assert np.isnan(rates[back]).all()
    assert not np.isnan(rates[back + 1]).any()


def test_a_past_moment_tells_neighbours_chassis_wiring_and_since_when_ports_stand(
    tmp_path: Path,
) -> None:
    path, network = tmp_path / "history.db", simulation(1, WORKDAY_S)
    script = network.script
    found = script.between(WORKDAY_S, WORKDAY_S + 3 * 86400)
    cut = next(i for i in found if i.kind is Kind.LINK_DOWN and i.began_s > WORKDAY_S)
    at_s = cut.began_s + 40
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(shipped())
        write_past(network, writer, at_s - 3600, at_s + 600, _nothing)
    with HistoryReader(path) as reader:
        snapshot = reader.snapshot_at(at_s)
        early = reader.snapshot_at(at_s - 3000)
    for device, view in snapshot.devices.items():
        _booted_at_s, layout = script.boot(device, at_s)
        heard = network.announcements.heard(device, layout)
        assert view.chassis == network.announcements.chassis(device)
        told = [(n.port_name, n.remote_name) for n in snapshot.neighbours[device]]
        assert told == [(n.port, n.name) for n in heard]
    wired = {view.wiring.state for view in early.links.values()}
    assert wired == {Wired.AGREES}
    link = snapshot.links[cut.subject]
    (port,) = (port for port in snapshot.ports[link.a_device] if port.port == link.a_port)
    assert (port.oper, port.last_change_s) == ("down", at_s - 40)
    since = {port.name: port.last_change_s for port in early.ports[port.device]}
    assert since["lo0"] is None
    assert since[port.name] is not None
    assert since[port.name] < at_s - 3000


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    network = simulation(1, WORKDAY_S)
    with HistoryWriter.open(path, "1") as writer:
        writer.record_inventory(shipped())
        write_past(network, writer, WORKDAY_S - 7200, WORKDAY_S, _nothing)
    reader = HistoryReader(path)
    try:
        snapshot = reader.snapshot_at(WORKDAY_S - 1)
        series = reader.link_series("mz-tr", WORKDAY_S - 7200, WORKDAY_S)
    finally:
        reader.close()
    assert snapshot.collector.state is CollectorState.RUNNING
    states = [view.state for view in snapshot.devices.values()]
    assert states.count(State.UP) >= len(states) - 2
    lost = network.script.lost_rooms(WORKDAY_S - 1)
    assert {room for room, view in snapshot.rooms.items() if view.state == "down"} == lost
    for link, view in snapshot.links.items():
        assert view.capacity_bps == shipped().by_id[link].capacity_bps  # type: ignore[union-attr]
        assert view.a_to_b_bps is not None
    known = series.a_to_b_bps[~np.isnan(series.a_to_b_bps)]
    assert len(known) > 200
    steps = np.abs(np.diff(known)) / known[1:]
    assert steps.max() < 0.2  # no step where stretches or hours meet


def _nothing(_part: float) -> None:
    return
