"""Positions for sites: a place their name tells, else near what they are linked to. Pure."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

Position = tuple[float, float]  # latitude, longitude in degrees
CENTRE: Position = (49.95, 7.45)  # the middle of Rhineland-Palatinate, where nothing else is known
_NEAR_DEG, _APART_DEG = 0.12, 0.10
_GOLDEN = math.pi * (3 - math.sqrt(5))
_WIDER = 1.55  # a degree of latitude is so many of longitude at 50 degrees north
_ONE_REGION_DEG = 0.5  # a county and its towns lie no farther apart
_SAME_TOWN_DEG = 0.006  # between sites of which only the town is known: some 700 m
# The parts of a location: by punctuation first, "Mainz-Bingen" is one name and not two.
_SPLITS = (re.compile(r"[,;/()\[\]]|\s[-–—]\s"), re.compile(r"[-–—]"))


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that everybody knows, such as a county: its official key and where it lies."""

    ags: str | None
    lat: float
    lon: float


def find_place(location: str, places: Mapping[str, KnownPlace]) -> KnownPlace | None:
    """Return the place that a location or a part of it names; `places` by name in lower case.

    The first of several that lie in one region; None where parts name places far apart.
    """
    parts = [" ".join(location.casefold().split())]
    for split in _SPLITS:
        found = [places[part] for part in parts if part in places]
        if found:
            break
        parts = [piece.strip() for part in parts for piece in split.split(part)]
    else:
        found = [places[part] for part in parts if part in places]
    if any(_apart_deg(found[0], other) > _ONE_REGION_DEG for other in found):
        return None
    return found[0] if found else None


def _apart_deg(a: KnownPlace, b: KnownPlace) -> float:
    return math.hypot(a.lat - b.lat, (a.lon - b.lon) / _WIDER)


def spread(places: Mapping[str, KnownPlace]) -> dict[str, KnownPlace]:
    """Return the sites' places, those of one spot beside each other: none may hide another."""
    number: dict[Position, int] = defaultdict(int)
    found = {}
    for site, place in places.items():
        spot = place.lat, place.lon
        reach = _SAME_TOWN_DEG * math.sqrt(number[spot])
        turn = number[spot] * _GOLDEN
        lat = place.lat + reach * math.sin(turn)
        lon = place.lon + reach * _WIDER * math.cos(turn)
        number[spot] += 1
        found[site] = KnownPlace(place.ags, round(lat, 4), round(lon, 4)) if reach else place
    return found


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
