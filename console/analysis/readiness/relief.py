"""Which rooms to take down to a lower quality so that a failure overloads nothing. Pure."""

from collections.abc import Callable, Iterable, Mapping

from console.analysis.readiness.failures import Cancelled
from console.analysis.readiness.findings import FULL
from console.analysis.readiness.judged import named_rooms
from console.analysis.readiness.media import Media, Need, Picture, need_of
from console.model.advice import Quality, Reduction, Relief
from console.model.readiness import Assessment, Overload
from console.model.situation import Situation

# The session rate with 20 % overhead (Cisco and Vidyo guides: 720p30 2 Mbit/s, audio 80 kbit/s).
RATES_BPS = {Quality.HD720: 2.4e6, Quality.AUDIO: 0.096e6}
_TINY_BPS = 1e-3
_MOST = 8  # failures that are worked out: 0.3 s each with 500 rooms


def reliefs(
    situation: Situation,
    assessment: Assessment,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Relief, ...]:
    """Return what helps against the overloads that an assessment names as reasons.

    First against those of now, then against those of each failure, for the first eight of them.
    `cancelled` is asked between them; Cancelled is raised when it says so.
    """
    found = ["" for reason in assessment.reasons if reason.code == "overload"][:1]
    found += [x.subject for x in assessment.reasons if x.code == "failure_overloads"][:_MOST]
    told = []
    media = Media(situation) if found else None
    for failed in found:
        if cancelled is not None and cancelled():
            raise Cancelled
        assert media is not None
        told.append(_relief(situation, media, failed))
    return tuple(told)


def relief(situation: Situation, failed: str = "") -> Relief:
    """Return the rooms to take down so that no link is above 1.0 while `failed` has failed.

    The room that brings most relief to the overloaded links comes first; all that helps is taken
    down to 720p before any is to audio, and whoever need not after all is left alone. What is
    returned was routed anew with the lower rates. Raises KeyError where `failed` is neither a link
    nor a device.
    """
    return _relief(situation, Media(situation), failed)


def _relief(situation: Situation, media: Media, failed: str) -> Relief:
    plan = _Plan(situation, media, _routed(media, failed))
    plan.lower()
    plan.spare()
    media = Media(situation, plan.needs)
    picture = _routed(media, failed)
    left = tuple(
        Overload(link.id, link.direction, link.load)
        for link in media.loaded(picture.demand)
        if link.load is not None and link.load > FULL
    )
    steps = (Reduction(room, quality) for room, quality in plan.qualities.items())
    return Relief(failed, tuple(steps), left)


class _Plan:
    """Rooms taken down so far, in order, and what every hop then carries."""

    def __init__(self, situation: Situation, media: Media, picture: Picture) -> None:
        inventory = situation.snapshot.inventory
        assert inventory is not None
        self._media, self._picture = media, picture
        self._rooms = named_rooms(situation.plan, inventory)
        profile = inventory.profiles.get(situation.plan.entry.profile)
        self._full = need_of(profile) if profile else Need(0.0, 0.0)
        self._demand = dict(picture.demand)
        self._brought: dict[Quality, dict[str, dict[int, float]]] = {q: {} for q in Quality}
        self.qualities: dict[str, Quality] = {}

    @property
    def needs(self) -> dict[str, Need]:
        """What the rooms taken down need now."""
        return {room: self._need(room) for room in self.qualities}

    def _need(self, room: str, quality: Quality | None = None) -> Need:
        chosen = quality or self.qualities.get(room)
        return lowered(self._full, chosen) if chosen else self._full

    def lower(self) -> None:
        """Take rooms down as long as something is overloaded and a room can help."""
        over = self._over(self._demand)
        for quality in Quality:
            while over := self._over(self._demand, over):  # less and less
                room = self._best(over, quality)
                if room is None:
                    break
                self._demand = self._with(room, self._need(room, quality))
                self.qualities.pop(room, None)  # comes last again
                self.qualities[room] = quality
                for known in self._brought.values():
                    known.pop(room, None)

    def spare(self) -> None:
        """Leave those alone that need not be taken down, the last first."""
        if self._over(self._demand):
            return
        for room in reversed(list(self.qualities)):
            demand = self._with(room, self._full)
            if not self._over(demand):
                self._demand = demand
                del self.qualities[room]

    def _over(self, demand: Mapping[int, float], among: Iterable[int] | None = None) -> set[int]:
        hops = demand if among is None else among
        loads = ((hop, self._media.load(hop, demand[hop])) for hop in hops)
        return {hop for hop, load in loads if load is not None and load > FULL}

    def _best(self, over: set[int], quality: Quality) -> str | None:
        """Return the room that relieves the overloaded hops most, the first among equals."""
        best, most_bps = None, _TINY_BPS
        known = self._brought[quality]
        for room in self._rooms:
            if room not in known:
                known[room] = self._saved(room, self._need(room, quality))
            saved = known[room]
            relieved_bps = sum([saved[hop] for hop in over if hop in saved])
            if relieved_bps > most_bps * (1 + 1e-9):
                best, most_bps = room, relieved_bps
        return best

    def _with(self, room: str, need: Need) -> dict[int, float]:
        demand = dict(self._demand)
        for hop, rate_bps in self._saved(room, need).items():
            demand[hop] -= rate_bps
        return demand

    def _saved(self, room: str, need: Need) -> dict[int, float]:
        """Return by how much another need of a room unburdens each hop, bit/s."""
        group, before = self._media.rooms.get(room), self._need(room)
        way = None if group is None else self._picture.ways[group]
        saved: dict[int, float] = {}
        if way is not None:
            for hop, share in way.up.items():
                saved[hop] = share * (before.up_bps - need.up_bps)
            for hop, share in way.down.items():
                saved[hop] = saved.get(hop, 0.0) + share * (before.down_bps - need.down_bps)
        return saved


def lowered(need: Need, quality: Quality) -> Need:
    """Return a need at a lower quality; never more than it was."""
    most = RATES_BPS[quality]
    return Need(min(need.up_bps, most), min(need.down_bps, most))


def _routed(media: Media, failed: str) -> Picture:
    if not failed:
        return media.picture()
    gone = media.network.failed(failed)
    if gone is None:
        raise KeyError(failed)
    return media.picture(media.after(gone))
