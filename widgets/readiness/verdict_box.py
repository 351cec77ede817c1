"""The verdict so that it can be read from afar: shape, words, one sentence, how old it is."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.model.states import State
from widgets import style, theme
from widgets.detail.parts import plain_label
from widgets.symbols import paint_state

_SIGN_PX = 34


class Sign(QWidget):
    """A state's shape, large."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.UNKNOWN
        self.setFixedSize(QSize(side_px, side_px))

    def show_state(self, state: State) -> None:
        """Show the shape of another state."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        edge = max(1.0, self.width() / 14)
        room = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        paint_state(painter, room, self._state, theme.current())
        painter.end()


class VerdictBox(QWidget):
    """Displays a verdict; its ground has a breath of the state's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = State.UNKNOWN
        self.sign = Sign(_SIGN_PX)
        self.caption = plain_label(tone="dim", scale="small")
        self.caption.hide()
        self.headline = plain_label(scale="large")
        self.sentence, self.assessed = plain_label(), plain_label(tone="dim", scale="small")
        words = QVBoxLayout()
        words.setSpacing(3)
        for label in (self.caption, self.headline, self.sentence, self.assessed):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(20)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_caption(self, caption: str) -> None:
        """Say above the verdict what it is one of; "" for nothing."""
        _say(self.caption, caption)

    def show_verdict(self, state: State, headline: str, sentence: str, assessed: str = "") -> None:
        """Say this."""
        self._state = state
        self.sign.show_state(state)
        for label, text in (
            (self.headline, headline),
            (self.sentence, sentence),
            (self.assessed, assessed),
        ):
            _say(label, text)
        self.setAccessibleName(headline)
        self.setAccessibleDescription(" ".join(x for x in (sentence, assessed) if x))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        colours = theme.current()
        colour = colours.state(self._state)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(style.mixed(colours.panel, colour, 0.10))
        painter.setPen(QPen(style.mixed(colours.panel, colour, 0.45), 1))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.RADIUS, theme.RADIUS)
        painter.end()


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
    label.setVisible(bool(text))
