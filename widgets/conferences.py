"""The conferences at the cursor's time: what comes next, how its rooms stand, what was last."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from console import texts
from console.language import _
from console.model.plan import Occurrence, Plan, PlanSource
from console.model.readiness import Assessment, Verdict
from console.model.situation import Situation
from console.model.snapshot import Snapshot
from console.model.states import RoomState, State
from console.names import Names
from console.texts_readiness import short_verdict, summary, verdict_sentence
from widgets import times, wording
from widgets.conference_cards import CARD_PX, CardText, ConferenceCard, HeldCard
from widgets.grid_area import GridArea
from widgets.occasions import Coming, Over
from widgets.plain_text import plain_tip
from widgets.readiness.words import STATES
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
        self._grid = GridArea(*CARD_PX, most=1)
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
        self._assessed: dict[str, Assessment] = {}
        self._snapshot: Snapshot | None = None
        self._reveal = QTimer(self, singleShot=True, interval=0)
        self._reveal.timeout.connect(self._reveal_marked)
        self._selected = self._at_hand = self._marked = ""
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
        self._snapshot = snapshot
        names = Names(snapshot.inventory)
        known = [(self._coming.of(plan, snapshot), plan) for plan in snapshot.plans]
        coming = sorted(
            ((one, plan) for one, plan in known if one is not None), key=lambda pair: pair[0]
        )
        for one, plan in coming:
            card = self._cards.get(plan.id) or self._make(plan.id)
            card.show_text(self._text(plan, one, names))
        self._none.setVisible(not coming)
        order = [plan.id for _one, plan in coming]
        if order != self._order:
            self._order = order
            self._grid.set_tiles([self._cards[conference] for conference in order])
            self._mark()
        self._plans = {plan.id: plan for plan in snapshot.plans}
        self._live = snapshot.live
        self._show_held(snapshot)
        self._show_editable()

    def show_assessment(self, assessment: Assessment, _situation: Situation) -> None:
        """Show a verdict on its card."""
        self._assessed[assessment.conference] = assessment
        plan, card = self._plans.get(assessment.conference), self._cards.get(assessment.conference)
        if self._snapshot is None or plan is None or card is None:
            return
        one = self._coming.of(plan, self._snapshot)
        if one is not None:
            card.show_text(self._text(plan, one, Names(self._snapshot.inventory)))

    def show_at_hand(self, conference: str) -> None:
        """Mark the conference that is looked at."""
        self._at_hand = conference
        self._mark()

    def _mark(self) -> None:
        marked = self._selected or self._at_hand
        for conference, card in self._cards.items():
            card.show_chosen(conference == marked)
        if marked != self._marked and marked in self._order:
            self._marked = marked
            self._reveal.start()

    @Slot()
    def _reveal_marked(self) -> None:
        """Scroll to the marked card, once everything has its place."""
        if self._marked in self._cards:
            self._grid.ensureWidgetVisible(self._cards[self._marked])

    def _text(self, plan: Plan, one: Occurrence, names: Names) -> CardText:
        assert self._snapshot is not None
        known = self._assessed.get(plan.id)
        of_this = known if known is not None and known.start_s == one.start_s else None
        return _with_verdict(_text(self._snapshot, plan, one), of_this, names)

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
            if card.key != self._selected:  # chosen again it would not be selected any more
                self.conference_chosen.emit(card.key)

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark a conference."""
        self._selected = thing if kind == "conference" else ""
        self._mark()

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


def _with_verdict(text: CardText, known: Assessment | None, names: Names) -> CardText:
    """Return the card with its verdict, which may have to be waited for."""
    if known is None:
        return replace(text, verdict=_("not assessed yet"))
    word = short_verdict(known.verdict)
    brief = {Verdict.READY_NOT_N1: _("ready, with a risk")}.get(known.verdict, word)
    lost = [one.room for one in known.participants if one.verdict is known.verdict]
    if known.verdict in (Verdict.NOT_READY, Verdict.UNKNOWN) and len(lost) == 1:
        word = f"{word}: {names.name(lost[0])}"
    hint = "\n".join([text.hint, verdict_sentence(known.verdict), summary(known)])
    return replace(text, verdict=word, brief=brief, sign=STATES[known.verdict], hint=hint)


def _worst(states: list[RoomState]) -> State:
    if not states or RoomState.UNKNOWN in states:
        return State.UNKNOWN
    return State.UP if all(state in READY for state in states) else State.DEGRADED
