"""The check points side by side on one line, painted."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.language import _
from widgets import theme
from widgets.plain_text import plain_tip
from widgets.readiness.gates import GateText
from widgets.room_tile import write_line
from widgets.symbols import paint_state

_RADIUS_PX = 10.0
_HEIGHT_PX = 66


class GateRow(QWidget):
    """Displays check points; those that are past are filled with what was kept of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gates: tuple[GateText, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(420, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(280, _HEIGHT_PX)

    def show_gates(self, gates: Sequence[GateText]) -> None:
        """Show these."""
        if tuple(gates) != self.gates:
            self.gates = tuple(gates)
            self.setAccessibleName(_("Check points"))
            said = (f"{gate.name}: {gate.below or gate.hint}" for gate in self.gates)
            self.setAccessibleDescription("; ".join(said))
            self.update()

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.gates:
            number = int(event.pos().x() * len(self.gates) / max(1, self.width()))
            gate = self.gates[min(number, len(self.gates) - 1)]
            QToolTip.showText(event.globalPos(), plain_tip(f"{gate.name}\n{gate.hint}"), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if not self.gates:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        for number, gate in enumerate(self.gates):
            self._paint_gate(painter, number, gate)
        painter.end()

    def _place(self, number: int) -> QRectF:
        wide = self.width() / len(self.gates)
        return QRectF(number * wide, 0, wide, self.height())

    def _middle(self, number: int) -> QPointF:
        return QPointF(self._place(number).center().x(), _RADIUS_PX + 2)

    def _paint_line(self, painter: QPainter) -> None:
        colours = theme.current()
        passed = sum(gate.passed for gate in self.gates)
        for number in range(len(self.gates) - 1):
            done = number + 1 < passed
            painter.setPen(QPen(colours.accent if done else colours.line, 2))
            painter.drawLine(self._middle(number), self._middle(number + 1))

    def _paint_gate(self, painter: QPainter, number: int, gate: GateText) -> None:
        colours, middle = theme.current(), self._middle(number)
        painter.setBrush(colours.panel)
        colour = colours.state(gate.sign) if gate.sign else colours.dim
        painter.setPen(QPen(colour if gate.passed else colours.dim, 2 if gate.passed else 1.2))
        painter.drawEllipse(middle, _RADIUS_PX, _RADIUS_PX)
        if gate.sign is not None:
            paint_state(painter, _around(middle, 5.5), gate.sign, colours)
        elif gate.passed:
            painter.setBrush(colours.dim)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(middle, 2.5, 2.5)
        self._paint_words(painter, self._place(number), gate)

    def _paint_words(self, painter: QPainter, place: QRectF, gate: GateText) -> None:
        colours, font = theme.current(), self.font()
        font.setPixelSize(theme.FONT_SMALL_PX)
        for top, text, bold in ((26, gate.name, True), (44, gate.below, False)):
            font.setBold(bold)
            painter.setFont(font)
            width = painter.fontMetrics().horizontalAdvance(text)
            room = QRectF(place.left(), top, place.width(), 18)
            fitted = QRectF(0, top, min(width + 2, room.width()), 18)
            fitted.moveCenter(room.center())
            colour = colours.text if bold else colours.dim
            if not bold and gate.sign is not None:
                colour = colours.state(gate.sign)
            write_line(painter, fitted, font, colour, text)


def _around(middle: QPointF, radius: float) -> QRectF:
    return QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
