"""The script of what goes wrong and when: a pure function of inventory, seed and time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from random import Random

from console.demo.fabric import Outage, capacity_of
from console.demo.noise import stream
from console.model.inventory import Inventory

DAY_S = 86400
LONGEST_S = 4 * 3600
REBOOT_DAYS = 120  # every device reboots once in so many days
LAYOUTS = 2  # in how many orders a device numbers its ports; a reboot may change it

Span = tuple[float, float]


class Kind(StrEnum):
    """What can go wrong."""

    LINK_DOWN = "link_down"
    FLAPPING = "flapping"
    REBOOT = "reboot"
    SATURATION = "saturation"
    ERRORS = "errors"
    ROOM_LOST = "room_lost"


# How often each kind comes in a thousand; reboots follow a calendar of their own.
_MIX = {
    Kind.LINK_DOWN: 300,
    Kind.FLAPPING: 130,
    Kind.SATURATION: 230,
    Kind.ERRORS: 130,
    Kind.ROOM_LOST: 210,
}
_SHORTEST_S = {
    Kind.LINK_DOWN: 240,
    Kind.FLAPPING: 700,
    Kind.SATURATION: 2400,
    Kind.ERRORS: 1200,
    Kind.ROOM_LOST: 900,
}


@dataclass(frozen=True, slots=True)
class ScriptedIncident:
    """One thing that goes wrong. `spans` are the times in which it does: a flapping link has many.

    `a_to_b` is the direction that saturation and errors hit.
    """

    kind: Kind
    subject: str
    spans: tuple[Span, ...]
    a_to_b: bool = True

    @property
    def began_s(self) -> float:
        """When it begins, UTC seconds."""
        return self.spans[0][0]

    @property
    def ended_s(self) -> float:
        """When the last of it is over, UTC seconds."""
        return self.spans[-1][1]

    def on(self, at_s: float) -> bool:
        """Tell if it is wrong at this moment."""
        return any(began <= at_s < ended for began, ended in self.spans)


class Script:
    """All incidents. `opening_s`: the start of a live demo, at which something small happens.

    `more` tells what else begins on a day (UTC, counted from 1970).
    """

    def __init__(
        self,
        inventory: Inventory,
        seed: int,
        opening_s: float | None = None,
        more: Callable[[int], tuple[ScriptedIncident, ...]] | None = None,
    ) -> None:
        self.seed = seed
        self._more = more
        links = [link for link in inventory.links if link.a.device != link.b.device]
        least_bps = min((capacity_of(link) for link in links), default=0.0)
        self._links = [link.id for link in links]
        self._small = [link.id for link in links if capacity_of(link) == least_bps]
        self._rooms = [room.id for room in inventory.rooms if room.probes]
        self._devices = [device.id for device in inventory.devices]
        self._opening = tuple(self._opened(opening_s)) if opening_s is not None else ()
        self._of_day = cache(self._day)
        self._reboot = cache(self._drawn_reboot)

    def between(self, from_s: float, to_s: float) -> list[ScriptedIncident]:
        """Return the incidents that touch from_s..to_s, oldest first."""
        first, last = int((from_s - LONGEST_S) // DAY_S), int(to_s // DAY_S)
        found = [i for day in range(first, last + 1) for i in self._of_day(day)]
        found += self._opening
        touching = [i for i in found if i.ended_s > from_s and i.began_s <= to_s]
        return sorted(touching, key=_begin)

    def outages(self, from_s: float, to_s: float) -> list[tuple[float, float, Outage]]:
        """Cut from_s..to_s into spans in which the same links and devices do not work."""
        incidents = self.between(from_s, to_s)
        edges = {edge for i in incidents for span in i.spans for edge in span}
        cuts = [from_s, *sorted(edge for edge in edges if from_s < edge < to_s), to_s]
        return [(began, ended, _outage(incidents, began)) for began, ended in pairwise(cuts)]

    def outage_at(self, at_s: float) -> Outage:
        """Return what does not work at a moment."""
        return _outage(self.between(at_s, at_s), at_s)

    def lost_rooms(self, at_s: float) -> frozenset[str]:
        """Return the rooms that do not answer at a moment."""
        now = self.between(at_s, at_s)
        return frozenset(i.subject for i in now if i.kind is Kind.ROOM_LOST and i.on(at_s))

    def boot(self, device: str, at_s: float) -> tuple[float, int]:
        """Return when a device last came up before `at_s`, and in which layout it numbers ports."""
        turn = int(at_s // DAY_S) // REBOOT_DAYS + 1
        while True:
            _, ended = self._reboot(device, turn)
            if ended <= at_s:
                return ended, stream(self.seed, "layout", device, turn) % LAYOUTS
            turn -= 1

    def restarts(self, device: str, from_s: float, to_s: float) -> list[float]:
        """Return when a device came up after from_s and until to_s, oldest first."""
        turns = range(
            *(int(at_s // DAY_S) // REBOOT_DAYS + n for at_s, n in ((from_s, -1), (to_s, 1)))
        )
        ends = (self._reboot(device, turn)[1] for turn in turns)
        return [ended for ended in ends if from_s < ended <= to_s]

    def _drawn_reboot(self, device: str, turn: int) -> Span:
        """Return the device's reboot in a period of REBOOT_DAYS; one in four takes long."""
        random = Random(stream(self.seed, "reboot", device, turn))
        day = turn * REBOOT_DAYS + random.randrange(REBOOT_DAYS - 1)
        began = day * DAY_S + random.uniform(4, 21) * 3600
        lasts = random.uniform(900, 2700) if random.random() < 0.25 else random.uniform(130, 260)
        return round(began), round(began + lasts)

    def _day(self, day: int) -> tuple[ScriptedIncident, ...]:
        random = Random(stream(self.seed, "day", day))
        number = random.choice((2, 3, 3, 4, 4, 5, 6))
        kinds = random.choices(list(_MIX), weights=list(_MIX.values()), k=number)
        found = [self._incident(random, kind, day) for kind in kinds]
        more = self._more(day) if self._more is not None else ()
        return (*(i for i in found if i is not None), *self._reboots(day), *more)

    def _reboots(self, day: int) -> Iterator[ScriptedIncident]:
        for device in self._devices:
            span = self._reboot(device, day // REBOOT_DAYS)
            if int(span[0] // DAY_S) == day:
                yield ScriptedIncident(Kind.REBOOT, device, (span,))

    def _incident(self, random: Random, kind: Kind, day: int) -> ScriptedIncident | None:
        subjects = self._rooms if kind is Kind.ROOM_LOST else self._links
        if not subjects:
            return None
        hour = random.triangular(5, 22, 11)  # diggers and people work by day
        began = round(day * DAY_S + hour * 3600 + random.uniform(0, 60))
        lasts = min(_SHORTEST_S[kind] * random.lognormvariate(0.5, 0.7), LONGEST_S)
        ended = round(began + lasts)
        spans: tuple[Span, ...] = ((began, ended),)
        if kind is Kind.FLAPPING:
            spans = tuple(_flaps(random, began, ended))
        return ScriptedIncident(kind, random.choice(subjects), spans, random.random() < 0.5)

    def _opened(self, at_s: float) -> Iterator[ScriptedIncident]:
        """Something small for the first minutes: a room, a full link, later a link that fails."""
        random = Random(stream(self.seed, "opening"))
        start = round(at_s)
        if self._rooms:
            span = (start - 420, start + 1500)
            yield ScriptedIncident(Kind.ROOM_LOST, random.choice(self._rooms), (span,))
        if self._links:
            full, cut = random.choice(self._small), random.choice(self._small)
            yield ScriptedIncident(Kind.SATURATION, full, ((start - 900, start + 1800),))
            if cut != full:
                yield ScriptedIncident(Kind.LINK_DOWN, cut, ((start + 95, start + 395),))


def _begin(incident: ScriptedIncident) -> float:
    return incident.began_s


def _flaps(random: Random, began: float, ended: float) -> Iterator[Span]:
    at = began
    while at < ended:
        up = at + round(random.uniform(35, 110))
        yield at, up
        at = up + round(random.uniform(40, 160))


def _outage(incidents: list[ScriptedIncident], at_s: float) -> Outage:
    links, devices = set(), set()
    for incident in incidents:
        if incident.kind in (Kind.LINK_DOWN, Kind.FLAPPING) and incident.on(at_s):
            links.add(incident.subject)
        elif incident.kind is Kind.REBOOT and incident.on(at_s):
            devices.add(incident.subject)
    return Outage(frozenset(links), frozenset(devices))
