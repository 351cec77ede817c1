"""What every single failure on the way of a room would do: the contract's rules 6 and 7. Pure."""

from collections.abc import Callable, Iterator

from console.analysis.readiness.judged import Tally
from console.analysis.readiness.media import Media, Rerouted
from console.model.inventory import Bridge, Room
from console.model.readiness import SingleFailure, Verdict
from console.model.situation import Situation


class Cancelled(Exception):
    """Nobody waits for the result any more."""


def single_points(
    media: Media, situation: Situation, bridge_site: str | None = None
) -> tuple[str, ...]:
    """Return the devices that are the only ones of a room's or the bridge's own site."""
    inventory = situation.snapshot.inventory
    assert inventory is not None
    own = [inventory.by_id[room] for room in media.rooms]
    sites = {room.site for room in own if isinstance(room, Room)}
    bridge = inventory.by_id.get(situation.plan.entry.bridge)
    if bridge_site is not None:
        sites.add(bridge_site)
    elif isinstance(bridge, Bridge):
        sites.add(bridge.site)
    alone = {of[0] for site in sites if len(of := media.network.at_site.get(site, ())) == 1}
    return tuple(media.network.devices[number] for number in sorted(alone))


def tried(media: Media, without: tuple[str, ...]) -> tuple[str, ...]:
    """Return the links, then the devices on the way of any room, but not `without`."""
    network = media.network
    own = {group for group in media.rooms.values() if group is not None}
    ways = [way for group in own if (way := media.groups[group].way) is not None]
    links = {link for way in ways for link in way.links}
    devices = {device for way in ways for device in way.devices}
    names = [network.links[link] for link in sorted(links)]
    names += [network.devices[device] for device in sorted(devices)]
    return tuple(name for name in names if name not in without)


def single_failures(
    media: Media,
    tally: Tally,
    names: tuple[str, ...],
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[SingleFailure]:
    """Yield what each failure would do. Raises Cancelled as soon as `cancelled` says so."""
    lost_now = {n for n, group in enumerate(media.groups) if group.way is None}
    possible = tally.fixed + sum(tally.able.values())
    for name in names:
        if cancelled is not None and cancelled():
            raise Cancelled
        failed = media.network.failed(name)
        assert failed is not None
        rerouted = media.after(failed)
        cut_off = lost_now | {n for n, way in rerouted.ways.items() if way is None}
        lost = cut_off | media.crossing(rerouted.over, rerouted)
        left = possible - sum(tally.able.get(group, 0) for group in lost)
        yield SingleFailure(
            name,
            rooms_of_groups(media, cut_off),
            overloaded_links(media, rerouted),
            Verdict.READY if left >= tally.needed else Verdict.NOT_READY,
        )


def rooms_of_groups(media: Media, groups: set[int]) -> tuple[str, ...]:
    """Return the conference's own rooms in these groups, in its order."""
    if not groups:
        return ()
    return tuple(room for room, group in media.rooms.items() if group in groups)


def overloaded_links(media: Media, rerouted: Rerouted) -> tuple[str, ...]:
    """Return the links above 1.0 after a failure, each once."""
    links = sorted({hop >> 1 for hop in rerouted.over})
    return tuple(media.network.links[link] for link in links)
