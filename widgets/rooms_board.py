"""The board of video rooms: a tile each; who is not ready comes first, bridges last."""

from collections import Counter

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.language import _, ngettext
from console.model.inventory import Bridge, Conference, Room
from console.model.snapshot import RoomView, Snapshot
from console.model.states import RoomState
from console.texts import sentence, state_word
from widgets import times, wording
from widgets.grid_area import GridArea
from widgets.room_tile import TILE_PX, RoomTile, TileText

_TOLD = (
    *(RoomState.IN_CALL, RoomState.STANDBY, RoomState.DOWN, RoomState.UNREACHABLE),
    *(RoomState.DEGRADED, RoomState.UNKNOWN),
)
READY = frozenset({RoomState.IDLE, RoomState.STANDBY, RoomState.IN_CALL})


class RoomsBoard(QWidget):
    """Displays rooms and bridges of a snapshot.

    Signals:
        room_chosen: id of a room or bridge.
    """

    room_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._conference = ""
        self._tiles: dict[str, RoomTile] = {}
        self._order: list[str] = []
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setProperty("scale", "large")
        self.rest = QLabel()
        self.rest.setTextFormat(Qt.TextFormat.PlainText)
        self.rest.setProperty("tone", "dim")
        for label in (self.heading, self.rest):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._grid = GridArea(*TILE_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 4, 8)
        layout.setSpacing(4)
        layout.addWidget(self.heading)
        layout.addWidget(self.rest)
        layout.addSpacing(6)
        layout.addWidget(self._grid, 1)

    @property
    def tiles(self) -> tuple[RoomTile, ...]:
        """The tiles shown, in their order."""
        return tuple(self._tiles[room] for room in self._order)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how the rooms stand."""
        self._snapshot = snapshot
        self._show()

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark a room, or show the rooms of a conference alone."""
        conference = thing if kind == "conference" else ""
        for room, tile in self._tiles.items():
            tile.show_chosen(kind == "room" and room == thing)
        if conference != self._conference:
            self._conference = conference
            self._show()

    def _show(self) -> None:
        if self._snapshot is None:
            return
        shown = self._shown(self._snapshot)
        several = Counter(view.site for view in shown)
        for view in shown:
            tile = self._tiles.get(view.id) or self._make(view.id)
            tile.show_text(_text(self._snapshot, view, several[view.site] > 1))
        order = [view.id for view in shown]
        if order != self._order:
            self._order = order
            self._grid.set_tiles([self._tiles[room] for room in order])
        self._grid.arrange()
        rooms = [view for view in shown if view.id in self._snapshot.rooms]
        self.heading.setText(_heading(rooms))
        self.rest.setText(_rest(self._snapshot, rooms, self._conference))

    def _shown(self, snapshot: Snapshot) -> list[RoomView]:
        """Return rooms, then bridges, by name; before them whatever is not ready."""
        rooms = list(snapshot.rooms.values())
        bridges = list(snapshot.bridges.values())
        entry = snapshot.inventory.by_id.get(self._conference) if snapshot.inventory else None
        if isinstance(entry, Conference):
            rooms = [view for view in rooms if entry.rooms == "all" or view.id in entry.rooms]
            bridges = [view for view in bridges if view.id == entry.bridge]
        rooms.sort(key=lambda view: (_sort_key(snapshot, view), view.name))
        return sorted(rooms + bridges, key=_is_ready)

    def _make(self, room: str) -> RoomTile:
        tile = RoomTile(room, self._grid)
        tile.clicked.connect(self._choose)
        self._tiles[room] = tile
        return tile

    @Slot()
    def _choose(self) -> None:
        tile = self.sender()
        if isinstance(tile, RoomTile):
            self.room_chosen.emit(tile.key)


def _is_ready(view: RoomView) -> bool:
    return view.state in READY


def _sort_key(snapshot: Snapshot, view: RoomView) -> str:
    return wording.sort_key(wording.site_name(snapshot, view.site))


def _text(snapshot: Snapshot, view: RoomView, several: bool) -> TileText:
    site = wording.site_name(snapshot, view.site)
    entry = snapshot.inventory.by_id.get(view.id) if snapshot.inventory else None
    contact = entry.contact if isinstance(entry, Room | Bridge) and entry.contact else ""
    name = view.name if isinstance(entry, Bridge) else f"{site} · {view.name}" if several else site
    since = times.since(view.since_s, snapshot.at_s) if view.since_s is not None else ""
    why = [sentence(reason) for reason in view.reasons]
    hint = "\n".join([f"{site} · {view.name}", *why, *([contact] if contact else [])])
    return TileText(name, view.state, since, contact, hint, "; ".join(why))


def _heading(rooms: list[RoomView]) -> str:
    if not rooms:
        return _("No rooms")
    return ready_text(sum(view.state in READY for view in rooms), len(rooms))


def _rest(snapshot: Snapshot, rooms: list[RoomView], conference: str) -> str:
    """Return what the others are, and whose rooms are shown."""
    states = Counter(view.state for view in rooms)
    rest = [f"{states[state]} {state_word(state)}" for state in _TOLD if states[state]]
    text = " · ".join(rest) or (_("all of them answer") if rooms else "")
    entry = snapshot.inventory.by_id.get(conference) if snapshot.inventory else None
    if isinstance(entry, Conference):
        return f"{entry.name or entry.id} · {text}"
    return text


def ready_text(ready: int, whole: int) -> str:
    """Return how many rooms are ready, as an observation."""
    text = ngettext("{ready} of {n} room ready", "{ready} of {n} rooms ready", whole)
    return text.format(ready=ready, n=whole)
