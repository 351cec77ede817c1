"""Paints a scene: outlines, halo, links in batches by pen, symbols, captions. Keeps no state.

Measured in design.md: batching lines by pen makes 5,000 links a matter of milliseconds.
"""

from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPolygonF

from console.language import format_ratio
from console.model.states import State
from widgets.map import mark_painter
from widgets.map.captions import DEVICE, LOAD_A, LOAD_B, NAME, Caption
from widgets.map.geometry import Geometry, Level, points_along
from widgets.map.ground import mixed
from widgets.map.marks import Marks
from widgets.map.projection import Box
from widgets.map.scene import Scene
from widgets.map.spots import circle_of, row_of
from widgets.map.sprites import Sprite, pixmap_of
from widgets.map.strokes import MARKED, Batch
from widgets.map.texts import Texts
from widgets.theme import Theme

_BADGE_PX = (5.5, 8.0)
_BADGE_PARTS = tuple(0.5 + sign * step / 20 for step in range(8) for sign in (1, -1))
_MARGIN_PX = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Brushwork:
    """How to draw: colours, remembered texts, device pixels per pixel, smooth or fast."""

    theme: Theme
    texts: Texts
    ratio: float
    smooth: bool = True
    marks: Marks | None = None
    font: QFont | None = None  # of the marks' numbers


def paint_scene(
    painter: QPainter, scene: Scene, work: Brushwork, view: Box, selected: str | None
) -> None:
    """Paint what of the scene lies in `view`; the painter's origin is the plane's."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, work.smooth)
    seen = view.grown(_MARGIN_PX)
    _paint_hulls(painter, scene.geometry, work.theme)
    if selected is not None:
        paint_halo(painter, scene, work.theme, selected)
    if work.marks is not None:
        mark_painter.paint_bands(painter, scene, work.marks, work.theme)
    for batch in scene.batches:
        draw_lines(painter, batch, seen)
    if work.marks is not None:
        mark_painter.paint_loads(painter, scene, work.marks, work.theme)
    _paint_nodes(painter, scene, work, seen)
    _paint_captions(painter, scene, work, seen)
    _paint_badges(painter, scene, work, seen)
    if work.marks is not None:
        mark_painter.paint_signs(painter, scene, work.marks, work.theme, work.font or QFont())


def draw_lines(painter: QPainter, batch: Batch, seen: Box) -> None:
    """Draw a batch in one call, straight from the array's memory, without what is not seen."""
    lines = batch.lines
    if not seen.encloses(batch.box):
        x, y = lines[:, 0::2], lines[:, 1::2]
        inside = (x.min(axis=1) <= seen.right) & (x.max(axis=1) >= seen.left)
        inside &= (y.min(axis=1) <= seen.bottom) & (y.max(axis=1) >= seen.top)
        lines = np.ascontiguousarray(lines[inside])
    if len(lines):
        painter.setPen(batch.pen)
        # QLineF is four doubles in a row, as pyqtgraph relies on too.
        first = cast(QLineF, shiboken6.wrapInstance(lines.ctypes.data, QLineF))
        painter.drawLines(first, len(lines))


def paint_halo(painter: QPainter, scene: Scene, theme: Theme, selected: str) -> None:
    """Paint a broad glow under the selected link, or round the selected site or device."""
    glow = QColor(theme.accent)
    glow.setAlpha(90 if theme.name == "dark" else 70)
    row = row_of(scene, selected)
    if row is not None:
        paint_way(painter, scene, row, glow, 9.0)
        return
    circle = circle_of(scene, selected)
    if circle:
        x, y, radius = circle
        painter.setPen(QPen(theme.accent, 2.0))
        painter.setBrush(glow)
        painter.drawEllipse(QPointF(x, y), radius + 5.0, radius + 5.0)


