"""A conference in full: when it is, on which bridge, and how each of its rooms stands."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console import texts
from console.language import _
from console.model.plan import Occurrence, Plan, PlanSource
from console.model.readiness import Assessment
from console.model.snapshot import RoomView, Snapshot
from console.model.states import RoomState
from console.texts import state_word
from widgets import times
from widgets.detail.load_page import Page
from widgets.detail.parts import FactList
from widgets.detail.things import Thing, ThingList
from widgets.occasions import Coming
from widgets.readiness.critical_box import CriticalBox
from widgets.wording import site_name

_WORST_FIRST = (
    *(RoomState.DOWN, RoomState.UNREACHABLE, RoomState.DEGRADED, RoomState.UNKNOWN),
    *(RoomState.IN_CALL, RoomState.IDLE, RoomState.STANDBY),
)


class ConferencePage(Page):
    """A planned conference.

    Signals:
        room_chosen: the id of a room or bridge that was clicked.
        link_chosen: the id of the critical link.
        what_if_wanted: the id of what may not fail.
    """

    room_chosen = Signal(str)
    link_chosen = Signal(str)
    what_if_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = FactList()
        self.bridges, self.rooms = ThingList(_("Bridge")), ThingList(_("Rooms"))
        self._coming = Coming()
        self.critical = CriticalBox()
        self.critical.link_chosen.connect(self.link_chosen)
        self.critical.what_if_wanted.connect(self.what_if_wanted)
        for part in (self.critical, self.facts, self.bridges, self.rooms):
            self.lines.addWidget(part)
        self.lines.addStretch(1)
        self.bridges.chosen.connect(self.room_chosen)
        self.rooms.chosen.connect(self.room_chosen)

    def show_conference(
        self, snapshot: Snapshot, plan: Plan, assessment: Assessment | None = None
    ) -> None:
        """Show when the conference is and how its rooms stand; who is not ready comes first.

        With an assessment its critical link comes before all.
        """
        self.heading.badge.setVisible(assessment is None)  # the verdict says more
        if assessment is not None:
            self.critical.show_assessment(assessment, snapshot)
        else:
            self.critical.hide()
        entry = plan.entry
        names = snapshot.rooms if entry.rooms == "all" else entry.rooms
        rooms = [snapshot.rooms[room] for room in names if room in snapshot.rooms]
        rooms.sort(
            key=lambda view: (_WORST_FIRST.index(view.state), site_name(snapshot, view.site))
        )
        states = [view.state for view in rooms]
        worst = min(states, key=_WORST_FIRST.index, default=RoomState.UNKNOWN)
        span = self._coming.of(plan, snapshot)
        self.heading.show_thing(entry.name or entry.id, worst, _soon(span, snapshot.at_s))
        show = self.facts.show_fact
        show(_("Begins"), times.minute(span[0]) if span else "")
        show(_("Ends at"), times.minute(span[1]) if span else "")
        show(_("Subject"), span.title if span else "")
        show(_("Planned in"), _planned_in(plan))
        show(_("Calendar"), texts.sentence(texts.reason_of(plan.problem)) if plan.problem else "")
        bridge = snapshot.bridges.get(entry.bridge)
        self.bridges.show_things([_thing(snapshot, bridge, bridge.name)] if bridge else [])
        self.rooms.show_things([_thing(snapshot, view) for view in rooms])


def _planned_in(plan: Plan) -> str:
    if plan.source is PlanSource.CALENDAR:
        return _("Calendar {name}").format(name=plan.entry.calendar or "")
    return _("This window") if plan.source is PlanSource.WINDOW else _("Inventory file")


def _soon(span: Occurrence | None, at_s: float) -> str:
    if span is None:
        return _("No time is planned")
    return _("now") if span[0] <= at_s else times.until(span[0] - at_s)


def _thing(snapshot: Snapshot, view: RoomView, name: str = "") -> Thing:
    return Thing(
        view.id, name or site_name(snapshot, view.site), view.state, state_word(view.state)
    )
