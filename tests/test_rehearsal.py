"""What a rehearsal sends where, when it is refused, and how its result is judged."""

import dataclasses

from console.analysis.rehearsal import MOST_PS, counted, full_link, judged, legs_of
from console.model.inventory import Inventory, MediaProfile
from console.model.plan import Plan
from console.model.rehearsal import LOST, SLOW, Leg, LegVerdict, Rehearsal, RehearsalState
from tests.builders import healthy_snapshot
from tests.situations import network

PROFILE = MediaProfile.model_validate({"up": "4M", "down": "8M"})
GOOD = Leg("east", ("hall",), "refl", 4e6, 1000, 0, 0, 0, 20.0, 1.0, 1.0, 1.0, 3.9e6, 3.9e6)


def made(**changes: object) -> Inventory:
    return network(
        {"core": ["c"], "east": ["e"], "west": ["w"]},
        [("ce", "c", "e", 1e9, 1), ("cw", "c", "w", 1e9, 1)],
        {"hall": "east", "office": "east", "town": "west"},
        "core",
        **changes,
    )


def reflector(number: int, site: str) -> dict[str, object]:
    return {"id": f"refl{number}", "site": site, "address": f"127.0.0.1:{20000 + number}"}


def plan_of(inventory: Inventory) -> Plan:
    return Plan(inventory.conferences[0])


def test_the_load_is_the_smaller_direction_of_the_profile_for_each_room() -> None:
    inventory = made(reflectors=[reflector(1, "east")])
    east, west = legs_of(plan_of(inventory), inventory)
    assert (east.rooms, east.wanted_bps) == (("hall", "office"), 8e6)
    assert abs(east.rate_bps - 8e6) < 1
    assert (west.site, west.rooms, west.reflector, west.streams) == ("west", ("town",), None, ())


def test_rooms_of_a_site_share_its_reflectors() -> None:
    inventory = made(reflectors=[reflector(1, "east"), reflector(2, "east")])
    legs = [leg for leg in legs_of(plan_of(inventory), inventory) if leg.reflector]
    assert [(leg.rooms, leg.wanted_bps) for leg in legs] == [(("hall",), 4e6), (("office",), 4e6)]


def test_no_reflector_gets_more_packets_than_it_answers() -> None:
    inventory = made(
        reflectors=[reflector(1, "east")], profiles={"hd": {"up": "40M", "down": "40M"}}
    )
    leg = legs_of(plan_of(inventory), inventory)[0]
    assert abs(sum(stream.per_s for stream in leg.streams) - MOST_PS) < 1e-6
    assert leg.rate_bps < leg.wanted_bps == 80e6


def test_without_its_profile_nothing_is_sent() -> None:
    inventory = made(reflectors=[reflector(1, "east")])
    plan = Plan(inventory.conferences[0].model_copy(update={"profile": "gone"}))
    assert legs_of(plan, inventory) == ()


def test_a_full_link_on_the_way_is_found_in_either_direction() -> None:
    inventory = made()
    seen = healthy_snapshot(inventory)
    quiet = {
        name: dataclasses.replace(link, a_to_b_load=0.5, b_to_a_load=0.5)
        for name, link in seen.links.items()
    }
    for there, back, full in ((0.95, 0.1, True), (0.1, 0.91, True), (0.9, 0.9, False)):
        links = {
            **quiet,
            "cw": dataclasses.replace(quiet["cw"], a_to_b_load=there, b_to_a_load=back),
        }
        found = full_link(dataclasses.replace(seen, links=links), plan_of(inventory))
        assert (found is not None and found[0] == "cw") is full


def test_a_full_link_elsewhere_stops_nothing() -> None:
    inventory = made()
    only_east = Plan(inventory.conferences[0].model_copy(update={"rooms": ("hall",)}))
    seen = healthy_snapshot(inventory)
    links = {
        name: dataclasses.replace(link, a_to_b_load=0.99 if name == "cw" else 0.1, b_to_a_load=0.1)
        for name, link in seen.links.items()
    }
    assert full_link(dataclasses.replace(seen, links=links), only_east) is None


def test_each_limit_of_the_profile_is_judged_and_each_direction_by_itself() -> None:
    assert judged(GOOD, PROFILE).verdict is LegVerdict.WITHIN
    for change, beyond in (
        ({"lost": 15, "lost_there": 15, "lost_back": 0}, ("loss",)),
        ({"lost": 15, "lost_there": None, "lost_back": None}, ("loss",)),
        ({"rtt_ms": 151.0}, ("rtt",)),
        ({"jitter_back_ms": 31.0}, ("jitter",)),
    ):
        leg = judged(dataclasses.replace(GOOD, **change), PROFILE)  # type: ignore[arg-type]
        assert (leg.verdict, leg.beyond) == (LegVerdict.BEYOND, beyond)
    shared = dataclasses.replace(GOOD, lost=16, lost_there=8, lost_back=8)
    assert judged(shared, PROFILE).verdict is LegVerdict.WITHIN


def test_a_reflector_that_says_nothing_tells_nothing_of_the_way() -> None:
    silent = dataclasses.replace(GOOD, lost=1000, lost_there=None, lost_back=None, rtt_ms=None)
    assert judged(silent, PROFILE).verdict is LegVerdict.UNKNOWN


def test_answers_that_end_are_beyond_any_limit_and_less_than_wanted_is_told() -> None:
    assert judged(dataclasses.replace(GOOD, reason=LOST), PROFILE).verdict is LegVerdict.BEYOND
    slow = judged(dataclasses.replace(GOOD, rate_there_bps=3e6), PROFILE)
    assert (slow.verdict, slow.reason) == (LegVerdict.WITHIN, SLOW)


def test_rooms_are_counted_not_ways() -> None:
    fine = judged(dataclasses.replace(GOOD, rooms=("a", "b", "c")), PROFILE)
    few = judged(dataclasses.replace(GOOD, rooms=("d",), lost=2, lost_there=2), PROFILE)
    none = Leg("west", ("e", "f"), None, 8e6)
    rehearsal = Rehearsal("conf", 1, RehearsalState.DONE, 0.0, legs=(fine, few, none))
    found = counted(rehearsal)
    assert (found.rooms, found.tested, found.within, found.lossless) == (6, 4, 4, 3)
