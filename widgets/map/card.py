"""The hover card: name, state, figures and the last hour of what the pointer is on."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.language import _
from console.model.series import Column
from widgets import theme
from widgets.map.ground import mixed
from widgets.map.tips import Row, Tip
from widgets.sparkline import Spark, paint_sparkline
from widgets.symbols import paint_state

Course = tuple[Column, Column]  # a_to_b, b_to_a: bit/s at even steps

_PAD_PX = 12.0
_ROW_PX = 20.0
_TITLE_PX = 22.0
_SPARK_PX = 44.0
_COLUMN_GAP_PX = 16.0
_MAX_PX = 380.0


class HoverCard(QWidget):
    """Paints a Tip. Lets the pointer through, takes no focus, decides nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room = parent
        self._tip: Tip | None = None
        self._course: Course | None = None
        self.hide()

    @property
    def tip(self) -> Tip | None:
        """What is shown."""
        return self._tip

    def show_tip(self, tip: Tip, course: Course | None) -> None:
        """Show a card with the last hour, or without while it is not known."""
        self._tip, self._course = tip, course
        self.resize(self._wanted_size(tip))
        self.update()
        self.show()

    def put_near(self, x: float, y: float) -> None:
        """Stand beside a point of the parent, wholly inside it where it fits."""
        room = self._room.rect()
        left = x + 18 if x + 18 + self.width() <= room.width() - 4 else x - 18 - self.width()
        top = y + 14 if y + 14 + self.height() <= room.height() - 4 else y - 14 - self.height()
        left = min(max(left, 4.0), max(4.0, room.width() - self.width() - 4.0))
        top = min(max(top, 4.0), max(4.0, room.height() - self.height() - 4.0))
        self.move(round(left), round(top))

    def _fonts(self) -> tuple[QFont, QFont]:
        plain, bold = QFont(self.font()), QFont(self.font())
        plain.setPixelSize(theme.FONT_SMALL_PX)
        bold.setPixelSize(theme.FONT_PX)
        bold.setWeight(QFont.Weight.DemiBold)
        return plain, bold

    def _columns(self, tip: Tip, metrics: QFontMetricsF) -> tuple[float, float, float]:
        """Return the widths of labels, values and loads."""
        wide = metrics.horizontalAdvance
        return (
            max((wide(row.label) for row in tip.rows), default=0.0),
            max((wide(row.value) for row in tip.rows), default=0.0),
            max((wide(row.load_text) for row in tip.rows), default=0.0),
        )

    def _wanted_size(self, tip: Tip) -> QSize:
        plain, bold = self._fonts()
        metrics = QFontMetricsF(plain)
        columns = self._columns(tip, metrics)
        across = sum(columns) + _COLUMN_GAP_PX * (2 if columns[2] else 1)
        title = QFontMetricsF(bold).horizontalAdvance(tip.title)
        state = metrics.horizontalAdvance(tip.state_text) + 18
        width = min(max(across, title, state, 190.0), _MAX_PX) + 2 * _PAD_PX
        high = 2 * _PAD_PX + _TITLE_PX + _ROW_PX * (1 + len(tip.rows)) + 4
        return QSize(round(width + 0.5), round(high + (_SPARK_PX + 22 if tip.spark else 0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        tip = self._tip
        if tip is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter, tip, theme.current())

    def _paint(self, painter: QPainter, tip: Tip, colours: theme.Theme) -> None:
        painter.setPen(QPen(mixed(colours.line, colours.dim, 0.35), 1))
        painter.setBrush(colours.raised if colours.name == "dark" else colours.panel)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
        plain, bold = self._fonts()
        inner = self.width() - 2 * _PAD_PX
        painter.setFont(bold)
        painter.setPen(colours.text)
        self._text(painter, bold, tip.title, _PAD_PX, _PAD_PX - 2, inner, _TITLE_PX)
        top = _PAD_PX + _TITLE_PX
        paint_state(painter, QRectF(_PAD_PX, top + 4, 11, 11), tip.state, colours)
        painter.setFont(plain)
        painter.setPen(colours.state(tip.state))
        self._text(painter, plain, tip.state_text, _PAD_PX + 17, top, inner - 17, _ROW_PX)
        top += _ROW_PX + 4
        for row in tip.rows:
            self._paint_row(painter, plain, row, top, colours)
            top += _ROW_PX
        if tip.spark:
            self._paint_spark(painter, top + 4, colours)

    def _paint_row(
        self, painter: QPainter, font: QFont, row: Row, top: float, colours: theme.Theme
    ) -> None:
        assert self._tip is not None
        metrics = QFontMetricsF(font)
        _labels, _values, loads = self._columns(self._tip, metrics)
        right = self.width() - _PAD_PX
        if row.load_text:
            painter.setPen(_readable(colours, row.load))
            wide = metrics.horizontalAdvance(row.load_text)
            self._text(painter, font, row.load_text, right - wide, top, wide + 1, _ROW_PX)
        edge = right - (loads + _COLUMN_GAP_PX if loads else 0.0)
        value_px = metrics.horizontalAdvance(row.value)
        painter.setPen(colours.text)
        self._text(painter, font, row.value, edge - value_px, top, value_px + 1, _ROW_PX)
        painter.setPen(colours.dim)
        room = edge - value_px - _COLUMN_GAP_PX / 2 - _PAD_PX
        self._text(painter, font, row.label, _PAD_PX, top, room, _ROW_PX)

    def _text(
        self, painter: QPainter, font: QFont, text: str, x: float, y: float, w: float, h: float
    ) -> None:
        """Paint plain text on one line, shortened where it does not fit."""
        fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, w)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(x, y, w + 1, h), int(flags | Qt.TextFlag.TextSingleLine), fitted)

    def _paint_spark(self, painter: QPainter, top: float, colours: theme.Theme) -> None:
        box = QRectF(_PAD_PX, top, self.width() - 2 * _PAD_PX, _SPARK_PX)
        painter.setPen(QPen(colours.line, 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self._course is not None:
            there, back = self._course
            sparks = (Spark(back, colours.fine), Spark(there, colours.accent, filled=True))
            paint_sparkline(painter, box, sparks)
        painter.setPen(colours.dim)
        below = QRectF(box.left(), box.bottom() + 2, box.width(), 16)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), _("last hour"))


def _readable(colours: theme.Theme, load: float | None) -> QColor:
    """Return the colour of a load that can be read as text: quiet loads are just text."""
    return colours.load(load) if load is not None and load >= 0.6 else colours.text
