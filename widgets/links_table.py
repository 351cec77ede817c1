"""All links as a table: both directions, the last hour, top talkers first."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from console.language import N_, _, format_rate, format_ratio, ngettext
from console.model.inventory import Inventory
from console.model.series import Column as Values
from console.model.snapshot import LinkView, Snapshot
from console.model.states import State
from console.texts import state_word
from widgets import theme
from widgets.detail.parts import readable_load
from widgets.rows_model import ROW_ROLE, Column, RowsModel
from widgets.rows_view import RowsView
from widgets.sparkline import Spark, paint_sparkline
from widgets.symbols import paint_state
from widgets.what_if_menu import WhatIfMenu
from widgets.wording import ARROW_AB, ARROW_BA, link_names, site_name, speed_text

_RATES_FROM_PX = 860  # narrower tables leave the rates to the tool tip
_CAPACITY_FROM_PX = 540
_SPARK_FROM_PX = 410
_QUIET_MS = 1000  # between two questions for new sparklines while the cursor runs
_STATE_ORDER = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UNKNOWN)
_QUIET_LOAD = 0.05  # of the capacity: the least height of a sparkline, so that noise stays low


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as the table shows it. `words` is what a search looks through."""

    view: LinkView
    name: str
    words: str

    @property
    def port(self) -> int | None:
        """The port whose last hour is drawn."""
        return self.view.a_port if self.view.a_port is not None else self.view.b_port


def _identity(row: LinkRow) -> str:
    return row.view.id


def _words(row: LinkRow) -> str:
    return row.words


def _state_text(row: LinkRow) -> str:
    return state_word(row.view.state)


def _state_key(row: LinkRow) -> int:
    found = row.view.state in _STATE_ORDER
    return _STATE_ORDER.index(row.view.state) if found else len(_STATE_ORDER)


def _name(row: LinkRow) -> str:
    return row.name


def _name_key(row: LinkRow) -> str:
    return row.name.casefold()


def _capacity(row: LinkRow) -> str:
    return speed_text(row.view.capacity_bps)


def _capacity_key(row: LinkRow) -> float | None:
    return row.view.capacity_bps


def _load_key(row: LinkRow) -> float | None:
    return row.view.load


def _nothing(row: LinkRow) -> str:
    return ""


def _ab(row: LinkRow) -> str:
    return f"{ARROW_AB} {format_ratio(row.view.a_to_b_load)}"


def _ba(row: LinkRow) -> str:
    return f"{ARROW_BA} {format_ratio(row.view.b_to_a_load)}"


def _ab_key(row: LinkRow) -> float | None:
    return row.view.a_to_b_load


def _ba_key(row: LinkRow) -> float | None:
    return row.view.b_to_a_load


def _ab_colour(row: LinkRow) -> QColor:
    return readable_load(row.view.a_to_b_load)


def _ba_colour(row: LinkRow) -> QColor:
    return readable_load(row.view.b_to_a_load)


def _ab_rate(row: LinkRow) -> str:
    return format_rate(row.view.a_to_b_bps)


def _ba_rate(row: LinkRow) -> str:
    return format_rate(row.view.b_to_a_bps)


def _ab_rate_key(row: LinkRow) -> float | None:
    return row.view.a_to_b_bps


def _ba_rate_key(row: LinkRow) -> float | None:
    return row.view.b_to_a_bps


def _dim(row: LinkRow) -> QColor:
    return theme.current().dim


def _hint(row: LinkRow) -> str:
    rates = f"{ARROW_AB} {_ab_rate(row)} · {ARROW_BA} {_ba_rate(row)}"
    return f"{row.name} · {_state_text(row)} · {rates}"


COLUMNS = (
    Column("state", "", 30, _state_text, _state_key, hint=_hint),
    Column("name", N_("Link"), 0, _name, _name_key, hint=_hint),
    Column("capacity", N_("Capacity"), 84, _capacity, _capacity_key, True, True, _dim),
    Column("spark", N_("Last hour"), 110, _nothing, _load_key, False, True, None, _hint),
    Column("a_to_b", ARROW_AB, 70, _ab, _ab_key, True, True, _ab_colour, _hint),
    Column("b_to_a", ARROW_BA, 70, _ba, _ba_key, True, True, _ba_colour, _hint),
    Column("a_to_b_rate", N_("→ rate"), 100, _ab_rate, _ab_rate_key, True, True),
    Column("b_to_a_rate", N_("← rate"), 100, _ba_rate, _ba_rate_key, True, True),
)
_PLACE = {column.name: place for place, column in enumerate(COLUMNS)}


@dataclass(slots=True)
class _Names:
    """Names of links, kept while the inventory is the same."""

    inventory: Inventory | None = None
    ids: frozenset[str] = frozenset()
    names: dict[str, tuple[str, str]] = field(default_factory=dict)

    def of(self, snapshot: Snapshot) -> dict[str, tuple[str, str]]:
        """Name and words to search through, by link."""
        ids = frozenset(snapshot.links)
        if snapshot.inventory is not self.inventory or ids != self.ids:
            self.inventory, self.ids = snapshot.inventory, ids
            self.names = {
                link: (name, _search_words(snapshot, snapshot.links[link], name))
                for link, name in link_names(snapshot).items()
            }
        return self.names


def _search_words(snapshot: Snapshot, link: LinkView, name: str) -> str:
    sites = (site_name(snapshot, link.a_site), site_name(snapshot, link.b_site))
    return " ".join((name, link.id, link.a_device, link.b_device, *sites))


