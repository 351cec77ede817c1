"""The recorded days, newest first, with what went wrong on each; a click moves the cursor there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPen, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from console.language import _, format_span, local, ngettext
from console.model.series import Incident
from console.model.snapshot import Snapshot
from console.texts import reason_of, sentence, state_word
from widgets import style, theme, times, wording
from widgets.room_tile import write_line
from widgets.symbols import paint_state

_DAY_PX, _ROW_PX = 38, 46
_AGAIN_S = 1800.0  # what happens again so soon is told in one line
_Index = QModelIndex | QPersistentModelIndex
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day's heading. `at_s` is its first recorded moment."""

    at_s: float
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident of the day above it."""

    at_s: float
    subject: str
    state: str
    clock: str
    title: str
    detail: str


Row = DayRow | IncidentRow


class RecordedDays(QWidget):
    """Displays the recorded past as a list.

    Signals:
        cursor_wanted: the moment of the day or incident that was chosen (UTC seconds).
        subject_chosen: id of what the incident that was chosen happened to.
    """

    cursor_wanted = Signal(object)
    subject_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._span: Span | None = None
        self._incidents: tuple[Incident, ...] = ()
        self._snapshot: Snapshot | None = None
        self._inventory: object = None
        self._cursor_s: float | None = None
        self.model = _Rows(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Painter(self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setMouseTracking(True)
        self.view.setAutoScroll(False)
        self.view.setAccessibleName(_("Recorded days and their incidents"))
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def show_span(self, span: Span) -> None:
        """Show how far the record reaches."""
        days = [local(at_s).date() for at_s in span]
        new = self._span is None or days != [local(at_s).date() for at_s in self._span]
        self._span = span
        if new:
            self._rebuild()

    def show_incidents(self, incidents: Sequence[Incident]) -> None:
        """Show these incidents."""
        if tuple(incidents) != self._incidents:
            self._incidents = tuple(incidents)
            self._rebuild()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Name things as this snapshot's inventory does."""
        self._snapshot = snapshot
        if snapshot.inventory is not None and snapshot.inventory is not self._inventory:
            self._inventory = snapshot.inventory
            self._rebuild()

    def show_cursor(self, cursor_s: float | None) -> None:
        """Mark what happened last before the cursor."""
        self._cursor_s = cursor_s
        self._mark()

    def _rebuild(self) -> None:
        if self._span is None or self._snapshot is None:
            return
        self.model.show_rows(_rows(self._span, self._incidents, self._snapshot))
        self._mark()

    def _mark(self) -> None:
        place = self.model.place_of(self._cursor_s)
        if place is None:
            self.view.clearSelection()
        elif place != self.view.currentIndex().row() or not self.view.selectedIndexes():
            self.view.setCurrentIndex(self.model.index(place, 0))
            self._bring_into_sight()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102
        super().showEvent(event)
        self._bring_into_sight()

    def _bring_into_sight(self) -> None:
        """Scroll only where the marked row cannot be seen, and then to the middle."""
        index = self.view.currentIndex()
        if not self.isVisible() or not index.isValid() or not self.view.selectedIndexes():
            return
        if not self.view.viewport().rect().contains(self.view.visualRect(index)):
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        row = self.model.row(index)
        self.cursor_wanted.emit(row.at_s)
        if isinstance(row, IncidentRow):
            self.subject_chosen.emit(row.subject)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show_rows(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def row(self, index: _Index) -> Row:
        return self.rows[index.row()]

    def place_of(self, cursor_s: float | None) -> int | None:
        """Return the newest incident that had begun, on the cursor's day, else the day."""
        if cursor_s is None:
            return None
        day = local(cursor_s).date()
        for place, row in enumerate(self.rows):
            if local(row.at_s).date() == day and (isinstance(row, DayRow) or row.at_s <= cursor_s):
                began = isinstance(row, IncidentRow)
                if began or not self._began_later(place, cursor_s):
                    return place
        return None

    def _began_later(self, heading: int, cursor_s: float) -> bool:
        """Return whether an incident below the heading had begun by then."""
        for row in self.rows[heading + 1 :]:
            if isinstance(row, DayRow):
                return False
            if row.at_s <= cursor_s:
                return True
        return False

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            if isinstance(row, DayRow):
                return f"{row.title}, {row.summary}"
            return f"{row.clock} {row.title}, {row.detail}"
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, IncidentRow):
            return f"{times.full(row.at_s)}\n{row.title}\n{row.detail}"
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        heading = isinstance(_row_of(index), DayRow)
        return QSize(100, _DAY_PX if heading else _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        place = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, style.mixed(colours.panel, colours.accent, 0.22))
            painter.fillRect(QRectF(place.left(), place.top(), 3, place.height()), colours.accent)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, colours.raised)
        row = _row_of(index)
        if isinstance(row, DayRow):
            _paint_day(painter, place, row)
        else:
            _paint_incident(painter, place, row)
        painter.setPen(QPen(colours.line, 1))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        painter.restore()


