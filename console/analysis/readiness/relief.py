"""Which rooms to take down to a lower quality so that a failure overloads nothing. Pure."""

from collections.abc import Iterator, Mapping

from console.analysis.readiness.findings import FULL
from console.analysis.readiness.judged import named_rooms
from console.analysis.readiness.media import Media, Need, Picture, need_of
from console.model.advice import Quality, Reduction, Relief
from console.model.readiness import Overload
from console.model.situation import Situation

# The session rate with 20 % overhead (Cisco and Vidyo guides: 720p30 2 Mbit/s, audio 80 kbit/s).
RATES_BPS = {Quality.HD720: 2.4e6, Quality.AUDIO: 0.096e6}
_TINY_BPS = 1e-3


def relief(situation: Situation, failed: str = "") -> Relief:
    """Return the rooms to take down so that no link is above 1.0 while `failed` has failed.

    The room that brings most relief to the overloaded links comes first; all that helps is taken
    down to 720p before any is to audio. What is returned was routed anew with the lower rates.
    Raises KeyError where `failed` is neither a link nor a device.
    """
    needs: dict[str, Need] = {}
    steps: list[Reduction] = []
    media, picture = _routed(situation, failed, needs)
    demand = dict(picture.demand)
    for quality in Quality:
        while _over(media, demand):
            step = _best(situation, media, picture, demand, needs, quality)
            if step is None:
                break
            steps.append(Reduction(step, quality))
            before = needs.get(step) or _profile(situation)
            needs[step] = lowered(before, quality)
            for hop, rate_bps in _saved(media, picture, step, before, needs[step]):
                demand[hop] -= rate_bps
    media, picture = _routed(situation, failed, needs)
    left = tuple(
        Overload(link.id, link.direction, link.load)
        for link in media.loaded(picture.demand)
        if link.load is not None and link.load > FULL
    )
    return Relief(failed, tuple(steps), left)


def lowered(need: Need, quality: Quality) -> Need:
    """Return a need at a lower quality; never more than it was."""
    most = RATES_BPS[quality]
    return Need(min(need.up_bps, most), min(need.down_bps, most))


def _profile(situation: Situation) -> Need:
    inventory = situation.snapshot.inventory
    assert inventory is not None
    return need_of(inventory.profiles[situation.plan.entry.profile])


def _routed(situation: Situation, failed: str, needs: Mapping[str, Need]) -> tuple[Media, Picture]:
    media = Media(situation, needs)
    if not failed:
        return media, media.picture()
    gone = media.network.failed(failed)
    if gone is None:
        raise KeyError(failed)
    return media, media.picture(media.after(gone))


def _over(media: Media, demand: Mapping[int, float]) -> set[int]:
    loads = ((hop, media.load(hop, rate_bps)) for hop, rate_bps in demand.items())
    return {hop for hop, load in loads if load is not None and load > FULL}


def _best(
    situation: Situation,
    media: Media,
    picture: Picture,
    demand: Mapping[int, float],
    needs: Mapping[str, Need],
    quality: Quality,
) -> str | None:
    """Return the room whose step relieves the overloaded links most, the first among equals."""
    over = _over(media, demand)
    inventory = situation.snapshot.inventory
    assert inventory is not None
    best, most_bps = None, _TINY_BPS
    for room in named_rooms(situation.plan, inventory):
        before = needs.get(room) or _profile(situation)
        saved = _saved(media, picture, room, before, lowered(before, quality))
        relieved_bps = sum(rate_bps for hop, rate_bps in saved if hop in over)
        if relieved_bps > most_bps * (1 + 1e-9):
            best, most_bps = room, relieved_bps
    return best


def _saved(
    media: Media, picture: Picture, room: str, before: Need, after: Need
) -> Iterator[tuple[int, float]]:
    """Yield by how much a step unburdens each hop, bit/s."""
    group = media.rooms.get(room)
    way = None if group is None else picture.ways[group]
    if way is not None:
        for hop, share in way.up.items():
            yield hop, share * (before.up_bps - after.up_bps)
        for hop, share in way.down.items():
            yield hop, share * (before.down_bps - after.down_bps)
