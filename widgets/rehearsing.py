"""Opens the rehearsal of a conference, hands its wish to the notes, follows what becomes of it."""

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from console.model.rehearsal import LASTS_S, WISH, Rehearsal

if TYPE_CHECKING:
    from console.history.notes import Notes
    from widgets.dialogs.rehearsal import RehearsalDialog
    from widgets.session import Session

_LOOK_MS = 300
_UNHEARD_S = 10.0  # a collector looks at the notes each second
_KIND = "rehearsal now"


class _Wish:
    """The wish of one dialog. Written and taken back on the notes' worker, in this order."""

    def __init__(self) -> None:
        self.number: int | None = None

    def write(self, content: object, notes: "Notes") -> None:
        """Write it down."""
        self.number = notes.add_wish(WISH, content, time.time())

    def cancel(self, notes: "Notes") -> None:
        """Take it back."""
        if self.number is not None:
            notes.cancel_wish(self.number, time.time())


class Rehearsing(QObject):
    """Between the desk, the dialog, the notes and the history of one session."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._dialog: RehearsalDialog | None = None
        self._conference = ""
        self._asked_s = 0.0  # when Start was pressed, monotonic
        self._wish = _Wish()
        self._cancelled = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        session.window.desk.rehearsal_wanted.connect(self.open)
        session.feed.answered.connect(self._take)

    @Slot(str)
    def open(self, conference: str) -> None:
        """Open the dialog for a conference."""
        snapshot = self._session.window.desk.snapshot
        if self._session.dialog is not None or snapshot is None or snapshot.inventory is None:
            return
        plan = next((plan for plan in snapshot.plans if plan.id == conference), None)
        if plan is None:
            return
        from widgets.dialogs.rehearsal import RehearsalDialog
        from widgets.rehearsal_words import outline, why_not

        self._conference, self._wish, self._cancelled = conference, _Wish(), False
        self._asked_s = 0.0
        dialog = RehearsalDialog(outline(plan, snapshot), self._session.window)
        dialog.show_why_not(why_not(snapshot, conference, self._session.window.desk.read_only))
        dialog.start_wanted.connect(self._start)
        dialog.cancel_wanted.connect(self._cancel)
        dialog.finished.connect(self._end)
        self._dialog = dialog
        self._session.show_dialog(dialog)
        self._timer.start()

    @Slot()
    def _start(self) -> None:
        self._asked_s = time.monotonic()
        content = {"conference": self._conference, "seconds": LASTS_S}
        self._session.notes.write(partial(self._wish.write, content))

    @Slot()
    def _cancel(self) -> None:
        self._cancelled = True
        self._session.notes.write(self._wish.cancel)

    @Slot()
    def _end(self) -> None:
        self._timer.stop()
        self._dialog = None

    @Slot()
    def _look(self) -> None:
        conference = self._conference
        self._session.feed.ask(_KIND, lambda reader: reader.rehearsal(conference, None))

    @Slot(str, object)
    def _take(self, kind: str, found: Rehearsal | None) -> None:
        snapshot = self._session.window.desk.snapshot
        if kind != _KIND or self._dialog is None or snapshot is None:
            return
        if not self._asked_s:
            if found is not None and not found.state.over:  # begun before this dialog
                self._wish.number, self._asked_s = found.wish, time.monotonic()
            else:
                return
        if found is not None and found.wish == self._wish.number:
            if found.state.over:
                self._timer.stop()
            if found.state.over or not self._cancelled:
                self._dialog.show_rehearsal(found, snapshot)
        elif time.monotonic() - self._asked_s > _UNHEARD_S:
            self._timer.stop()
            self._dialog.show_unheard()
