"""What needs attention: sentences, consequences under their cause, the worst first."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from console.language import _
from console.model.snapshot import Snapshot
from console.model.states import CollectorState
from console.texts import state_word
from widgets import theme, times
from widgets.attention_rows import AttentionRow, attention_rows
from widgets.detail.parts import sized
from widgets.symbols import paint_state

_ROW_PX = 46
_INDENT_PX = 22
_Index = QModelIndex | QPersistentModelIndex
_ROW_ROLE = int(Qt.ItemDataRole.UserRole)


class _Rows(QAbstractListModel):
    """The rows, and the moment they are told from."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[AttentionRow, ...] = ()
        self.at_s = 0.0

    def show_rows(self, rows: tuple[AttentionRow, ...], at_s: float) -> None:
        """Show other rows; places stay selected as long as the same things are listed."""
        same = [(x.kind, x.id) for x in rows] == [(x.kind, x.id) for x in self.rows]
        changed = rows != self.rows
        if not same:
            self.beginResetModel()
        self.rows, self.at_s = rows, at_s
        if not same:
            self.endResetModel()
        elif changed:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself, and its words for screen readers."""
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        words = (state_word(row.state), row.title, row.detail, self.since(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(word for word in words if word)
        return None

    def since(self, row: AttentionRow) -> str:
        """Since when, "" where nothing tells."""
        return "" if row.since_s is None else times.since(row.since_s, self.at_s)


class _RowDelegate(QStyledItemDelegate):
    """Paints one row: shape, sentence, what it means, since when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Two lines."""
        return QSize(200, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        self.initStyleOption(option, index)
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        row, model = index.data(_ROW_ROLE), index.model()
        assert isinstance(row, AttentionRow)
        assert isinstance(model, _Rows)
        painter.save()
        room = QRectF(option.rect).adjusted(12, 5, -12, -6)
        if row.below:
            room.adjust(_INDENT_PX, 0, 0, 0)
        sign = QRectF(room.left(), room.top() + 4, 11, 11)
        paint_state(painter, sign, row.state, theme.current())
        _paint_words(painter, room.adjusted(24, 0, 0, 0), row, model.since(row))
        painter.restore()


def _paint_words(painter: QPainter, room: QRectF, row: AttentionRow, since: str) -> None:
    colours, elide = theme.current(), Qt.TextElideMode.ElideRight
    small = sized(painter.font(), theme.FONT_SMALL_PX)
    whole = int(room.width())
    first = (
        room if not (row.detail or since) else QRectF(room).adjusted(0, 0, 0, -room.height() / 2)
    )
    second = QRectF(room).adjusted(0, room.height() / 2, 0, 0)
    painter.setFont(small)
    painter.setPen(colours.dim)
    painter.drawText(second, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, since)
    left = whole - QFontMetrics(small).horizontalAdvance(since) - 12
    detail = QFontMetrics(small).elidedText(row.detail, elide, left)
    painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, detail)
    strong = sized(painter.font(), theme.FONT_PX, bold=not row.below)
    painter.setFont(strong)
    painter.setPen(colours.text)
    middle = Qt.TextElideMode.ElideMiddle  # parallel links differ at the end of their names
    title = QFontMetrics(strong).elidedText(row.title, middle, whole)
    painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, title)


class AttentionPanel(QWidget):
    """Lists what is not well.

    Signals:
        chosen: kind ("link", "device", "room") and id of what the operator wants to see.
        link_chosen, device_chosen, room_chosen: the same, a signal a kind.
    """

    chosen = Signal(str, str)
    link_chosen = Signal(str)
    device_chosen = Signal(str)
    room_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = _Rows()
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_RowDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(_("Needs attention"))
        self.view.clicked.connect(self._choose)
        self.calm = QLabel()
        self.calm.setTextFormat(Qt.TextFormat.PlainText)
        self.calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.calm.setWordWrap(True)
        self.calm.setContentsMargins(24, 12, 24, 12)
        self.calm.setProperty("tone", "dim")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.calm)
        self._stack.addWidget(self.view)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is not well in this snapshot."""
        rows = attention_rows(snapshot)
        self.model.show_rows(rows, snapshot.at_s)
        if rows:
            self._stack.setCurrentWidget(self.view)
            return
        recorded = snapshot.collector.state != CollectorState.NEVER and snapshot.devices
        calm = _("All is well. Nothing needs attention.")
        self.calm.setText(calm if recorded else _("Nothing is recorded yet."))
        self._stack.setCurrentWidget(self.calm)

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark the selected thing, if it is listed."""
        places = (n for n, row in enumerate(self.model.rows) if (row.kind, row.id) == (kind, thing))
        place = next(places, None) if thing else None
        if place is None:
            self.view.clearSelection()
        else:
            self.view.setCurrentIndex(self.model.index(place))

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = self.model.rows[index.row()] if index.isValid() else None
        if row is None or not row.id:
            return
        self.chosen.emit(row.kind, row.id)
        signals = {
            "link": self.link_chosen,
            "device": self.device_chosen,
            "room": self.room_chosen,
        }
        signals[row.kind].emit(row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.view.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours now in use."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "view"):
            self.view.viewport().update()
