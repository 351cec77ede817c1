"""Which rooms to take down, where the bridge stands best, and what has changed."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.analysis.readiness import Cancelled, assess
from console.analysis.readiness.bridge_sites import bridge_sites
from console.analysis.readiness.changes import changes
from console.analysis.readiness.relief import relief, reliefs
from console.model.advice import BridgeSite, Change, ChangeKind, Quality, Reduction, Relief
from console.model.inventory import Inventory
from console.model.observation import ChassisFacts, RoomFacts
from console.model.readiness import Direction, Finding, Overload, Severity
from console.model.situation import Situation
from console.model.snapshot import Reason
from console.model.states import RoomState, State
from console.names import Names
from console.texts_advice import bridge_site_sentence, change_sentence, relief_sentence, what_to_do
from tests.builders import with_device, with_link, with_room
from tests.situations import network, situation, with_baseline

# Three rooms behind b, one at a; am is fat, bm and the way round over ab are not.
SITES = {"m": ["m1"], "a": ["a1"], "b": ["b1"], "c": ["c1"]}
LINKS = [
    ("am", "a1", "m1", 100e6, 10),
    ("bm", "b1", "m1", 100e6, 10),
    ("ab", "a1", "b1", 30e6, 10),
    ("cb", "c1", "b1", 1e9, 10),
]
ROOMS = {"ra": "a", "rb": "b", "rc1": "c", "rc2": "c"}
COUNTY = network(SITES, LINKS, ROOMS, "m")


def test_nothing_to_take_down_where_nothing_is_overloaded() -> None:
    found = relief(situation(COUNTY), "cb")
    assert (found.steps, found.left) == ((), ())


def test_as_few_rooms_as_needed_and_720p_before_sound_only() -> None:
    # Without bm three rooms receive 24 Mbit/s over ab, which carries 10 already: 34 of 30.
    before = with_baseline(situation(COUNTY), "ab", Direction.A_TO_B, 10e6)
    found = relief(before, "bm")
    assert found.steps == (Reduction("rb", Quality.HD720),)  # 8 - 2.4 = 5.6 less: 28.4
    assert found.left == ()
    # 26 of 30 are taken: three rooms at 720p are 7.2, two of them with sound only are 2.6.
    before = with_baseline(situation(COUNTY), "ab", Direction.A_TO_B, 26e6)
    found = relief(before, "bm")
    assert found.steps == (
        Reduction("rc2", Quality.HD720),
        Reduction("rb", Quality.AUDIO),
        Reduction("rc1", Quality.AUDIO),
    )
    assert found.left == ()


def test_what_no_room_can_help_is_told() -> None:
    before = with_baseline(situation(COUNTY), "ab", Direction.A_TO_B, 31e6)
    found = relief(before, "bm")
    assert [step.quality for step in found.steps] == [Quality.AUDIO] * 3
    ((link, direction, load),) = [dataclasses.astuple(left) for left in found.left]
    assert (link, direction) == ("ab", Direction.A_TO_B)
    assert load == pytest.approx((31 + 3 * 0.096) / 30)
    with pytest.raises(KeyError):
        relief(before, "gone")


def test_reasons_of_overloads_say_which_rooms_to_take_down() -> None:
    # Without bm 34 of 30 Mbit/s; the quorum needs all, so the failure is a reason.
    names = Names(COUNTY)
    before = with_baseline(situation(COUNTY), "ab", Direction.A_TO_B, 10e6)
    assessment = assess(before)
    (reason,) = [one for one in assessment.reasons if one.code == "failure_overloads"]
    found = reliefs(before, assessment)
    assert [one.failed for one in found] == ["bm"]
    assert what_to_do(reason, names, found) == (
        "Then take Site b down to 720p: that is enough again."
    )
    # Now something is overloaded as things stand: that comes first.
    before = with_baseline(situation(COUNTY), "bm", Direction.B_TO_A, 90e6)
    before = with_baseline(before, "ab", Direction.A_TO_B, 10e6)
    assessment = assess(before)
    (reason,) = [one for one in assessment.reasons if one.code == "overload"]
    told = what_to_do(reason, names, reliefs(before, assessment))
    assert told == (
        "Take Site b; Site c, Room rc1; Site c, Room rc2 down to 720p: then it is enough."
    )
    with pytest.raises(Cancelled):
        reliefs(before, assessment, cancelled=lambda: True)


def test_relief_in_words() -> None:
    names = Names(COUNTY)
    hd = tuple(Reduction(room, Quality.HD720) for room in ("ra", "rb"))
    silent = (Reduction("rc1", Quality.AUDIO),)
    left = (Overload("ab", Direction.A_TO_B, 1.2), Overload("ab", Direction.B_TO_A, 1.1))
    assert relief_sentence(Relief("bm", hd + silent, ()), names) == (
        "Then take Site a, Site b down to 720p and Site c, Room rc1 to sound only:"
        " that is enough again."
    )
    assert relief_sentence(Relief("", hd, left), names, most=1) == (
        "Take Site a, 1 more down to 720p: Site a – Site b stays overloaded all the same."
    )
    assert relief_sentence(Relief("", (), left), names) == (
        "Move other traffic off Site a – Site b: no room can relieve it."
    )
    assert relief_sentence(Relief("bm", (), ()), names) == ""
    other = Finding("load_high", Severity.RISK, "bm", "0.9")
    assert what_to_do(other, names, [Relief("bm", hd, ())]).startswith("Avoid large transfers")


@given(
    st.lists(st.integers(0, 40), min_size=8, max_size=8), st.sampled_from(["", "bm", "am", "ab"])
)
@settings(max_examples=60, deadline=None)
def test_steps_suffice_unless_sound_only_everywhere_does_not(loads: list[int], failed: str) -> None:
    ways = [(link[0], way) for link in LINKS for way in Direction]
    before = situation(
        COUNTY, baselines={key: load * 2.5e6 for key, load in zip(ways, loads, strict=True)}
    )
    found = relief(before, failed)
    assert len({step.room for step in found.steps}) == len(found.steps)
    if found.left:  # what is left over would be so with sound only in every room
        silent = COUNTY.model_dump(by_alias=True)
        silent["profiles"]["hd"] |= {"up": 0.096e6, "down": 0.096e6}
        least = dataclasses.replace(
            before, snapshot=situation(Inventory.model_validate(silent)).snapshot
        )
        assert {(left.link, left.direction) for left in relief(least, failed).left} >= {
            (left.link, left.direction) for left in found.left
        }


def test_the_best_site_loses_fewest_rooms_then_has_the_emptiest_links() -> None:
    # Wherever it stands cb cuts off two rooms: those at c, or at c all others. At b and c only ra
    # crosses the small link (8 of 30), at m all behind b once bm fails, at a always (24 of 30).
    found = bridge_sites(situation(COUNTY))
    assert [(one.site, one.cut_off, one.failed) for one in found] == [
        ("b", 2, ""),
        ("c", 2, ""),
        ("m", 2, "bm"),
        ("a", 2, ""),
    ]
    assert [one.worst_load for one in found] == [
        pytest.approx(load / 30) for load in (8, 8, 24, 24)
    ]
    assert [s.site for s in bridge_sites(situation(COUNTY), ["a", "m"])] == ["a", "m"]
    # With a second way to c no single failure cuts off anything.
    links = [*LINKS, ("ca", "c1", "a1", 1e9, 40)]
    found = bridge_sites(situation(network(SITES, links, ROOMS, "m")))
    assert {one.cut_off for one in found} == {0}


def test_sites_without_a_device_that_is_up_are_not_tried_and_nobody_waits_for_ever() -> None:
    before = situation(COUNTY)
    seen = with_device(before.snapshot, "c1", state=State.DOWN)
    found = bridge_sites(dataclasses.replace(before, snapshot=seen))
    assert {site.site for site in found} == {"m", "a", "b"}
    with pytest.raises(Cancelled):
        bridge_sites(before, cancelled=lambda: True)


def changed(before: Situation, after: Situation) -> tuple[Change, ...]:
    return changes(before.snapshot, after.snapshot, assess(before), assess(after))


def test_nothing_changed() -> None:
    assert changed(situation(COUNTY), situation(COUNTY)) == ()


def test_links_ways_software_serials_and_states() -> None:
    before = situation(COUNTY)
    chassis = ChassisFacts("", "", "S1", "", "1.0", "7.2")
    facts = RoomFacts(software="ce9.15", serial="R1")
    then = with_room(with_device(before.snapshot, "b1", chassis=chassis), "ra", facts=facts)
    now = with_link(then, "bm", state=State.DOWN)
    now = with_link(now, "am", capacity_bps=1e9)
    now = with_device(now, "b1", chassis=dataclasses.replace(chassis, software="7.3", serial="S2"))
    facts = dataclasses.replace(facts, software="ce11", serial="R2")
    now = with_room(now, "ra", facts=facts, state=RoomState.DEGRADED)
    found = changed(
        dataclasses.replace(before, snapshot=then), dataclasses.replace(before, snapshot=now)
    )
    assert found == (
        Change(ChangeKind.LINK_STATE, "bm", ("up",), ("down",)),
        Change(ChangeKind.LINK_CAPACITY, "am", ("100000000",), ("1000000000",)),
        Change(ChangeKind.DEVICE_SOFTWARE, "b1", ("1.0 / 7.2",), ("1.0 / 7.3",)),
        Change(ChangeKind.DEVICE_SERIAL, "b1", ("S1",), ("S2",)),
        Change(ChangeKind.ROOM_STATE, "ra", ("idle",), ("degraded",)),
        Change(ChangeKind.ROOM_SOFTWARE, "ra", ("ce9.15",), ("ce11",)),
        Change(ChangeKind.ROOM_SERIAL, "ra", ("R1",), ("R2",)),
        Change(ChangeKind.PATH, "rb", ("bm",), ("ab", "am")),
        Change(ChangeKind.PATH, "rc1", ("cb", "bm"), ("cb", "ab", "am")),
        Change(ChangeKind.PATH, "rc2", ("cb", "bm"), ("cb", "ab", "am")),
    )


def test_rooms_that_are_well_in_another_way_have_not_changed_but_another_reason_is_a_change() -> (
    None
):
    before = situation(COUNTY).snapshot
    assert changes(before, with_room(before, "ra", state=RoomState.STANDBY)) == ()
    ill = with_room(before, "ra", state=RoomState.DEGRADED, reasons=(Reason("camera_failed"),))
    mute = Reason("microphone_muted")  # only tells
    expired = (Reason("tls_expired", "https://ra"), mute)
    (change,) = changes(ill, with_room(ill, "ra", reasons=expired))
    assert (change.before, change.after) == (
        ("degraded", "camera_failed"),
        ("degraded", "tls_expired:https://ra"),
    )
    assert change_sentence(change, Names(COUNTY)).count(".") == 2
    assert changes(ill, with_room(ill, "ra", reasons=(Reason("camera_failed"), mute))) == ()


def test_what_is_unknown_is_no_change_and_what_came_and_went_is_told() -> None:
    before = situation(COUNTY)
    seen = with_link(before.snapshot, "bm", state=State.UNKNOWN, capacity_bps=None)
    assert changes(before.snapshot, seen) == ()
    smaller = situation(network({"m": ["m1"], "a": ["a1"]}, LINKS[:1], {"ra": "a"}, "m"))
    kinds = [(change.kind, change.subject) for change in changed(before, smaller)]
    assert (ChangeKind.LINK_GONE, "ab") in kinds
    assert (ChangeKind.ROOM_GONE, "rb") in kinds
    assert (ChangeKind.PARTICIPANT_GONE, "rb") in kinds
    kinds = [(change.kind, change.subject) for change in changed(smaller, before)]
    assert (ChangeKind.DEVICE_NEW, "b1") in kinds
    assert (ChangeKind.PARTICIPANT_NEW, "rc2") in kinds


def test_in_words() -> None:
    names = Names(COUNTY)
    assert bridge_site_sentence(bridge_sites(situation(COUNTY))[0], names) == (
        "Site b: a single failure cuts off at most 2 rooms; the fullest link is then at 27 %."
    )
    none = BridgeSite("b", 0, None, "", 3)
    assert bridge_site_sentence(none, names) == "Site b: no single failure cuts off a room."
    said = {
        ChangeKind.LINK_STATE: "The link Site b – Site m is down; it was in operation.",
        ChangeKind.PATH: "Picture and sound of Site b take another way:"
        " Site a – Site b, Site a – Site m; it was Site b – Site m.",
    }
    found = [
        Change(ChangeKind.LINK_STATE, "bm", ("up",), ("down",)),
        Change(ChangeKind.PATH, "rb", ("bm",), ("ab", "am")),
    ]
    for change in found:
        assert change_sentence(change, names) == said[change.kind]
    for kind in ChangeKind:
        value = ("down",) if kind.value.endswith("_state") else ("1e9",)
        sentence = change_sentence(Change(kind, "ra", value, value), names)
        assert "Site a" in sentence
        assert "{" not in sentence
