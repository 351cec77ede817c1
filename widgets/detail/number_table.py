"""The table under a load graph: now, mean, least, 95th percentile and peak of each direction."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QWidget,
)

from console.language import _
from widgets import theme
from widgets.detail.parts import sized
from widgets.detail.ticks import rate_scale

_NAMES_PART = 0.36  # of the width at least for the names
_COLUMN_GAP = 8


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One direction in the table of numbers; rates in bit/s."""

    name: str
    values: tuple[float | None, ...]


class NumberTable(QWidget):
    """Now, mean, least, 95th percentile and peak of each direction in one unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[NumberRow, ...] = ()
        self.unit = ""
        self.setMinimumHeight(28 * 3)
        self.setMaximumHeight(28 * 3)

    def show_rows(self, *rows: NumberRow) -> None:
        """Show other numbers."""
        if rows != self.rows:
            self.rows = rows
            self.setAccessibleName(self.text())
            self.update()

    def texts(self) -> list[list[str]]:
        """What the table says, the headings first."""
        known = [x for row in self.rows for x in row.values if x is not None]
        scale = rate_scale(max(known, default=None))
        head = [scale.unit, _("now"), _("mean"), _("min"), _("95th"), _("peak")]
        return [head, *([row.name, *map(scale.text, row.values)] for row in self.rows)]

    def text(self) -> str:
        """What the table says, as tab separated lines."""
        return "\n".join("\t".join(row) for row in self.texts())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the table: figures aligned right in columns as wide as they need to be."""
        painter, texts = QPainter(self), self.texts()
        columns = self._columns(texts)
        height = self.height() / len(texts)
        for number, row in enumerate(texts):
            rect = QRectF(0, number * height, self.width(), height)
            self._paint_row(painter, rect, row, columns, number)
        painter.end()

    def _columns(self, texts: list[list[str]]) -> list[float]:
        """The widths of the columns of figures; the names get the rest."""
        head = QFontMetrics(sized(self.font(), theme.FONT_SMALL_PX))
        body = QFontMetrics(sized(self.font(), theme.FONT_PX))
        needed = [
            max(
                head.horizontalAdvance(texts[0][place]),
                *(body.horizontalAdvance(row[place]) for row in texts[1:]),
                0,
            )
            for place in range(1, len(texts[0]))
        ]
        tight = [width + _COLUMN_GAP for width in needed]
        more = (self.width() * (1 - _NAMES_PART) - sum(tight)) / len(tight)
        return [width + min(max(more, 0.0), 24.0) for width in tight]

    def _paint_row(
        self, painter: QPainter, rect: QRectF, row: list[str], columns: list[float], number: int
    ) -> None:
        colours = theme.current()
        painter.setFont(sized(self.font(), theme.FONT_PX if number else theme.FONT_SMALL_PX))
        left = rect.width() - sum(columns)
        first = QRectF(0, rect.top(), left, rect.height())
        if number:
            swatch = QRectF(0, first.center().y() - 4, 8, 8)
            painter.fillRect(swatch, colours.accent if number == 1 else colours.fine)
            first.adjust(14, 0, 0, 0)
        metrics = QFontMetrics(painter.font())
        name = metrics.elidedText(row[0], Qt.TextElideMode.ElideRight, int(first.width()))
        painter.setPen(colours.text if number else colours.dim)
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, name)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for text, width in zip(row[1:], columns, strict=True):
            painter.drawText(QRectF(left, rect.top(), width, rect.height()), right, text)
            left += width
        painter.setPen(colours.line)
        painter.drawLine(0, int(rect.bottom()) - 1, int(rect.width()), int(rect.bottom()) - 1)
