"""At which site a conference's bridge would stand best: tried when wanted, site by site."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from console.language import _
from console.names import Names
from widgets.advising import SitesTold
from widgets.detail.parts import plain_label
from widgets.readiness.advice_words import shown_sites, site_row, sites_sentence
from widgets.readiness.question import Question

_FIRST = 5


class BridgeBox(Question):
    """Displays the ranking, the present site marked.

    Signals:
        wanted: the sites are to be tried.
        ended: nobody waits any more.
        grown: more is shown than before.
    """

    wanted = Signal()
    ended = Signal()
    grown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Which site would suit the bridge best?"), parent)
        self.sentence = plain_label()
        self.sentence.setWordWrap(True)
        self.progress, self.cancel = QProgressBar(), QPushButton(_("Cancel"))
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.cancel.clicked.connect(self._stop)
        self._waiting = QWidget()
        row = QHBoxLayout(self._waiting)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._cells: list[tuple[QLabel, QLabel, QLabel]] = []
        for text in (self.sentence, self._waiting, self._table):
            self.inside.addWidget(text)
        self._add_row("dim")
        heads = (_("Site"), _("Cut off at most"), _("Highest load"))
        for cell, head in zip(self._cells[0], heads, strict=True):
            cell.setText(head)
        self._growth = QTimer(self, singleShot=True, interval=0)
        self._growth.timeout.connect(self.grown)
        self.toggled.connect(self._ask)
        self.show_closed()

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The ranking as it is shown."""
        shown = [row for row in self._cells[1:] if row[0].isVisibleTo(self._table)]
        return [tuple(cell.text() for cell in row) for row in shown]

    def show_closed(self) -> None:
        """Forget what was tried, and close."""
        self._table.hide()
        self._waiting.hide()
        self.sentence.hide()
        self.show_open(False)

    def show_sites(self, told: SitesTold, names: Names) -> None:
        """Show how far it is, in the end the ranking."""
        self._waiting.setVisible(not told.complete)
        self.progress.setRange(0, max(1, told.total))
        self.progress.setValue(told.tried)
        self.sentence.setVisible(True)
        self.sentence.setText(
            sites_sentence(told, names)
            if told.complete
            else _("Every failure is tried at each site: {n} of {total}").format(
                n=told.tried, total=told.total
            )
        )
        self._table.setVisible(told.complete and bool(told.sites))
        if told.complete:
            self._fill(told, names)
        if told.complete or not told.tried:
            self._growth.start()

    def _fill(self, told: SitesTold, names: Names) -> None:
        shown = shown_sites(told, _FIRST)
        while len(self._cells) < len(shown) + 1:
            self._add_row("")
        for number, row in enumerate(self._cells[1:]):
            used = number < len(shown)
            told_of = site_row(shown[number], told.present, names) if used else ("", "", "")
            for cell, text in zip(row, told_of, strict=True):
                cell.setText(text)
                cell.setVisible(used)

    def _add_row(self, tone: str) -> None:
        row = plain_label(tone=tone), plain_label(tone=tone), plain_label(tone=tone)
        row[0].setWordWrap(True)
        number = len(self._cells)
        for column, cell in enumerate(row):
            side = Qt.AlignmentFlag.AlignVCenter if column == 0 else Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(cell, number, column, side)
        self._cells.append(row)

    @Slot(bool)
    def _ask(self, is_open: bool) -> None:
        if is_open:
            self.wanted.emit()
        else:
            self._stop()

    @Slot()
    def _stop(self) -> None:
        self.show_closed()
        self.ended.emit()
