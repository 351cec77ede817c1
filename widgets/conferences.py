"""The next planned conferences at the cursor's time, and how their rooms stand now."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.language import _
from console.model.plan import Occurrence, Plan
from console.model.snapshot import Snapshot
from console.model.states import RoomState, State
from widgets import style, theme, times, wording
from widgets.grid_area import GridArea
from widgets.occasions import Coming
from widgets.room_tile import write_line
from widgets.rooms_board import READY, ready_text
from widgets.symbols import paint_state
from widgets.tile import Tile

CARD_PX = (196, 104)
_PAD = 12


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says; `state` is the worst of the conference's rooms."""

    name: str
    when: str
    soon: str
    state: State
    ready: str
    hint: str


class ConferencesPanel(QWidget):
    """Displays conferences, the next first.

    Signals:
        conference_chosen: id of a conference.
    """

    conference_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coming = Coming()
        self._cards: dict[str, ConferenceCard] = {}
        self._order: list[str] = []
        self._grid = GridArea(*CARD_PX)
        self._none = QLabel(_("The inventory plans no conference"))
        self._none.setTextFormat(Qt.TextFormat.PlainText)
        self._none.setProperty("tone", "dim")
        self._none.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 4, 8)
        layout.addWidget(self._none)
        layout.addWidget(self._grid, 1)

    @property
    def cards(self) -> tuple["ConferenceCard", ...]:
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

    def show_selection(self, kind: str, thing: str) -> None:
        """Mark a conference."""
        for conference, card in self._cards.items():
            card.show_chosen(kind == "conference" and conference == thing)

    def _make(self, conference: str) -> "ConferenceCard":
        card = ConferenceCard(conference, self._grid)
        card.clicked.connect(self._choose)
        self._cards[conference] = card
        return card

    @Slot()
    def _choose(self) -> None:
        card = self.sender()
        if isinstance(card, ConferenceCard):
            self.conference_chosen.emit(card.key)


class ConferenceCard(Tile):
    """A button that shows the conference `key`; pressing it shows its rooms."""

    def __init__(self, conference: str, parent: QWidget | None = None) -> None:
        super().__init__(conference, parent)
        self._text: CardText | None = None

    @property
    def text_shown(self) -> CardText | None:
        """What the card says."""
        return self._text

    def show_text(self, text: CardText) -> None:
        """Say this."""
        if text != self._text:
            self._text = text
            self._tell(f"{text.name}, {text.when}, {text.soon}", text.ready, text.hint)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        if self._text is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self._chosen or self.hasFocus()
        painter.setPen(QPen(colours.accent if marked else colours.line, 1.5 if marked else 1))
        ground = colours.raised if self.underMouse() else colours.panel
        painter.setBrush(style.mixed(ground, colours.accent, 0.08) if self._chosen else ground)
        frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        self._paint_text(painter, self._text)
        painter.end()

    def _paint_text(self, painter: QPainter, text: CardText) -> None:
        colours = theme.current()
        font = self.font()
        font.setPixelSize(theme.FONT_PX)
        font.setBold(True)
        room = self.width() - 2 * _PAD
        write_line(painter, QRectF(_PAD, 10, room, 20), font, colours.text, text.name)
        font.setBold(False)
        write_line(painter, QRectF(_PAD, 31, room, 20), font, colours.dim, text.when)
        write_line(painter, QRectF(_PAD, 51, room, 20), font, colours.dim, text.soon)
        paint_state(painter, QRectF(_PAD, 79, 10, 10), text.state, colours)
        place = QRectF(_PAD + 17, 74, room - 17, 20)
        write_line(painter, place, font, colours.state(text.state), text.ready)


def _text(snapshot: Snapshot, plan: Plan, span: Occurrence) -> CardText:
    entry = plan.entry
    names = list(snapshot.rooms) if entry.rooms == "all" else list(entry.rooms)
    rooms = [snapshot.rooms[room] for room in names if room in snapshot.rooms]
    ready = [view for view in rooms if view.state in READY]
    rest = [view for view in rooms if view.state not in READY]
    when = f"{times.day_month(span[0])}, {times.clock(span[0])} – {times.clock(span[1])}"
    soon = _("now") if span[0] <= snapshot.at_s else times.until(span[0] - snapshot.at_s)
    missing = ", ".join(wording.site_name(snapshot, view.site) for view in rest)
    why = [_("Not ready: {names}").format(names=missing)] if rest else []
    hint = "\n".join([entry.name or entry.id, *why])
    state = _worst([view.state for view in rooms])
    told = ready_text(len(ready), len(rooms))
    return CardText(entry.name or entry.id, when, soon, state, told, hint)


def _worst(states: list[RoomState]) -> State:
    if not states or RoomState.UNKNOWN in states:
        return State.UNKNOWN
    return State.UP if all(state in READY for state in states) else State.DEGRADED
