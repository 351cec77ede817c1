"""The only place in the window where work leaves the main thread."""

import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from widgets.tidying import Tidying

_YIELD_S = 0.001  # so soon the worker lets go of the interpreter when the main thread wants it


class LatestOnly(QObject):
    """One worker thread. Of each kind of work only the newest request waits; kinds do not cancel
    each other, and `urgent` kinds go first.

    All work runs on one and the same thread, so it may share what belongs to a thread.

    Signals:
        done: kind and result of a request that ran.
        failed: kind and exception of a request that ran.
    """  # fmt: skip

    done = Signal(str, object)
    failed = Signal(str, Exception)
    _finished = Signal(str, object, object)

    def __init__(self, urgent: Sequence[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)
        self._urgent = tuple(urgent)
        self._lock = threading.Lock()
        self._waiting: dict[str, Callable[[], Any]] = {}
        self._closed = False
        sys.setswitchinterval(_YIELD_S)
        self._tidying = Tidying(self)
        self._tidying.start()
        self._finished.connect(self._deliver)

    def request(self, kind: str, work: Callable[[], Any]) -> None:
        """Queue `work`, which must not touch widgets, in place of what waits of its kind."""
        with self._lock:
            queued = kind in self._waiting
            self._waiting[kind] = work
        if not queued and not self._closed:
            self._pool.start(self._run_next)

    def close(self, last: Callable[[], Any] | None = None) -> None:
        """Drop what waits, run `last` on the worker, and wait until it is done."""
        self._closed = True
        with self._lock:
            self._waiting.clear()
        if last is not None:
            self._pool.start(last)
        self._pool.waitForDone()
        self._tidying.stop()

    def _run_next(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            first = next((kind for kind in self._urgent if kind in self._waiting), None)
            kind = first or next(iter(self._waiting))
            work = self._waiting.pop(kind)
        try:
            self._finished.emit(kind, work(), None)
        except Exception as error:  # noqa: BLE001 - reported through `failed`
            self._finished.emit(kind, None, error)

    @Slot(str, object, object)
    def _deliver(self, kind: str, result: object, error: Exception | None) -> None:
        if self._closed:
            return
        if error is None:
            self.done.emit(kind, result)
        else:
            self.failed.emit(kind, error)
