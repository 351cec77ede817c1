"""Opens the dialogs of conferences where a panel wishes it, and hands on what was entered."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from console.model.inventory import Conference
from console.model.plan import PlanSource
from console.model.snapshot import Snapshot
from widgets import wording

if TYPE_CHECKING:
    from widgets.session import Session


class ConferenceEditing(QObject):
    """Between the desk, the dialogs and the notes of one session."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._deleting = ""
        desk = session.window.desk
        desk.conference_edit_wanted.connect(self.edit)
        desk.conference_delete_wanted.connect(self.delete)

    @Slot(str)
    def edit(self, conference: str) -> None:
        """Open the dialog for a conference of the window, or for a new one."""
        snapshot = self._session.window.desk.snapshot
        if self._session.dialog is not None or snapshot is None or snapshot.inventory is None:
            return
        from widgets.dialogs.conference import ConferenceDialog, ConferenceOrder

        plan = next((plan for plan in snapshot.plans if plan.id == conference), None)
        if plan is not None and plan.source is not PlanSource.WINDOW:
            return
        order = ConferenceOrder(
            inventory=snapshot.inventory,
            now_s=time.time(),
            room_names=_room_names(snapshot),
            entry=plan.entry if plan is not None else None,
            taken=(*snapshot.inventory.by_id, *(plan.id for plan in snapshot.plans)),
        )
        dialog = ConferenceDialog(order, self._session.window)
        dialog.entered.connect(self._enter)
        self._session.show_dialog(dialog)

    @Slot(str)
    def delete(self, conference: str) -> None:
        """Ask, then delete a conference of the window."""
        snapshot = self._session.window.desk.snapshot
        plans = snapshot.plans if snapshot is not None else ()
        plan = next((plan for plan in plans if plan.id == conference), None)
        if self._session.dialog is not None or plan is None:
            return
        if plan.source is not PlanSource.WINDOW:
            return
        from widgets.dialogs.conference import DeleteDialog

        self._deleting = conference
        dialog = DeleteDialog(plan.entry.name or plan.id, self._session.window)
        dialog.accepted.connect(self._delete)
        self._session.show_dialog(dialog)

    @Slot(object)
    def _enter(self, entry: Conference) -> None:
        self._session.notes.enter_conference(entry)

    @Slot()
    def _delete(self) -> None:
        self._session.notes.delete_conference(self._deleting)


def _room_names(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    assert snapshot.inventory is not None
    names = [
        (room.id, f"{wording.site_name(snapshot, room.site)} · {room.name}")
        for room in snapshot.inventory.rooms
    ]
    return tuple(sorted(names, key=_name))


def _name(row: tuple[str, str]) -> str:
    return row[1].casefold()
