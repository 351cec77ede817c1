"""The parts of the graph that pyqtgraph lays out: pictures in boxes, and the axes beside them."""

import math
from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from console.language import _, format_number
from widgets import theme, times
from widgets.detail.curves import Curves
from widgets.detail.frame import Frame, Span
from widgets.detail.pictures import graph_font, grid_step, grid_values
from widgets.detail.ticks import TimeTick, axis_scale, rate_step, time_ticks

AXIS_PX = 44
_TIMES_PX = 20
_TICK_ROOM_PX = 36  # across, for one mark of the time axis
_BETWEEN_PX = 12  # between two labels
_DAY_S = 86400
_Painter = Callable[[QPainter, Frame, Curves], None]


class Picture(QGraphicsItem):
    """Paints curves over the whole of a pyqtgraph ViewBox."""

    def __init__(self, box: pg.ViewBox, paint: _Painter) -> None:
        super().__init__(box)
        self._box = box
        self._paint = paint
        self.curves: Curves | None = None
        self.span = Span(0.0, 1.0, -1.0, 1.0)
        box.sigResized.connect(self._resized)

    def _resized(self, box: object) -> None:
        self.prepareGeometryChange()

    @property
    def frame(self) -> Frame:
        """Where things lie, in pixels of the box."""
        rect = self._box.rect()
        return Frame(self.span, max(rect.width(), 1.0), max(rect.height(), 1.0))

    def boundingRect(self) -> QRectF:
        """The box."""
        return QRectF(self._box.rect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the curves; nothing before there are any."""
        if self.curves is not None:
            painter.setClipRect(self.boundingRect())
            self._paint(painter, self.frame, self.curves)


class TimeAxis(pg.AxisItem):  # type: ignore[misc]
    """Times in the network's zone; the end of the range says `now` while it is now."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.setHeight(_TIMES_PX)
        self.live = False
        self.span: Span | None = None

    def boundingRect(self) -> QRectF:
        """With room on the left, where the first label may stand out."""
        return QRectF(QPointF(-AXIS_PX, 0.0), self.size()).adjusted(0, 0, AXIS_PX, 0)

    def paint(
        self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the labels, none over another and none cut off."""
        if self.span is None:
            return
        frame = Frame(self.span, self.size().width(), self.size().height())
        p.setFont(graph_font())
        metrics = QFontMetricsF(p.font())
        end = _("now") if self.live else _end_label(self.span)
        left = frame.width - metrics.horizontalAdvance(end)
        self._label(p, left, end, strong=True)
        ticks = time_ticks(self.span.from_s, self.span.to_s, int(frame.width / _TICK_ROOM_PX))
        self._paint_ticks(p, frame, ticks, left - _BETWEEN_PX)

    def _paint_ticks(
        self, painter: QPainter, frame: Frame, ticks: list[TimeTick], free_until: float
    ) -> None:
        metrics = QFontMetricsF(painter.font())
        widths = [metrics.horizontalAdvance(tick.label) for tick in ticks]
        labelled = _labelled(frame, ticks, max(widths, default=0.0) + _BETWEEN_PX)
        for number, (tick, width) in enumerate(zip(ticks, widths, strict=True)):
            x = frame.x(tick.at_s)
            painter.setPen(QPen(theme.current().line, 1))
            painter.drawLine(round(x), 0, round(x), 4)
            left = x - width / 2
            if number in labelled and left + width <= free_until:
                self._label(painter, left, tick.label, tick.strong)

    def _label(self, painter: QPainter, left: float, text: str, strong: bool) -> None:
        painter.setPen(theme.current().text if strong else theme.current().dim)
        painter.drawText(QPointF(left, self.size().height() - 4), text)


def _labelled(frame: Frame, ticks: list[TimeTick], room_px: float) -> range:
    """The marks that carry a label, evenly, so that none touches another."""
    if len(ticks) < 2:
        return range(len(ticks))
    apart = (frame.x(ticks[-1].at_s) - frame.x(ticks[0].at_s)) / (len(ticks) - 1)
    stride = max(1, math.ceil(room_px / max(apart, 1.0)))
    strong = next((number for number, tick in enumerate(ticks) if tick.strong), 0)
    return range(strong % stride, len(ticks), stride)


def _end_label(span: Span) -> str:
    short = span.to_s - span.from_s <= 2 * _DAY_S
    return times.clock(span.to_s) if short else times.day_short(span.to_s)


class RateAxis(pg.AxisItem):  # type: ignore[misc]
    """Numbers of the grid, both directions counted from zero; the unit stands at the top."""

    def __init__(self, picture: Picture) -> None:
        super().__init__("left")
        self.setWidth(AXIS_PX)
        self._picture = picture

    def paint(
        self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the numbers beside their lines."""
        if self._picture.curves is None:
            return
        frame = self._picture.frame
        values = grid_values(frame)
        scale = axis_scale(grid_step(frame), max(abs(frame.span.low), frame.span.high))
        p.setFont(graph_font())
        metrics = QFontMetricsF(p.font())
        right = self.size().width() - 8
        p.setPen(theme.current().dim)
        self._text(p, right, metrics.ascent(), scale.unit)
        for value in values:
            y = frame.y(value) + metrics.ascent() / 2 - 1
            if y > 2.2 * metrics.ascent() and y < frame.height:
                self._text(p, right, y, scale.text(abs(value)))

    @staticmethod
    def _text(painter: QPainter, right: float, y: float, text: str) -> None:
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        painter.drawText(QPointF(right - width, y), text)


class FaultAxis(pg.AxisItem):  # type: ignore[misc]
    """The largest number of errors and discards a second."""

    def __init__(self, picture: Picture) -> None:
        super().__init__("left")
        self.setWidth(AXIS_PX)
        self._picture = picture

    def paint(
        self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint one round number, at its height."""
        high = self._picture.span.high
        if self._picture.curves is None or high <= 0.0:
            return
        p.setFont(graph_font())
        p.setPen(theme.current().dim)
        mark = rate_step(high, 2) if high >= 1 else round(high / 2, 2)
        text = f"{_short(mark)} /s"
        width = QFontMetricsF(p.font()).horizontalAdvance(text)
        p.drawText(QPointF(self.size().width() - 8 - width, self._picture.frame.y(mark) + 4), text)


def _short(value: float) -> str:
    if value >= 1000:
        return f"{format_number(value / 1000)}k"
    return format_number(value, 0 if value >= 1 else 2)
