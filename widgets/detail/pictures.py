"""Painters of the graph's two parts: the mirrored load and the faults below it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from console.language import _, format_rate
from console.model.series import Column
from widgets import theme
from widgets.detail.curves import Curves, gaps, runs
from widgets.detail.frame import Frame
from widgets.detail.ticks import rate_step
from widgets.wording import speed_text

LABEL_PX = 11
_PAD = 4.0
_ROW_PX = 30  # of height for each line of the grid


def graph_font() -> QFont:
    """The font of every word inside the graph."""
    font = QFont()
    font.setPixelSize(LABEL_PX)
    return font


def faded(colour: QColor, alpha: float) -> QColor:
    """The same colour with an opacity of `alpha`, 0..1."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def up_colour() -> QColor:
    """The colour of what is drawn upwards."""
    return theme.current().accent


def down_colour() -> QColor:
    """The colour of what is drawn downwards."""
    return theme.current().fine


@dataclass(frozen=True, slots=True)
class _Side:
    """One direction: `sign` 1 is drawn upwards, -1 downwards."""

    sign: int
    mean_bps: Column
    max_bps: Column
    p95_bps: float | None
    colour: QColor


def _sides(curves: Curves) -> tuple[_Side, _Side]:
    return (
        _Side(1, curves.up_bps, curves.up_max_bps, curves.up_p95_bps, up_colour()),
        _Side(-1, curves.down_bps, curves.down_max_bps, curves.down_p95_bps, down_colour()),
    )


def paint_load(painter: QPainter, frame: Frame, curves: Curves) -> None:
    """Paint both directions, what limits them, and where nothing is known."""
    painter.setFont(graph_font())
    _paint_grid(painter, frame)
    holes = gaps(curves, frame.span.from_s, frame.span.to_s)
    _paint_gaps(painter, frame, holes)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for side in _sides(curves):
        _paint_side(painter, frame, curves, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _paint_outages(painter, frame, curves.outages)
    _paint_zero(painter, frame)
    _paint_capacity(painter, frame, curves.capacity_bps)
    for side in _sides(curves):
        _paint_percentile(painter, frame, side)
    _label_spans(painter, frame, holes, _("no data"), theme.current().dim)
    _label_spans(painter, frame, list(curves.outages), _("interrupted"), theme.current().down)


def grid_step(frame: Frame) -> float:
    """Return how far apart the lines of the grid are, in bit/s."""
    return rate_step(frame.span.high - frame.span.low, max(2, int(frame.height / _ROW_PX)))


def grid_values(frame: Frame) -> list[float]:
    """Return the rates at which the grid has a line and the axis a number."""
    span, step = frame.span, grid_step(frame)
    first, last = int(np.ceil(span.low / step)), int(np.floor(span.high / step))
    return [number * step for number in range(first, last + 1)]


def _paint_grid(painter: QPainter, frame: Frame) -> None:
    painter.setPen(QPen(faded(theme.current().line, 0.75), 1))
    for value in grid_values(frame):
        y = round(frame.y(value))
        painter.drawLine(0, y, int(frame.width), y)


def _span_rect(frame: Frame, span: tuple[float, float]) -> QRectF:
    """The span over the full height, at least a pixel wide, inside the frame."""
    left = min(max(frame.x(span[0]), 0.0), frame.width)
    right = min(max(frame.x(span[1]), 0.0), frame.width)
    return QRectF(left, 0, max(right - left, 1.0), frame.height)


def _paint_gaps(painter: QPainter, frame: Frame, holes: list[tuple[float, float]]) -> None:
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    for hole in holes:
        rect = _span_rect(frame, hole)
        painter.fillRect(rect, faded(colours.base, 0.55))
        brush = QBrush(faded(colours.dim, 0.20), Qt.BrushStyle.BDiagPattern)
        painter.fillRect(rect, brush)


def _paint_outages(
    painter: QPainter, frame: Frame, outages: tuple[tuple[float, float], ...]
) -> None:
    colour = theme.current().down
    for outage in outages:
        if outage[1] < frame.span.from_s or outage[0] > frame.span.to_s:
            continue
        rect = _span_rect(frame, outage)
        painter.fillRect(rect, faded(colour, 0.16))
        painter.fillRect(QRectF(rect.left(), 0, rect.width(), 2), colour)


def _label_spans(
    painter: QPainter, frame: Frame, spans: list[tuple[float, float]], text: str, colour: QColor
) -> None:
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    for span in spans:
        rect = _span_rect(frame, span)
        if rect.width() >= width + 2 * _PAD:
            top = frame.y(0) - LABEL_PX - 2 * _PAD
            _paint_label(painter, QPointF(rect.center().x() - width / 2, top), text, colour)


def _stretch(frame: Frame, curves: Curves, values: Column, run: tuple[int, int]) -> QPolygonF:
    """The polyline of one unbroken stretch: through the middle of each step, flat at both ends."""
    first, after = run
    at_s = curves.at_s[first:after]
    middles = at_s + curves.step_s / 2
    ends = ([at_s[0]], middles, [at_s[-1] + curves.step_s])
    xs = frame.xs(np.concatenate(ends))
    part = values[first:after]
    ys = frame.ys(np.concatenate((part[:1], part, part[-1:])))
    return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])


