"""Rows of values for a table: sorted and filtered here, steady while values change."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from console.language import _
from widgets.plain_text import plain_tip

Row = TypeVar("Row")
_Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `title` is marked for translation; `key` sorts, None always last.

    `falling`: the first click sorts the largest to the top. `colour` None: the usual colour.
    `second` is a dim line below `text`. A `width` of 0 takes what is left.
    """

    name: str
    title: str
    width: int
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    right: bool = False
    falling: bool = False
    colour: Callable[[Row], QColor] | None = None
    hint: Callable[[Row], str] | None = None
    second: Callable[[Row], str] | None = None


class RowsModel(QAbstractTableModel, Generic[Row]):
    """The rows that pass the filter, in an order that changes only when asked."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        identity: Callable[[Row], Hashable],
        words: Callable[[Row], str],
    ) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._identity = identity
        self._words = words
        self._all: dict[Hashable, Row] = {}
        self._order: list[Hashable] = []
        self._needles: list[str] = []
        self.sorted_by = 0
        self.falling = False

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take new values; rows that were there stay where they are."""
        new = {self._identity(row): row for row in rows}
        same = new.keys() == self._all.keys()
        self._all = new
        if same or self._wanted().keys() == set(self._order):
            self._values_changed()
        else:
            self.sort_again()

    def _values_changed(self) -> None:
        if self._order:
            last = self.index(len(self._order) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _wanted(self) -> dict[Hashable, Row]:
        if not self._needles:
            return self._all
        return {key: row for key, row in self._all.items() if self._passes(row)}

    def _passes(self, row: Row) -> bool:
        words = self._words(row).casefold()
        return all(needle in words for needle in self._needles)

    def show_filter(self, text: str) -> None:
        """Show only rows whose words contain every word of `text`, in any case."""
        self._needles = text.casefold().split()
        self.sort_again()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, as the view's header asks."""
        if column >= 0:
            self.sorted_by, self.falling = column, order == Qt.SortOrder.DescendingOrder
            self.sort_again()

    def sort_again(self) -> None:
        """Put the rows into the order their values have now."""
        key_of = self.columns[self.sorted_by].key
        order = sorted(self._wanted().items(), key=_first)
        keyed = [(key_of(row), key) for key, row in order]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=_first, reverse=self.falling)
        keys = [key for _value, key in known]
        keys += [key for value, key in keyed if value is None]
        if keys != self._order:
            self._reorder(keys)

    def _reorder(self, keys: list[Hashable]) -> None:
        if len(keys) != len(self._order):
            self.beginResetModel()
            self._order = keys
            self.endResetModel()
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        was = [self._order[index.row()] for index in before]
        self._order = keys
        place = {key: row for row, key in enumerate(keys)}
        after = [
            self.index(place[key], index.column()) if key in place else QModelIndex()
            for key, index in zip(was, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    @property
    def is_sorted(self) -> bool:
        """Whether the rows still stand in the order of their values."""
        key_of = self.columns[self.sorted_by].key
        values = [value for row in self._order if (value := key_of(self._all[row])) is not None]
        return all(a >= b if self.falling else a <= b for a, b in pairwise(values))

    def row_at(self, row: int) -> Row | None:
        """The row shown at a place."""
        return self._all.get(self._order[row]) if 0 <= row < len(self._order) else None

    def key_at(self, row: int) -> Hashable | None:
        """What identifies the row shown at a place."""
        return self._order[row] if 0 <= row < len(self._order) else None

    def place_of(self, key: Hashable) -> int | None:
        """Where a row is shown, None while it is not."""
        return self._order.index(key) if key in self._order else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles over the columns, aligned as these are."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.title) if column.title else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, colour; the whole row under ROW_ROLE."""
        row = self.row_at(index.row())
        if row is None:
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.right else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            return column.colour(row) if column.colour else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.hint(row)) if column.hint else None
        return row if role == ROW_ROLE else None

    def tsv(self, rows: Sequence[int]) -> str:
        """The titles and the given rows as tab separated lines."""
        found = [row for place in rows if (row := self.row_at(place)) is not None]
        lines = [[_(c.title) if c.title else "" for c in self.columns]]
        lines += [[_cell(c, row) for c in self.columns] for row in found]
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)


def _cell(column: Column[Row], row: Row) -> str:
    second = column.second(row) if column.second else ""
    return f"{column.text(row)} {second}" if second else column.text(row)


def _first(pair: tuple[Any, Any]) -> Any:
    return pair[0]
