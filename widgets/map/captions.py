"""What is written on the map, and where: names, numbers on links, ports.

Numbers change, their places do not: room is kept for the longest of them. Only a link that gets
or loses a mark makes the names nearby move out of its way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from console.language import format_number
from widgets import theme
from widgets.map.geometry import Geometry, Level, Numbers, lengths, points_along
from widgets.map.labels import STEP, Wish, placing
from widgets.map.projection import Box
from widgets.map.steps import Steps, whole
from widgets.map.topology import Topology

NAME, DEVICE, LOAD_A, LOAD_B, CAPACITY, PORT_A, PORT_B = (
    *("name", "device", "load_a", "load_b"),
    *("capacity", "port_a", "port_b"),
)
WIDEST_LOAD = "100 %"
_WIDEST_CAPACITY = "100 G"
_LENGTHS_OF_TEXT = 2.4  # a shorter way has no room for a number
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_PAD_X, _PAD_Y = 3.0, 1.0
_GAP_PX = 4.0
_FAR_PX = 5.0
_MAX_NAME_PX = 190.0
_PARTS = {LOAD_A: (0.27, 0.22, 0.32, 0.38), LOAD_B: (0.73, 0.78, 0.68, 0.62)}
_MIDDLE_PARTS = (0.5, 0.46, 0.54, 0.42, 0.58)
_PORT_STEPS_PX = (10.0, 26.0, 44.0)
_SEGMENTS_LIMIT = 500
_MARK_PX = 10.0
_BROAD_BPS = 5e9


@dataclass(frozen=True, slots=True)
class Caption:
    """A placed text: what kind (NAME, …), of which site, device or link, and where."""

    kind: str
    subject: str
    text: str
    font: QFont
    box: Box


class Fonts:
    """The fonts of the map and their measures, made from the widget's own font."""

    def __init__(self, font: QFont, name_px: int = theme.FONT_SMALL_PX) -> None:
        sizes = {NAME: name_px}
        self.of = {kind: _sized(font, sizes.get(kind, theme.FONT_SMALL_PX - 1)) for kind in _KINDS}
        self.of[NAME].setWeight(QFont.Weight.Medium)
        self._metrics = {kind: QFontMetricsF(font) for kind, font in self.of.items()}

    def size(self, kind: str, text: str) -> tuple[float, float]:
        """Return width and height of a text with the air it needs."""
        metrics = self._metrics[kind]
        return (
            ceil(metrics.horizontalAdvance(text)) + 2 * _PAD_X,
            ceil(metrics.height()) + 2 * _PAD_Y,
        )

    def fitted(self, kind: str, text: str) -> str:
        """Return the text, shortened in the middle where it is too long for a map."""
        elide = Qt.TextElideMode.ElideMiddle
        return self._metrics[kind].elidedText(text, elide, _MAX_NAME_PX)


_KINDS = (NAME, DEVICE, LOAD_A, LOAD_B, CAPACITY, PORT_A, PORT_B)


def _sized(font: QFont, pixels: int) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(pixels)
    return sized


def captions_of(
    topology: Topology,
    geometry: Geometry,
    fonts: Fonts,
    marked: frozenset[int] = frozenset(),
    within: Box | None = None,
) -> tuple[Caption, ...]:
    """Place everything that is written at this level, see `writing`."""
    return whole(writing(topology, geometry, fonts, marked, within))


def writing(
    topology: Topology,
    geometry: Geometry,
    fonts: Fonts,
    marked: frozenset[int] = frozenset(),
    within: Box | None = None,
) -> Steps[tuple[Caption, ...]]:
    """Place everything that is written at this level, beside the marks of `marked` links.

    Where there is a choice names stay `within` a box: the view that was fitted to it.
    """
    instead = {(CAPACITY, topology.links[link]) for link in marked}  # there the mark goes
    texts: dict[tuple[str, str], str] = {}
    wishes: list[Wish] = []
    for maker in _MAKERS[geometry.level]:
        for wish, text in maker(topology, geometry, fonts):
            if wish.key not in instead:
                wishes.append(_inside(wish, within))
                texts[wish.key] = text
                if len(texts) % STEP == 0:
                    yield
    few = len(geometry.drawn) <= _SEGMENTS_LIMIT
    avoided = (_segments(topology, geometry), _middles(geometry, marked)) if few else ()
    placed = yield from placing(wishes, _symbols(geometry), *avoided)
    return tuple(Caption(*k, texts[k], fonts.of[k[0]], box) for k, box in placed.items())


def _inside(wish: Wish, within: Box | None) -> Wish:
    if within is None:
        return wish
    inside = tuple(box for box in wish.candidates if within.encloses(box))
    return replace(wish, candidates=inside or wish.candidates)


def _symbols(geometry: Geometry) -> list[Box]:
    return [_around(x, y, geometry.radius_px + 0.5) for x, y in geometry.node_xy.tolist()]


def _around(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius)


def _segments(topology: Topology, geometry: Geometry) -> Numbers:
    """Return the lines that names had better not cross, broad ones twice."""
    lines = np.concatenate([geometry.paths[:, 1], geometry.paths[:, 3]], axis=1)
    broad = topology.capacity_bps[geometry.drawn] >= _BROAD_BPS
    return np.concatenate([lines, lines[broad]])


def _middles(geometry: Geometry, marked: frozenset[int]) -> Numbers:
    """Return where the marks of links go, as boxes."""
    rows = [row for row, link in enumerate(geometry.drawn.tolist()) if link in marked]
    middles = geometry.paths[rows, 2]
    return np.concatenate([middles - _MARK_PX, middles + _MARK_PX], axis=1)


