"""The search field: typing jumps to a site, device, link or room."""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from console.language import N_, _
from console.model.inventory import Inventory
from console.model.snapshot import Snapshot
from widgets import wording

_KIND, _ID = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_WORDS = {"site": N_("Site"), "device": N_("Device"), "link": N_("Link"), "room": N_("Room")}


class SearchField(QLineEdit):
    """Finds by any part of a name or id.

    Signals:
        chosen: kind and id of what was found.
        left: the operator pressed Escape.
    """

    chosen = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inventory: Inventory | None = None
        self._items = QStandardItemModel(self)
        self._completer = QCompleter(self)
        self._completer.setModel(self._items)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setMaxVisibleItems(12)
        popup = QListView()
        popup.setObjectName("completions")
        popup.setMinimumWidth(320)
        popup.setUniformItemSizes(True)
        self._completer.setPopup(popup)
        self._popup = popup
        self.setCompleter(self._completer)
        popup.installEventFilter(self)  # after the completer's own, so that ours is asked first
        self.setPlaceholderText(_("Search …   Ctrl+K"))
        self.setAccessibleName(_("Search sites, devices, links and rooms"))
        self.setClearButtonEnabled(False)
        popup.clicked.connect(self._choose)
        popup.activated.connect(self._choose)
        self.returnPressed.connect(self._choose_first)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Know the things of this snapshot's inventory."""
        if snapshot.inventory is self._inventory or snapshot.inventory is None:
            return
        self._inventory = snapshot.inventory
        self._items.clear()
        root = self._items.invisibleRootItem()
        root.appendRows([_item(*row) for row in _things(snapshot)])

    def event(self, event: QEvent) -> bool:
        """Take Escape for ourselves, before the window does."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Return in the list: the completer would only write the row into the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            index = self._popup.currentIndex()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
                self._popup.hide()
                self._take(index)
                return True
        return super().eventFilter(watched, event)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self._take(index)

    @Slot()
    def _choose_first(self) -> None:
        if self.text() and not self._popup.currentIndex().isValid():
            self._take(self._completer.completionModel().index(0, 0))

    def _take(self, index: QModelIndex) -> None:
        model = index.model()
        if isinstance(model, QSortFilterProxyModel):
            index = model.mapToSource(index)
        kind, thing = index.data(_KIND), index.data(_ID)
        self.clear()
        if kind:
            self.chosen.emit(kind, thing)
            self.left.emit()


def _item(kind: str, thing: str, name: str) -> QStandardItem:
    item = QStandardItem(f"{name}  ·  {_(_WORDS[kind])}")
    item.setData(kind, _KIND)
    item.setData(thing, _ID)
    item.setEditable(False)
    return item


def _things(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """Return kind, id and name of all that can be found."""
    assert snapshot.inventory is not None
    rows = [("site", site.id, site.name) for site in snapshot.inventory.sites]
    rows += [("link", link, name) for link, name in wording.link_names(snapshot).items()]
    rows += [
        ("room", room.id, f"{wording.site_name(snapshot, room.site)} · {room.name}")
        for room in snapshot.inventory.rooms
    ]
    rows += [("device", device.id, device.id) for device in snapshot.inventory.devices]
    return rows
