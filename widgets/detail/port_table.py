"""All ports of a device: state, speed, rates, loads and errors."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from console.language import N_, _, format_moment, format_rate, format_ratio
from console.model.snapshot import PortView
from console.model.states import State
from widgets import theme
from widgets.detail.parts import per_second, readable_load, sized
from widgets.detail.port_state import is_off, port_state, port_word
from widgets.rows_model import ROW_ROLE, Column, RowsModel
from widgets.rows_view import RowsView
from widgets.symbols import paint_state
from widgets.wording import speed_text

_ROW_PX = 42
_SPEED_FROM_PX = 400
_ERRORS_FROM_PX = 470
_LEAST_ROWS = 5


@dataclass(frozen=True, slots=True)
class PortRow:
    """One port as the table shows it; `link` is the link it belongs to, if any."""

    view: PortView
    link: str | None


def _identity(row: PortRow) -> int:
    return row.view.port


def _words(row: PortRow) -> str:
    port = row.view
    return f"{port.name} {port.alias or ''} {port_word(port)} {row.link or ''}"


def _state(row: PortRow) -> str:
    return port_word(row.view)


def _name(row: PortRow) -> str:
    return row.view.name


def _alias(row: PortRow) -> str:
    return row.view.alias or port_word(row.view)


def _index(row: PortRow) -> int:
    return row.view.if_index


def _speed(row: PortRow) -> str:
    return speed_text(row.view.speed_bps)


def _speed_key(row: PortRow) -> float | None:
    return row.view.speed_bps


def _in(row: PortRow) -> str:
    return format_rate(row.view.in_bps)


def _out(row: PortRow) -> str:
    return format_rate(row.view.out_bps)


def _in_key(row: PortRow) -> float | None:
    return row.view.in_bps


def _out_key(row: PortRow) -> float | None:
    return row.view.out_bps


def _ratio(rate_bps: float | None, row: PortRow) -> float | None:
    speed_bps = row.view.speed_bps
    return rate_bps / speed_bps if rate_bps is not None and speed_bps else None


def _in_load(row: PortRow) -> str:
    load = _ratio(row.view.in_bps, row)
    return "" if load is None else format_ratio(load)


def _out_load(row: PortRow) -> str:
    load = _ratio(row.view.out_bps, row)
    return "" if load is None else format_ratio(load)


def _in_colour(row: PortRow) -> QColor:
    return readable_load(_ratio(row.view.in_bps, row))


def _out_colour(row: PortRow) -> QColor:
    return readable_load(_ratio(row.view.out_bps, row))


def _errors_key(row: PortRow) -> float | None:
    known = [x for x in (row.view.in_errors_ps, row.view.out_errors_ps) if x is not None]
    return sum(known) if known else None


def _discards_key(row: PortRow) -> float | None:
    known = [x for x in (row.view.in_discards_ps, row.view.out_discards_ps) if x is not None]
    return sum(known) if known else None


def _errors(row: PortRow) -> str:
    return per_second(_errors_key(row))


def _discards(row: PortRow) -> str:
    return per_second(_discards_key(row))


def _errors_colour(row: PortRow) -> QColor:
    return theme.current().down if _errors_key(row) else theme.current().dim


def _hint(row: PortRow) -> str:
    port = row.view
    rates = f"← {_in(row)} · → {_out(row)}"
    faults = _("errors {errors} · discarded {discards} /s").format(
        errors=_errors(row), discards=_discards(row)
    )
    since = ""
    if port.last_change_s is not None:
        since = _("since {time}").format(time=format_moment(port.last_change_s))
    told = (port.name, port.alias, port_word(port), since, _speed(row), rates, faults)
    return " · ".join(x for x in told if x)


def _dim(row: PortRow) -> QColor:
    return theme.current().dim


COLUMNS = (
    Column("state", "", 26, _state, _state, hint=_hint),
    Column("name", N_("Port"), 0, _name, _index, hint=_hint, second=_alias),
    Column("speed", N_("Speed"), 78, _speed, _speed_key, True, True, _dim, _hint),
    Column("in", N_("← in"), 92, _in, _in_key, True, True, _in_colour, _hint, _in_load),
    Column("out", N_("→ out"), 92, _out, _out_key, True, True, _out_colour, _hint, _out_load),
    Column(
        "errors",
        N_("Errors /s"),
        76,
        _errors,
        _errors_key,
        right=True,
        falling=True,
        colour=_errors_colour,
        hint=_hint,
        second=_discards,
    ),
)
_PLACE = {column.name: place for place, column in enumerate(COLUMNS)}


class _PortDelegate(QStyledItemDelegate):
    """Paints the state's shape, and cells of two lines."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        row = index.data(ROW_ROLE)
        column = COLUMNS[index.column()]
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        widget.style().drawControl(
            widget.style().ControlElement.CE_ItemViewItem, option, painter, widget
        )
        if not isinstance(row, PortRow):
            return
        if column.name == "state":
            _paint_port_state(painter, QRectF(option.rect), row)
        else:
            _paint_lines(painter, QRectF(option.rect).adjusted(6, 4, -6, -4), column, row)


