"""The two longer questions about the conference at hand, and when they are put."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.model.advice import Lookback
from console.model.readiness import Assessment, Verdict
from console.model.snapshot import Snapshot
from console.names import Names
from widgets.advising import SitesTold
from widgets.readiness.bridge_box import BridgeBox
from widgets.readiness.since_box import SinceBox

_REST_MS = 400  # while the cursor is dragged nothing is compared


class Questions(QObject):
    """Asks what has changed whenever an assessment did; what it finds is open unless all is well.

    Signals:
        changes_wanted: a conference to compare with the last that went well.
        bridge_sites_wanted: a conference whose bridge is to be tried everywhere.
        bridge_sites_ended: nobody waits for that any more.
    """

    changes_wanted = Signal(str)
    bridge_sites_wanted = Signal(str)
    bridge_sites_ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.since, self.bridge = SinceBox(), BridgeBox()
        self.since.wanted.connect(self._ask_changes)
        self.bridge.wanted.connect(self._ask_sites)
        self.bridge.ended.connect(self.bridge_sites_ended)
        self.lookback: Lookback | None = None
        self._conference = ""
        self._well: tuple[str, bool] | None = None
        self._key: object = None
        self._names = Names(None)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask_changes)

    def show_assessment(self, assessment: Assessment, snapshot: Snapshot) -> None:
        """Follow the assessment that is shown; a new conference has new questions."""
        self.since.show()
        self.bridge.show()
        if self._names.inventory is not snapshot.inventory:
            self._names = Names(snapshot.inventory)
        if assessment.conference != self._conference:
            self._conference = assessment.conference
            self._forget()
        well = assessment.conference, assessment.verdict is Verdict.READY
        if well != self._well:
            self._well = well
            self.since.show_open(assessment.verdict is not Verdict.READY)
        reasons = frozenset((one.code, one.subject) for one in assessment.reasons)
        key = *well, reasons, None if snapshot.live else assessment.assessed_at_s
        if key != self._key:
            self._key = key
            self._rest.start()

    def hide(self) -> None:
        """There is no assessment to ask about."""
        self._rest.stop()
        self._key = self._well = None
        self._forget()
        self.since.hide()
        self.bridge.hide()

    def _forget(self) -> None:
        self.lookback = None
        self.since.show_waiting()
        if self.bridge.is_open:
            self.bridge.show_closed()
            self.bridge_sites_ended.emit()

    def show_lookback(self, found: Lookback) -> None:
        """Show what has changed."""
        if found.conference == self._conference:
            self.lookback = found
            self.since.show_lookback(found, self._names)

    def show_sites(self, told: SitesTold) -> None:
        """Show how the bridge would stand elsewhere."""
        if told.conference == self._conference and self.bridge.is_open:
            self.bridge.show_sites(told, self._names)

    @Slot()
    def _ask_changes(self) -> None:
        if self._conference:
            self.changes_wanted.emit(self._conference)

    @Slot()
    def _ask_sites(self) -> None:
        self.bridge_sites_wanted.emit(self._conference)
