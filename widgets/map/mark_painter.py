"""Paints marks: bands under the ways, the load that follows on them, crosses and rings."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from console.model.states import State
from widgets import theme
from widgets.map.geometry import Numbers, points_along
from widgets.map.marks import Loads, Marks
from widgets.map.projection import Box
from widgets.map.scene import Scene
from widgets.map.spots import circle_of, place_of
from widgets.map.strokes import DOWN_DASHES, dashed
from widgets.symbols import paint_state
from widgets.theme import Theme

_BAND_PX, _STRONG_PX = 0.7, 1.4  # times the radius of symbols, which shrink with the map
_BAND_ALPHA, _STRONG_ALPHA = {"dark": 55, "light": 45}, {"dark": 150, "light": 110}
_PARTS = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
_ASIDE_PX = (0.0, 18.0, -18.0, 32.0, -32.0)
_CROSS_PX = 8.0


def paint_bands(painter: QPainter, scene: Scene, marks: Marks, colours: Theme) -> None:
    """Paint what lies under the lines."""
    for link, row in _rows(scene, marks).items():
        strong = link in marks.strong
        band = QColor(colours.accent)
        band.setAlpha((_STRONG_ALPHA if strong else _BAND_ALPHA)[colours.name])
        more = (_STRONG_PX if strong else _BAND_PX) * scene.geometry.radius_px
        broad = _width(scene, row) + more
        _stroke(painter, scene, row, QPen(band, broad), slice(None))


def paint_loads(painter: QPainter, scene: Scene, marks: Marks, colours: Theme) -> None:
    """Paint the ways again in the colours of the load that follows, and what has failed."""
    rows, dead = _rows(scene, marks), _dead_rows(scene, marks.failed)
    for link, loads in marks.ways.items():
        row = rows.get(link)
        if row is not None and row not in dead:
            _paint_halves(painter, scene, row, loads, colours)
    for row in dead:
        width = max(2.5, _width(scene, row))
        _stroke(painter, scene, row, QPen(colours.panel, width + 1.5), slice(None))
        _stroke(painter, scene, row, dashed(QPen(colours.down, 2.5), DOWN_DASHES), slice(None))


def paint_signs(painter: QPainter, scene: Scene, marks: Marks, colours: Theme, font: QFont) -> None:
    """Paint what lies over everything: rings of what is cut off, the cross, numbers."""
    for site in sorted(marks.cut_off):
        _paint_ring(painter, scene, site, colours)
    if marks.failed:
        _paint_cross(painter, scene, marks.failed, colours)
    taken: list[Box] = []
    rows = _all_rows(scene)
    for link, text in marks.labels.items():
        row = rows.get(link)
        if row is not None:
            taken.append(_paint_number(painter, scene, row, text, colours, font, taken))


def _all_rows(scene: Scene) -> dict[str, int]:
    links = scene.topology.links
    return {links[number]: row for row, number in enumerate(scene.geometry.drawn.tolist())}


def _dead_rows(scene: Scene, failed: str) -> list[int]:
    """Return the rows of the link that has failed, or of all links of the device."""
    topology, drawn = scene.topology, scene.geometry.drawn.tolist()
    if failed not in topology.devices:
        return [row for row, number in enumerate(drawn) if topology.links[number] == failed]
    device = topology.devices.index(failed)
    ends = zip(topology.link_a.tolist(), topology.link_b.tolist(), strict=True)
    touched = [device in pair for pair in ends]
    return [row for row, number in enumerate(drawn) if touched[number]]


def _rows(scene: Scene, marks: Marks) -> dict[str, int]:
    """Return the rows of all links with media, those that stand out last."""
    rows = {link: row for link, row in _all_rows(scene).items() if link in marks.ways}
    return dict(sorted(rows.items(), key=lambda one: one[0] in marks.strong))


def _width(scene: Scene, row: int) -> float:
    return float(scene.look.width_px[scene.geometry.drawn[row]])


def _stroke(painter: QPainter, scene: Scene, row: int, pen: QPen, part: slice) -> None:
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = scene.geometry.paths[row][part].tolist()
    if not scene.geometry.bent[row]:
        points = [points[0], points[-1]]  # without joins it is painted several times as fast
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _paint_halves(painter: QPainter, scene: Scene, row: int, loads: Loads, colours: Theme) -> None:
    for load, part in zip(loads, (slice(0, 3), slice(2, 5)), strict=True):
        if load is not None:
            pen = QPen(colours.load(load), max(2.0, _width(scene, row)))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            _stroke(painter, scene, row, pen, part)


def _paint_ring(painter: QPainter, scene: Scene, site: str, colours: Theme) -> None:
    circle = circle_of(scene, site)
    if circle is not None:
        x, y, radius = circle
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.panel, 4.0))
        painter.drawEllipse(QPointF(x, y), radius + 4.5, radius + 4.5)
        painter.setPen(QPen(colours.unreachable, 2.2, Qt.PenStyle.DotLine))
        painter.drawEllipse(QPointF(x, y), radius + 4.5, radius + 4.5)


def _paint_cross(painter: QPainter, scene: Scene, failed: str, colours: Theme) -> None:
    place = place_of(scene, failed)
    if place is not None:
        middle = QPointF(*place)
        painter.setPen(QPen(colours.down, 1.6))
        painter.setBrush(colours.panel)
        painter.drawEllipse(middle, _CROSS_PX, _CROSS_PX)
        box = QRectF(middle.x() - 5.5, middle.y() - 5.5, 11, 11)
        paint_state(painter, box, State.DOWN, colours)


def _covered(scene: Scene) -> list[Box]:
    """Return the boxes of symbols and captions."""
    radius = scene.geometry.radius_px + 2
    nodes = [
        Box(x - radius, y - radius, x + radius, y + radius)
        for x, y in scene.geometry.node_xy.tolist()
    ]
    return [*nodes, *(caption.box for caption in scene.captions)]


def _freest(boxes: list[Box], covered: list[Box]) -> Box:
    """Return the box that shares the least with what is covered, the first of equals."""
    one, other = _edges(boxes)[:, None], _edges(covered)[None]
    wide = np.minimum(one[..., 2], other[..., 2]) - np.maximum(one[..., 0], other[..., 0])
    high = np.minimum(one[..., 3], other[..., 3]) - np.maximum(one[..., 1], other[..., 1])
    shared = (np.clip(wide, 0, None) * np.clip(high, 0, None)).sum(axis=1)
    return boxes[int(shared.argmin())]


def _edges(boxes: list[Box]) -> Numbers:
    return np.array([(x.left, x.top, x.right, x.bottom) for x in boxes]).reshape(-1, 4)


def _paint_number(
    painter: QPainter,
    scene: Scene,
    row: int,
    text: str,
    colours: Theme,
    font: QFont,
    taken: list[Box],
) -> Box:
    """Write a number where it covers the least; return what it covers."""
    sized = QFont(font)
    sized.setPixelSize(theme.FONT_SMALL_PX)
    sized.setBold(True)
    metrics = QFontMetricsF(sized)
    half_x, half_y = metrics.horizontalAdvance(text) / 2 + 6, metrics.height() / 2 + 2
    path = scene.geometry.paths[row]
    boxes = [
        Box(x + aside - half_x, y + off - half_y, x + aside + half_x, y + off + half_y)
        for off in _ASIDE_PX
        for aside in (0.0, half_x, -half_x)
        for x, y in (points_along(path[None], np.array([_PARTS]))[0]).tolist()
    ]
    box = _freest(boxes, [*_covered(scene), *taken])
    painter.setPen(QPen(colours.accent, 1.2))
    painter.setBrush(colours.panel)
    frame = QRectF(box.left, box.top, box.width, box.height)
    painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
    painter.setFont(sized)
    painter.setPen(colours.text)
    painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), text)
    return box
