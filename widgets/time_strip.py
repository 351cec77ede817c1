"""The strip of the time bar: incidents over the recorded past, and the cursor to drag."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.language import _, ngettext
from console.model.series import Density
from widgets import theme, times

BIN_PX = 7
_TOP = 6.0
_BARS = 26.0  # height of the tallest bar
_LABELS = 18.0
_MARGIN = 8.0  # so that the handle is whole at both ends
_LABEL_PX = 92  # room for one label of the axis


class TimeStrip(QWidget):
    """Paints a range of time. Knows neither files nor what the cursor does.

    Signals:
        moment_wanted: the operator pointed at a moment (UTC seconds).
        zoom_wanted: +1 nearer, -1 farther, and the moment to keep in place.
        key_pressed: a key that the bar may understand.
    """

    moment_wanted = Signal(float)
    zoom_wanted = Signal(int, float)
    key_pressed = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._from_s = 0.0
        self._to_s = 1.0
        self._cursor_s: float | None = None
        self._live = True
        self._density: Density | None = None
        self._hover_x: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(160)
        self.setAccessibleName(_("Time cursor"))
        self.setAccessibleDescription(_("Arrow keys step, Home and End go to the ends"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(600, int(_TOP + _BARS + _LABELS + 2))

    def show_range(self, from_s: float, to_s: float) -> None:
        """Show this range of time."""
        self._from_s, self._to_s = from_s, max(to_s, from_s + 1.0)
        self.update()

    def show_cursor(self, cursor_s: float | None, live: bool) -> None:
        """Show the cursor; `live`: it follows the present."""
        self._cursor_s, self._live = cursor_s, live
        if cursor_s is not None:
            self.setAccessibleDescription(times.full(cursor_s))
        self.update()

    def show_density(self, density: Density | None) -> None:
        """Show what went wrong when."""
        self._density = density
        self.update()

    def bins(self) -> int:
        """Return how many bars fit."""
        return max(8, int(self._width() // BIN_PX))

    def x_of(self, at_s: float) -> float:
        """Return where a moment lies, in pixels."""
        part = (at_s - self._from_s) / (self._to_s - self._from_s)
        return _MARGIN + part * self._width()

    def moment_at(self, x: float) -> float:
        """Return the moment at a pixel, within the range."""
        part = min(1.0, max(0.0, (x - _MARGIN) / self._width()))
        return self._from_s + part * (self._to_s - self._from_s)

    def _width(self) -> float:
        return max(1.0, self.width() - 2 * _MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bars(painter)
        self._paint_axis(painter)
        if self._hover_x is not None:
            painter.setPen(QPen(theme.current().dim, 1, Qt.PenStyle.DotLine))
            x = round(self._hover_x) + 0.5
            painter.drawLine(QPointF(x, _TOP), QPointF(x, _TOP + _BARS))
        self._paint_cursor(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.current().accent, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _paint_bars(self, painter: QPainter) -> None:
        density = self._density
        if density is None:
            return
        colours = theme.current()
        count = len(density.recorded)
        step_s = (density.to_s - density.from_s) / count
        painter.setPen(Qt.PenStyle.NoPen)
        bottom = _TOP + _BARS
        for i in range(count):
            left = self.x_of(density.from_s + i * step_s)
            right = self.x_of(density.from_s + (i + 1) * step_s)
            if right < _MARGIN or left > self.width() - _MARGIN:
                continue
            width = max(1.5, right - left - 2)
            if not density.recorded[i]:
                continue
            painter.setBrush(colours.line)
            painter.drawRoundedRect(QRectF(left, bottom - 3, width, 3), 1, 1)
            self._paint_bar(painter, QRectF(left, bottom, width, 0), i)

    def _paint_bar(self, painter: QPainter, base: QRectF, i: int) -> None:
        assert self._density is not None
        colours = theme.current()
        down, warning = int(self._density.down[i]), int(self._density.warning[i])
        bottom = base.bottom()
        for count, colour, least in ((warning, colours.warning, 6.0), (down, colours.down, 12.0)):
            if not count:
                continue
            height = min(least + 4.0 * math.sqrt(count - 1), bottom - _TOP)
            painter.setBrush(colour)
            painter.drawRoundedRect(
                QRectF(base.left(), bottom - height, base.width(), height), 1, 1
            )
            bottom -= height + 1

    def _paint_axis(self, painter: QPainter) -> None:
        colours = theme.current()
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        baseline = _TOP + _BARS + metrics.ascent() + 3
        most = max(1, int(self._width() // _LABEL_PX))
        for at_s, label in times.axis_ticks(self._from_s, self._to_s, most):
            x = self.x_of(at_s)
            width = metrics.horizontalAdvance(label)
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(QPointF(x, _TOP + 4), QPointF(x, _TOP + _BARS))
            if x + width / 2 > self.width() or x - width / 2 < 0:
                continue
            painter.setPen(colours.dim)
            painter.drawText(QPointF(x - width / 2, baseline), label)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self._cursor_s is None:
            return
        colours = theme.current()
        colour = colours.down if self._live else colours.accent
        x = min(max(self.x_of(self._cursor_s), _MARGIN), self.width() - _MARGIN)
        painter.setPen(QPen(colour, 2))
        painter.drawLine(QPointF(x, _TOP), QPointF(x, _TOP + _BARS + 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        flag = [(-5, 0), (5, 0), (5, 6), (0, 11), (-5, 6)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, 1 + dy) for dx, dy in flag]))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if event.button() == Qt.MouseButton.LeftButton:
            self.moment_wanted.emit(self.moment_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self._hover_x = min(max(event.position().x(), _MARGIN), self.width() - _MARGIN)
        at_s = self.moment_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.moment_wanted.emit(at_s)
        QToolTip.showText(event.globalPosition().toPoint(), self._describe(at_s), self)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102
        self._hover_x = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102
        turned = event.angleDelta().y()
        if turned:
            self.zoom_wanted.emit(1 if turned > 0 else -1, self.moment_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in KEYS:
            self.key_pressed.emit(event.key(), control)
        else:
            super().keyPressEvent(event)

    def _describe(self, at_s: float) -> str:
        """Return the moment and how much went wrong about then."""
        density = self._density
        text = times.minute(at_s)
        if density is None or not density.from_s <= at_s < density.to_s:
            return text
        count = len(density.recorded)
        i = int((at_s - density.from_s) / (density.to_s - density.from_s) * count)
        if not density.recorded[i]:
            return f"{text}\n{_('not recorded')}"
        began = int(density.down[i] + density.warning[i])
        return f"{text}\n{ngettext('{n} incident', '{n} incidents', began).format(n=began)}"


KEYS = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Space,
        Qt.Key.Key_Plus,
        Qt.Key.Key_Minus,
    }
)
