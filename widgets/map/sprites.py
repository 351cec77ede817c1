"""Symbols of sites, devices and links, painted once each and then copied."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from widgets.symbols import paint_state
from widgets.theme import Theme

NOTHING = "none"  # where there is nothing to tell, such as a site without a room
_SIGNS = ("unknown", "maintenance")  # characters, which want a frame
_QUIET = ("up", "idle", "in_call", "standby")


@dataclass(frozen=True, slots=True)
class Sprite:
    """What tells one symbol from another; `ground` is the colour it lies on."""

    state: str
    square: bool
    radius_px: float
    ratio: float
    theme: str
    badge: bool = False


_painted: dict[Sprite, QPixmap] = {}
_LIMIT = 512


def pixmap_of(sprite: Sprite, theme: Theme) -> QPixmap:
    """Return the symbol as a picture, its middle in the middle."""
    found = _painted.get(sprite)
    if found is None:
        if len(_painted) >= _LIMIT:
            _painted.clear()
        found = _painted[sprite] = _paint(sprite, theme)
    return found


def _paint(sprite: Sprite, theme: Theme) -> QPixmap:
    side = round((sprite.radius_px + 4) * 2)
    pixmap = QPixmap(round(side * sprite.ratio), round(side * sprite.ratio))
    pixmap.setDevicePixelRatio(sprite.ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_symbol(painter, QPointF(side / 2, side / 2), sprite, theme)
    return pixmap


def paint_symbol(painter: QPainter, middle: QPointF, sprite: Sprite, theme: Theme) -> None:
    """Paint a symbol: a ring or square when all is well, the state's own shape when not."""
    radius = sprite.radius_px
    if sprite.badge:
        _badge(painter, middle, sprite, theme)
    elif sprite.state == NOTHING:
        _ring(painter, middle, radius * 0.55, sprite.square, theme.panel, theme.dim)
    elif sprite.state in _QUIET:
        _ring(painter, middle, radius, sprite.square, theme.panel, theme.state(sprite.state))
    else:
        _ground(painter, middle, radius + 2.5, theme.panel)
        if sprite.state in _SIGNS:
            _ring(painter, middle, radius, sprite.square, theme.panel, theme.state(sprite.state))
            radius *= 0.6
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        paint_state(painter, box, sprite.state, theme)


def _ring(
    painter: QPainter, middle: QPointF, radius: float, square: bool, fill: QColor, edge: QColor
) -> None:
    painter.setBrush(fill)
    painter.setPen(QPen(edge, max(1.2, min(2.2, radius * 0.32))))
    if square:
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.drawRoundedRect(box, radius * 0.28, radius * 0.28)
    else:
        painter.drawEllipse(middle, radius * 0.9, radius * 0.9)


def _badge(painter: QPainter, middle: QPointF, sprite: Sprite, theme: Theme) -> None:
    """Paint a link's symbol: the state's shape in a ring on the line."""
    radius, colour = sprite.radius_px, theme.state(sprite.state)
    painter.setBrush(theme.panel)
    painter.setPen(QPen(colour, 1.5))
    painter.drawEllipse(middle, radius, radius)
    inner = radius * 0.58
    box = QRectF(middle.x() - inner, middle.y() - inner, 2 * inner, 2 * inner)
    paint_state(painter, box, sprite.state, theme)


def _ground(painter: QPainter, middle: QPointF, radius: float, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(middle, radius, radius)
