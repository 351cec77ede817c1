"""Small pictures drawn by hand, so that they follow the theme and need no font."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets import theme

_Draw = Callable[[QPainter, QRectF], None]


def _play(painter: QPainter, box: QRectF) -> None:
    tip = QPointF(box.right(), box.center().y())
    painter.drawPolygon(QPolygonF([box.topLeft(), tip, box.bottomLeft()]))


def _pause(painter: QPainter, box: QRectF) -> None:
    width = box.width() / 3
    painter.drawRect(QRectF(box.left(), box.top(), width, box.height()))
    painter.drawRect(QRectF(box.right() - width, box.top(), width, box.height()))


def _previous(painter: QPainter, box: QRectF) -> None:
    painter.drawRect(QRectF(box.left(), box.top(), 2, box.height()))
    tip = QPointF(box.left() + 3, box.center().y())
    painter.drawPolygon(QPolygonF([box.topRight(), tip, box.bottomRight()]))


def _next(painter: QPainter, box: QRectF) -> None:
    painter.drawRect(QRectF(box.right() - 2, box.top(), 2, box.height()))
    tip = QPointF(box.right() - 3, box.center().y())
    painter.drawPolygon(QPolygonF([box.topLeft(), tip, box.bottomLeft()]))


def _close(painter: QPainter, box: QRectF) -> None:
    inner = box.adjusted(1, 1, -1, -1)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _float(painter: QPainter, box: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 3.5, -3.5, -0.5))
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(box.left() + 3.5, box.top() + 0.5),
                QPointF(box.right() - 0.5, box.top() + 0.5),
                QPointF(box.right() - 0.5, box.bottom() - 3.5),
            ]
        )
    )


def _menu(painter: QPainter, box: QRectF) -> None:
    for part in (0.15, 0.5, 0.85):
        y = box.top() + box.height() * part
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))


_DRAW: dict[str, _Draw] = {
    "play": _play,
    "pause": _pause,
    "previous": _previous,
    "next": _next,
    "close": _close,
    "float": _float,
    "menu": _menu,
}
_STROKED = {"close", "float", "menu"}


class IconButton(QAbstractButton):
    """A square button with a drawn picture; `quiet` ones show their frame on hover only."""

    def __init__(
        self,
        icon: str,
        name: str,
        side: int = 30,
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._quiet = quiet
        self._side = side
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.describe(icon, name)

    def describe(self, icon: str, name: str) -> None:
        """Show another picture; `name` is what it does, in the operator's words."""
        self._icon = icon
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.underMouse() and self.isEnabled()
        if not self._quiet or hot or self.hasFocus():
            edge = colours.accent if self.hasFocus() else colours.dim if hot else colours.line
            painter.setPen(QPen(edge, 1))
            painter.setBrush(colours.line if self.isDown() else colours.raised)
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        quiet = self._quiet and not hot and not self.hasFocus()
        shown = colours.dim if quiet else colours.text
        self._paint_icon(painter, shown if self.isEnabled() else colours.line)
        painter.end()

    def _paint_icon(self, painter: QPainter, colour: QColor) -> None:
        half = 5.0 if self._side >= 26 else 4.0
        middle = QRectF(self.rect()).center()
        box = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
        stroked = self._icon in _STROKED
        painter.setPen(QPen(colour, 1.4) if stroked else Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        _DRAW[self._icon](painter, box)
