"""The window's only way to the history: watches it, reads it off the main thread, holds the cursor.

Knows no panel. `cursor_s` is the one state of the window in time: None live, else a past moment.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.errors import OperatorError
from console.model.snapshot import Snapshot
from widgets.background import LatestOnly

if TYPE_CHECKING:
    from console.history.reader import HistoryReader

LOOK_MS = 50  # a look at data_version costs some microseconds
AGE_S = 1.0  # ages grow on screen at least so often
PAST_S = 5.0  # so often the recorded span is read again while the cursor is in the past
_SNAPSHOT = "snapshot"
_WATCH = "watch"
_IMPORT = "import "
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Moment:
    """What one read of the newest state brings; `cursor_s` as it was when asked."""

    cursor_s: float | None
    snapshot: Snapshot | None
    span: Span | None


class NoHistoryYet(OperatorError):
    """The file is not there, but somebody is about to write it: look again."""


class HistoryFeed(QObject):
    """Follows one history file.

    Signals:
        snapshot_read: the Snapshot at the cursor.
        span_changed: (first, last) recorded moment in UTC seconds.
        cursor_changed: None (live) or UTC seconds.
        answered: kind and answer of an `ask`.
        unreadable: one sentence why the history cannot be read, "" when it can again.
        prepared: name of a module that `prepare` has imported.
        broken: an exception that is a bug.
    """

    prepared = Signal(str)
    snapshot_read = Signal(object)
    span_changed = Signal(object)
    cursor_changed = Signal(object)
    answered = Signal(str, object)
    unreadable = Signal(str)
    broken = Signal(Exception)

    def __init__(
        self,
        open_reader: "Callable[[], HistoryReader]",
        cursor_s: float | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open = open_reader
        self._reader: HistoryReader | None = None  # the worker's; touched on the worker only
        self._watch: HistoryReader | None = None  # the main thread's: asks data_version only
        self._version: int | None = None
        self._asked_s = float("-inf")
        self._complaint = ""
        self._reading = False
        self._again = False
        self.cursor_s = cursor_s
        self.span: Span | None = None
        self._worker = LatestOnly(urgent=(_SNAPSHOT,), parent=self)
        self._worker.done.connect(self._take)
        self._worker.done.connect(self._note_import)
        self._worker.failed.connect(self._complain)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to follow."""
        self._read()
        self._timer.start()

    def close(self) -> None:
        """Stop, and close the file on both threads."""
        self._timer.stop()
        self._worker.close(self._close_reader)
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def move_cursor(self, cursor_s: float | None) -> None:
        """Look at another moment; None follows what is written."""
        if cursor_s == self.cursor_s:
            return
        self.cursor_s = cursor_s
        self.cursor_changed.emit(cursor_s)
        self._read()

    def ask(self, kind: str, question: "Callable[[HistoryReader], Any]") -> None:
        """Put a question to the history on the worker; the newest of a kind replaces the others."""
        self._worker.request(kind, lambda: question(self._opened()))

    def prepare(self, module: str) -> None:
        """Import a module on the worker: that can take longer than the window may stand still."""
        self._worker.request(_IMPORT + module, partial(import_module, module))

    def _opened(self) -> "HistoryReader":
        if self._reader is None:
            self._reader = self._open()
        return self._reader

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    @Slot()
    def _look(self) -> None:
        """Read when something was committed, or when what is shown has aged."""
        waited_s = time.monotonic() - self._asked_s
        has_aged = waited_s >= (AGE_S if self.cursor_s is None else PAST_S)
        if has_aged or (self.cursor_s is None and self._was_committed()):
            self._read()

    def _was_committed(self) -> bool:
        """Tell whether something was committed since the last look, or by now cannot be read."""
        if self._watch is None:
            return False
        try:
            version = self._watch.data_version()
        except OperatorError as error:
            self._complain(_WATCH, error)
            return False
        changed, self._version = version != self._version, version
        return changed

    def _read(self) -> None:
        """Ask for the snapshot; while one is being read, remember to ask once more."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._again = False
        self._asked_s = time.monotonic()
        cursor_s = self.cursor_s
        self.ask(_SNAPSHOT, lambda reader: _moment(reader, cursor_s))

    @Slot(str, object)
    def _take(self, kind: str, answer: object) -> None:
        if self._complaint and not kind.startswith(_IMPORT):
            self._complaint = ""
            self.unreadable.emit("")
        if isinstance(answer, _Moment):
            self._take_moment(answer)
        elif not kind.startswith(_IMPORT):
            self.answered.emit(kind, answer)

    @Slot(str, object)
    def _note_import(self, kind: str, _module: object) -> None:
        if kind.startswith(_IMPORT):
            self.prepared.emit(kind.removeprefix(_IMPORT))

    def _take_moment(self, moment: _Moment) -> None:
        self._reading = False
        if self._watch is None:
            self._begin_to_watch()
        if moment.span is not None and moment.span != self.span:
            self.span = moment.span
            self.span_changed.emit(moment.span)
        if moment.snapshot is not None and (moment.cursor_s is None) == (self.cursor_s is None):
            self.snapshot_read.emit(moment.snapshot)
        if self._again:
            self._read()

    def _begin_to_watch(self) -> None:
        try:
            self._watch = self._open()
        except OperatorError as error:
            self._complain(_WATCH, error)
            return
        self._version = None
        self._again = True

    @Slot(str, Exception)
    def _complain(self, kind: str, error: Exception) -> None:
        if kind == _SNAPSHOT:
            self._reading = False
        if isinstance(error, NoHistoryYet):
            return
        if not isinstance(error, OperatorError):
            self.broken.emit(error)
        elif str(error) != self._complaint:
            self._complaint = str(error)
            self.unreadable.emit(self._complaint)


def _moment(reader: "HistoryReader", cursor_s: float | None) -> _Moment:
    return _Moment(cursor_s, reader.snapshot_at(cursor_s), reader.span())
