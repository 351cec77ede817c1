"""What has changed since the last conference that went well."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from console.language import _, ngettext
from console.model.advice import DatedChange, Lookback
from console.names import Names
from console.texts_advice import change_sentence
from widgets.detail.parts import plain_label
from widgets.readiness.advice_words import change_time, lookback_head, newest_first
from widgets.readiness.question import Question

_FIRST = 2


class SinceBox(Question):
    """Displays a comparison, the newest change first, a few until more are wanted.

    Signals:
        wanted: the comparison is to be made.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("What has changed since the last good conference?"), parent)
        self.since = plain_label(tone="dim")
        self.since.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []
        self.more = QPushButton()
        self.more.setProperty("kind", "quiet")
        self.more.clicked.connect(self._show_more)
        self.inside.addWidget(self.since)
        self.inside.addLayout(self._grid)
        self.head.addWidget(self.more)
        self._changes: tuple[DatedChange, ...] = ()
        self._names = Names(None)
        self._all = False
        self.toggled.connect(self._ask)
        self.show_waiting()

    @property
    def told(self) -> list[str]:
        """The changes that are shown, with their times."""
        shown = [pair for pair in self._lines if pair[1].isVisibleTo(self.body)]
        return [f"{when.text()} {what.text()}".strip() for when, what in shown]

    def show_waiting(self) -> None:
        """Say that it is being worked out."""
        self.since.setText(_("The history is being looked through …"))
        self._changes = ()
        self._fill()

    def show_lookback(self, found: Lookback, names: Names) -> None:
        """Show what was found."""
        self.since.setText(lookback_head(found, names))
        self._names, self._changes = names, newest_first(found)
        self._fill()

    def _fill(self) -> None:
        shown = self._changes if self._all else self._changes[:_FIRST]
        while len(self._lines) < len(shown):
            self._add_line()
        for number, pair in enumerate(self._lines):
            for label in pair:
                label.setVisible(number < len(shown))
            if number < len(shown):
                pair[0].setText(change_time(shown[number]))
                pair[1].setText(change_sentence(shown[number].change, self._names))
        hidden = len(self._changes) - len(shown)
        self.more.setText(ngettext("{n} more", "{n} more", hidden).format(n=hidden))
        self.more.setVisible(hidden > 0 and self.is_open)

    def _add_line(self) -> None:
        when, what = plain_label(tone="dim"), plain_label()
        what.setWordWrap(True)
        row = len(self._lines)
        self._grid.addWidget(when, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(what, row, 1, Qt.AlignmentFlag.AlignTop)
        self._lines.append((when, what))

    def show_open(self, is_open: bool) -> None:
        """Open or close it."""
        super().show_open(is_open)
        self._fill()

    @Slot()
    def _show_more(self) -> None:
        self._all = True
        self._fill()

    @Slot(bool)
    def _ask(self, is_open: bool) -> None:
        self._all = False
        self._fill()
        if is_open:
            self.wanted.emit()
