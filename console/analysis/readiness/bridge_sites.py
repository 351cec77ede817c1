"""Where a conference's bridge would stand best under single failures. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from console.analysis.readiness.failures import Cancelled, single_points, tried
from console.analysis.readiness.flows import is_up
from console.analysis.readiness.media import Media
from console.model.advice import BridgeSite
from console.model.inventory import Bridge
from console.model.situation import Situation


def bridge_sites(
    situation: Situation,
    sites: Collection[str] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[BridgeSite, ...]:
    """Return how the conference would fare with its bridge at each site, the best first.

    That is the one where a single failure cuts off fewest rooms, then the one whose fullest link
    is least full under any. Without `sites` every site with a device that is up is tried.
    `cancelled` is asked between failures; Cancelled is raised when it says so.
    """
    wanted = possible_sites(situation) if sites is None else tuple(sites)
    return ranked(_tried(situation, site, cancelled) for site in wanted)


def ranked(found: Iterable[BridgeSite]) -> tuple[BridgeSite, ...]:
    """Return sites that were tried, the best first."""
    return tuple(sorted(found, key=_rank))


def _rank(site: BridgeSite) -> tuple[int, bool, float, int]:
    load = site.worst_load
    return site.cut_off, load is None, load or 0.0, site.unknown


def possible_sites(situation: Situation) -> tuple[str, ...]:
    """Return the sites with a device that is up."""
    inventory = situation.snapshot.inventory
    assert inventory is not None
    up = {d.site for d in inventory.devices if is_up(situation.snapshot, d.id)}
    return tuple(site.id for site in inventory.sites if site.id in up)


def _tried(situation: Situation, site: str, cancelled: Callable[[], bool] | None) -> BridgeSite:
    inventory = situation.snapshot.inventory
    assert inventory is not None
    bridge = Bridge(id=situation.plan.entry.bridge, site=site, name=site)
    media = Media(situation, bridge=bridge)
    now = {hop: media.load(hop, rate_bps) for hop, rate_bps in media.demand.items()}
    ordered = sorted((hop for hop in now if now[hop] is not None), key=lambda h: -(now[h] or 0.0))
    cut_off, worst, failed = _cut_off(media, {}), _largest(now.values()), ""
    for name in tried(media, single_points(media, situation, site)):
        if cancelled is not None and cancelled():
            raise Cancelled
        gone = media.network.failed(name)
        assert gone is not None
        after = media.after(gone)
        cut_off = max(cut_off, _cut_off(media, after.ways))
        untouched = next((now[hop] for hop in ordered if hop not in after.demand), None)
        changed = (media.load(h, bps) for h, bps in after.demand.items() if bps is not None)
        load = _largest([untouched, *changed])
        if load is not None and (worst is None or load > worst + 1e-12):
            worst, failed = load, name
    unknown = sum(1 for load in now.values() if load is None)
    return BridgeSite(site, cut_off, worst, failed, unknown)


def _largest(loads: Collection[float | None] | Iterator[float | None]) -> float | None:
    return max((load for load in loads if load is not None), default=None)


def _cut_off(media: Media, ways: Mapping[int, object]) -> int:
    """Return how many rooms have no way, with these ways in place of those of now."""
    return sum(
        len(group.rooms)
        for number, group in enumerate(media.groups)
        if ways.get(number, group.way) is None
    )
