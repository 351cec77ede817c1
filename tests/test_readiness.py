"""The eight rules, each by an example worked out by hand."""

import dataclasses

import pytest

from console.analysis.readiness import Cancelled, assess
from console.model.inventory import Inventory
from console.model.plan import Plan
from console.model.readiness import Assessment, Direction, Severity, Verdict
from console.model.situation import Evidence, Situation
from console.model.snapshot import Reason
from console.model.states import RoomState, State
from tests.builders import healthy_snapshot, with_device, with_link, with_room
from tests.situations import (
    GOOD,
    conference,
    network,
    situation,
    with_baseline,
    with_evidence,
)

# The bridge's site m has two devices in one house; three counties, of which c is single-homed.
SITES = {"m": ["m1", "m2"], "a": ["a1"], "b": ["b1"], "c": ["c1"]}
LINKS = [
    ("mm", "m1", "m2", 10e9, None),
    ("a-m1", "a1", "m1", 1e9, None),
    ("a-m2", "a1", "m2", 1e9, None),
    ("b-m1", "b1", "m1", 1e9, 100),
    ("b-m2", "b1", "m2", 1e9, 150),
    ("c-b", "c1", "b1", 100e6, None),
]
ROOMS = {"ra": "a", "rb": "b", "rc": "c", "rm": "m"}


def county(**changes: object) -> Inventory:
    return network(SITES, LINKS, ROOMS, "m", **changes)


def codes(found: Assessment, room: str | None = None) -> list[str]:
    if room is None:
        return [reason.code for reason in found.reasons]
    return [r.code for p in found.participants if p.room == room for r in p.reasons]


def verdict(found: Assessment, room: str) -> Verdict:
    return next(p.verdict for p in found.participants if p.room == room)


def demand(found: Assessment) -> dict[tuple[str, str], float]:
    return {(link.id, link.direction.value): link.demand_bps / 1e6 for link in found.links}


def test_paths_are_shortest_by_cost_and_nearest_to_the_room_first() -> None:
    found = assess(situation(county()))
    assert {p.room: p.path for p in found.participants} == {
        "ra": ("a-m1", "a-m2"),
        "rb": ("b-m1",),
        "rc": ("c-b", "b-m1"),
        "rm": (),
    }


def test_rooms_send_4_and_receive_8_and_equal_ways_share() -> None:
    assert demand(assess(situation(county()))) == {
        ("a-m1", "a_to_b"): 2.0,
        ("a-m1", "b_to_a"): 4.0,
        ("a-m2", "a_to_b"): 2.0,
        ("a-m2", "b_to_a"): 4.0,
        ("b-m1", "a_to_b"): 8.0,
        ("b-m1", "b_to_a"): 16.0,
        ("c-b", "a_to_b"): 4.0,
        ("c-b", "b_to_a"): 8.0,
    }


def test_other_conferences_on_at_the_same_time_are_added() -> None:
    inventory = county(
        conferences=[conference(), conference(id="other", rooms=["rc"])],
    )
    found = demand(assess(situation(inventory, others=("other",))))
    assert found["c-b", "a_to_b"] == 8.0
    assert found["b-m1", "b_to_a"] == 24.0


def test_each_direction_is_routed_by_itself() -> None:
    # Up: at x half goes each way, at y all of it on; down: at z a third each over three links.
    sites = {"r": ["r1"], "x": ["x1"], "z": ["z1"]}
    links = [
        ("rx", "r1", "x1", 1e9, 1),
        ("xz1", "x1", "z1", 1e9, 1),
        ("xz2", "x1", "z1", 1e9, 1),
        ("rz", "r1", "z1", 1e9, 2),
    ]
    found = demand(assess(situation(network(sites, links, {"room": "r"}, "z"))))
    assert found["rz", "a_to_b"] == found["rx", "a_to_b"] == 2.0
    assert found["xz1", "a_to_b"] == 1.0
    assert found["rz", "b_to_a"] == pytest.approx(8 / 3)
    assert found["xz1", "b_to_a"] == found["xz2", "b_to_a"] == pytest.approx(8 / 3)
    assert found["rx", "b_to_a"] == pytest.approx(16 / 3)


