"""What the failure of any link or device would do to sites, services and conferences. Pure.

Everything is told as it would stand then: what is cut off already is among it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from console.analysis.readiness.findings import FULL
from console.analysis.readiness.judged import Judged
from console.analysis.readiness.media import Media, Picture
from console.analysis.readiness.network import Failed, Network, build
from console.model.inventory import Inventory, Service
from console.model.readiness import Direction, Impact, LoadedLink, Overload, Verdict
from console.model.situation import Situation
from console.model.snapshot import Snapshot

Part = frozenset[int]  # devices that can reach each other


def impact(failed: str, snapshot: Snapshot, situations: Sequence[Situation]) -> Impact:
    """Return what the failure of a link or device would do. Raises KeyError for neither.

    The rest of the network is the part that keeps most sites of bridges and of providers, among
    equal ones the part with most sites. A site is cut off when none of its devices is in it.
    """
    network, inventory = build(snapshot), snapshot.inventory
    gone = network.failed(failed)
    if gone is None or inventory is None:
        raise KeyError(failed)
    parts = tuple(_parts(network, gone))
    rest = max(parts, key=lambda part: _weight(network, inventory, part), default=frozenset())
    after = [_after(situation, failed) for situation in situations]
    flows = _largest(link for _verdict, links, _cut in after for link in links)
    apart = {room for _verdict, _links, cut in after for room in cut}
    return Impact(
        failed=failed,
        at_s=snapshot.at_s,
        cut_off_sites=tuple(
            site.id
            for site in inventory.sites
            if network.at_site.get(site.id) and rest.isdisjoint(network.at_site[site.id])
        ),
        rooms=tuple(
            room.id
            for room in inventory.rooms
            if room.id in apart or not _reaches(network, rest, room.site, room.device)
        ),
        services=tuple(_services(network, inventory, parts)),
        conferences=tuple(
            (situation.plan.id, verdict)
            for situation, (verdict, _links, _cut) in zip(situations, after, strict=True)
        ),
        overloaded=tuple(
            Overload(link.id, link.direction, link.load)
            for link in flows
            if link.load is not None and link.load > FULL
        ),
        flows=flows,
    )


def _parts(network: Network, gone: Failed) -> Iterator[Part]:
    left = set(range(len(network.devices))) - network.left_out - {gone.device}
    while left:
        found = {min(left)}
        waiting = list(found)
        while waiting:
            for near, hop, _cost in network.steps[waiting.pop()]:
                if hop >> 1 != gone.link and near in left and near not in found:
                    found.add(near)
                    waiting.append(near)
        left -= found
        yield frozenset(found)


def _weight(network: Network, inventory: Inventory, part: Part) -> tuple[int, int]:
    """Return how many sites of bridges and providers a part has, and how many sites."""
    served = {bridge.site for bridge in inventory.bridges}
    served |= {service.provider for service in inventory.services}
    sites = {site for site, devices in network.at_site.items() if not part.isdisjoint(devices)}
    return len(sites & served), len(sites)


def _devices(network: Network, site: str, device: str | None) -> Collection[int]:
    if device is None:
        return network.at_site.get(site, ())
    number = network.device_number.get(device)
    return () if number is None else (number,)


def _reaches(network: Network, rest: Part, site: str, device: str | None) -> bool:
    """Tell whether something is in the rest; what hangs on no device at all is not judged."""
    devices = _devices(network, site, device)
    return not devices or not rest.isdisjoint(devices)


def _services(
    network: Network, inventory: Inventory, parts: tuple[Part, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for service in inventory.services:
        provider = _devices(network, service.provider, service.device)
        served = [part for part in parts if not part.isdisjoint(provider)]
        cut_off = tuple(
            site
            for site in _consumers(service, inventory)
            if network.at_site.get(site)
            and all(part.isdisjoint(network.at_site[site]) for part in served)
        )
        if cut_off:
            yield service.id, cut_off


def _consumers(service: Service, inventory: Inventory) -> tuple[str, ...]:
    if service.consumers == "all":
        return tuple(site.id for site in inventory.sites if site.id != service.provider)
    return service.consumers


def _after(
    situation: Situation, failed: str
) -> tuple[Verdict, tuple[LoadedLink, ...], tuple[str, ...]]:
    """Return the verdict on a conference, the links with media and the rooms without a way."""
    media = Media(situation)
    picture: Picture = media.picture()
    gone = media.network.failed(failed)
    if gone is not None:
        picture = media.picture(media.after(gone))
    judged = Judged(situation, media, picture)
    cut = tuple(
        room
        for room, group in media.rooms.items()
        if group is not None and picture.ways[group] is None
    )
    return judged.tally().verdict, media.loaded(picture.demand), cut


def _largest(links: Iterable[LoadedLink]) -> tuple[LoadedLink, ...]:
    """Return each link and direction once, with the most demand of any conference."""
    found: dict[tuple[str, Direction], LoadedLink] = {}
    for link in links:
        before = found.get((link.id, link.direction))
        if before is None or before.demand_bps < link.demand_bps:
            found[link.id, link.direction] = link
    return tuple(found.values())
