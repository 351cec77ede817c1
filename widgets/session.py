"""One run of the window on one history: feed, window, collector child and dialogs together."""

import logging
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog

from console.language import _
from widgets.collector_child import CollectorChild
from widgets.conference_editing import ConferenceEditing
from widgets.feed import HistoryFeed, NoHistoryYet
from widgets.main_window import MainWindow
from widgets.notes_desk import NotesDesk
from widgets.rehearsing import Rehearsing

if TYPE_CHECKING:
    from console.history.reader import HistoryReader
    from widgets.paper_desk import PaperDesk
    from widgets.readiness.paper import PaperWish

_log = logging.getLogger("leitstand.window")
_DIALOGS = {
    "export": "widgets.dialogs.export:ExportDialog",
    "settings": "widgets.dialogs.settings:SettingsDialog",
    "shortcuts": "widgets.dialogs.shortcuts:ShortcutsDialog",
    "about": "widgets.dialogs.about:AboutDialog",
}


class Session(QObject):
    """Owns what lives as long as the window.

    Signals:
        broken: an exception that is a bug.
        theme_wanted: value of the setting `theme` to put on.
    """

    broken = Signal(Exception)
    theme_wanted = Signal(str)

    def __init__(
        self,
        history: Path,
        *,
        inventory: Path | None = None,
        arrangement: Path | None = None,
        review: str = "",
        cursor_s: float | None = None,
        notes: Path | None = None,
    ) -> None:
        super().__init__()
        self.history = history
        self.feed = HistoryFeed(
            partial(_open_reader, history, inventory is not None), cursor_s, parent=self
        )
        self.window = MainWindow(self.feed, arrangement, review)
        self.dialog: QDialog | None = None
        self.notes = NotesDesk(history, notes, self)
        self.notes.refused.connect(self.window.show_trouble)
        self.notes.broken.connect(self.broken)
        self._editing = ConferenceEditing(self)
        self._rehearsing = Rehearsing(self)
        self._paper: PaperDesk | None = None
        self.child: CollectorChild | None = None
        if inventory is None:
            self.window.desk.forbid_editing(
                _("Nothing can be entered here: no collector writes this history.")
            )
        else:
            self.child = CollectorChild(inventory, history, self)
            self.child.ended.connect(self._tell_ended)
            self.child.started.connect(self._tell_started)
            self.window.restart_wanted.connect(self.child.start)
        self.feed.broken.connect(self.broken)
        self.window.dialog_wanted.connect(self.open_dialog)
        self.window.desk.paper_wanted.connect(self._print)
        self.window.map_painted.connect(self._go_on)

    def start(self) -> None:
        """Show the window and follow the history; the rest comes when the map is painted."""
        self.window.show()
        self.feed.start()
        if self.child is not None and not self.history.exists():
            self.child.start()

    def close(self) -> None:
        """End what this session started."""
        self.window.close()
        self.feed.close()
        self.notes.close()
        if self.child is not None:
            self.child.stop()

    @Slot()
    def _go_on(self) -> None:
        """The map is there: now what takes longer, and the collector where none runs."""
        self.window.complete_panels()
        if self.child is not None:
            self.child.start()

    @Slot(object)
    def _print(self, wish: "PaperWish") -> None:
        from widgets.paper_desk import PaperDesk

        if self._paper is None:
            self._paper = PaperDesk(self.window)
        self._paper.take(wish)

    @Slot(str)
    def _tell_ended(self, words: str) -> None:
        _log.error("the collector has ended: %s", words)
        self.window.show_ended(words)

    @Slot()
    def _tell_started(self) -> None:
        _log.info("the collector was started")
        self.window.show_ended(None)

    @Slot(str)
    def open_dialog(self, key: str) -> None:
        """Open one of the dialogs by its key; one at a time."""
        if self.dialog is not None:
            return
        module, _colon, name = _DIALOGS[key].partition(":")
        self.show_dialog(getattr(import_module(module), name)(self))

    def show_dialog(self, dialog: QDialog) -> None:
        """Open a dialog that was made; one at a time, so look at `dialog` before."""
        self.dialog = dialog
        dialog.finished.connect(self._drop_dialog)
        dialog.open()

    @Slot()
    def _drop_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _open_reader(history: Path, expected: bool) -> "HistoryReader":
    """Open the history; the module is imported here, on the worker, while the window comes up.

    `expected`: a collector is going to write it where it is not there yet.
    """
    if expected and not (history.exists() and history.stat().st_size):
        raise NoHistoryYet(str(history))
    from console.history.reader import HistoryReader

    return HistoryReader(history)
