"""The counties of a conference as a list: how each stands, why, and whom to call."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from console.model.states import State
from widgets import theme
from widgets.readiness.brief import RoomText
from widgets.room_tile import shortened, write_line
from widgets.symbols import paint_state
from widgets.tile import Tile

_ROW_PX = 30
_NAME_PART, _CONTACT_PART = 0.27, 0.36


class CountyRow(Tile):
    """One line: shape, name, why, contact."""

    def __init__(self, room: str, parent: QWidget | None = None) -> None:
        super().__init__(room, parent)
        self.text_shown: RoomText | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(240, _ROW_PX)

    def show_text(self, text: RoomText) -> None:
        """Say this."""
        if text != self.text_shown:
            self.text_shown = text
            why = [*text.why, *([text.contact] if text.contact else [])]
            self._tell(f"{text.name}: {text.word}", " ".join(why), "\n".join([text.name, *why]))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if self.text_shown is None:
            return
        colours, painter = theme.current(), QPainter(self)
        room = QRectF(self.rect())
        if self._chosen or self.underMouse():
            painter.fillRect(room, colours.raised)
        painter.setPen(colours.line)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if self.hasFocus() or self._chosen:
            painter.setPen(QPen(colours.accent, 1))
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -1.5))
        self._paint_words(painter, room.adjusted(8, 0, -8, 0), self.text_shown)
        painter.end()

    def _paint_words(self, painter: QPainter, room: QRectF, text: RoomText) -> None:
        colours, font = theme.current(), self.font()
        font.setPixelSize(theme.FONT_PX)
        paint_state(painter, QRectF(room.left(), room.center().y() - 5, 10, 10), text.sign, colours)
        left = room.left() + 20
        width = room.right() - left
        name = QRectF(left, 0, width * _NAME_PART - 8, room.height())
        contact = QRectF(room.right() - width * _CONTACT_PART, 0, 0, room.height())
        contact.setRight(room.right())
        why = QRectF(left + width * _NAME_PART, 0, 0, room.height())
        why.setRight(contact.left() - 12)
        write_line(painter, name, font, colours.text, text.name)
        told = text.why[0] if text.why and text.sign is not State.UP else text.word
        write_line(painter, why, font, colours.dim if text.sign is State.UP else colours.text, told)
        painter.setFont(font)
        fitted = shortened(text.contact, painter.fontMetrics(), int(contact.width()))
        write_line(painter, contact, font, colours.dim, fitted, Qt.TextElideMode.ElideLeft)


class CountyList(QWidget):
    """Rows below each other, those that need a person first.

    Signals:
        room_chosen: id of a room.
    """

    room_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, CountyRow] = {}
        self._order: list[str] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)

    @property
    def rows(self) -> tuple[CountyRow, ...]:
        """The rows in their order."""
        return tuple(self._rows[room] for room in self._order)

    def show_rooms(self, rooms: Sequence[RoomText]) -> None:
        """Show these rooms; whoever is ready comes last."""
        ordered = sorted(rooms, key=_calm)
        for place, text in enumerate(ordered):
            row = self._rows.get(text.room) or self._make(text.room)
            row.show_text(text)
            row.show()
            if self._lines.indexOf(row) != place:
                self._lines.insertWidget(place, row)
        self._order = [text.room for text in ordered]
        for room, row in self._rows.items():
            if room not in self._order:
                row.hide()

    def show_chosen(self, room: str) -> None:
        """Mark a room; "": none."""
        for key, row in self._rows.items():
            row.show_chosen(key == room)

    def _make(self, room: str) -> CountyRow:
        row = CountyRow(room, self)
        row.clicked.connect(self._choose)
        self._rows[room] = row
        return row

    @Slot()
    def _choose(self) -> None:
        row = self.sender()
        if isinstance(row, CountyRow):
            self.room_chosen.emit(row.key)


def _calm(text: RoomText) -> bool:
    return text.sign is State.UP
