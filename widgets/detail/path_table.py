"""The paths that were measured to and from a site: where, how well, how long ago."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from console.analysis.path_quality import path_quality
from console.language import N_, UNKNOWN, _, format_number, format_span
from console.model.inventory import Reflector
from console.model.path_view import PathView
from console.model.report import Quality
from console.model.snapshot import Snapshot
from console.model.states import State
from widgets import theme
from widgets.detail.parts import plain_label, sized
from widgets.plain_text import plain_tip
from widgets.symbols import paint_state
from widgets.wording import ARROW_AB, entry_name, site_name

_LINE_PX = 20
_ROW_PX = 2 * _LINE_PX + 8
_WIDTHS = (1.0, 0.8, 1.1, 1.25, 0.75)  # of the numbers' columns
_MOST = 40  # paths of one site
_QUALITIES: dict[Quality | None, tuple[State, str]] = {
    Quality.GREEN: (State.UP, N_("good")),
    Quality.AMBER: (State.DEGRADED, N_("fair")),
    Quality.RED: (State.DOWN, N_("poor")),
    None: (State.UNKNOWN, N_("unknown")),
}
_LIMITS = N_(
    "good: round trip up to 60 ms, jitter up to 15 ms, loss up to 0.1 %;"
    " fair: up to 150 ms, 30 ms, 1 % or a single packet; poor: above"
)


@dataclass(frozen=True, slots=True)
class PathRow:
    """One path in words: where it leads, its quality, and its numbers under the headings."""

    name: str
    quality: Quality | None
    numbers: tuple[str, ...]

    @property
    def state(self) -> State:
        """The shape that stands for the quality."""
        return _QUALITIES[self.quality][0]

    @property
    def word(self) -> str:
        """The quality as a word."""
        return _(_QUALITIES[self.quality][1])


def headings() -> tuple[str, ...]:
    """Return what the numbers of a row are, in order."""
    return _("Round trip"), _("Jitter"), _("Lost there"), _("Lost back"), _("Age")


def path_rows(snapshot: Snapshot, site: str, views: tuple[PathView, ...]) -> list[PathRow]:
    """Return the paths that end at the site or begin there."""
    found = []
    for view in views:
        origin = snapshot.inventory.by_id.get(view.origin or "") if snapshot.inventory else None
        from_site = origin.site if isinstance(origin, Reflector) else None
        if site in (view.site, from_site):
            begin = view.origin or _("Collector")
            name = f"{site_name(snapshot, from_site) if from_site else begin} {ARROW_AB} "
            found.append(_row(name + _end(snapshot, view, site), view))
    return found[:_MOST]


def _end(snapshot: Snapshot, view: PathView, site: str) -> str:
    """Return the name of a path's far end; of a room here without its site."""
    name = entry_name(snapshot, view.window.subject)
    if name == view.window.subject:  # a reflector has no name of its own
        return site_name(snapshot, view.site)
    return name.removeprefix(f"{site_name(snapshot, site)} · ")


def _row(name: str, view: PathView) -> PathRow:
    age = format_span(view.age_s)
    if not view.fresh:
        return PathRow(name, None, (*(UNKNOWN,) * 4, age))
    there, back = view.loss_there, view.loss_back
    if view.window.lost == 0:
        there = back = 0.0
    numbers = _ms(view.rtt_ms), _ms(view.jitter_ms), _share(there), _share(back), age
    if there is None and back is None:  # the directions cannot be told apart
        both = _("{loss} in all").format(loss=_share(view.loss))
        numbers = (*numbers[:2], both, "", age)
    return PathRow(name, path_quality(view), numbers)


def _ms(value: float | None) -> str:
    return UNKNOWN if value is None else f"{format_number(value, 1)} ms"


def _share(ratio: float | None) -> str:
    if ratio is None:
        return UNKNOWN
    percent = ratio * 100
    return f"{format_number(percent, 0 if percent == round(percent) else 1)} %"


class PathTable(QWidget):
    """Paths with their numbers, two lines each; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PathRow] = []
        self.title = plain_label(_("Paths"), tone="dim", scale="small")
        self.body = _Body()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self.body)
        self.hide()

    def show_rows(self, rows: list[PathRow]) -> None:
        """Show these paths in this order."""
        self.setVisible(bool(rows))
        if rows != self.rows:
            self.rows = rows
            self.body.show_rows(rows)


class _Body(QWidget):
    """The headings, then every path: shape, where it leads and word, and below the numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PathRow] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(plain_tip(_(_LIMITS)))

    def show_rows(self, rows: list[PathRow]) -> None:
        """Show other paths."""
        grown = len(rows) != len(self._rows)
        self._rows = rows
        self.setAccessibleName("\n".join(map(_said, rows)))
        if grown:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines a path, and one of headings."""
        return QSize(200, _LINE_PX + _ROW_PX * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint headings and paths."""
        painter, colours = QPainter(self), theme.current()
        small = sized(self.font(), theme.FONT_SMALL_PX)
        painter.setFont(small)
        painter.setPen(colours.dim)
        self._paint_cells(painter, 0.0, headings())
        for number, row in enumerate(self._rows):
            top = _LINE_PX + number * _ROW_PX
            painter.setPen(colours.line)
            painter.drawLine(0, top, self.width(), top)
            painter.setFont(self.font())
            self._paint_path(painter, top + 3, row)
            painter.setFont(small)
            painter.setPen(colours.text if row.quality is not None else colours.dim)
            self._paint_cells(painter, top + 3 + _LINE_PX, row.numbers)
        painter.end()

    def _paint_path(self, painter: QPainter, top: float, row: PathRow) -> None:
        colours, room = theme.current(), QRectF(20, top, self.width() - 22, _LINE_PX)
        paint_state(painter, QRectF(3, top + _LINE_PX / 2 - 5, 10, 10), row.state, colours)
        painter.setPen(colours.state(row.state))
        painter.drawText(room, _RIGHT, row.word)
        metrics = QFontMetrics(painter.font())
        left = int(room.width()) - metrics.horizontalAdvance(row.word) - 10
        painter.setPen(colours.text)
        middle = Qt.TextElideMode.ElideMiddle
        painter.drawText(room, _LEFT, metrics.elidedText(row.name, middle, left))

    def _paint_cells(self, painter: QPainter, top: float, cells: tuple[str, ...]) -> None:
        share = (self.width() - 20) / sum(_WIDTHS)
        metrics = QFontMetrics(painter.font())
        for place, cell in enumerate(cells):
            left = 20 + share * sum(_WIDTHS[:place])
            # An empty cell is the one before's.
            places = 2 if cells[place + 1 : place + 2] == ("",) else 1
            width = share * sum(_WIDTHS[place : place + places]) - 4
            room = QRectF(left, top, width, _LINE_PX)
            elided = metrics.elidedText(cell, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, _LEFT, elided)


_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


def _said(row: PathRow) -> str:
    told = zip(headings(), row.numbers, strict=True)
    numbers = ", ".join(f"{name} {value}" for name, value in told if value)
    return f"{row.name}: {row.word}; {numbers}"