def _paint_port_state(painter: QPainter, room: QRectF, row: PortRow) -> None:
    """A port without a link may be down for years: only a quiet dash."""
    port = row.view
    box = QRectF(room.left() + 8, room.center().y() - 5.5, 11, 11)
    if is_off(port) or (row.link is None and port_state(port) == State.DOWN):
        painter.setPen(theme.current().dim)
        painter.drawText(box.adjusted(-4, -6, 4, 6), Qt.AlignmentFlag.AlignCenter, "–")
    else:
        paint_state(painter, box, port_state(port), theme.current())


def _paint_lines(painter: QPainter, room: QRectF, column: Column[PortRow], row: PortRow) -> None:
    colours = theme.current()
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    second = column.second(row) if column.second else ""
    first = QRectF(room.left(), room.top(), room.width(), room.height() / (2 if second else 1))
    painter.save()
    painter.setFont(sized(painter.font(), theme.FONT_PX))
    painter.setPen(column.colour(row) if column.colour else colours.text)
    _paint_text(painter, first, column.text(row), side)
    if second:
        painter.setFont(sized(painter.font(), theme.FONT_SMALL_PX - 1))
        painter.setPen(colours.dim)
        _paint_text(painter, first.translated(0, first.height()), second, side)
    painter.restore()


def _paint_text(painter: QPainter, room: QRectF, text: str, side: Qt.AlignmentFlag) -> None:
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)


class PortTable(QWidget):
    """The ports of one device, searchable and sortable.

    Signals:
        port_chosen: the operator wants this port (its number in the history).
        link_chosen: the operator wants the link this port belongs to.
    """

    port_chosen = Signal(int)
    link_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RowsModel(COLUMNS, _identity, _words)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Filter ports"))
        self.search.setClearButtonEnabled(True)
        self.view = RowsView(self.model)
        self.view.setAccessibleName(_("Ports"))
        self.view.setItemDelegate(_PortDelegate(self.view))
        self.view.verticalHeader().setDefaultSectionSize(_ROW_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        self.view.setMinimumHeight(_LEAST_ROWS * _ROW_PX)
        self.view.sort_by(_PLACE["name"], falling=False)
        self.search.textChanged.connect(self.model.show_filter)
        self.view.row_chosen.connect(self._choose)
        self.view.left_upwards.connect(self.search.setFocus)

    def show_ports(self, ports: tuple[PortView, ...], link_of: dict[int, str]) -> None:
        """Show ports; `link_of` names the link of those that belong to one."""
        self.model.show_rows([PortRow(port, link_of.get(port.port)) for port in ports])
        self.view.refresh_order()

    @Slot(object)
    def _choose(self, number: int) -> None:
        place = self.model.place_of(number)
        row = None if place is None else self.model.row_at(place)
        if row is None:
            return
        if row.link is not None:
            self.link_chosen.emit(row.link)
        else:
            self.port_chosen.emit(row.view.port)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out columns there is no room for."""
        super().resizeEvent(event)
        width = event.size().width()
        self.view.setColumnHidden(_PLACE["speed"], width < _SPEED_FROM_PX)
        self.view.setColumnHidden(_PLACE["errors"], width < _ERRORS_FROM_PX)