def test_a_flow_starts_at_the_named_device_else_at_the_nearest_that_is_up() -> None:
    sites = {"m": ["m1"], "a": ["a1", "a2"]}
    links = [("1", "a1", "m1", 1e9, 10), ("2", "a2", "m1", 1e9, 20), ("12", "a1", "a2", 1e9, 1)]
    nearest = situation(network(sites, links, {"room": "a"}, "m"))
    named = situation(network(sites, links, {"room": "a/a2"}, "m"))
    assert [p.path for p in assess(nearest).participants] == [("1",)]
    assert [p.path for p in assess(named).participants] == [("12", "1")]
    for state in (State.DOWN, State.UNREACHABLE, State.UNKNOWN):
        seen = with_device(nearest.snapshot, "a1", state=state)
        found = assess(dataclasses.replace(nearest, snapshot=seen))
        # An unknown device carries on (20 against 1 + 10), but media start where one is up.
        path = ("12", "1") if state is State.UNKNOWN else ("2",)
        assert [p.path for p in found.participants] == [path]
    seen = with_device(named.snapshot, "a2", state=State.DOWN)
    (room,) = assess(dataclasses.replace(named, snapshot=seen)).participants
    assert (room.path, room.verdict) == (None, Verdict.NOT_READY)


def test_parallel_links_are_a_hop_each() -> None:
    links = [("1", "a1", "m1", 1e9, 5), ("2", "a1", "m1", 1e9, 5), ("3", "a1", "m1", 1e9, 6)]
    inventory = network({"m": ["m1"], "a": ["a1"]}, links, {"room": "a"}, "m")
    assert demand(assess(situation(inventory))) == {
        ("1", "a_to_b"): 2.0,
        ("1", "b_to_a"): 4.0,
        ("2", "a_to_b"): 2.0,
        ("2", "b_to_a"): 4.0,
    }


def test_a_link_that_is_down_is_left_out_and_without_any_way_the_room_is_not_ready() -> None:
    before = situation(county())
    seen = with_link(before.snapshot, "a-m1", state=State.DOWN)
    found = assess(dataclasses.replace(before, snapshot=seen))
    assert next(p.path for p in found.participants if p.room == "ra") == ("a-m2",)
    seen = with_link(before.snapshot, "c-b", state=State.DOWN)
    found = assess(dataclasses.replace(before, snapshot=seen))
    assert (found.verdict, codes(found, "rc")) == (Verdict.NOT_READY, ["no_path"])
    assert verdict(found, "rb") is Verdict.READY


def test_rooms_at_the_bridges_own_site_need_no_link() -> None:
    seen = healthy_snapshot(county())
    for link in ("mm", "a-m1", "a-m2", "b-m1", "b-m2"):
        seen = with_link(seen, link, state=State.DOWN)
    found = assess(dataclasses.replace(situation(county()), snapshot=seen))
    assert next(p.path for p in found.participants if p.room == "rm") == ()
    assert {p.room: p.verdict.value for p in found.participants} == {
        **dict.fromkeys(("ra", "rb", "rc"), "not_ready"),
        "rm": "ready",
    }


def test_a_network_of_one_device_and_one_without_any_links() -> None:
    one = assess(situation(network({"m": ["m1"]}, [], {"room": "m"}, "m")))
    assert (one.verdict, one.links, one.single_failures) == (Verdict.READY, (), ())
    apart = network({"m": ["m1"], "a": ["a1"]}, [], {"ra": "a", "rm": "m"}, "m")
    found = assess(situation(apart))
    assert (verdict(found, "rm"), verdict(found, "ra")) == (Verdict.READY, Verdict.NOT_READY)
    assert codes(found, "ra") == ["no_path"]


def test_unknown_links_and_devices_stay_in_and_rooms_that_cross_them_are_unknown() -> None:
    before = situation(county())
    seen = with_device(with_link(before.snapshot, "c-b", state=State.UNKNOWN), "m1",
                       state=State.UNKNOWN)  # fmt: skip
    found = assess(dataclasses.replace(before, snapshot=seen))
    assert codes(found, "rc") == ["link_unknown", "device_unknown"]
    assert codes(found, "ra") == ["device_unknown"]
    assert (verdict(found, "rm"), found.verdict) == (Verdict.READY, Verdict.UNKNOWN)


def test_an_unknown_baseline_or_capacity_makes_rooms_that_cross_it_unknown() -> None:
    before = situation(county())
    found = assess(with_baseline(before, "b-m1", Direction.B_TO_A, None))
    assert codes(found, "rb") == codes(found, "rc") == ["baseline_unknown"]
    assert (verdict(found, "ra"), found.verdict) == (Verdict.READY, Verdict.UNKNOWN)
    seen = with_link(before.snapshot, "c-b", capacity_bps=None)
    found = assess(dataclasses.replace(before, snapshot=seen))
    assert codes(found, "rc") == ["capacity_unknown"]
    link = next(link for link in found.links if link.id == "c-b")
    assert (link.capacity_bps, link.load, link.demand_bps) == (None, None, 4e6)


