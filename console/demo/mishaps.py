"""What goes wrong in the middle of conferences: a line fills up, in one conference a week. Pure."""

from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.demo.demands import Demands
from console.demo.fabric import ALL_WELL, Fabric
from console.demo.incidents import DAY_S, Kind, ScriptedIncident
from console.demo.noise import stream
from console.model.inventory import Inventory
from console.model.plan import Occurrence, Plan

BEGINS, LASTS, LONGEST_S = 0.3, 0.4, 1200.0  # parts of a conference, and at most
_WEEK = 7
_MONDAY = 3  # day 0, 1970-01-01, was a Thursday


class Mishaps:
    """One a week in which there is any conference; nobody knows of it beforehand."""

    def __init__(self, inventory: Inventory, seed: int, demands: Demands, fabric: Fabric) -> None:
        self._seed = seed
        self._plans = demands.plans
        self._fabric = fabric
        self._zone = ZoneInfo(inventory.timezone)
        self._sites = {room.id: room.site for room in inventory.rooms}
        self._sites |= {bridge.id: bridge.site for bridge in inventory.bridges}
        self._rooms = tuple(room.id for room in inventory.rooms)

    def of_day(self, day: int) -> tuple[ScriptedIncident, ...]:
        """Return what begins on a day (UTC, counted from 1970)."""
        week = (day + _MONDAY) // _WEEK
        first_s = (week * _WEEK - _MONDAY) * DAY_S
        held = [
            (one.start_s, plan.id, one, plan)
            for plan in self._plans
            if self._called(plan)
            for one in occurrences(plan, self._zone, first_s, first_s + _WEEK * DAY_S - 1)
            if one.start_s >= first_s
        ]
        if not held:
            return ()
        number = stream(self._seed, "mishap", week)
        _start_s, _id, one, plan = sorted(held, key=_when)[number % len(held)]
        found = self._during(plan, one, number // len(held))
        return (found,) if int(found.began_s // DAY_S) == day else ()

    def _during(self, plan: Plan, one: Occurrence, number: int) -> ScriptedIncident:
        rooms = self._called(plan)
        room = rooms[number % len(rooms)]
        length_s = one.end_s - one.start_s
        began_s = round(one.start_s + BEGINS * length_s)
        span = began_s, round(began_s + min(LASTS * length_s, LONGEST_S))
        way = self._fabric.shares_between(
            self._sites[plan.entry.bridge], self._sites[room], ALL_WELL
        )
        if not way:
            return ScriptedIncident(Kind.ROOM_LOST, room, (span,))
        row = min(way, key=self._capacity)
        link = self._fabric.links[row // 2].id
        return ScriptedIncident(Kind.SATURATION, link, (span,), row % 2 == 0)

    def _called(self, plan: Plan) -> list[str]:
        """Return the rooms of a conference that are there; none without its bridge."""
        if plan.entry.bridge not in self._sites:
            return []
        wanted = plan.entry.rooms
        return [room for room in self._rooms if wanted == "all" or room in wanted]

    def _capacity(self, row: int) -> tuple[float, int]:
        return float(self._fabric.capacity_bps[row]), row


def _when(held: tuple[float, str, Occurrence, Plan]) -> tuple[float, str]:
    return held[0], held[1]
