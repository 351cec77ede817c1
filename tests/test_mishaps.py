"""Every week something goes wrong in one of its conferences, and the same every time."""

from console.demo.incidents import DAY_S, Kind, ScriptedIncident
from console.demo.mishaps import Mishaps
from console.demo.simulation import Simulation
from console.model.inventory import Inventory
from tests.simulated import WORKDAY_S, shipped, shipped_plans, simulation

FIRST = int(WORKDAY_S // DAY_S) - 1  # a Monday


def of_days(network: Simulation, days: range) -> list[ScriptedIncident]:
    mishaps = Mishaps(network.inventory, network.seed, network.demands, network.fabric)
    return [found for day in days for found in mishaps.of_day(day)]


def test_one_conference_a_week_and_a_line_on_its_way() -> None:
    network = simulation()
    bridge = shipped().bridges[0].site
    for week in range(-3, 4):
        first = FIRST + 7 * week
        (found,) = of_days(network, range(first, first + 7))
        assert found.kind is Kind.SATURATION
        (span,) = found.spans
        assert 300 <= span[1] - span[0] <= 1200
        on = [
            (room, plan)
            for plan in shipped_plans()
            for room, called in network.demands.calls(plan, *span)
            if called[0] < span[0] and span[1] < called[1]
        ]
        assert on
        sites = {room.site for room in shipped().rooms if room.id in {name for name, _ in on}}
        number = next(n for n, link in enumerate(network.fabric.links) if link.id == found.subject)
        row = 2 * number + (not found.a_to_b)
        ways = [
            network.fabric.shares_between(bridge, site, network.script.outage_at(0)) or {}
            for site in sites
        ]
        assert any(row in way for way in ways)


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