@pytest.mark.parametrize(
    ("baseline_bps", "load", "reasons", "word"),
    [
        (72e6, 0.8, [], Verdict.READY),
        (73e6, 0.81, ["load_high"], Verdict.READY),
        (92e6, 1.0, ["load_high"], Verdict.READY),
        (93e6, 1.01, ["overload"], Verdict.NOT_READY),
    ],
)
def test_load_is_baseline_and_demand_over_capacity(
    baseline_bps: float, load: float, reasons: list[str], word: Verdict
) -> None:
    before = with_baseline(situation(county()), "c-b", Direction.B_TO_A, baseline_bps)
    found = assess(before)
    assert next(x.load for x in found.links if (x.id, x.direction.value) == ("c-b", "b_to_a")) == (
        pytest.approx(load)
    )
    assert (codes(found, "rc"), verdict(found, "rc")) == (reasons, word)
    assert verdict(found, "rb") is Verdict.READY


def test_a_link_that_is_overloaded_one_way_is_not_nearly_full_as_well() -> None:
    before = with_baseline(situation(county()), "c-b", Direction.B_TO_A, 93e6)
    found = assess(with_baseline(before, "c-b", Direction.A_TO_B, 86e6))
    assert {link.id for link in found.links if (link.load or 0) > 0.8} == {"c-b"}
    assert codes(found, "rc") == ["overload"]
    assert "load_high" not in codes(found)


def test_a_full_link_without_media_is_no_matter_of_the_conference() -> None:
    before = with_baseline(situation(county()), "mm", Direction.A_TO_B, 20e9)
    found = assess(before)
    assert "overload" not in codes(found)
    assert "mm" not in {link.id for link in found.links}


@pytest.mark.parametrize(
    ("evidence", "reasons", "word"),
    [
        (GOOD, [], Verdict.READY),
        (Evidence(150.0, 30.0, 0.01, 5.0, True), [], Verdict.READY),
        (Evidence(151.0, 1.0, 0.0, 5.0, True), ["rtt_high"], Verdict.NOT_READY),
        (Evidence(8.0, 31.0, 0.0, 5.0, True), ["jitter_high"], Verdict.NOT_READY),
        (Evidence(8.0, 1.0, 0.02, 5.0, True), ["loss_high"], Verdict.NOT_READY),
        (Evidence(None, None, 1.0, 5.0, True), ["loss_high"], Verdict.NOT_READY),
        (Evidence(8.0, None, 0.0, 5.0, True), [], Verdict.READY),
        (Evidence(999.0, 99.0, 0.5, 500.0, False), ["evidence_old"], Verdict.UNKNOWN),
        (Evidence(None, None, None, None, False), ["evidence_missing"], Verdict.UNKNOWN),
        (None, ["evidence_missing"], Verdict.UNKNOWN),
    ],
)
def test_evidence(evidence: Evidence | None, reasons: list[str], word: Verdict) -> None:
    found = assess(with_evidence(situation(county()), "ra", evidence))
    assert (codes(found, "ra"), verdict(found, "ra")) == (reasons, word)


def test_old_measurements_are_not_told_but_their_age_is() -> None:
    old = Evidence(9.0, 1.0, 0.0, 500.0, False)
    found = assess(with_evidence(situation(county()), "ra", old)).participants[0]
    assert (found.rtt_ms, found.jitter_ms, found.loss) == (None, None, None)
    assert found.evidence_age_s == 500.0


@pytest.mark.parametrize(
    ("state", "code", "word"),
    [
        (RoomState.DOWN, "room_down", Verdict.NOT_READY),
        (RoomState.UNREACHABLE, "room_unreachable", Verdict.NOT_READY),
        (RoomState.UNKNOWN, "room_unknown", Verdict.UNKNOWN),
        (RoomState.DEGRADED, "room_degraded", Verdict.READY),
        (RoomState.STANDBY, "room_standby", Verdict.READY),
        (RoomState.IN_CALL, "room_in_call", Verdict.READY),
    ],
)
def test_the_state_of_a_room(state: RoomState, code: str, word: Verdict) -> None:
    before = situation(county())
    seen = with_room(before.snapshot, "rm", state=state, reasons=(Reason("sip_refused", "403"),))
    found = assess(dataclasses.replace(before, snapshot=seen))
    (reason,) = next(p.reasons for p in found.participants if p.room == "rm")
    assert (reason.code, reason.argument, verdict(found, "rm")) == (code, "sip_refused:403", word)


