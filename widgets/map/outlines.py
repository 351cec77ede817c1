"""The outlines of the counties, on the plane. © GeoBasis-DE / BKG (data simplified)."""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from widgets.map.projection import Box, Points, box_of, project

ATTRIBUTION = "© GeoBasis-DE / BKG"
_FILE = "county_outlines.geojson"
_NEAR_KM = 30.0


@dataclass(frozen=True, slots=True)
class Outline:
    """One county or city: its official key, and closed rings on the plane."""

    ags: str
    rings: tuple[Points, ...]

    @property
    def is_city(self) -> bool:
        """True for a city that is a county of its own."""
        return self.ags[2:] in _CITIES


@dataclass(frozen=True, slots=True)
class Outlines:
    """All outlines and the box around them."""

    counties: tuple[Outline, ...]
    box: Box


def _city_keys() -> frozenset[str]:
    """Keys of the county-level cities, without the state's two digits (official register)."""
    return frozenset({"111", "211", *(str(number) for number in range(311, 321))})


_CITIES = _city_keys()


@lru_cache(maxsize=1)
def load() -> Outlines:
    """Read the shipped outlines."""
    text = (resources.files("resources") / _FILE).read_text(encoding="utf-8")
    counties = tuple(_outline(feature) for feature in json.loads(text)["features"])
    points = np.concatenate([ring for county in counties for ring in county.rings])
    return Outlines(counties, box_of(points))


def behind(sites: Points) -> Outlines | None:
    """Return the outlines if any of the sites (on the plane) lies there, else None."""
    outlines = load()
    near = outlines.box.grown(_NEAR_KM)
    return outlines if any(near.contains(float(x), float(y)) for x, y in sites) else None


def _outline(feature: dict[str, Any]) -> Outline:
    geometry = feature["geometry"]
    parts = geometry["coordinates"]
    polygons = parts if geometry["type"] == "MultiPolygon" else [parts]
    rings = [np.array(ring, dtype=np.float64) for polygon in polygons for ring in polygon]
    projected = tuple(project(ring[:, 1], ring[:, 0]) for ring in rings)
    return Outline(feature["properties"]["ags"], projected)
