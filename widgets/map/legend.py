"""The legend: what colours, widths and symbols of the links mean."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from console.language import N_, _, format_ratio
from console.model.states import State
from widgets import theme
from widgets.map.ground import mixed
from widgets.map.projection import Box
from widgets.map.sprites import Sprite, paint_symbol
from widgets.map.strokes import DOWN_DASHES, UNKNOWN_DASHES, dashed
from widgets.theme import Theme

_MARKS = (0.0, 0.35, 0.60, 0.75, 0.90)
_BAR_PX = (232.0, 8.0)
_PAD_PX = 10.0
_ROW_PX = 18.0
_SAMPLE_PX = 30.0
_ENTRIES = (
    (State.DOWN, N_("down")),
    (State.DEGRADED, N_("degraded")),
    (State.UNKNOWN, N_("unknown")),
)
_BADGE_PX = 5.5


class Legend:
    """Measures and paints itself for a view of a given width."""

    def __init__(self, font: QFont) -> None:
        self._font = QFont(font)
        self._font.setPixelSize(theme.FONT_SMALL_PX - 1)
        self._metrics = QFontMetricsF(self._font)

    def box(self, height: float) -> Box:
        """Return what it covers in the lower left of a view so high, in px."""
        width = max(_BAR_PX[0], self._entries_width()) + 2 * _PAD_PX
        high = _BAR_PX[1] + 2 * _ROW_PX + 2 * _PAD_PX + 2
        return Box(10.0, height - high - 10.0, 10.0 + width, height - 10.0)

    def paint(self, painter: QPainter, height: float, colours: Theme) -> None:
        """Paint it at its place."""
        box = self.box(height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        ground = QColor(colours.panel)
        ground.setAlphaF(0.93)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(
            QRectF(box.left, box.top, box.width, box.height), theme.RADIUS, theme.RADIUS
        )
        left, top = box.left + _PAD_PX, box.top + _PAD_PX
        self._paint_bar(painter, left, top, colours)
        self._paint_entries(painter, left, top + _BAR_PX[1] + _ROW_PX + 4, colours)
        painter.restore()

    def _paint_bar(self, painter: QPainter, left: float, top: float, colours: Theme) -> None:
        width, height = _BAR_PX
        scale = QLinearGradient(left, 0, left + width, 0)
        for ratio, colour in zip(theme.LOAD_STOPS, colours.loads, strict=True):
            scale.setColorAt(ratio, colour)
        painter.setBrush(scale)
        painter.drawRoundedRect(QRectF(left, top, width, height), 3, 3)
        painter.setPen(colours.dim)
        for mark in _MARKS:
            text = format_ratio(mark)
            wide = self._metrics.horizontalAdvance(text)
            x = left + mark * width - (wide / 2 if mark else 0)
            painter.drawText(QPointF(x, top + height + 4 + self._metrics.ascent()), text)

    def _entries_width(self) -> float:
        words = sum(self._metrics.horizontalAdvance(_(word)) for _state, word in _ENTRIES)
        return words + len(_ENTRIES) * (_SAMPLE_PX + 6) + (len(_ENTRIES) - 1) * 12

    def _paint_entries(self, painter: QPainter, left: float, top: float, colours: Theme) -> None:
        middle = top + _ROW_PX / 2
        for state, word in _ENTRIES:
            painter.setPen(_sample_pen(state, colours))
            painter.drawLine(QPointF(left, middle), QPointF(left + _SAMPLE_PX, middle))
            sprite = Sprite(state, False, _BADGE_PX, 1.0, colours.name, badge=True)
            paint_symbol(painter, QPointF(left + _SAMPLE_PX / 2, middle), sprite, colours)
            text = _(word)
            painter.setFont(self._font)
            painter.setPen(colours.dim)
            left += _SAMPLE_PX + 6
            base = middle + (self._metrics.ascent() - self._metrics.descent()) / 2
            painter.drawText(QPointF(left, base), text)
            left += self._metrics.horizontalAdvance(text) + 12


def _sample_pen(state: State, colours: Theme) -> QPen:
    if state == State.DOWN:
        return dashed(QPen(colours.down, 2.5), DOWN_DASHES)
    if state == State.UNKNOWN:
        return dashed(QPen(colours.dim, 2.5), UNKNOWN_DASHES)
    return QPen(mixed(colours.load(0.0), colours.load(0.35), 0.5), 2.5)
