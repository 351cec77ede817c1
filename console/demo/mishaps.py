"""What goes wrong in the middle of conferences: once a week a site is cut off for minutes. Pure."""

from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.demo.demands import Demands
from console.demo.fabric import Fabric
from console.demo.incidents import DAY_S, Kind, ScriptedIncident
from console.demo.noise import stream
from console.model.inventory import Inventory
from console.model.plan import Occurrence, Plan

BEGINS, LASTS, LONGEST_S = 0.3, 0.2, 720.0  # parts of a conference, and at most
MOST_LINKS = 3  # sites with more are not cut off: the digger would have to come too often
_WEEK = 7
_MONDAY = 3  # day 0, 1970-01-01, was a Thursday


class Mishaps:
    """One a week in which there is any conference; nobody knows of it beforehand."""

    def __init__(self, inventory: Inventory, seed: int, demands: Demands, fabric: Fabric) -> None:
        self._seed = seed
        self._plans = demands.plans
        self._links_of = _links_of(inventory, fabric)
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
        return tuple(incident for incident in found if int(incident.began_s // DAY_S) == day)

    def _during(self, plan: Plan, one: Occurrence, number: int) -> list[ScriptedIncident]:
        """Cut off the site of one room; where that cannot be, a room is lost."""
        rooms = self._called(plan)
        away = [room for room in rooms if self._sites[room] != self._sites[plan.entry.bridge]]
        possible = [room for room in away if 0 < len(self._links(room)) <= MOST_LINKS]
        length_s = one.end_s - one.start_s
        began_s = round(one.start_s + BEGINS * length_s)
        spans = ((began_s, round(began_s + min(LASTS * length_s, LONGEST_S))),)
        if not possible:
            return [ScriptedIncident(Kind.ROOM_LOST, rooms[number % len(rooms)], spans)]
        links = self._links(possible[number % len(possible)])
        return [ScriptedIncident(Kind.LINK_DOWN, link, spans) for link in links]

    def _links(self, room: str) -> list[str]:
        return self._links_of.get(self._sites[room], [])

    def _called(self, plan: Plan) -> list[str]:
        """Return the rooms of a conference that are there; none without its bridge."""
        if plan.entry.bridge not in self._sites:
            return []
        wanted = plan.entry.rooms
        return [room for room in self._rooms if wanted == "all" or room in wanted]


def _when(held: tuple[float, str, Occurrence, Plan]) -> tuple[float, str]:
    return held[0], held[1]


def _links_of(inventory: Inventory, fabric: Fabric) -> dict[str, list[str]]:
    """Return by site the links that lead away from it."""
    site_of = {device.id: device.site for device in inventory.devices}
    found: dict[str, list[str]] = {}
    for link in fabric.links:
        sites = {site_of[link.a.device], site_of[link.b.device]}
        for site in sites if len(sites) > 1 else ():
            found.setdefault(site, []).append(link.id)
    return found
