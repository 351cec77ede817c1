"""All rooms, or some of them chosen from a list that can be searched."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from console.language import _, ngettext
from widgets.dialogs.sheet import text_label

_ROW_PX = 26
_LIST_PX = 7 * _ROW_PX


class RoomChoice(QWidget):
    """Rooms by id and name.

    Signals:
        changed: other rooms take part.
    """

    changed = Signal()

    def __init__(self, rooms: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all, self.some = QRadioButton(_("All rooms")), QRadioButton(_("These rooms:"))
        self._group = QButtonGroup(self)
        self._group.addButton(self.all)
        self._group.addButton(self.some)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search …"))
        self.search.setAccessibleName(_("Search rooms"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Rooms that take part"))
        self.list.setFixedHeight(_LIST_PX)
        self.list.setUniformItemSizes(True)
        self._count = text_label("", size="small", tone="dim")
        for room, name in rooms:
            self.list.addItem(_item(room, name))
        self._place()
        self.all.setChecked(True)
        self.all.toggled.connect(self._show_kind)
        self.search.textChanged.connect(self._filter)
        self.list.itemChanged.connect(self._tell)
        self._show_kind(True)

    def _place(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(16)
        kinds.addWidget(self.all)
        kinds.addWidget(self.some)
        kinds.addStretch(1)
        kinds.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(kinds)
        column.addWidget(self.search)
        column.addWidget(self.list)

    @property
    def chosen(self) -> tuple[str, ...] | None:
        """The ids of the rooms chosen, None for all."""
        if self.all.isChecked():
            return None
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in self._checked())

    @property
    def count(self) -> int:
        """How many rooms take part."""
        return self.list.count() if self.all.isChecked() else len(self._checked())

    def show_chosen(self, rooms: Iterable[str] | None) -> None:
        """Choose these rooms; None: all."""
        wanted = None if rooms is None else set(rooms)
        for item in self._items():
            known = wanted is not None and item.data(Qt.ItemDataRole.UserRole) in wanted
            item.setCheckState(Qt.CheckState.Checked if known else Qt.CheckState.Unchecked)
        (self.all if wanted is None else self.some).setChecked(True)
        self._show_count()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _checked(self) -> list[QListWidgetItem]:
        return [item for item in self._items() if item.checkState() == Qt.CheckState.Checked]

    @Slot(bool)
    def _show_kind(self, all_of_them: bool) -> None:
        self.search.setVisible(not all_of_them)
        self.list.setVisible(not all_of_them)
        self._tell()

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for item in self._items():
            name = item.text().casefold()
            item.setHidden(not all(word in name for word in wanted))

    @Slot()
    def _tell(self) -> None:
        self._show_count()
        self.changed.emit()

    def _show_count(self) -> None:
        words = ngettext("{count} room", "{count} rooms", self.count)
        self._count.setText(words.format(count=self.count))


def _item(room: str, name: str) -> QListWidgetItem:
    item = QListWidgetItem(name)
    item.setData(Qt.ItemDataRole.UserRole, room)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsSelectable)
    item.setCheckState(Qt.CheckState.Unchecked)
    item.setSizeHint(QSize(0, _ROW_PX))
    return item
