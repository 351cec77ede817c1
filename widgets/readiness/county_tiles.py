"""The counties of a conference as tiles, each with shape, word and a short reason."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.model.states import State
from widgets import style, theme
from widgets.readiness.brief import RoomText
from widgets.room_tile import write_line
from widgets.symbols import paint_state
from widgets.tile import Tile

_LEAST_PX, _HEIGHT_PX, _GAP_PX = 148, 46, 7
_MOST_COLUMNS = 6  # wide panels get wide tiles, which cut nothing
_PAD = 14
_SIGN_PX = 10
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class CountyTile(Tile):
    """A button that shows the room `key`; pressing it chooses the room."""

    def __init__(self, room: str, parent: QWidget | None = None) -> None:
        super().__init__(room, parent)
        self.text_shown: RoomText | None = None

    def show_text(self, text: RoomText) -> None:
        """Say this."""
        if text != self.text_shown:
            self.text_shown = text
            why = [*text.why, *([text.contact] if text.contact else [])]
            self._tell(f"{text.name}: {text.word}", " ".join(why), "\n".join([text.name, *why]))

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(_LEAST_PX, _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if self.text_shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, self.text_shown.sign)
        self._paint_text(painter, self.text_shown)
        painter.end()

    def _paint_frame(self, painter: QPainter, sign: State) -> None:
        colours = theme.current()
        path = QPainterPath()
        frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        path.addRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        loud = sign in (State.DOWN, State.DEGRADED)
        ground = style.mixed(colours.panel, colours.state(sign), 0.08) if loud else colours.panel
        painter.fillPath(path, colours.raised if self.underMouse() else ground)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, 4, self.height()), colours.state(sign))
        painter.restore()
        marked = self._chosen or self.hasFocus()
        painter.setPen(QPen(colours.accent if marked else colours.line, 1.5 if marked else 1))
        painter.drawPath(path)

    def _paint_text(self, painter: QPainter, text: RoomText) -> None:
        colours = theme.current()
        font = self.font()
        font.setPixelSize(theme.FONT_PX)
        font.setBold(True)
        room = self.width() - _PAD - 8
        painter.setFont(font)
        if painter.fontMetrics().horizontalAdvance(text.name) > room:
            font.setPixelSize(theme.FONT_SMALL_PX - 1)
        write_line(painter, QRectF(_PAD, 4, room, 18), font, colours.text, text.name)
        paint_state(painter, QRectF(_PAD, 28, _SIGN_PX, _SIGN_PX), text.sign, colours)
        font.setBold(False)
        font.setPixelSize(theme.FONT_PX)
        calm = text.sign is State.UP
        left = _PAD + _SIGN_PX + 6
        place = QRectF(left, 24, self.width() - left - 8, 18)
        write_line(
            painter, place, font, colours.dim if calm else colours.state(text.sign), text.word
        )


class CountyTiles(QWidget):
    """Lays the tiles out in as many columns as there is room for; arrow keys walk them.

    Signals:
        room_chosen: id of a room.
    """

    room_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: dict[str, CountyTile] = {}
        self._order: list[str] = []
        self._columns = 1

    @property
    def tiles(self) -> tuple[CountyTile, ...]:
        """The tiles shown, in their order."""
        return tuple(self._tiles[room] for room in self._order)

    def show_rooms(self, rooms: Sequence[RoomText]) -> None:
        """Show these rooms in this order."""
        for text in rooms:
            tile = self._tiles.get(text.room) or self._make(text.room)
            tile.show_text(text)
        order = [text.room for text in rooms]
        if order != self._order:
            self._order = order
            for room, tile in self._tiles.items():
                tile.setVisible(room in order)
            for before, after in zip(self.tiles, self.tiles[1:], strict=False):
                QWidget.setTabOrder(before, after)
            self._arrange()

    def show_chosen(self, room: str) -> None:
        """Mark a room; "": none."""
        for key, tile in self._tiles.items():
            tile.show_chosen(key == room)

    def _make(self, room: str) -> CountyTile:
        tile = CountyTile(room, self)
        tile.clicked.connect(self._choose)
        tile.installEventFilter(self)
        self._tiles[room] = tile
        return tile

    @Slot()
    def _choose(self) -> None:
        tile = self.sender()
        if isinstance(tile, CountyTile):
            self.room_chosen.emit(tile.key)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width = max(self.width(), _LEAST_PX)
        fitting = (width + _GAP_PX) // (_LEAST_PX + _GAP_PX)
        self._columns = min(_MOST_COLUMNS, max(1, fitting))
        tile_px = (width + _GAP_PX) / self._columns
        for number, tile in enumerate(self.tiles):
            row, column = divmod(number, self._columns)
            left, right = round(column * tile_px), round((column + 1) * tile_px) - _GAP_PX
            tile.setGeometry(left, row * (_HEIGHT_PX + _GAP_PX), right - left, _HEIGHT_PX)
        rows = -(-len(self._order) // self._columns)
        self.setFixedHeight(max(0, rows * (_HEIGHT_PX + _GAP_PX) - _GAP_PX))

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: D102
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = self._step(event.key())
            if step and isinstance(watched, CountyTile):
                at = self._order.index(watched.key) + step
                if 0 <= at < len(self._order):
                    self.tiles[at].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    def _step(self, key: int) -> int:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self._columns if key == Qt.Key.Key_Down else -self._columns
        return _STEPS.get(Qt.Key(key), 0)
