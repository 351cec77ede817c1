"""The cards of the conferences panel: one that comes, one that is over."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.language import _
from console.model.plan import Occurrence, Plan
from console.model.states import State
from widgets import style, theme, times
from widgets.room_tile import write_line
from widgets.symbols import paint_state
from widgets.tile import Tile

CARD_PX = (196, 104)
_HELD_PX = 52
_PAD = 12


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says; `state` is the worst of the conference's rooms.

    `verdict` is the assessment's word and `brief` a shorter one; `sign` is its shape.
    """

    name: str
    when: str
    soon: str
    state: State
    ready: str
    hint: str
    verdict: str = ""
    brief: str = ""
    sign: State = State.UNKNOWN


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
            said = ". ".join(part for part in (text.verdict, text.ready) if part)
            self._tell(f"{text.name}, {text.when}, {text.soon}", said, text.hint)

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
        paint_state(painter, QRectF(_PAD, 79, 10, 10), text.sign, colours)
        place = QRectF(_PAD + 17, 74, room - 17, 20)
        painter.setFont(font)
        fits = painter.fontMetrics().horizontalAdvance(text.verdict) <= place.width()
        word = text.verdict if fits else text.brief or text.verdict
        write_line(painter, place, font, colours.state(text.sign), word)


class HeldCard(Tile):
    """A button that shows an occurrence that is over; pressing it goes to its time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.begins_s = 0.0
        self._lines = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lines(self) -> tuple[str, str]:
        """What the card says."""
        return self._lines

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(CARD_PX[0], _HELD_PX)

    def show_held(self, one: Occurrence, plan: Plan, at_s: float) -> None:
        """Show an occurrence of a plan, seen from `at_s`."""
        name = one.title or plan.entry.name or plan.id
        when = f"{times.day_month(one.start_s)}, {times.clock(one.start_s)}"
        lines = name, f"{when} · {times.ago(at_s - one.end_s)}"
        if lines != self._lines or one.start_s != self.begins_s:
            self.key, self.begins_s, self._lines = plan.id, one.start_s, lines
            self._tell(", ".join(lines), "", _("Go to this time: {name}").format(name=name))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.accent if self.hasFocus() else colours.line, 1))
        painter.setBrush(colours.raised if self.underMouse() else Qt.BrushStyle.NoBrush)
        frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        font = self.font()
        font.setPixelSize(theme.FONT_PX)
        room = self.width() - 2 * _PAD
        write_line(painter, QRectF(_PAD, 6, room, 20), font, colours.text, self._lines[0])
        write_line(painter, QRectF(_PAD, 26, room, 20), font, colours.dim, self._lines[1])
        painter.end()
