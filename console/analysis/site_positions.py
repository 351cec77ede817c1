"""Positions for sites of which nobody said where they are: near what they are linked to. Pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial

Position = tuple[float, float]  # latitude, longitude in degrees
CENTRE: Position = (49.95, 7.45)  # the middle of Rhineland-Palatinate, where nothing else is known
_NEAR_DEG, _APART_DEG = 0.12, 0.10
_GOLDEN = math.pi * (3 - math.sqrt(5))
_WIDER = 1.55  # a degree of latitude is so many of longitude at 50 degrees north


def place_sites(
    known: Mapping[str, Position | None], joined: Iterable[tuple[str, str]]
) -> dict[str, Position]:
    """Return a position for every site that has None; the same input gives the same positions.

    A site lies near the mean of those it is joined to; the rest lies round the middle of all.
    """
    neighbours: dict[str, set[str]] = defaultdict(set)
    for a, b in joined:
        neighbours[a].add(b)
        neighbours[b].add(a)
    placed = {site: position for site, position in known.items() if position is not None}
    middle = _mean(placed.values()) or CENTRE
    added: dict[str, Position] = {}
    waiting = [site for site, position in known.items() if position is None]
    if not placed and waiting:
        waiting.sort(key=partial(_rank, neighbours))
    while waiting:
        site = next((s for s in waiting if neighbours[s] & placed.keys()), waiting[0])
        waiting.remove(site)
        near = _mean(placed[other] for other in neighbours[site] & placed.keys())
        placed[site] = added[site] = _beside(near or middle, len(added), near is not None)
    return added


def _rank(neighbours: Mapping[str, set[str]], site: str) -> tuple[int, str]:
    return -len(neighbours.get(site, ())), site


def _mean(positions: Iterable[Position]) -> Position | None:
    found = list(positions)
    if not found:
        return None
    lats, lons = zip(*sorted(found), strict=True)
    return sum(lats) / len(found), sum(lons) / len(found)


def _beside(middle: Position, number: int, near: bool) -> Position:
    """Return the next place on a sunflower's spiral, where no two seeds meet."""
    reach = _NEAR_DEG + _APART_DEG * math.sqrt(number) * (0.5 if near else 1.0)
    lat = middle[0] + reach * math.sin(number * _GOLDEN)
    lon = middle[1] + reach * _WIDER * math.cos(number * _GOLDEN)
    return round(max(-85.0, min(85.0, lat)), 3), round((lon + 180) % 360 - 180, 3)
