"""Simulated devices: counters that only grow, and a past that the live counters continue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.demo.past_calls import PastCalls
from console.demo.past_moments import stretch
from console.demo.past_polls import PastDevice
from console.demo.ports import IN_BITS, IN_ERRORS, OUT_BITS, OUT_DISCARDS
from console.demo.room_systems import facts, moment
from console.demo.simulation import Simulation
from console.model.states import Outcome
from tests.simulated import WORKDAY_S, shipped, simulation

devices = st.sampled_from([device.id for device in shipped().devices])
INTERVAL_S = 30.0
STATUS = {200: Outcome.OK, 486: Outcome.BUSY, None: Outcome.TIMEOUT}


@given(devices, st.floats(0, 20000), st.floats(0, 3000))
def test_counters_only_grow_while_a_device_is_up(
    device: str, from_s: float, later_s: float
) -> None:
    network = simulation()
    before = network.device(device, WORKDAY_S + from_s)
    after = network.device(device, WORKDAY_S + from_s + later_s)
    if before is None or after is None or before.booted_at_s != after.booted_at_s:
        return
    assert (after.counters >= before.counters).all()
    lines = before.counters[[IN_BITS, OUT_BITS]]
    assert (lines >= 0).all()


def test_a_reboot_begins_at_zero() -> None:
    network = simulation()
    restarts = [
        (device.id, restart_s)
        for device in shipped().devices
        for restart_s in network.script.restarts(device.id, WORKDAY_S, WORKDAY_S + 20 * 86400)
    ]
    assert restarts
    for device, restart_s in restarts:
        assert network.device(device, restart_s - 1) is None
        fresh = Simulation(shipped(), 1, restart_s).device(device, restart_s + 10)
        if fresh is None:  # the way to it is cut as well
            continue
        assert fresh.booted_at_s == restart_s
        assert fresh.counters[IN_BITS].max() < 10 * 10e9


def test_past_rates_are_those_of_the_live_counters() -> None:
    """What the past says of a cycle is what polling the live device then would have brought."""
    opened = simulation(1, WORKDAY_S)
    at_s = WORKDAY_S + INTERVAL_S * np.arange(20)
    over = stretch(opened, 100, at_s, INTERVAL_S)
    for number, entry in enumerate(shipped().devices):
        polls = PastDevice(opened, number, 2.0).poll(over)
        asked_s = at_s + polls.at_ms / 1000
        live = [opened.device(entry.id, moment) for moment in asked_s]
        assert [moment is not None for moment in live] == polls.ok.tolist()
        assert np.isnan(polls.in_bps[0]).all()
        for place in range(1, 20):
            before, now = live[place - 1], live[place]
            if before is None or now is None:
                continue
            rates = (now.counters - before.counters) / (asked_s[place] - asked_s[place - 1])
            np.testing.assert_allclose(polls.in_bps[place], rates[IN_BITS], rtol=1e-6, atol=1)
            np.testing.assert_allclose(polls.out_bps[place], rates[OUT_BITS], rtol=1e-6, atol=1)
            faults = rates[[IN_ERRORS, OUT_DISCARDS]]
            np.testing.assert_allclose(polls.faults[[0, 3], place], faults, rtol=1e-6, atol=1e-6)
            codes = [10 * admin + oper for admin, oper in now.status]
            assert polls.status[place].tolist() == codes


def test_the_past_does_not_depend_on_where_it_is_cut() -> None:
    network = simulation()
    at_s = WORKDAY_S + INTERVAL_S * np.arange(40)
    whole = PastDevice(network, 3, 2.0).poll(stretch(network, 0, at_s, INTERVAL_S))
    device = PastDevice(network, 3, 2.0)
    parts = [
        device.poll(stretch(network, first, at_s[first : first + 10], INTERVAL_S))
        for first in range(0, 40, 10)
    ]
    together = np.vstack([part.in_bps for part in parts])
    np.testing.assert_allclose(together, whole.in_bps, rtol=1e-9)
    assert not np.isnan(whole.in_bps[1:]).any()


def test_past_calls_are_those_of_the_live_rooms() -> None:
    opened = simulation(1, WORKDAY_S)
    at_s = WORKDAY_S - 3600 + INTERVAL_S * np.arange(240)
    results = [r for r, _ in PastCalls(opened, 2.0).results(stretch(opened, 0, at_s, INTERVAL_S))]
    subjects = {room.id: room for room in (*shipped().rooms, *shipped().bridges)}
    for result in results:
        room = subjects[result.subject]
        told_s = float(at_s[result.cycle]) + result.at_ms / 1000
        asked_s = told_s - (2.0 if result.outcome is Outcome.TIMEOUT else 0.002)
        status = opened.sip_status(room, asked_s)
        if result.facts is None:
            assert STATUS[status] is result.outcome  # type: ignore[arg-type]
        else:
            assert result.facts.in_call is (status == 486)
            kind = result.probe.partition(" ")[0]
            assert result.facts == facts(kind, moment(opened, room, asked_s - 0.002))
    assert sum(result.facts is not None for result in results) > 2 * 60 * 3
    seen = {result.outcome for result in results}
    assert seen == {Outcome.OK, Outcome.BUSY, Outcome.TIMEOUT}
    assert len(results) > 2 * 60 * len(subjects)


def test_rooms_are_asked_often_from_an_hour_before_a_conference_until_its_end() -> None:
    start_s, end_s = WORKDAY_S - 3600, WORKDAY_S + 1800  # the IT round, all rooms
    at_s = start_s - 7200 + INTERVAL_S * np.arange(480)
    asked: dict[str, list[float]] = {}
    for r, _ in PastCalls(simulation(), 2.0).results(stretch(simulation(), 0, at_s, INTERVAL_S)):
        asked.setdefault(r.probe, []).append(float(at_s[r.cycle]) + r.at_ms / 1000)
    for moments in asked.values():
        gaps = np.diff(moments)
        near = [start_s - 3500 <= moment < end_s - 20 for moment in moments[:-1]]
        far = [moment < start_s - 3700 or moment > end_s + 60 for moment in moments[:-1]]
        assert gaps[near].max() < 30  # asked again after a miss: the round in between is left out
        assert np.median(gaps[near]) == pytest.approx(15)
        assert np.median(gaps[far]) == pytest.approx(60)


def test_a_lost_room_is_asked_again_soon_so_that_it_counts_as_dead() -> None:
    opened = simulation(1, WORKDAY_S)
    at_s = WORKDAY_S - 600 + INTERVAL_S * np.arange(40)
    lost = next(iter(opened.script.lost_rooms(WORKDAY_S)))
    over = stretch(opened, 0, at_s, INTERVAL_S)
    missed = [
        (float(at_s[r.cycle]) + r.at_ms / 1000, news)
        for r, news in PastCalls(opened, 2.0).results(over)
        if r.subject == lost and r.outcome is Outcome.TIMEOUT
    ]
    assert missed[2][0] - missed[0][0] < 30
    assert all(news for _, news in missed[:3])
    assert not missed[-1][1]