def _row_of(index: _Index) -> Row:
    model = index.model()
    assert isinstance(model, _Rows)
    return model.row(index)


def _paint_day(painter: QPainter, place: QRectF, row: DayRow) -> None:
    colours = theme.current()
    inner = place.adjusted(12, 0, -12, 0)
    bold = painter.font()
    bold.setPixelSize(theme.FONT_PX)
    bold.setBold(True)
    painter.setFont(bold)
    used = painter.fontMetrics().horizontalAdvance(row.title) + 12
    write_line(painter, inner, bold, colours.text, row.title)
    bold.setBold(False)
    write_line(painter, inner.adjusted(used, 0, 0, 0), bold, colours.dim, row.summary)


def _paint_incident(painter: QPainter, place: QRectF, row: IncidentRow) -> None:
    colours = theme.current()
    font = painter.font()
    font.setPixelSize(theme.FONT_PX)
    font.setBold(False)
    top, half = place.top() + 4, (place.height() - 8) / 2
    left = place.left() + 12
    write_line(painter, QRectF(left, top, 44, half), font, colours.dim, row.clock)
    paint_state(painter, QRectF(left + 50, top + half / 2 - 5, 10, 10), row.state, colours)
    room = place.right() - left - 80
    write_line(painter, QRectF(left + 70, top, room, half), font, colours.text, row.title)
    font.setPixelSize(theme.FONT_SMALL_PX)
    write_line(painter, QRectF(left + 70, top + half, room, half), font, colours.dim, row.detail)


def _rows(span: Span, incidents: Sequence[Incident], snapshot: Snapshot) -> list[Row]:
    """Return every day of the span with its incidents, the newest first."""
    names = wording.link_names(snapshot)
    rows: list[Row] = []
    of_day: dict[date, list[Incident]] = {}
    for one in incidents:
        of_day.setdefault(local(one.began_s).date(), []).append(one)
    day, first = local(span[1]).date(), local(span[0]).date()
    while day >= first:
        midnight = local(span[1]).replace(
            year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0
        )
        at_s = max(span[0], midnight.timestamp())
        found = of_day.get(day, [])
        rows.append(DayRow(at_s, times.day_heading(at_s), _summary(len(found))))
        rows += [_incident_row(group, snapshot, names) for group in _grouped(found)]
        day -= timedelta(days=1)
    return rows


def _grouped(incidents: Sequence[Incident]) -> list[list[Incident]]:
    """Return what belongs together, the newest first: the same subject again and again."""
    groups: list[list[Incident]] = []
    newest: dict[str, list[Incident]] = {}
    for one in sorted(incidents, key=lambda incident: incident.began_s):
        group = newest.get(one.subject)
        if group and one.began_s - (group[-1].ended_s or one.began_s) < _AGAIN_S:
            group.append(one)
            continue
        newest[one.subject] = [one]
        groups.append(newest[one.subject])
    return groups[::-1]


def _summary(count: int) -> str:
    if not count:
        return _("no incidents")
    return ngettext("{n} incident", "{n} incidents", count).format(n=count)


def _incident_row(group: list[Incident], snapshot: Snapshot, names: dict[str, str]) -> IncidentRow:
    """Return one line for one incident, or for several of one subject in a row."""
    first, last = group[0], group[-1]
    name = names.get(first.subject) or wording.entry_name(snapshot, first.subject)
    said = [state_word(first.state)]
    if len(group) > 1:
        said.append(_("{n} times").format(n=len(group)))
    if last.ended_s is None:
        said.append(_("still on"))
    else:
        said.append(_("{span} long").format(span=format_span(last.ended_s - first.began_s)))
    said += [sentence(reason_of(text)) for text in first.reasons[:1]]
    return IncidentRow(
        first.began_s,
        first.subject,
        first.state,
        times.clock(first.began_s),
        name,
        " · ".join(said),
    )