def test_a_dead_bridge_lets_no_room_be_ready_and_an_unknown_one_says_nothing() -> None:
    before = situation(county())
    for state, word in ((RoomState.DOWN, Verdict.NOT_READY), (RoomState.UNKNOWN, Verdict.UNKNOWN)):
        bridge = dataclasses.replace(before.snapshot.bridges["bridge"], state=state)
        seen = dataclasses.replace(before.snapshot, bridges={"bridge": bridge})
        found = assess(dataclasses.replace(before, snapshot=seen))
        assert {p.verdict for p in found.participants} == {word}
        assert found.verdict is word


def failures(found: Assessment) -> dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]:
    return {f.failed: (f.cut_off, f.overloaded, f.verdict.value) for f in found.single_failures}


def test_every_link_and_device_on_the_way_fails_once_but_not_the_only_device_of_a_site() -> None:
    found = assess(situation(county()))
    assert failures(found) == {
        "a-m1": ((), (), "ready"),
        "a-m2": ((), (), "ready"),
        "b-m1": ((), (), "ready"),
        "c-b": (("rc",), (), "not_ready"),
        "m1": ((), (), "ready"),
        "m2": ((), (), "ready"),
    }
    assert [r.subject for r in found.reasons if r.code == "single_point"] == ["a1", "b1", "c1"]
    (risk,) = [r for r in found.reasons if r.severity is Severity.RISK]
    assert (risk.code, risk.subject, risk.argument) == ("failure_cuts_off", "c-b", "1")
    assert found.verdict is Verdict.READY_NOT_N1


def test_a_failure_that_overloads_what_is_left() -> None:
    # Without b-m1 two rooms cross b-m2: 16 Mbit/s down on 990 of 1000.
    before = with_baseline(situation(county()), "b-m2", Direction.B_TO_A, 990e6)
    found = assess(before)
    assert failures(found)["b-m1"] == ((), ("b-m2",), "not_ready")
    assert failures(found)["m1"] == ((), ("b-m2",), "not_ready")
    assert ("failure_overloads", "b-m1") in [(r.code, r.subject) for r in found.reasons]


@pytest.mark.parametrize(
    ("quorum", "word"),
    [("all", "ready_not_n1"), (4, "ready_not_n1"), (3, "ready"), (5, "not_ready")],
)
def test_quorum_now_and_under_every_failure(quorum: object, word: str) -> None:
    found = assess(situation(county(conferences=[conference(quorum=quorum)])))
    assert found.verdict == word
    assert ("quorum_missed" in codes(found)) == (word == "not_ready")


def test_unknown_rooms_only_matter_where_they_decide() -> None:
    two = with_evidence(situation(county(conferences=[conference(quorum=2)])), "ra", None)
    assert assess(two).verdict is Verdict.READY
    three = with_evidence(situation(county(conferences=[conference(quorum=4)])), "ra", None)
    assert assess(three).verdict is Verdict.UNKNOWN
    seen = with_room(three.snapshot, "rb", state=RoomState.DOWN)
    assert assess(dataclasses.replace(three, snapshot=seen)).verdict is Verdict.NOT_READY


def test_a_room_or_bridge_that_is_no_longer_in_the_inventory() -> None:
    before = situation(county())
    entry = before.plan.entry.model_copy(update={"rooms": ("ra", "gone")})
    found = assess(dataclasses.replace(before, plan=Plan(entry)))
    assert (verdict(found, "gone"), found.verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    entry = before.plan.entry.model_copy(update={"bridge": "gone"})
    found = assess(dataclasses.replace(before, plan=Plan(entry)))
    assert (codes(found)[0], found.verdict) == ("bridge_missing", Verdict.UNKNOWN)
    entry = before.plan.entry.model_copy(update={"rooms": ()})
    assert codes(assess(dataclasses.replace(before, plan=Plan(entry))))[0] == "no_rooms"


def test_gives_up_between_failures_when_nobody_waits_any_more() -> None:
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        assess(situation(county()), lambda: next(asked))
    assert next(asked, None) is None


def test_what_was_assessed_is_told() -> None:
    before: Situation = situation(county())
    found = assess(before)
    assert (found.conference, found.start_s, found.end_s) == ("conf", *before.occurrence[:2])
    assert found.assessed_at_s == healthy_snapshot(before.snapshot.inventory).at_s
