"""Everything the keyboard can do, on one sheet."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from console.language import N_, _
from widgets.actions import ACTIONS
from widgets.dialogs.sheet import Sheet, text_label

if TYPE_CHECKING:
    from widgets.session import Session

_TIME = (
    (N_("← →"), N_("Previous, next cycle")),
    (N_("Ctrl+← →"), N_("Previous, next incident")),
    (N_("Page up, down"), N_("A tenth of the range")),
    (N_("Home, End"), N_("First moment, newest moment")),
    (N_("Space"), N_("Play, pause")),
    (N_("+ −"), N_("Nearer, farther")),
)
_MAP = (
    (N_("Arrow keys"), N_("Move the map")),
    (N_("+ −"), N_("Nearer, farther")),
    (N_("N, P"), N_("Next, previous site or link")),
    (N_("Enter"), N_("Choose it")),
)


class ShortcutsDialog(Sheet):
    """Lists shortcuts: those of the window, of the time bar and of the map."""

    def __init__(self, session: "Session") -> None:
        super().__init__(_("Shortcuts"), session.window)
        window = [(_native(row.keys[0]), _(row.text)) for row in ACTIONS if row.keys]
        columns = QHBoxLayout()
        columns.setSpacing(40)
        columns.addLayout(_column(_("Window"), window))
        inner = _column(_("Time bar"), [(_(keys), _(does)) for keys, does in _TIME])
        _extend(inner, _("Map"), [(_(keys), _(does)) for keys, does in _MAP])
        columns.addLayout(inner)
        self.body.addLayout(columns)
        self.add_button(_("Close"), primary=True).clicked.connect(self.accept)


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _column(heading: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(8)
    _extend(grid, heading, rows)
    return grid


def _extend(grid: QGridLayout, heading: str, rows: list[tuple[str, str]]) -> None:
    first = grid.rowCount()
    grid.addWidget(text_label(heading, size="head"), first, 0, 1, 2)
    for number, (keys, does) in enumerate(rows, first + 1):
        grid.addWidget(text_label(keys, tone="dim"), number, 0)
        grid.addWidget(text_label(does), number, 1)
    grid.setRowStretch(first + len(rows) + 1, 1)
    grid.setAlignment(Qt.AlignmentFlag.AlignTop)
