"""A count in the top bar: a state's shape and a few words in a rounded frame."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.texts import state_word
from widgets import theme
from widgets.counts import Count
from widgets.symbols import paint_state

_SIGN_PX = 9
_HEIGHT = 26


class Pill(QWidget):
    """Displays one count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count: Count | None = None
        self._short = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_count(self, count: Count | None) -> None:
        """Display a count; None hides the pill."""
        if count == self._count:
            return
        self._count = count
        self.setVisible(count is not None)
        if count is None:
            return
        said = f"{count.text} · {count.hint}"
        self.setToolTip(said)
        self.setAccessibleName(f"{said} · {state_word(count.state)}")
        self.updateGeometry()
        self.update()

    def shorten(self, short: bool) -> None:
        """Say the number alone, or all of it."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def _said(self) -> str:
        if self._count is None:
            return ""
        return self._count.short if self._short else self._count.text

    def sizeHint(self) -> QSize:  # noqa: D102
        width = QFontMetrics(self.font()).horizontalAdvance(self._said())
        return QSize(width + _SIGN_PX + 28, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if self._count is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
        sign = QRectF(11, (self.height() - _SIGN_PX) / 2, _SIGN_PX, _SIGN_PX)
        paint_state(painter, sign, self._count.state, colours)
        painter.setPen(colours.text)
        metrics = painter.fontMetrics()
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(round(sign.right() + 7), round(baseline), self._said())
        painter.end()