def paint_way(painter: QPainter, scene: Scene, row: int, colour: QColor, more_px: float) -> None:
    """Paint the whole way of one link in one colour, so much broader than the link."""
    width = float(scene.look.width_px[scene.geometry.drawn[row]]) + more_px
    painter.setPen(QPen(colour, width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    points = scene.geometry.paths[row].tolist()
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _paint_hulls(painter: QPainter, geometry: Geometry, theme: Theme) -> None:
    painter.setPen(QPen(theme.line, 1.0))
    painter.setBrush(mixed(theme.panel, theme.raised, 0.9))
    for site in np.flatnonzero(geometry.hull_px):
        radius = float(geometry.hull_px[site]) + geometry.radius_px + 4.0
        painter.drawEllipse(QPointF(*geometry.site_xy[site].tolist()), radius, radius)


def _paint_nodes(painter: QPainter, scene: Scene, work: Brushwork, seen: Box) -> None:
    """Paint all symbols that look the same in one call."""
    geometry = scene.geometry
    x, y = geometry.node_xy.T
    inside = (x >= seen.left) & (x <= seen.right) & (y >= seen.top) & (y <= seen.bottom)
    squares = scene.topology.core[geometry.node_site].tolist()
    looks: dict[tuple[str, bool], list[int]] = {}
    for number in np.flatnonzero(inside).tolist():
        looks.setdefault((scene.node_states[number], squares[number]), []).append(number)
    for (state, square), numbers in looks.items():
        radius = geometry.radius_px * (1.15 if square else 1.0)
        sprite = Sprite(state, square, radius, work.ratio, work.theme.name)
        draw_copies(painter, pixmap_of(sprite, work.theme), geometry.node_xy[numbers])


def draw_copies(painter: QPainter, picture: QPixmap, middles: NDArray[np.float64]) -> None:
    """Draw a picture at many places in one call, straight from an array's memory."""
    ratio = picture.devicePixelRatio()
    # A PixmapFragment is ten doubles: x, y, source left, top, width, height, scales, turn, opacity.
    fragments = np.zeros((len(middles), 10))
    fragments[:, :2] = np.round(middles * ratio) / ratio
    fragments[:, 4], fragments[:, 5] = picture.width(), picture.height()
    fragments[:, 6:8] = 1 / ratio
    fragments[:, 9] = 1.0
    if len(fragments):
        wrapped = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
        first = cast(QPainter.PixmapFragment, wrapped)
        painter.drawPixmapFragments(first, len(fragments), picture)


def _paint_badges(painter: QPainter, scene: Scene, work: Brushwork, seen: Box) -> None:
    """Mark links that need a person; the mark slides along the line to cover no caption."""
    geometry, states = scene.geometry, scene.look.state
    detailed = geometry.level > Level.STATE
    marked = (*MARKED, State.UNKNOWN) if detailed else MARKED
    radius = badge_px(geometry)
    for row in [i for i, link in enumerate(geometry.drawn.tolist()) if states[link] in marked]:
        x, y = _free_spot(geometry.paths[row], scene)
        if seen.contains(x, y):
            state = states[geometry.drawn[row]]
            sprite = Sprite(state, False, radius, work.ratio, work.theme.name, badge=True)
            draw_copies(painter, pixmap_of(sprite, work.theme), np.array([[x, y]]))


def badge_px(geometry: Geometry) -> float:
    """Return the radius of a link's mark, smaller where everything is."""
    least, most = _BADGE_PX
    return min(max(geometry.radius_px * 1.25, least), most)


def _free_spot(path: NDArray[np.float64], scene: Scene) -> tuple[float, float]:
    """Return the place nearest to the middle where a mark covers the least of what is written."""
    spots = points_along(path[None], np.array([_BADGE_PARTS]))[0].tolist()
    x, y = min(spots, key=partial(_covers_px, scene))
    return x, y


def _covers_px(scene: Scene, spot: list[float]) -> float:
    """Return how much of captions and symbols (in square px) a mark would cover."""
    x, y = spot
    radius = badge_px(scene.geometry)
    box = Box(x - radius, y - radius, x + radius, y + radius)
    apart = np.hypot(*(scene.geometry.node_xy - spot).T).min()
    covered = max(0.0, radius + scene.geometry.radius_px - float(apart)) * 2 * radius
    return covered + sum(box.shared(caption.box) for caption in scene.captions)


def _paint_captions(painter: QPainter, scene: Scene, work: Brushwork, seen: Box) -> None:
    for caption in scene.captions:
        if not seen.overlaps(caption.box):
            continue
        text, colour = _wording(caption, scene, work.theme)
        if text:
            pill = caption.kind not in (NAME, DEVICE)
            look = (caption.font, colour, work.theme.panel, work.ratio, pill)
            picture = work.texts.picture(text, *look)
            _draw_in(painter, picture, caption.box)


def _draw_in(painter: QPainter, picture: QPixmap, box: Box) -> None:
    size = picture.deviceIndependentSize()
    x, y = box.centre
    painter.drawPixmap(QPointF(x - size.width() / 2, y - size.height() / 2), picture)


def _wording(caption: Caption, scene: Scene, theme: Theme) -> tuple[str, QColor]:
    if caption.kind == NAME:
        return caption.text, theme.text
    if caption.kind in (LOAD_A, LOAD_B):
        return _load_text(scene, caption), theme.text
    return caption.text, theme.dim


def _load_text(scene: Scene, caption: Caption) -> str:
    """Return the load that an end of a link tells: of what flows to it. Empty if not known."""
    view = scene.links.get(caption.subject)
    if view is None:
        return ""
    load = view.a_to_b_load if caption.kind == LOAD_B else view.b_to_a_load
    return "" if load is None else format_ratio(load)
