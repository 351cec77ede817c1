"""The cross-hair over the graph: a line at one moment, and its exact values in a small box."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from console.language import _, format_number, format_rate, format_ratio
from widgets import theme
from widgets.detail.curves import Curves
from widgets.detail.pictures import down_colour, faded, graph_font, up_colour
from widgets.detail.ticks import step_moment

_PAD = 8.0
_ROW = 16.0
_AWAY = 10.0  # px between the line and its box


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the box: what, and its value."""

    label: str
    value: str
    colour: QColor | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The exact values of one step of the curves."""

    at_s: float
    title: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The reading in one line, for screen readers."""
        return ", ".join([self.title, *(f"{x.label} {x.value}".strip() for x in self.lines)])


def row_at(curves: Curves, at_s: float) -> int | None:
    """Return the row of the step that covers the moment; None where there is none."""
    row = int(np.searchsorted(curves.at_s, at_s, side="right")) - 1
    if row < 0 or at_s >= curves.at_s[row] + curves.step_s:
        return None
    return row


def read(curves: Curves, at_s: float, names: tuple[str, str]) -> Reading:
    """Return what the curves say at a moment; `names` are the directions drawn up and down."""
    row = row_at(curves, at_s)
    if row is None:
        return Reading(at_s, step_moment(at_s, 0.0), (Line(_("no data"), ""),))
    start_s = float(curves.at_s[row])
    title = step_moment(start_s, curves.step_s)
    lines = _rates(curves, row, names)
    if any(a < start_s + curves.step_s and b > start_s for a, b in curves.outages):
        lines.append(Line(_("interrupted"), "", theme.current().down))
    lines += _faults(curves, row)
    return Reading(start_s + curves.step_s / 2, title, tuple(lines))


def _rates(curves: Curves, row: int, names: tuple[str, str]) -> list[Line]:
    means = (float(curves.up_bps[row]), float(curves.down_bps[row]))
    peaks = (float(curves.up_max_bps[row]), float(curves.down_max_bps[row]))
    if not any(np.isfinite(means)):
        return [Line(_("no data"), "")]
    lines = [
        Line(name, _rate_and_load(mean, curves.capacity_bps), colour)
        for name, mean, colour in zip(names, means, (up_colour(), down_colour()), strict=True)
    ]
    if any(peak > mean for peak, mean in zip(peaks, means, strict=True)):
        both = " · ".join(format_rate(_known(peak)) for peak in peaks)
        lines.append(Line(_("Peak"), both))
    return lines


def _rate_and_load(rate_bps: float, capacity_bps: float | None) -> str:
    text = format_rate(_known(rate_bps))
    if capacity_bps is None or not np.isfinite(rate_bps):
        return text
    return f"{text} · {format_ratio(rate_bps / capacity_bps)}"


def _faults(curves: Curves, row: int) -> list[Line]:
    if curves.errors_ps is None or curves.discards_ps is None:
        return []
    values = (_known(curves.errors_ps[row]), _known(curves.discards_ps[row]))
    if not any(values):
        return []
    texts = [format_number(value, 1) for value in values]
    return [Line(_("Errors · discarded"), f"{texts[0]} · {texts[1]} /s")]


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


class Crosshair(QGraphicsItem):
    """Paints a reading over `area` (scene pixels); dots sit on the curves at `dots`."""

    def __init__(self) -> None:
        super().__init__()
        self._area = QRectF()
        self._x = 0.0
        self._dots: tuple[tuple[float, QColor], ...] = ()
        self.reading: Reading | None = None
        self.setZValue(100)
        self.hide()

    def place(self, area: QRectF, x: float, dots: tuple[tuple[float, QColor], ...]) -> None:
        """Stand at `x` inside `area`; `dots` are heights in scene pixels with their colours."""
        self.prepareGeometryChange()
        self._area, self._x, self._dots = area, x, dots
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole graph: line and box may be anywhere in it."""
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint the line, the dots and the box."""
        if self.reading is None:
            return
        colours = theme.current()
        painter.setPen(QPen(faded(colours.text, 0.7), 1))
        x = round(self._x)
        painter.drawLine(x, int(self._area.top()), x, int(self._area.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for y, colour in self._dots:
            painter.setPen(QPen(colours.panel, 1.5))
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(self._x, y), 3.5, 3.5)
        self._paint_box(painter, self.reading)

    def _paint_box(self, painter: QPainter, reading: Reading) -> None:
        colours = theme.current()
        painter.setFont(graph_font())
        bold = graph_font()
        bold.setBold(True)
        box = self._box_rect(reading)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(faded(colours.raised, 0.95))
        painter.drawRoundedRect(box, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        row = QRectF(box.left() + _PAD, box.top() + _PAD - 2, box.width() - 2 * _PAD, _ROW)
        painter.setFont(bold)
        painter.setPen(colours.text)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, reading.title)
        painter.setFont(graph_font())
        for line in reading.lines:
            row.translate(0, _ROW)
            self._paint_line(painter, row, line)

    def _paint_line(self, painter: QPainter, row: QRectF, line: Line) -> None:
        colours = theme.current()
        left = row.left()
        if line.colour is not None:
            painter.fillRect(QRectF(left, row.center().y() - 3.5, 7, 7), line.colour)
            left += 12
        painter.setPen(colours.dim)
        rest = QRectF(left, row.top(), row.right() - left, row.height())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, line.label)
        painter.setPen(colours.text)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(rest, right, line.value)

    def _box_rect(self, reading: Reading) -> QRectF:
        metrics, bold = QFontMetricsF(graph_font()), graph_font()
        bold.setBold(True)
        widths = [QFontMetricsF(bold).horizontalAdvance(reading.title)]
        for line in reading.lines:
            gap = (12 if line.colour is not None else 0) + (14 if line.value else 0)
            words = metrics.horizontalAdvance(line.label) + metrics.horizontalAdvance(line.value)
            widths.append(words + gap)
        width = max(widths) + 2 * _PAD
        height = _ROW * (1 + len(reading.lines)) + 2 * _PAD - 4
        left = self._x + _AWAY
        if left + width > self._area.right():
            left = self._x - _AWAY - width
        left = min(max(left, self._area.left()), max(self._area.left(), self._area.right() - width))
        return QRectF(round(left) + 0.5, self._area.top() + 4.5, round(width), round(height))
