"""Laws of the simulated traffic: nothing is lost on the way, no step, no overfull line."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.demo.fabric import FULL, Outage
from console.demo.incidents import Kind, ScriptedIncident
from tests.simulated import WORKDAY_S, simulation

DAY_S = 86400
moments = st.floats(-200 * DAY_S, 200 * DAY_S).map(WORKDAY_S.__add__)


@given(moments)
def test_what_enters_a_device_leaves_it(at_s: float) -> None:
    network = simulation()
    curves = network.traffic.curves(at_s, at_s + 90)
    times = np.linspace(at_s, at_s + 90, 7)
    for ports in network.ports.values():
        rates = curves.rates(ports.rows, times)
        into, out = (ports.weights[counter] @ rates for counter in (0, 1))
        np.testing.assert_allclose(into.sum(axis=0), out.sum(axis=0), rtol=1e-9, atol=1e-3)


@given(moments)
def test_no_line_carries_more_than_it_can(at_s: float) -> None:
    network = simulation()
    curves = network.traffic.curves(at_s, at_s + 600)
    capacity = network.fabric.capacity_bps[:, None]
    for ends in (curves.begin, curves.end):
        lines = ends[: len(capacity)]
        assert (lines >= 0).all()
        assert (lines <= FULL * capacity * (1 + 1e-9)).all()


@given(moments, st.floats(1, 4000), st.floats(1, 4000))
@example(1793200558.0, 1.0, 1.0)  # a line is full, and the cut lies between two knots
def test_integrals_add_up_wherever_the_time_is_cut(
    at_s: float, first_s: float, second_s: float
) -> None:
    traffic = simulation().traffic
    middle_s, end_s = at_s + first_s, at_s + first_s + second_s
    whole = traffic.curves(at_s, end_s).total[:, -1]
    parts = (
        traffic.curves(at_s, middle_s).total[:, -1] + traffic.curves(middle_s, end_s).total[:, -1]
    )
    np.testing.assert_allclose(parts, whole, rtol=1e-9, atol=1e-3)


def test_the_integral_is_that_of_the_rates() -> None:
    curves = simulation().traffic.curves(WORKDAY_S, WORKDAY_S + 1800)
    rows = np.arange(20)
    times = np.linspace(WORKDAY_S, WORKDAY_S + 1800, 18001)
    middle = (times[1:] + times[:-1]) / 2
    summed = (curves.rates(rows, middle) * np.diff(times)).sum(axis=1)
    exact = curves.integral(rows, times[-1:])[:, 0]
    np.testing.assert_allclose(summed, exact, rtol=1e-4)
    np.testing.assert_allclose(exact, curves.total[rows, -1])


def test_a_dead_link_carries_nothing_and_its_traffic_goes_round() -> None:
    network = simulation()
    cut = Outage(frozenset({"mz-tr"}))
    well, ill = network.fabric.routed(Outage()), network.fabric.routed(cut)
    number = next(n for n, link in enumerate(network.fabric.links) if link.id == "mz-tr")
    assert {2 * number, 2 * number + 1} <= set(well.row)
    assert not {2 * number, 2 * number + 1} & set(ill.row)
    assert ill.alive == well.alive
    tr_lan = network.fabric.local_row("tr-r1")
    arrived = [r.share[r.row == tr_lan + 1].sum() for r in (well, ill)]
    assert arrived[0] == pytest.approx(arrived[1])


def test_a_device_that_lost_every_link_still_reaches_its_own_site() -> None:
    fabric = simulation().fabric
    at_hub = {device.id for device in fabric.inventory.devices if device.site == fabric.hub}
    own = {link.id for link in fabric.links if {link.a.device, link.b.device} & at_hub}
    cut = Outage(frozenset(own))
    assert fabric.routed(cut).alive == at_hub
    assert fabric.shares_between(fabric.hub, fabric.hub, cut) == {}


def test_who_hangs_on_one_link_is_gone_with_it() -> None:
    network = simulation()
    well = network.fabric.routed(Outage()).alive
    assert well - network.fabric.routed(Outage(frozenset({"kh-bir"}))).alive == {"bir-r1"}
    assert well - network.fabric.routed(Outage(devices=frozenset({"ko-r1"}))).alive == {
        *("ko-r1", "myk-r1")
    }


def test_a_saturated_link_fills_up_and_drops() -> None:
    network = simulation()
    found = network.script.between(WORKDAY_S - 60 * DAY_S, WORKDAY_S)
    incident = next(i for i in found if i.kind is Kind.SATURATION and _by_day(i))
    number = next(n for n, x in enumerate(network.fabric.links) if x.id == incident.subject)
    hop = 2 * number + (not incident.a_to_b)
    middle_s = (incident.began_s + incident.ended_s) / 2
    curves = network.traffic.curves(middle_s, middle_s + 1)
    rows = np.asarray([hop, network.traffic.discard_row(hop)])
    load, dropped = curves.rates(rows, np.asarray([middle_s]))[:, 0]
    assert load > 0.85 * network.fabric.capacity_bps[hop]
    assert dropped > 2


def _by_day(incident: ScriptedIncident) -> bool:
    hour = incident.began_s % DAY_S / 3600
    return 8 < hour < 10 and incident.began_s // DAY_S % 7 in (4, 5, 6)  # Monday to Wednesday


def test_conferences_can_be_seen() -> None:
    network = simulation()
    site_flow = network.demands.index["media trier-saarburg to rechenzentrum"]
    knots = np.arange(WORKDAY_S - 5400, WORKDAY_S + 5400, 60).astype(np.int64)
    rates = network.demands.rates(knots)[site_flow]
    assert rates[knots == WORKDAY_S - 1800] == pytest.approx(0.85 * 4e6)  # IT-Leiter, 09:00 local
    assert rates[knots == WORKDAY_S + 3600] == 0
