"""Paths, loads and every single failure on random networks, against exact fractions."""

import dataclasses
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from console.analysis.readiness import assess
from console.model.inventory import Inventory
from console.model.readiness import Assessment, Direction, Verdict
from console.model.situation import Situation
from tests.readiness_oracle import Carried, Flows, Web, carry
from tests.situations import conference, network, situation

MBIT = 1_000_000


@dataclasses.dataclass
class Case:
    inventory: Inventory
    situation: Situation
    web: Web
    flows: Flows
    rooms_at: dict[str, str]
    baseline: dict[tuple[str, Direction], int]
    capacity: dict[str, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    sizes = draw(st.lists(st.integers(1, 2), min_size=2, max_size=6))
    sites = {f"s{n}": [f"d{n}{i}" for i in range(size)] for n, size in enumerate(sizes)}
    devices = [device for of in sites.values() for device in of]
    ends = st.sampled_from(devices)
    drawn = draw(st.lists(st.tuples(ends, ends, st.integers(1, 3)), min_size=1, max_size=16))
    links = [(f"l{n}", a, b, cost) for n, (a, b, cost) in enumerate(drawn) if a != b]
    capacity = {link[0]: draw(st.integers(5, 40)) for link in links}
    names = draw(st.lists(st.sampled_from(sorted(sites)), min_size=1, max_size=5))
    places = {f"r{n}": _place(draw, sites, site) for n, site in enumerate(names)}
    bridge = _place(draw, sites, draw(st.sampled_from(sorted(sites))))
    quorum = draw(st.sampled_from(["all", 1, 2]))
    inventory = network(
        sites,
        [(link, a, b, capacity[link] * MBIT, cost) for link, a, b, cost in links],
        places,
        bridge.partition("/")[0],
        conferences=[conference(quorum=quorum)],
        bridges=[{**_bridge(bridge), "probes": [{"icmp": "127.0.0.1"}]}],
    )
    baseline = {(link[0], way): draw(st.integers(0, 30)) for link in links for way in Direction}
    made = situation(
        inventory, baselines={key: float(value * MBIT) for key, value in baseline.items()}
    )
    flows = Flows(
        {
            room: _devices(sites, place)
            for room, place in places.items()
            if place.partition("/")[0] != bridge.partition("/")[0]
        },
        sites[bridge.partition("/")[0]],
        _devices(sites, bridge),
    )
    return Case(
        *(inventory, made, Web(devices, links), flows),
        *({room: place.partition("/")[0] for room, place in places.items()}, baseline, capacity),
    )


def _place(draw: st.DrawFn, sites: dict[str, list[str]], site: str) -> str:
    device = draw(st.sampled_from([None, *sites[site]]))
    return f"{site}/{device}" if device else site


def _bridge(place: str) -> dict[str, object]:
    site, _slash, device = place.partition("/")
    return {"id": "bridge", "site": site, "name": "Bridge", "device": device or None}


def _devices(sites: dict[str, list[str]], place: str) -> list[str]:
    site, _slash, device = place.partition("/")
    return [device] if device else sites[site]


def loads(case: Case, carried: Carried) -> dict[tuple[str, Direction], Fraction]:
    first = {link: a for link, a, _b, _cost in case.web.links}
    found = {}
    for (link, device), demand in carried.demand.items():
        way = Direction.A_TO_B if first[link] == device else Direction.B_TO_A
        found[link, way] = (case.baseline[link, way] + demand) / Fraction(case.capacity[link])
    return found


def not_ready(case: Case, carried: Carried) -> set[str]:
    first = {link: a for link, a, _b, _cost in case.web.links}
    lost = set(carried.cut_off)
    over = {key for key, load in loads(case, carried).items() if load > 1}
    for (link, device), rooms in carried.users.items():
        way = Direction.A_TO_B if first[link] == device else Direction.B_TO_A
        lost |= rooms if (link, way) in over else set()
    return lost


def needed(case: Case) -> int:
    quorum = case.inventory.conferences[0].quorum
    return len(case.inventory.rooms) if quorum == "all" else quorum


@given(cases())
@settings(max_examples=150, deadline=None)
def test_ways_and_loads_agree_with_parcels_sent_hop_by_hop(case: Case) -> None:
    found, carried = assess(case.situation), carry(case.web, case.flows)
    expected = loads(case, carried)
    assert {(link.id, link.direction) for link in found.links} == set(expected)
    for link in found.links:
        assert link.load is not None
        assert abs(link.load - expected[link.id, link.direction]) < 1e-9
    blocked = not_ready(case, carried)
    for participant in found.participants:
        used = {link for (link, _), rooms in carried.users.items() if participant.room in rooms}
        on_way = None if participant.path is None else set(participant.path)
        assert on_way == (None if participant.room in carried.cut_off else used)
        assert (participant.verdict is Verdict.NOT_READY) == (participant.room in blocked)
    enough = len(case.inventory.rooms) - len(blocked) >= needed(case)
    assert (found.verdict is Verdict.NOT_READY) == (not enough)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_every_single_failure_agrees_with_a_network_written_without_it(case: Case) -> None:
    found = assess(case.situation)
    assert {failure.failed for failure in found.single_failures} == expected_failures(case)
    for failure in found.single_failures:
        carried = carry(case.web.without(failure.failed), case.flows)
        assert set(failure.cut_off) == carried.cut_off
        over = {link for (link, _way), load in loads(case, carried).items() if load > 1}
        assert set(failure.overloaded) == over
        enough = len(case.inventory.rooms) - len(not_ready(case, carried)) >= needed(case)
        assert failure.verdict is (Verdict.READY if enough else Verdict.NOT_READY)
    assert_verdict(case, found)


def expected_failures(case: Case) -> set[str]:
    """Links and devices that carry media; not the only device of a site that takes part."""
    carried = carry(case.web, case.flows)
    links = {link for link, _device in carried.demand}
    ends = {link: {a, b} for link, a, b, _cost in case.web.links}
    devices = {device for link in links for device in ends[link]}
    sites = {*case.rooms_at.values(), case.inventory.bridges[0].site}
    at_site: dict[str, list[str]] = {}
    for device in case.inventory.devices:
        at_site.setdefault(device.site, []).append(device.id)
    alone = {at_site[site][0] for site in sites if len(at_site[site]) == 1}
    reasons = assess(case.situation).reasons
    assert {r.subject for r in reasons if r.code == "single_point"} == alone
    return links | (devices - alone)


def assert_verdict(case: Case, found: Assessment) -> None:
    hit = any(failure.verdict is Verdict.NOT_READY for failure in found.single_failures)
    if found.verdict is not Verdict.NOT_READY:
        assert found.verdict is (Verdict.READY_NOT_N1 if hit else Verdict.READY)
