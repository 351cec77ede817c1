"""Garbage is collected on the main thread only.

Python collects on whichever thread happens to allocate, and would there destroy widgets that
belong to the main thread: the process then aborts. So while work runs on another thread, automatic
collection is off and the main thread collects, little and often.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 200
_FULL_S = 60.0
_YOUNG, _MIDDLE, _ALL = range(3)


class Tidying(QObject):
    """Collects from a timer of the main thread for as long as anybody needs it."""

    _users = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._full_s = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Take collection over from Python."""
        if not self._timer.isActive():
            Tidying._users += 1
            gc.disable()
            self._timer.start()

    def stop(self) -> None:
        """Give it back, when nobody else needs it."""
        if self._timer.isActive():
            self._timer.stop()
            Tidying._users -= 1
            if not Tidying._users:
                gc.enable()

    @Slot()
    def _collect(self) -> None:
        young, middle, _old = gc.get_count()
        least_young, least_middle, _least_old = gc.get_threshold()
        if time.monotonic() - self._full_s >= _FULL_S:
            self._full_s = time.monotonic()
            gc.collect(_ALL)
        elif middle > least_middle:
            gc.collect(_MIDDLE)
        elif young > least_young:
            gc.collect(_YOUNG)


def spare() -> None:
    """Spare what is there now from every later collection: it stays as long as the window."""
    gc.freeze()


def settle() -> None:
    """Drop what is garbage by now and spare the rest; quick where little came since."""
    gc.collect(_ALL)
    spare()