class _LinkDelegate(QStyledItemDelegate):
    """Paints the state's shape and the last hour; everything else is text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sparklines: dict[int, tuple[Values, Values]] = {}

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        name = COLUMNS[index.column()].name
        row = index.data(ROW_ROLE)
        if name not in ("state", "spark") or not isinstance(row, LinkRow):
            super().paint(painter, option, index)
            return
        self._paint_ground(painter, option, index)
        room = QRectF(option.rect)
        if name == "state":
            box = QRectF(room.left() + 10, room.center().y() - 5.5, 11, 11)
            paint_state(painter, box, row.view.state, theme.current())
        else:
            self._paint_hour(painter, room.adjusted(8, 6, -8, -7), row)

    def _paint_ground(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint what the style paints behind a cell, without its text."""
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        element = widget.style().ControlElement.CE_ItemViewItem
        widget.style().drawControl(element, option, painter, widget)

    def _paint_hour(self, painter: QPainter, rect: QRectF, row: LinkRow) -> None:
        found = self.sparklines.get(row.port) if row.port is not None else None
        if found is None:
            return
        from_a = row.view.a_port is not None
        ab, ba = (found[1], found[0]) if from_a else found
        larger, smaller = (ab, ba) if _mean(ab) >= _mean(ba) else (ba, ab)
        quiet = QColor(theme.current().dim)
        quiet.setAlphaF(0.55)
        colour = readable_load(row.view.load)
        sparks = (Spark(smaller, quiet, 1.0), Spark(larger, colour, 1.4, filled=True))
        paint_sparkline(painter, rect, sparks, _QUIET_LOAD * (row.view.capacity_bps or 0.0))


def _mean(values: Values) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


class LinksTable(QWidget):
    """All links, searchable and sortable.

    Signals:
        link_chosen: the operator wants this link (its id).
        what_if_wanted: what would the failure of this link do (its id)?
        sparklines_wanted: ports (tuple of int) whose last hour the visible rows would draw.
    """

    link_chosen = Signal(str)
    what_if_wanted = Signal(str)
    sparklines_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RowsModel(COLUMNS, _identity, _words)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Filter by name, site or device"))
        self.search.setClearButtonEnabled(True)
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setProperty("tone", "dim")
        self.view = RowsView(self.model)
        self.view.setAccessibleName(_("Links"))
        self._delegate = _LinkDelegate(self.view)
        self.view.setItemDelegate(self._delegate)
        self._names = _Names()
        self._asked: tuple[int, ...] = ()
        self._cycle: int | None = None
        self._selected: str | None = None
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._arrange()
        self.view.sort_by(_PLACE["spark"], falling=True)
        self.search.textChanged.connect(self._filter)
        self.view.row_chosen.connect(self._choose)
        self.view.rows_in_sight_changed.connect(self._ask_sparklines)
        self.view.left_upwards.connect(self.search.setFocus)
        self.view.menu_wanted.connect(self._open_menu)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 12, 4)
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)

    @Slot(object, QPoint)
    def _open_menu(self, link: str, place: QPoint) -> None:
        place_of = self.model.place_of(link)
        row = None if place_of is None else self.model.row_at(place_of)
        if row is None:
            return
        menu = WhatIfMenu([(link, row.name)], self)
        menu.wanted.connect(self.what_if_wanted)
        menu.popup(place)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the links of a snapshot; the order stays unless it is time to sort again."""
        names = self._names.of(snapshot)
        self.model.show_rows([LinkRow(x, *names[x.id]) for x in snapshot.links.values()])
        self.view.refresh_order()
        self._count()
        cycle = snapshot.cycle.id if snapshot.cycle else None
        if cycle != self._cycle and not self._quiet.isActive():
            self._cycle, self._asked = cycle, ()
            self._quiet.start()
            self._ask_sparklines()

    def show_sparklines(self, sparklines: dict[int, tuple[Values, Values]]) -> None:
        """Draw the last hour of ports: (received, sent) bit/s by port number."""
        self._delegate.sparklines.update(sparklines)
        self.view.viewport().update()

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark the selected link, if it is one."""
        self._selected = thing if kind == "link" else None
        self.view.mark(self._selected)

    def _count(self) -> None:
        shown = self.model.rowCount()
        self.count.setText(ngettext("{n} link", "{n} links", shown).format(n=shown))

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.model.show_filter(text)
        self._count()
        self.view.mark(self._selected)

    @Slot(object)
    def _choose(self, link: str) -> None:
        self.link_chosen.emit(link)

    @Slot()
    def _ask_sparklines(self) -> None:
        rows = (self.model.row_at(place) for place in self.view.rows_in_sight())
        ports = tuple(row.port for row in rows if row is not None and row.port is not None)
        if ports and ports != self._asked and not self.view.isColumnHidden(_PLACE["spark"]):
            self._asked = ports
            self.sparklines_wanted.emit(ports)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears the search, the arrow down goes into the table."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.view.setFocus()
            if not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self.model.index(0, 0))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns there is no room for."""
        super().resizeEvent(event)
        width = event.size().width()
        for name, least in (
            ("spark", _SPARK_FROM_PX),
            ("capacity", _CAPACITY_FROM_PX),
            ("a_to_b_rate", _RATES_FROM_PX),
            ("b_to_a_rate", _RATES_FROM_PX),
        ):
            self.view.setColumnHidden(_PLACE[name], width < least)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours now in use."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "view"):
            self.view.viewport().update()
