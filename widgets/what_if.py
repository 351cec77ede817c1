"""What the failure of a link or device would do, asked on the worker while an operator wonders."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from console.model.readiness import Impact
from console.model.snapshot import Snapshot
from widgets.assessing import Assessor
from widgets.feed import HistoryFeed

if TYPE_CHECKING:
    from console.history.reader import HistoryReader
    from console.model.situation import Situation

_KIND = "impact"


class WhatIf(QObject):
    """One failure that is imagined, or none. It follows the network and the cursor.

    Signals:
        changed: the Impact of what is imagined; None when nothing is any more.
    """

    changed = Signal(object)

    def __init__(
        self, feed: HistoryFeed, assessor: Assessor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._feed, self._assessor = feed, assessor
        self._snapshot: Snapshot | None = None
        self.failed = ""
        self.impact: Impact | None = None
        feed.answered.connect(self._take)
        assessor.round_ended.connect(self._ask)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Imagine it at this moment; what is no longer there cannot fail."""
        self._snapshot = snapshot
        if self.failed and not _is_there(snapshot, self.failed):
            self.end()

    @Slot(str)
    def begin(self, failed: str) -> None:
        """Imagine that this link or device fails."""
        if self._snapshot is not None and _is_there(self._snapshot, failed):
            self.failed = failed
            self._ask()

    @Slot()
    def end(self) -> None:
        """Imagine nothing any more."""
        if self.failed:
            self.failed, self.impact = "", None
            self.changed.emit(None)

    @Slot()
    def _ask(self) -> None:
        if self.failed and self._snapshot is not None:
            situations = self._assessor.situations()
            self._feed.ask(_KIND, partial(_impact, self.failed, self._snapshot, situations))

    @Slot(str, object)
    def _take(self, kind: str, answer: object) -> None:
        if kind == _KIND and isinstance(answer, Impact) and answer.failed == self.failed:
            self.impact = answer
            self.changed.emit(answer)


def _is_there(snapshot: Snapshot, failed: str) -> bool:
    return failed in snapshot.links or failed in snapshot.devices


def _impact(
    failed: str, snapshot: Snapshot, situations: "tuple[Situation, ...]", _reader: "HistoryReader"
) -> Impact:
    """Run on the worker."""
    from console.analysis.readiness import impact

    return impact(failed, snapshot, situations)
