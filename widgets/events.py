"""Events: what devices told by themselves, newest first, and how much of it was not kept."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from console.language import N_, _
from console.model.events import EventLog
from console.model.snapshot import Snapshot
from widgets import theme, times
from widgets.event_words import EventRow, event_rows, fate_words, lost_words, total_words
from widgets.rows_model import Column, RowsModel
from widgets.rows_view import RowsView

SPAN_S = 86400.0
MOST_ROWS = 500
_QUIET_MS = 900  # between two questions
_VARIABLES_FROM_PX = 620
_BOTH_COUNTS_FROM_PX = 480  # in narrower ones the tool tip tells the total


@dataclass(frozen=True, slots=True)
class EventsWish:
    """The newest events between two moments, UTC seconds; `to_s` None: up to now."""

    from_s: float
    to_s: float | None
    limit: int = MOST_ROWS


def _identity(row: EventRow) -> tuple[object, ...]:
    return row.key


def _words(row: EventRow) -> str:
    view = row.view
    return f"{row.place} {view.source} {row.words} {view.trap} {row.variables}"


def _time(row: EventRow) -> str:
    return row.time


def _time_key(row: EventRow) -> float:
    return row.view.at_s


def _device(row: EventRow) -> str:
    return row.place


def _event(row: EventRow) -> str:
    return row.words


def _variables(row: EventRow) -> str:
    return row.variables


def _dim(row: EventRow) -> QColor:
    return theme.current().dim


def _hint(row: EventRow) -> str:
    view = row.view
    told = (times.full(view.at_s), row.place, view.source, row.words, view.trap, row.variables)
    return " · ".join(dict.fromkeys(word for word in told if word))


COLUMNS = (
    Column("time", N_("Time"), 92, _time, _time_key, falling=True, colour=_dim, hint=_hint),
    Column("device", N_("Device"), 140, _device, _device, hint=_hint),
    Column("event", N_("Event"), 0, _event, _event, hint=_hint),
    Column("variables", N_("Details"), 220, _variables, _variables, colour=_dim, hint=_hint),
)
_PLACE = {column.name: place for place, column in enumerate(COLUMNS)}


class EventsPanel(QWidget):
    """Lists the traps and informs of a day, ending at the cursor.

    Signals:
        events_wanted: an EventsWish, to be answered by `show_events`.
        device_chosen: the operator wants this device (its id).
    """

    events_wanted = Signal(object)
    device_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RowsModel(COLUMNS, _identity, _words)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Filter by device, event or detail"))
        self.search.setClearButtonEnabled(True)
        self.total = _label("dim")
        self.lost = _label("warning")
        self.lost.hide()
        self.calm = _label("dim")
        self.calm.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.calm.setWordWrap(True)
        self.calm.setContentsMargins(24, 12, 24, 12)
        self.view = RowsView(self.model)
        self.view.setAccessibleName(_("Events"))
        self._snapshot: Snapshot | None = None
        self._log: EventLog | None = None
        self._again = False
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._arrange()
        self.view.sort_by(_PLACE["time"], falling=True)
        self.search.textChanged.connect(self._filter)
        self.view.row_chosen.connect(self._choose)
        self.view.left_upwards.connect(self.search.setFocus)
        self._soon.timeout.connect(self._ask)
        self._quiet.timeout.connect(self._ask_again)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 12, 4)
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.lost)
        top.addWidget(self.total)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.calm)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(body, 1)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the cursor to this snapshot's moment."""
        moved = self._snapshot is None or self._snapshot.live != snapshot.live
        self._snapshot = snapshot
        if self._log is None:
            self._show_calm()
        if moved or not self._quiet.isActive():
            self._soon.start()
        else:
            self._again = True

    def show_events(self, log: EventLog) -> None:
        """Show what was read; the fates of all that is not in it are told beside the total."""
        if self._snapshot is None:
            return
        if log != self._log:
            self._log = log
            self.model.show_rows(event_rows(self._snapshot, log))
            self.view.refresh_order()
        self.total.setText(total_words(log))
        self.lost.setText(lost_words(log))
        self.lost.setVisible(bool(log.lost))
        self._fit_counts(self.width())
        for label in (self.total, self.lost):
            label.setToolTip(f"{total_words(log)}\n{fate_words(log)}".rstrip())
        self._show_calm()

    def _fit_counts(self, width_px: int) -> None:
        self.total.setVisible(width_px >= _BOTH_COUNTS_FROM_PX or self.lost.isHidden())

    def _show_calm(self) -> None:
        """Show the table, or why there is nothing in it."""
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.view)
            return
        inventory = self._snapshot.inventory if self._snapshot else None
        if self.search.text():
            self.calm.setText(_("No event contains this."))
        elif inventory is not None and inventory.traps is None:
            self.calm.setText(
                _("No traps are received: the inventory has no section “traps”. Polling goes on.")
            )
        else:
            self.calm.setText(_("No events in the last 24 hours."))
        self._stack.setCurrentWidget(self.calm)

    @Slot()
    def _ask(self) -> None:
        snapshot = self._snapshot
        if snapshot is not None:
            self._again = False
            self._quiet.start()
            to_s = None if snapshot.live else snapshot.at_s
            self.events_wanted.emit(EventsWish(snapshot.at_s - SPAN_S, to_s))

    @Slot()
    def _ask_again(self) -> None:
        if self._again:
            self._ask()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.model.show_filter(text)
        self._show_calm()

    @Slot(object)
    def _choose(self, key: object) -> None:
        place = self.model.place_of(key)
        row = None if place is None else self.model.row_at(place)
        if row is not None and row.device:
            self.device_chosen.emit(row.device)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears the filter, the arrow down goes into the table."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.view.setFocus()
            if not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self.model.index(0, 0))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out details there is no room for: the tool tip has them."""
        super().resizeEvent(event)
        self._fit_counts(event.size().width())
        narrow = event.size().width() < _VARIABLES_FROM_PX
        self.view.setColumnHidden(_PLACE["variables"], narrow)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the colours now in use."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "view"):
            self.view.viewport().update()


def _label(tone: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("tone", tone)
    return label
