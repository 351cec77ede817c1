"""A conference in full: when it is, on which bridge, and how each of its rooms stands."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.analysis.occurrences import Span, current_or_next
from console.language import _
from console.model.inventory import Conference, Inventory
from console.model.snapshot import RoomView, Snapshot
from console.model.states import RoomState
from console.texts import state_word
from widgets import times
from widgets.detail.load_page import Page
from widgets.detail.parts import FactList
from widgets.detail.things import Thing, ThingList
from widgets.wording import site_name

_WORST_FIRST = (
    *(RoomState.DOWN, RoomState.UNREACHABLE, RoomState.DEGRADED, RoomState.UNKNOWN),
    *(RoomState.IN_CALL, RoomState.IDLE, RoomState.STANDBY),
)


class ConferencePage(Page):
    """A planned conference.

    Signals:
        room_chosen: the id of a room or bridge that was clicked.
    """

    room_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = FactList()
        self.bridges, self.rooms = ThingList(_("Bridge")), ThingList(_("Rooms"))
        self._next: tuple[Inventory | None, str, float, Span | None] = (None, "", 0.0, None)
        for part in (self.facts, self.bridges, self.rooms):
            self.lines.addWidget(part)
        self.lines.addStretch(1)
        self.bridges.chosen.connect(self.room_chosen)
        self.rooms.chosen.connect(self.room_chosen)

    def show_conference(self, snapshot: Snapshot, entry: Conference) -> None:
        """Show when the conference is and how its rooms stand; who is not ready comes first."""
        names = snapshot.rooms if entry.rooms == "all" else entry.rooms
        rooms = [snapshot.rooms[room] for room in names if room in snapshot.rooms]
        rooms.sort(
            key=lambda view: (_WORST_FIRST.index(view.state), site_name(snapshot, view.site))
        )
        states = [view.state for view in rooms]
        worst = min(states, key=_WORST_FIRST.index, default=RoomState.UNKNOWN)
        span = self._occurrence(snapshot, entry)
        self.heading.show_thing(entry.name or entry.id, worst, _soon(span, snapshot.at_s))
        show = self.facts.show_fact
        show(_("Begins"), times.minute(span[0]) if span else "")
        show(_("Ends"), times.minute(span[1]) if span else "")
        bridge = snapshot.bridges.get(entry.bridge)
        self.bridges.show_things([_thing(snapshot, bridge, bridge.name)] if bridge else [])
        self.rooms.show_things([_thing(snapshot, view) for view in rooms])

    def _occurrence(self, snapshot: Snapshot, entry: Conference) -> Span | None:
        """Return the running or next occurrence; computed anew only when it can have changed."""
        inventory, known, asked_s, span = self._next
        at_s = snapshot.at_s
        same = inventory is snapshot.inventory and known == entry.id
        if same and asked_s <= at_s and (span is None or at_s < span[1]):
            return span
        assert snapshot.inventory is not None
        span = current_or_next(entry, ZoneInfo(snapshot.inventory.timezone), at_s)
        self._next = (snapshot.inventory, entry.id, at_s, span)
        return span


def _soon(span: Span | None, at_s: float) -> str:
    if span is None:
        return _("No time is planned")
    return _("now") if span[0] <= at_s else times.until(span[0] - at_s)


def _thing(snapshot: Snapshot, view: RoomView, name: str = "") -> Thing:
    return Thing(
        view.id, name or site_name(snapshot, view.site), view.state, state_word(view.state)
    )
