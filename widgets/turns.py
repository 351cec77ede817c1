"""Tells panels what there is to show, one panel a turn of the event loop.

Each is painted before the next begins, so that the window answers to the mouse in between.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from console.model.snapshot import Snapshot


class Turns(QObject):
    """News in their order, and after them the newest snapshot."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._news: deque[tuple[Any, str, tuple[object, ...]]] = deque()
        self._due: list[Any] = []  # panels that have not got the newest snapshot yet
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._take_turn)

    def show_snapshot(self, panels: Sequence[Any], snapshot: Snapshot) -> None:
        """Hand a snapshot to these panels, as far as they can be seen when it is their turn."""
        self._snapshot = snapshot
        self._due += [panel for panel in panels if panel not in self._due]
        self._turn.start()

    def tell(self, panels: Sequence[Any], method: str, *what: object) -> None:
        """Tell panels some news; who cannot be seen has nothing to do with it and gets it now."""
        waiting = {id(panel) for panel, *_news in self._news}
        for panel in panels:
            if hasattr(panel, method) and (panel.isVisible() or id(panel) in waiting):
                self._news.append((panel, method, what))
                self._turn.start()
            else:
                tell(panel, method, *what)

    @Slot()
    def _take_turn(self) -> None:
        if self._news:
            panel, method, what = self._news.popleft()
            tell(panel, method, *what)
            return
        while self._due:
            panel = self._due.pop(0)
            if panel.isVisible():
                tell(panel, "show_snapshot", self._snapshot)
                break
        if not self._due:
            self._turn.stop()


def tell(panel: object, method: str, *what: object) -> None:
    """Tell a panel now, if it is one that wants to know."""
    show = getattr(panel, method, None)
    if show is not None:
        show(*what)
