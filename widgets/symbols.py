"""States as shape and colour together, the same everywhere; their words are in console.texts."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.model.states import RoomState, State
from widgets.theme import Theme

_SIGNS = {"degraded": "▲", "down": "✕", "unreachable": "◌", "unknown": "?", "maintenance": "⚒"}


def state_sign(state: State | RoomState | str) -> str:
    """Return the state as one character, for running text."""
    return _SIGNS.get(str(state), "●")


def paint_state(
    painter: QPainter, rect: QRectF, state: State | RoomState | str, theme: Theme
) -> None:
    """Paint the state's shape into `rect`; dot, triangle, cross, dashed ring, question mark."""
    colour = theme.state(state)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _SHAPES.get(str(state), _dot)(painter, rect, colour)
    painter.restore()


def _dot(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1))


def _triangle(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    top = QPointF(rect.center().x(), rect.top())
    painter.drawPolygon(QPolygonF([top, rect.bottomRight(), rect.bottomLeft()]))


def _cross(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, max(1.6, rect.width() / 6), c=Qt.PenCapStyle.RoundCap))
    inner = rect.adjusted(1.5, 1.5, -1.5, -1.5)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _dashed_ring(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, max(1.4, rect.width() / 8), Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1))


def _sign(sign: str) -> "_Shape":
    def paint(painter: QPainter, rect: QRectF, colour: QColor) -> None:
        font = painter.font()
        font.setPixelSize(max(8, round(rect.height())))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(rect.adjusted(-3, -3, 3, 3), Qt.AlignmentFlag.AlignCenter, sign)

    return paint


_Shape = Callable[[QPainter, QRectF, QColor], None]
_SHAPES: dict[str, _Shape] = {
    "degraded": _triangle,
    "down": _cross,
    "unreachable": _dashed_ring,
    "unknown": _sign("?"),
    "maintenance": _sign("⚒"),
}
