"""What a failure would do to sites, rooms, services and conferences."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.analysis.readiness import impact
from console.model.readiness import Direction, Overload, Verdict
from console.model.states import RoomState, State
from tests.builders import with_link, with_room
from tests.situations import conference, network, situation, with_baseline

SITES = {"m": ["m1"], "a": ["a1"], "b": ["b1"], "c": ["c1", "c2"]}
LINKS = [
    ("am", "a1", "m1", 1e9, 10),
    ("bm", "b1", "m1", 1e9, 10),
    ("ab", "a1", "b1", 1e9, 50),
    ("bc", "b1", "c1", 100e6, 10),
    ("cc", "c1", "c2", 1e9, 10),
]
SERVICES = [
    {"id": "web", "name": "Web", "provider": "m", "probe": {"https": "https://127.0.0.1/"}},
    {
        **{"id": "own", "name": "Own", "provider": "c", "consumers": ["a"], "device": "c2"},
        "probe": {"https": "https://127.0.0.1/"},
    },
]
ROOMS = {"ra": "a", "rb": "b", "rc": "c/c2"}


def county(quorum: object = "all"):  # type: ignore[no-untyped-def]
    return network(
        SITES, LINKS, ROOMS, "m", services=SERVICES, conferences=[conference(quorum=quorum)]
    )


def test_a_link_that_can_be_gone_round() -> None:
    before = situation(county())
    found = impact("bm", before.snapshot, [before])
    assert (found.cut_off_sites, found.rooms, found.services) == ((), (), ())
    assert found.conferences == (("conf", Verdict.READY),)
    flows = {(flow.id, flow.direction.value): flow.demand_bps / 1e6 for flow in found.flows}
    assert flows["am", "b_to_a"] == 24.0
    assert flows["ab", "a_to_b"] == 16.0
    assert ("bm", "a_to_b") not in flows


def test_what_lies_behind_a_link_is_cut_off() -> None:
    before = situation(county(quorum=2))
    found = impact("bc", before.snapshot, [before])
    assert (found.cut_off_sites, found.rooms) == (("c",), ("rc",))
    assert found.services == (("web", ("c",)), ("own", ("a",)))
    assert found.conferences == (("conf", Verdict.READY),)
    all_needed = situation(county())
    found = impact("bc", all_needed.snapshot, [all_needed])
    assert found.conferences == (("conf", Verdict.NOT_READY),)


def test_a_device_takes_its_site_and_what_lies_behind_with_it() -> None:
    before = situation(county())
    found = impact("b1", before.snapshot, [before])
    assert (found.cut_off_sites, found.rooms) == (("b", "c"), ("rb", "rc"))
    assert found.services == (("web", ("b", "c")), ("own", ("a",)))


def test_a_room_on_one_device_of_a_site_whose_other_one_is_reached() -> None:
    before = situation(county())
    found = impact("cc", before.snapshot, [])
    assert (found.cut_off_sites, found.rooms) == ((), ("rc",))
    assert found.services == (("own", ("a",)),)
    assert (found.conferences, found.flows) == ((), ())


def test_links_that_would_be_overloaded() -> None:
    before = with_baseline(situation(county()), "am", Direction.B_TO_A, 980e6)
    found = impact("bm", before.snapshot, [before])
    assert found.overloaded == (Overload("am", Direction.B_TO_A, pytest.approx(1.004)),)
    assert found.conferences == (("conf", Verdict.NOT_READY),)


def test_unknown_rooms_decide_and_what_is_down_stays_down() -> None:
    before = situation(county())
    seen = with_room(before.snapshot, "ra", state=RoomState.UNKNOWN)
    unknown = dataclasses.replace(before, snapshot=seen)
    assert impact("am", seen, [unknown]).conferences == (("conf", Verdict.UNKNOWN),)
    seen = with_link(before.snapshot, "bc", state=State.DOWN)
    down = dataclasses.replace(before, snapshot=seen)
    assert impact("am", seen, [down]).cut_off_sites == ("c",)
    assert impact("bc", seen, [down]).cut_off_sites == ("c",)


def test_what_is_neither_link_nor_device() -> None:
    before = situation(county())
    with pytest.raises(KeyError):
        impact("ra", before.snapshot, [])


nodes = st.integers(0, 7)


@given(st.lists(st.tuples(nodes, nodes), max_size=12), st.data())
@settings(max_examples=150, deadline=None)
def test_cut_off_sites_are_those_with_no_chain_of_links(
    drawn: list[tuple[int, int]], data: st.DataObject
) -> None:
    links = [(f"l{n}", a, b) for n, (a, b) in enumerate(drawn) if a != b]
    inventory = network(
        {f"s{n}": [f"d{n}"] for n in range(8)},
        [(link, f"d{a}", f"d{b}", 1e9, 1) for link, a, b in links],
        {},
        "s0",
    )
    failed = data.draw(
        st.sampled_from([*(link for link, _a, _b in links), *(f"d{n}" for n in range(1, 8))])
    )
    reached = {0}
    for _ in range(8):
        for link, a, b in links:
            if failed not in (link, f"d{a}", f"d{b}") and (a in reached or b in reached):
                reached |= {a, b}
    found = impact(failed, situation(inventory).snapshot, [])
    assert set(found.cut_off_sites) == {f"s{n}" for n in range(8) if n not in reached}