_Made = Iterator[tuple[Wish, str]]


def _site_names(topology: Topology, geometry: Geometry, fonts: Fonts) -> _Made:
    degree = np.bincount(np.concatenate(topology.site_links), minlength=len(topology.sites))
    for i, (x, y) in enumerate(geometry.site_xy.tolist()):
        text = fonts.fitted(NAME, topology.site_names[i])
        radius = (
            float(geometry.hull_px[i]) + geometry.radius_px + (4.0 if geometry.hull_px[i] else 0.0)
        )
        size = fonts.size(NAME, text)
        priority = 1000.0 + (100.0 if topology.core[i] else 0.0)
        priority += min(int(degree[i]), 90) if len(topology.sites) > 100 else 0
        yield Wish((NAME, topology.sites[i]), beside(x, y, radius, *size), priority), text


def _device_names(topology: Topology, geometry: Geometry, fonts: Fonts) -> _Made:
    for i, (x, y) in enumerate(geometry.node_xy.tolist()):
        text = fonts.fitted(DEVICE, topology.devices[i])
        candidates = beside(x, y, geometry.radius_px, *fonts.size(DEVICE, text))
        yield Wish((DEVICE, topology.devices[i]), candidates, 500.0), text


def beside(x: float, y: float, radius: float, width: float, height: float) -> tuple[Box, ...]:
    """Return places round a symbol, the best first: right, left, below, above, and between."""
    out, slant = radius + _GAP_PX - _PAD_X, radius * 0.75
    right, left, middle = x + out, x - out - width, y - height / 2
    below, above = y + out, y - out - height
    places = [(right, middle), (left, middle), (x - width / 2, below), (x - width / 2, above)]
    for high in (slant * 0.6, -slant * 0.6 - height):
        places += [(x + slant, y + high), (x - slant - width, y + high)]
    for share in (0.2, 0.8):
        places += [(x - width * share, below), (x - width * share, above)]
    for shift in (-height * 0.35, height * 0.35):
        places += [(right - 1, middle + shift), (left + 1, middle + shift)]
    places += [(x - width / 2, below + _FAR_PX), (x - width / 2, above - _FAR_PX)]
    return tuple(Box(left, top, left + width, top + height) for left, top in places)


def _loads(topology: Topology, geometry: Geometry, fonts: Fonts) -> _Made:
    size = fonts.size(LOAD_A, WIDEST_LOAD)
    for kind, parts in _PARTS.items():
        for link, boxes in _on_ways(geometry, parts, size):
            yield Wish((kind, topology.links[link]), boxes, 300.0, choosy=False), ""


def _capacities(topology: Topology, geometry: Geometry, fonts: Fonts) -> _Made:
    size = fonts.size(CAPACITY, _WIDEST_CAPACITY)
    for link, boxes in _on_ways(geometry, _MIDDLE_PARTS, size):
        capacity_bps = topology.capacity_bps[link]
        if not np.isnan(capacity_bps):
            wish = Wish((CAPACITY, topology.links[link]), boxes, 200.0, choosy=False)
            yield wish, short_rate(float(capacity_bps))


def short_rate(rate_bps: float) -> str:
    """Return a capacity as operators write it: 10 G, 2.5 G, 100 M."""
    scale, unit = next(((s, u) for s, u in _UNITS if rate_bps >= s), (1.0, ""))
    value = rate_bps / scale
    return f"{format_number(value, 0 if value == round(value) else 1)} {unit}".rstrip()


def _on_ways(
    geometry: Geometry, parts: tuple[float, ...], size: tuple[float, float]
) -> Iterator[tuple[int, tuple[Box, ...]]]:
    """Yield links with boxes of `size` whose middles lie on the way, where it is long enough."""
    long_enough = np.flatnonzero(lengths(geometry.paths) >= _LENGTHS_OF_TEXT * size[0])
    points = points_along(geometry.paths[long_enough], np.array([parts]))
    links = geometry.drawn[long_enough].tolist()
    for link, at in zip(links, points.tolist(), strict=True):
        yield link, tuple(_centred(x, y, *size) for x, y in at)


def _centred(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _port_names(topology: Topology, geometry: Geometry, fonts: Fonts) -> _Made:
    ends = (
        (PORT_A, geometry.paths, topology.interfaces_a),
        (PORT_B, geometry.paths[:, ::-1], topology.interfaces_b),
    )
    long = np.maximum(lengths(geometry.paths), 1.0)
    for kind, ways, names in ends:
        texts = [fonts.fitted(kind, names[link]) for link in geometry.drawn.tolist()]
        sizes = [fonts.size(kind, text) for text in texts]
        half = np.array([width / 2 for width, _height in sizes])[:, None]
        reach = geometry.radius_px + np.array([_PORT_STEPS_PX]) + half
        points = points_along(ways, np.minimum(reach / long[:, None], 0.4)).tolist()
        for row, link in enumerate(geometry.drawn.tolist()):
            boxes = tuple(_centred(x, y, *sizes[row]) for x, y in points[row])
            yield Wish((kind, topology.links[link]), boxes, 400.0, choosy=False), texts[row]


_Maker = Callable[[Topology, Geometry, Fonts], _Made]
_MAKERS: dict[Level, tuple[_Maker, ...]] = {
    Level.STATE: (_site_names,),
    Level.COUNTY: (_site_names, _device_names, _loads, _capacities),
    Level.PORTS: (_site_names, _device_names, _loads, _capacities, _port_names),
}
