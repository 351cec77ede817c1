"""Every week something goes wrong in one of its conferences, and the same every time."""

from console.demo.fabric import Outage
from console.demo.incidents import DAY_S, Kind, ScriptedIncident
from console.demo.mishaps import Mishaps
from console.demo.simulation import Simulation
from console.model.inventory import Inventory
from tests.simulated import WORKDAY_S, shipped, shipped_plans, simulation

FIRST = int(WORKDAY_S // DAY_S) - 1  # a Monday


def of_days(network: Simulation, days: range) -> list[ScriptedIncident]:
    mishaps = Mishaps(network.inventory, network.seed, network.demands, network.fabric)
    return [found for day in days for found in mishaps.of_day(day)]


def test_one_conference_a_week_loses_one_of_its_sites_for_minutes() -> None:
    network = simulation()
    for week in range(-3, 4):
        first = FIRST + 7 * week
        found = of_days(network, range(first, first + 7))
        assert {incident.kind for incident in found} == {Kind.LINK_DOWN}
        (span,) = {incident.spans[0] for incident in found}
        assert 300 <= span[1] - span[0] <= 720
        cut = Outage(frozenset(incident.subject for incident in found))
        gone = {device.id for device in shipped().devices} - network.fabric.routed(cut).alive
        sites = {device.site for device in shipped().devices if device.id in gone}
        called = {
            room
            for plan in shipped_plans()
            for room, when in network.demands.calls(plan, *span)
            if when[0] < span[0] and span[1] < when[1]
        }
        assert sites & {room.site for room in shipped().rooms if room.id in called}


def test_it_is_part_of_the_course_and_another_seed_has_another() -> None:
    days = range(FIRST - 70, FIRST)
    mine = of_days(simulation(), days)
    script = simulation().script.between(days[0] * DAY_S, (days[-1] + 1) * DAY_S)
    assert set(mine) <= set(script)
    assert mine == of_days(Simulation(shipped(), 1, WORKDAY_S, None, shipped_plans()), days)
    assert mine != of_days(simulation(2), days)


def test_without_links_a_room_is_lost_and_without_conferences_nothing() -> None:
    entries = {
        "network": "One",
        "snmp": {"lab": {"version": "2c", "community": "public"}},
        "sites": [{"id": "s", "name": "S", "lat": 50, "lon": 7}],
        "devices": [{"id": "r", "site": "s", "address": "127.0.0.1:16999", "snmp": "lab"}],
        "rooms": [
            {"id": "a", "site": "s", "name": "A", "probes": [{"sip": "sip:a@127.0.0.1:15999"}]}
        ],
    }
    alone = Simulation(Inventory.model_validate(entries), 1, WORKDAY_S)
    assert of_days(alone, range(FIRST, FIRST + 7)) == []
    bridge = {"id": "b", "site": "s", "name": "B", "probes": [{"icmp": "127.0.0.1"}]}
    weekly = {"id": "c", "bridge": "b", "start": "2026-01-05T10:00", "repeat": "RRULE:FREQ=WEEKLY"}
    entries |= {
        "bridges": [bridge],
        "profiles": {"hd": {"up": "4M", "down": "8M"}},
        "conferences": [{**weekly, "profile": "hd"}],
    }
    planned = Simulation(Inventory.model_validate(entries), 1, WORKDAY_S)
    (found,) = of_days(planned, range(FIRST, FIRST + 7))
    assert (found.kind, found.subject) == (Kind.ROOM_LOST, "a")
