"""The conferences at the cursor's time: what comes next, how its rooms stand, what was last."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from console import texts
from console.language import _
from console.model.plan import Occurrence, Plan, PlanSource
from console.model.snapshot import Snapshot
from console.model.states import RoomState, State
from widgets import times, wording
from widgets.conference_cards import CARD_PX, CardText, ConferenceCard, HeldCard
from widgets.grid_area import GridArea
from widgets.occasions import Coming, Over
from widgets.plain_text import plain_tip
from widgets.rooms_board import READY, ready_text

_MOST_OVER = 3


class ConferencesPanel(QWidget):
    """Displays conferences, the next first, and below them those that were last.

    Signals:
        conference_chosen: id of a conference.
        conference_edit_wanted: id of a conference to change, "" to enter a new one.
        conference_delete_wanted: id of a conference to delete.
        cursor_wanted: the moment at which a conference began.
    """

    conference_chosen = Signal(str)
    conference_edit_wanted = Signal(str)
    conference_delete_wanted = Signal(str)
    cursor_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coming = Coming()
        self._cards: dict[str, ConferenceCard] = {}
        self._order: list[str] = []
        self._grid = GridArea(*CARD_PX)
        self._none = QLabel(_("No conference is planned"))
        self._none.setTextFormat(Qt.TextFormat.PlainText)
        self._none.setProperty("tone", "dim")
        self._none.setWordWrap(True)
        self._over = Over(_MOST_OVER)
        self._over_title = QLabel(_("Last held"))
        self._over_title.setTextFormat(Qt.TextFormat.PlainText)
        self._over_title.setProperty("tone", "dim")
        self._held = [HeldCard(self) for _number in range(_MOST_OVER)]
        self.enter = QPushButton(_("+ Enter a conference"))
        self.enter.clicked.connect(self._wish_new)
        self._plans: dict[str, Plan] = {}
        self._live, self._read_only = True, ""
        self._place()

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 4, 8)
        layout.addWidget(self._none)
        layout.addWidget(self._grid, 1)
        lower = QVBoxLayout()
        lower.setContentsMargins(0, 0, 8, 0)
        lower.setSpacing(4)
        lower.addWidget(self._over_title)
        for card in self._held:
            card.clicked.connect(self._go_back)
            lower.addWidget(card)
        lower.addSpacing(4)
        lower.addWidget(self.enter)
        layout.addLayout(lower)

    @property
    def cards(self) -> tuple[ConferenceCard, ...]:
        """The cards shown, in their order."""
        return tuple(self._cards[conference] for conference in self._order)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what comes next at the snapshot's moment."""
        if snapshot.inventory is None:
            return
        known = [(self._coming.of(plan, snapshot), plan) for plan in snapshot.plans]
        coming = sorted(
            ((one, plan) for one, plan in known if one is not None), key=lambda pair: pair[0]
        )
        for one, plan in coming:
            card = self._cards.get(plan.id) or self._make(plan.id)
            card.show_text(_text(snapshot, plan, one))
        self._none.setVisible(not coming)
        order = [plan.id for _one, plan in coming]
        if order != self._order:
            self._order = order
            self._grid.set_tiles([self._cards[conference] for conference in order])
        self._plans = {plan.id: plan for plan in snapshot.plans}
        self._live = snapshot.live
        self._show_held(snapshot)
        self._show_editable()

    def show_read_only(self, why: str) -> None:
        """Say why nothing can be entered here; "": it can."""
        self._read_only = why
        self._show_editable()

    @property
    def held(self) -> tuple[HeldCard, ...]:
        """The cards of conferences that are over, the newest first."""
        return tuple(card for card in self._held if not card.isHidden())

    def _show_held(self, snapshot: Snapshot) -> None:
        over = self._over.of(snapshot)
        self._over_title.setVisible(bool(over))
        for number, card in enumerate(self._held):
            card.setVisible(number < len(over))
            if number < len(over):
                card.show_held(*over[number], snapshot.at_s)

    def _show_editable(self) -> None:
        why = self._why_not()
        self.enter.setEnabled(not why)
        self.enter.setToolTip(plain_tip(why))

    def _why_not(self) -> str:
        if self._read_only or self._live:
            return self._read_only
        return _("Go back to live to enter or change conferences.")

    def menu(self, conference: str) -> QMenu:
        """Return what can be done with a conference."""
        plan = self._plans.get(conference)
        why = self._why_not()
        if not why and (plan is None or plan.source is not PlanSource.WINDOW):
            why = _("This conference stands in the inventory file and is changed there.")
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for text, slot in ((_("Change …"), self._wish_change), (_("Delete …"), self._wish_delete)):
            action = menu.addAction(text)
            action.setEnabled(not why)
            action.setToolTip(plain_tip(why))
            action.setData(conference)
            action.triggered.connect(slot)
        return menu

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        card = self.sender()
        if isinstance(card, ConferenceCard):
            menu = self.menu(card.key)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(card.mapToGlobal(place))

    @Slot()
    def _wish_change(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.conference_edit_wanted.emit(action.data())

    @Slot()
    def _wish_delete(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.conference_delete_wanted.emit(action.data())

    @Slot()
    def _wish_new(self) -> None:
        self.conference_edit_wanted.emit("")

    @Slot()
    def _go_back(self) -> None:
        card = self.sender()
        if isinstance(card, HeldCard):
            self.cursor_wanted.emit(card.begins_s)

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark a conference."""
        for conference, card in self._cards.items():
            card.show_chosen(kind == "conference" and conference == thing)

    def _make(self, conference: str) -> ConferenceCard:
        card = ConferenceCard(conference, self._grid)
        card.clicked.connect(self._choose)
        card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        card.customContextMenuRequested.connect(self._open_menu)
        self._cards[conference] = card
        return card

    @Slot()
    def _choose(self) -> None:
        card = self.sender()
        if isinstance(card, ConferenceCard):
            self.conference_chosen.emit(card.key)


def _text(snapshot: Snapshot, plan: Plan, span: Occurrence) -> CardText:
    entry = plan.entry
    names = list(snapshot.rooms) if entry.rooms == "all" else list(entry.rooms)
    rooms = [snapshot.rooms[room] for room in names if room in snapshot.rooms]
    ready = [view for view in rooms if view.state in READY]
    rest = [view for view in rooms if view.state not in READY]
    when = f"{times.day_month(span[0])}, {times.clock(span[0])} – {times.clock(span[1])}"
    trouble: list[str] = []
    soon = _("now") if span[0] <= snapshot.at_s else times.until(span[0] - snapshot.at_s)
    if plan.problem is not None:
        soon = _("{soon} · calendar cannot be read").format(soon=soon)
        trouble = [texts.sentence(texts.reason_of(plan.problem))]
    missing = ", ".join(wording.site_name(snapshot, view.site) for view in rest)
    why = [_("Not ready: {names}").format(names=missing)] if rest else []
    hint = "\n".join([entry.name or entry.id, *why, *trouble])
    state = _worst([view.state for view in rooms])
    told = ready_text(len(ready), len(rooms))
    return CardText(entry.name or entry.id, when, soon, state, told, hint)


def _worst(states: list[RoomState]) -> State:
    if not states or RoomState.UNKNOWN in states:
        return State.UNKNOWN
    return State.UP if all(state in READY for state in states) else State.DEGRADED
