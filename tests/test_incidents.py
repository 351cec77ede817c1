"""The script of incidents: the same whoever asks, for whatever stretch of time."""

from hypothesis import given
from hypothesis import strategies as st

from console.demo.incidents import Kind, Script
from tests.simulated import WORKDAY_S, shipped

DAY_S = 86400
times = st.floats(-300 * DAY_S, 300 * DAY_S).map(WORKDAY_S.__add__)


def script(seed: int = 1, opening_s: float | None = None) -> Script:
    return Script(shipped(), seed, opening_s)


@given(times, st.floats(0, 3 * DAY_S), st.floats(0, 1))
def test_what_is_wrong_at_a_moment_does_not_depend_on_the_stretch_asked_for(
    from_s: float, length_s: float, part: float
) -> None:
    asked, at_s = script(), from_s + part * length_s
    for began, ended, outage in asked.outages(from_s, from_s + length_s):
        if began <= at_s < ended:
            assert outage == asked.outage_at(at_s)


@given(times)
def test_a_device_boots_when_its_reboot_ends(at_s: float) -> None:
    asked = script()
    booted_s, layout = asked.boot("tr-r1", at_s)
    assert booted_s <= at_s
    assert asked.boot("tr-r1", booted_s) == (booted_s, layout)
    assert asked.restarts("tr-r1", booted_s - 1, at_s) == [booted_s]
    assert "tr-r1" in asked.outage_at(booted_s - 1).devices
    assert "tr-r1" not in asked.outage_at(booted_s).devices


def test_a_few_a_day_of_every_kind_and_other_seeds_are_other_days() -> None:
    found = script().between(WORKDAY_S - 60 * DAY_S, WORKDAY_S)
    assert {incident.kind for incident in found} == set(Kind)
    assert 3 * 60 < len(found) < 6 * 60
    assert found != script(2).between(WORKDAY_S - 60 * DAY_S, WORKDAY_S)


def test_a_flapping_link_goes_down_again_and_again() -> None:
    found = script().between(WORKDAY_S - 60 * DAY_S, WORKDAY_S)
    flapping = next(incident for incident in found if incident.kind is Kind.FLAPPING)
    assert len(flapping.spans) > 3
    for (_, up_s), (down_s, _) in zip(flapping.spans, flapping.spans[1:], strict=False):
        assert up_s < down_s
        assert flapping.subject not in script().outage_at((up_s + down_s) / 2).links


def test_a_demo_opens_with_something_small() -> None:
    opened, quiet = script(1, WORKDAY_S), script(1)
    assert len(opened.lost_rooms(WORKDAY_S)) == len(quiet.lost_rooms(WORKDAY_S)) + 1
    soon = opened.outage_at(WORKDAY_S + 120).links - quiet.outage_at(WORKDAY_S + 120).links
    assert len(soon) == 1
    assert opened.outage_at(WORKDAY_S + 7200) == quiet.outage_at(WORKDAY_S + 7200)


def test_some_reboots_renumber_the_ports() -> None:
    changed = set()
    for device in shipped().devices:
        booted_s, layout = script().boot(device.id, WORKDAY_S)
        changed.add(script().boot(device.id, booted_s - 1)[1] != layout)
    assert changed == {True, False}
