"""One room or bridge on the board: whose it is, how it stands, since when, whom to call."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.model.states import RoomState
from console.texts import state_word
from widgets import style, theme
from widgets.symbols import paint_state
from widgets.tile import Tile

TILE_PX, TALL_PX = (184, 74), (184, 92)
_NUMBER = re.compile(r"[+(]?\d[\d\s()/.–-]*$")
_LEAST_LETTERS = 3  # of an office worth writing
_PAD = 14
_SIGN_PX = 10
_LOUD = frozenset({RoomState.DOWN, RoomState.UNREACHABLE, RoomState.DEGRADED, RoomState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class TileText:
    """What a tile says. `state_line` follows the state's word, such as: since 09:12.

    `why`: the reason, in a line of its own above `contact`; "" for none.
    """

    name: str
    state: RoomState
    state_line: str
    contact: str
    hint: str
    why: str = ""


class RoomTile(Tile):
    """A button that shows the room `key`; pressing it chooses the room."""

    def __init__(self, room: str, parent: QWidget | None = None) -> None:
        super().__init__(room, parent)
        self._text: TileText | None = None

    @property
    def text_shown(self) -> TileText | None:
        """What the tile says."""
        return self._text

    def show_text(self, text: TileText) -> None:
        """Say this."""
        if text != self._text:
            self._text = text
            name = f"{text.name}: {state_word(text.state)}"
            said = ". ".join(x for x in (text.state_line, text.why, text.contact) if x)
            self._tell(name, said, text.hint)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(*(TALL_PX if self._text and self._text.why else TILE_PX))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if self._text is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, self._text.state)
        self._paint_text(painter, self._text)
        painter.end()

    def _paint_frame(self, painter: QPainter, state: RoomState) -> None:
        colours = theme.current()
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        loud = state in _LOUD and state != RoomState.UNKNOWN
        ground = style.mixed(colours.panel, colours.state(state), 0.10) if loud else colours.panel
        if self.underMouse():
            ground = colours.raised
        painter.fillPath(path, ground)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, 4, self.height()), colours.state(state))
        painter.restore()
        marked = self._chosen or self.hasFocus()
        painter.setPen(QPen(colours.accent if marked else colours.line, 1.5 if marked else 1))
        painter.drawPath(path)

    def _paint_text(self, painter: QPainter, text: TileText) -> None:
        colours = theme.current()
        font = self.font()
        font.setPixelSize(theme.FONT_PX)
        font.setBold(True)
        room = self.width() - 2 * _PAD
        write_line(painter, QRectF(_PAD, 8, room, 18), font, colours.text, text.name)
        sign = QRectF(_PAD, 31, _SIGN_PX, _SIGN_PX)
        paint_state(painter, sign, text.state, colours)
        font.setBold(False)
        word = state_word(text.state)
        loud = text.state in _LOUD
        left = _PAD + _SIGN_PX + 6
        place = QRectF(left, 27, self.width() - left - _PAD, 18)
        painter.setFont(font)
        used = painter.fontMetrics().horizontalAdvance(word) + 6
        write_line(painter, place, font, colours.state(text.state) if loud else colours.text, word)
        font.setPixelSize(theme.FONT_SMALL_PX)
        write_line(painter, place.adjusted(used, 0, 0, 0), font, colours.dim, text.state_line)
        line = QRectF(_PAD, 47, room, 17)
        if text.why:
            write_line(painter, line, font, colours.text, text.why)
            line.translate(0, TALL_PX[1] - TILE_PX[1])
        painter.setFont(font)
        contact = shortened(text.contact, painter.fontMetrics(), int(line.width()))
        write_line(painter, line, font, colours.dim, contact, Qt.TextElideMode.ElideLeft)


def shortened(contact: str, metrics: QFontMetrics, width: int) -> str:
    """Return a contact that fits with its telephone number whole: the office gives way."""
    number = _NUMBER.search(contact)
    if number is None or metrics.horizontalAdvance(contact) <= width:
        return contact
    kept = number.group()
    left = width - metrics.horizontalAdvance(f" {kept}") - 2  # widths are rounded
    office = contact[: number.start()].rstrip(" ,;:·")
    office = re.sub(r"[\s,;·]+(?:Tel|Telefon|Phone)\.?$", "", office)
    elided = metrics.elidedText(office, Qt.TextElideMode.ElideRight, left)
    return f"{elided} {kept}" if len(elided) > _LEAST_LETTERS else kept


def unbroken(contact: str) -> str:
    """Return a contact whose telephone number does not break at the end of a line."""
    number = _NUMBER.search(contact)
    if number is None:
        return contact
    kept = number.group().replace(" ", "\u00a0").replace("-", "\u2011")
    return f"{contact[: number.start()].rstrip()}\u00a0{kept}"


def write_line(
    painter: QPainter,
    place: QRectF,
    font: QFont,
    colour: QColor,
    text: str,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """Write one line, shortened with an ellipsis."""
    painter.setFont(font)
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, mode, int(place.width()))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(place, int(flags), shown)
