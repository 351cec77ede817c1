"""Writes what the operator decides into notes.db, off the main thread and in order."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from console.errors import OperatorError
from console.model.inventory import Conference
from widgets.background import LatestOnly

if TYPE_CHECKING:
    from console.history.notes import Notes

_log = logging.getLogger("leitstand.window")
Writing = Callable[["Notes"], object]


class NotesDesk(QObject):
    """The one writer of the notes, beside the history or at `notes`.

    Nothing waiting is lost when the window closes.

    Signals:
        written: something was written.
        refused: a sentence why something could not be written; "" when it can be again.
        broken: an exception that is a bug.
    """

    written = Signal()
    refused = Signal(str)
    broken = Signal(Exception)

    def __init__(
        self, history: Path, notes: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._path = notes
        self._was_refused = False
        self._lock = threading.Lock()
        self._waiting: deque[Writing] = deque()
        self._worker = LatestOnly(parent=self)
        self._worker.done.connect(self._tell_written)
        self._worker.failed.connect(self._tell_failed)

    def enter_conference(self, entry: Conference) -> None:
        """Enter a conference, or change it."""
        self.write(lambda notes: notes.put_conference(entry, time.time()))

    def delete_conference(self, conference: str) -> None:
        """Delete one that was entered in the window."""
        self.write(lambda notes: notes.delete_conference(conference, time.time()))

    def write(self, writing: Writing) -> None:
        """Write something, after all that waits."""
        with self._lock:
            self._waiting.append(writing)
        self._worker.request("notes", self._write_waiting)

    def close(self) -> None:
        """Write what waits and end."""
        self._worker.close(partial(_logged, self._write_waiting))

    def _write_waiting(self) -> None:
        """Run on the worker, which takes one request for all that came meanwhile."""
        from console.history.notes import Notes, notes_file

        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
        if waiting:
            with Notes(self._path or notes_file(self._history)) as notes:
                for writing in waiting:
                    writing(notes)

    @Slot(str, object)
    def _tell_written(self, _kind: str, _result: object) -> None:
        if self._was_refused:
            self._was_refused = False
            self.refused.emit("")
        self.written.emit()

    @Slot(str, Exception)
    def _tell_failed(self, _kind: str, error: Exception) -> None:
        if isinstance(error, OperatorError):
            self._was_refused = True
            self.refused.emit(str(error))
        else:
            self.broken.emit(error)


def _logged(work: Callable[[], None]) -> None:
    try:
        work()
    except OperatorError as error:
        _log.error("%s", error)
