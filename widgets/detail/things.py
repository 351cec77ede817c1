"""A short list of devices, rooms or links, each a button: state, name, and a word or number."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from console.model.states import RoomState, State
from console.texts import state_word
from widgets import theme
from widgets.detail.parts import plain_label
from widgets.symbols import paint_state

_ROW_PX = 30


@dataclass(frozen=True, slots=True)
class Thing:
    """One row. `colour` None: the note is dim."""

    id: str
    name: str
    state: State | RoomState
    note: str
    colour: QColor | None = None


class ThingButton(QAbstractButton):
    """One thing as a row that can be clicked.

    Signals:
        chosen: its id.
    """

    chosen = Signal(str)

    def __init__(self, thing: Thing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thing = thing
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._choose)
        self.show_thing(thing)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.thing.id)

    def show_thing(self, thing: Thing) -> None:
        """Show other values."""
        self.thing = thing
        self.setAccessibleName(f"{thing.name}, {state_word(thing.state)}, {thing.note}")
        self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(120, _ROW_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up under the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Go quiet again."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shape, name and note."""
        painter, colours = QPainter(self), theme.current()
        room = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.fillRect(room, colours.raised)
        if self.hasFocus():
            painter.setPen(colours.accent)
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -1.5))
        middle = room.center().y()
        paint_state(painter, QRectF(4, middle - 5.5, 11, 11), self.thing.state, colours)
        self._paint_words(painter, room.adjusted(24, 0, -4, 0))
        painter.setPen(colours.line)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        """Paint the name, and the note in what the name leaves or in half of the room."""
        metrics, colours = QFontMetrics(self.font()), theme.current()
        elide, whole = Qt.TextElideMode.ElideRight, int(room.width())
        name_px = metrics.horizontalAdvance(self.thing.name) + 12
        note = metrics.elidedText(self.thing.note, elide, max(whole - name_px, whole // 2))
        painter.setPen(self.thing.colour or colours.dim)
        painter.drawText(room, _RIGHT, note)
        left = metrics.horizontalAdvance(note) + 12
        middle = Qt.TextElideMode.ElideMiddle  # parallel links differ at the end of their names
        name = metrics.elidedText(self.thing.name, middle, whole - left)
        painter.setPen(colours.text)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)


_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ThingList(QWidget):
    """A headed list of things; hidden while it is empty.

    Signals:
        chosen: the id of the thing that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = plain_label(title, tone="dim", scale="small")
        self._buttons: list[ThingButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.title)

    def show_things(self, things: list[Thing]) -> None:
        """Show things in this order; rows are kept as long as their number is the same."""
        self.setVisible(bool(things))
        while len(self._buttons) > len(things):
            self._buttons.pop().deleteLater()
        while len(self._buttons) < len(things):
            button = ThingButton(things[len(self._buttons)])
            button.chosen.connect(self.chosen)
            self._buttons.append(button)
            self._layout.addWidget(button)
        for button, thing in zip(self._buttons, things, strict=True):
            if button.thing != thing:
                button.show_thing(thing)

    @property
    def buttons(self) -> tuple[ThingButton, ...]:
        """The rows, in order."""
        return tuple(self._buttons)
