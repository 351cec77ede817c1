"""A table that does not jump under the mouse, for the eye and for the keyboard."""

import time
from collections.abc import Hashable

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.rows_model import Row, RowsModel

ROW_PX = 30
RESORT_S = 5.0
_SETTLE_MS = 120


class RowsView(QTableView):
    """Shows a RowsModel; its rows are chosen by click or Enter.

    Signals:
        row_chosen: what identifies the row that the operator wants.
        rows_in_sight_changed: other rows than before can be seen.
        left_upwards: the operator went up from the first row.
        menu_wanted: what identifies the row to which a menu is wanted, and where on the screen.
    """

    row_chosen = Signal(object)
    rows_in_sight_changed = Signal()
    left_upwards = Signal()
    menu_wanted = Signal(object, QPoint)

    def __init__(self, model: RowsModel[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self._sorted_s = 0.0
        self._under_mouse = False
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.rows_in_sight_changed)
        self.setModel(model)
        self._behave()
        self._lay_out()
        self.clicked.connect(self._choose)
        self.verticalScrollBar().valueChanged.connect(self._moved)
        for change in (model.layoutChanged, model.modelReset):
            change.connect(self._moved)

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # parallel links differ at the end

    def _lay_out(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(24)
        for place, column in enumerate(self.rows.columns):
            stretch = column.width == 0
            mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(place, mode)
            if not stretch:
                header.resizeSection(place, column.width)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort_by)

    def sort_by(self, column: int, falling: bool) -> None:
        """Sort by a column and say so in the header."""
        order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)
        self.rows.sort(column, order)
        self._sorted_s = time.monotonic()

    @Slot(int)
    def _sort_by(self, column: int) -> None:
        same = column == self.rows.sorted_by
        self.sort_by(column, not self.rows.falling if same else self.rows.columns[column].falling)

    def refresh_order(self) -> None:
        """Sort again if the last time is a while ago and nobody points at a row."""
        pointing = self._under_mouse or len(self.selectionModel().selectedRows()) > 1
        if not pointing and time.monotonic() - self._sorted_s >= RESORT_S:
            self._sorted_s = time.monotonic()
            if not self.rows.is_sorted:
                self.rows.sort_again()

    def mark(self, key: Hashable | None) -> None:
        """Select the row of `key` without choosing it; None: no row."""
        place = None if key is None else self.rows.place_of(key)
        if place is None:
            self.clearSelection()
            return
        chosen = self.selectionModel().selectedRows()
        if [index.row() for index in chosen] != [place]:
            self.selectRow(place)
            self.scrollTo(self.rows.index(place, 0))

    def rows_in_sight(self) -> range:
        """The places of the rows that can be seen."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(first, (last if last >= 0 else self.rows.rowCount() - 1) + 1)

    @Slot()
    def _moved(self) -> None:
        self._settle.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See which rows can be seen now."""
        super().resizeEvent(event)
        self._settle.start()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        key = self.rows.key_at(index.row())
        if key is not None and len(self.selectionModel().selectedRows()) <= 1:
            self.row_chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Ctrl+C copies the selected rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Want a menu for the row under the pointer, or for the current one."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        key = self.rows.key_at(index.row())
        if key is not None:
            below = self.visualRect(index).bottomLeft()
            place = event.pos() if by_mouse else below
            self.menu_wanted.emit(key, self.viewport().mapToGlobal(place))

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard as tab separated lines."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        if places:
            QGuiApplication.clipboard().setText(self.rows.tsv(places))

    def viewportEvent(self, event: QEvent) -> bool:
        """Know whether somebody points at a row."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.HoverEnter):
            self._under_mouse = True
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.HoverLeave):
            self._under_mouse = False
        return super().viewportEvent(event)

    def sizeHint(self) -> QSize:
        """Some rows at least."""
        return QSize(360, 6 * ROW_PX)