def _area(frame: Frame, line: QPolygonF) -> QPolygonF:
    zero = frame.y(0.0)
    area = QPolygonF(line)
    area.append(QPointF(line.last().x(), zero))
    area.append(QPointF(line.first().x(), zero))
    return area


def _paint_side(painter: QPainter, frame: Frame, curves: Curves, side: _Side) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faded(side.colour, 0.16))
    peaks = side.sign * np.fmax(side.max_bps, side.mean_bps)
    known = runs(np.isfinite(side.mean_bps))
    if (side.max_bps > side.mean_bps).any():
        for run in known:
            painter.drawPolygon(_area(frame, _stretch(frame, curves, peaks, run)))
    for run in known:
        line = _stretch(frame, curves, side.sign * side.mean_bps, run)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(side.colour, 0.34))
        painter.drawPolygon(_area(frame, line))
        painter.setPen(QPen(side.colour, 1.3))
        painter.drawPolyline(line)


def _paint_zero(painter: QPainter, frame: Frame) -> None:
    painter.setPen(QPen(faded(theme.current().dim, 0.8), 1))
    y = round(frame.y(0.0))
    painter.drawLine(0, y, int(frame.width), y)


def _paint_capacity(painter: QPainter, frame: Frame, capacity_bps: float | None) -> None:
    if capacity_bps is None:
        return
    colours = theme.current()
    text = _("Capacity {rate}").format(rate=speed_text(capacity_bps))
    for sign in (1, -1):
        if not frame.span.low <= sign * capacity_bps <= frame.span.high:
            continue
        y = round(frame.y(sign * capacity_bps))
        painter.setPen(QPen(faded(colours.text, 0.55), 1))
        painter.drawLine(0, y, int(frame.width), y)
        if sign == 1 or frame.span.high < capacity_bps:
            top = y + 2 if sign == 1 else y - LABEL_PX - 5
            _paint_label(painter, QPointF(_PAD, top), text, colours.dim)


def _paint_percentile(painter: QPainter, frame: Frame, side: _Side) -> None:
    if not side.p95_bps:
        return
    colour = theme.current().warning
    y = round(frame.y(side.sign * side.p95_bps))
    painter.setPen(QPen(colour, 1.2, Qt.PenStyle.CustomDashLine))
    pen = painter.pen()
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawLine(0, y, int(frame.width), y)
    text = _("95th perc. {rate}").format(rate=format_rate(side.p95_bps))
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    top = beside_line(y, side.sign == 1, frame.height)
    _paint_label(painter, QPointF(frame.width - width - _PAD, top), text, colour)


def beside_line(y: float, above: bool, height: float) -> float:
    """Return the top of a label above or below a line, on the other side where there is no room."""
    over, under = y - LABEL_PX - 5, y + 2
    if above:
        return over if over >= 0 else under
    return under if under + LABEL_PX + 3 <= height else over


def _paint_label(painter: QPainter, top_left: QPointF, text: str, colour: QColor) -> None:
    """Paint one line of words on a veil that keeps it readable over curves."""
    metrics = QFontMetricsF(painter.font())
    rect = QRectF(top_left.x(), top_left.y(), metrics.horizontalAdvance(text), metrics.height())
    painter.fillRect(rect.adjusted(-3, 0, 3, 0), faded(theme.current().panel, 0.72))
    painter.setPen(colour)
    painter.drawText(QPointF(rect.left(), rect.top() + metrics.ascent()), text)


def paint_faults(painter: QPainter, frame: Frame, curves: Curves) -> None:
    """Paint errors upwards as bars and discards as bars on top of them, events a second."""
    colours = theme.current()
    painter.setFont(graph_font())
    painter.setPen(QPen(colours.line, 1))
    base = int(frame.height) - 1
    painter.drawLine(0, base, int(frame.width), base)
    if frame.span.high <= 0.0 or curves.errors_ps is None or curves.discards_ps is None:
        return
    left = frame.xs(curves.at_s)
    width = max(1.5, frame.xs(curves.at_s[:1] + curves.step_s)[0] - left[0])
    errors, discards = np.nan_to_num(curves.errors_ps), np.nan_to_num(curves.discards_ps)
    for row in np.flatnonzero((errors > 0) | (discards > 0)):
        for bottom, value, colour in (
            (0.0, errors[row], colours.down),
            (errors[row], discards[row], colours.warning),
        ):
            top = frame.y(bottom + value)
            bar = QRectF(left[row], top, width, frame.y(bottom) - top)
            painter.fillRect(bar, colour)
    _paint_fault_names(painter)


def _paint_fault_names(painter: QPainter) -> None:
    colours, left = theme.current(), _PAD
    for name, colour in ((_("errors"), colours.down), (_("discarded"), colours.warning)):
        painter.fillRect(QRectF(left, 4, 6, 6), colour)
        _paint_label(painter, QPointF(left + 10, 0), name, colours.dim)
        left += QFontMetricsF(painter.font()).horizontalAdvance(name) + 24
