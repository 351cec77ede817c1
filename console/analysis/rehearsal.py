"""What a rehearsal of a conference sends where, when it is refused, and how it is judged. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from console.analysis.media_load import Stream, streams
from console.analysis.readiness.media import Media, rooms_of
from console.model.inventory import Inventory, MediaProfile, Reflector, Room
from console.model.plan import Occurrence, Plan
from console.model.rehearsal import (
    LOST,
    NO_REFLECTOR,
    SLOW,
    UNSENT,
    Leg,
    LegVerdict,
    Rehearsal,
    RehearsalState,
)
from console.model.situation import Situation
from console.model.snapshot import Snapshot

FULL = 0.9  # of a link on the way, before anything is sent: then nothing is
MOST_PS = 1900.0  # packets a second to one reflector; ours answers 2,000 to one source
_ENOUGH = 0.85  # of the load that was wanted: less is told


@dataclass(frozen=True, slots=True)
class LegPlan:
    """Rooms of one site, the reflector that stands for them, and what is sent to it each way."""

    site: str
    rooms: tuple[str, ...]
    reflector: Reflector | None
    wanted_bps: float
    streams: tuple[Stream, ...] = ()

    @property
    def rate_bps(self) -> float:
        """What is sent."""
        return sum(stream.rate_bps for stream in self.streams)


def room_rate_bps(profile: MediaProfile) -> float:
    """Return what one room's test sends each way: an answer is as long as its question."""
    return min(profile.up_bps, profile.down_bps)


def legs_of(plan: Plan, inventory: Inventory) -> tuple[LegPlan, ...]:
    """Return where the load goes, by site in the order of the rooms; () without a profile."""
    profile = inventory.profiles.get(plan.entry.profile)
    if profile is None:
        return ()
    sites: dict[str, list[Room]] = {}
    for room in rooms_of(plan, inventory):
        sites.setdefault(room.site, []).append(room)
    rate_bps = room_rate_bps(profile)
    return tuple(
        leg for site, rooms in sites.items() for leg in _of_site(site, rooms, inventory, rate_bps)
    )


def _of_site(
    site: str, rooms: list[Room], inventory: Inventory, rate_bps: float
) -> Iterator[LegPlan]:
    """Yield a leg for each reflector of a site; the rooms take turns."""
    reflectors = [one for one in inventory.reflectors if one.site == site]
    if not reflectors:
        yield LegPlan(site, tuple(room.id for room in rooms), None, rate_bps * len(rooms))
    for number, reflector in enumerate(reflectors):
        own = tuple(room.id for room in rooms[number :: len(reflectors)])
        if own:
            of = _bounded(streams(rate_bps, len(own)))
            yield LegPlan(site, own, reflector, rate_bps * len(own), of)


def _bounded(of: tuple[Stream, ...]) -> tuple[Stream, ...]:
    per_s = sum(stream.per_s for stream in of)
    part = min(1.0, MOST_PS / per_s)
    return tuple(replace(stream, per_s=stream.per_s * part) for stream in of)


def full_link(snapshot: Snapshot, plan: Plan) -> tuple[str, float] | None:
    """Return the fullest link on the way of any room and its load, where that is above FULL."""
    now = Occurrence(snapshot.at_s, snapshot.at_s)
    media = Media(Situation(snapshot, plan, now, (), {}, {}))
    on_way = {
        media.network.links[link]
        for group in media.groups
        if group.way is not None
        for link in group.way.links
    }
    loads = [(snapshot.links[link].load or 0.0, link) for link in on_way]
    load, link = max(loads, default=(0.0, ""))
    return (link, load) if load > FULL else None


def judged(leg: Leg, profile: MediaProfile) -> Leg:
    """Return a leg with its verdict: each direction by itself where it is known."""
    if not leg.sent or leg.lost >= leg.sent:
        reason = leg.reason or (UNSENT if leg.reflector and not leg.sent else "")
        return replace(leg, verdict=LegVerdict.UNKNOWN, reason=reason)
    directions = [lost for lost in (leg.lost_there, leg.lost_back) if lost is not None]
    loss = max(directions or [leg.lost]) / leg.sent
    one_way = [ms for ms in (leg.jitter_there_ms, leg.jitter_back_ms) if ms is not None]
    round_trip = [leg.jitter_ms] if leg.jitter_ms is not None else []
    beyond = tuple(
        name
        for name, value, most in (
            ("loss", loss, profile.max_loss),
            ("rtt", leg.rtt_ms or 0.0, profile.max_rtt_ms),
            ("jitter", max(one_way or round_trip, default=0.0), profile.max_jitter_ms),
        )
        if value > most
    )
    fine = not beyond and leg.reason != LOST
    verdict = LegVerdict.WITHIN if fine else LegVerdict.BEYOND
    return replace(leg, verdict=verdict, beyond=beyond, reason=leg.reason or _pace(leg))


def _pace(leg: Leg) -> str:
    sent_bps = leg.rate_there_bps
    return SLOW if sent_bps is not None and sent_bps < _ENOUGH * leg.wanted_bps else ""


@dataclass(frozen=True, slots=True)
class Counted:
    """Rooms of a rehearsal by what became of them; `lossless` are those without any loss."""

    rooms: int
    tested: int
    within: int
    lossless: int


def counted(rehearsal: Rehearsal) -> Counted:
    """Count the rooms."""
    legs = rehearsal.legs
    known = [leg for leg in legs if leg.verdict is not LegVerdict.UNKNOWN]
    return Counted(
        rooms=_rooms(legs),
        tested=_rooms(known),
        within=_rooms(leg for leg in known if leg.verdict is LegVerdict.WITHIN),
        lossless=_rooms(leg for leg in known if leg.lost == 0),
    )


def _rooms(legs: Iterable[Leg]) -> int:
    return sum(len(leg.rooms) for leg in legs)


def unsent(plans: Iterable[LegPlan]) -> tuple[Leg, ...]:
    """Return the legs before anything is sent."""
    return tuple(
        Leg(
            *(leg.site, leg.rooms, leg.reflector.id if leg.reflector else None, leg.wanted_bps),
            reason="" if leg.reflector else NO_REFLECTOR,
        )
        for leg in plans
    )


def refused(rehearsal: Rehearsal, reason: str, subject: str = "") -> Rehearsal:
    """Return a rehearsal of which nothing comes."""
    return replace(
        rehearsal,
        state=RehearsalState.REFUSED,
        ended_s=rehearsal.began_s,
        reason=reason,
        subject=subject,
    )
