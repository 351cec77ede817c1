"""Small parts of the detail panel: heading, direction figures, range buttons, tables of facts."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from console.language import UNKNOWN, _, format_number, format_ratio
from console.model.states import RoomState, State
from console.texts import state_word
from widgets import theme
from widgets.detail.ticks import rate_scale
from widgets.detail.wish import DEFAULT_RANGE, RANGES
from widgets.plain_text import plain_tip
from widgets.symbols import paint_state

_SIGN_PX = 11
_LEAST_CONTRAST = 4.6  # WCAG asks for 4.5
_NARROW_PX = 158  # of room for one direction: below that its figures are smaller


def plain_label(text: str = "", **looks: str) -> QLabel:
    """A label that takes every text as it is; `looks` are properties the style sheet knows."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    for name, value in looks.items():
        label.setProperty(name, value)
    return label


def sized(font: QFont, pixels: int, bold: bool = False) -> QFont:
    """The same typeface in another size."""
    result = QFont(font)
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


class StateBadge(QWidget):
    """A state as shape and word, in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State | RoomState = State.UNKNOWN
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, state: State | RoomState) -> None:
        """Show another state."""
        if state != self._state or not self.accessibleName():
            self._state = state
            self.setAccessibleName(state_word(state))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Room for shape and word."""
        width = QFontMetrics(self.font()).horizontalAdvance(state_word(self._state))
        return QSize(width + _SIGN_PX + 8, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shape and word."""
        painter = QPainter(self)
        top = (self.height() - _SIGN_PX) / 2
        paint_state(painter, QRectF(1, top, _SIGN_PX, _SIGN_PX), self._state, theme.current())
        colour = theme.current().state(self._state)
        painter.setPen(colour)
        words = self.rect().adjusted(_SIGN_PX + 7, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, state_word(self._state))
        painter.end()


class Heading(QWidget):
    """What is shown, its state, since when, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = plain_label(scale="head")
        self.name.setWordWrap(True)
        self.badge = StateBadge()
        self.below = plain_label(tone="dim", scale="small")
        self.reasons = plain_label()
        self.reasons.setWordWrap(True)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.name, 1)
        first.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(first)
        layout.addWidget(self.below)
        layout.addWidget(self.reasons)

    def show_thing(
        self,
        name: str,
        state: State | RoomState,
        below: str = "",
        reasons: tuple[str, ...] = (),
    ) -> None:
        """Show a name, a state, a dim line, and sentences that say why."""
        self.name.setText(name)
        self.badge.show_state(state)
        self.below.setText(below)
        self.below.setVisible(bool(below))
        self.reasons.setText("\n".join(reasons))
        self.reasons.setVisible(bool(reasons))


@dataclass(frozen=True, slots=True)
class Figure:
    """One direction in large figures: where to, how much, how full. `up`: drawn upwards."""

    name: str
    rate_bps: float | None
    load: float | None
    up: bool


class Figures(QWidget):
    """Both directions in large figures, coloured by load."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures: tuple[Figure, ...] = ()
        self.setFixedHeight(52)

    def show_figures(self, *figures: Figure) -> None:
        """Show other figures."""
        if figures != self.figures:
            self.figures = figures
            self.setAccessibleName(", ".join(" ".join(_figure_texts(f)) for f in figures))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the directions side by side."""
        painter = QPainter(self)
        width = self.width() / max(1, len(self.figures))
        for column, figure in enumerate(self.figures):
            _paint_figure(painter, QRectF(column * width, 0, width - 8, self.height()), figure)
        painter.end()


def _figure_texts(figure: Figure) -> tuple[str, str, str]:
    if figure.rate_bps is None:
        return figure.name, UNKNOWN, _("no value")
    scale = rate_scale(figure.rate_bps)
    load = "" if figure.load is None else f" · {format_ratio(figure.load)}"
    return figure.name, scale.text(figure.rate_bps), f"{scale.unit}{load}"


def _paint_figure(painter: QPainter, rect: QRectF, figure: Figure) -> None:
    colours = theme.current()
    name, number, unit = _figure_texts(figure)
    narrow = rect.width() < _NARROW_PX
    small = sized(painter.font(), theme.FONT_SMALL_PX if narrow else theme.FONT_PX)
    large = sized(painter.font(), theme.FONT_LARGE_PX - (2 if narrow else 0), bold=True)
    swatch = colours.accent if figure.up else colours.fine
    painter.fillRect(QRectF(rect.left(), rect.top() + 7, 8, 8), swatch)
    painter.setFont(small)
    painter.setPen(colours.dim)
    metrics = QFontMetrics(small)
    words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(rect.width() - 14))
    painter.drawText(rect.adjusted(14, 2, 0, 0), words)
    base = rect.top() + 44
    painter.setFont(large)
    painter.setPen(_figure_colour(figure))
    painter.drawText(int(rect.left()), int(base), number)
    left = rect.left() + QFontMetrics(large).horizontalAdvance(number) + 6
    painter.setFont(small)
    painter.setPen(colours.dim)
    painter.drawText(int(left), int(base), unit)


def _figure_colour(figure: Figure) -> QColor:
    colours = theme.current()
    if figure.rate_bps is None:
        return colours.dim
    return colours.text if figure.load is None else readable_load(figure.load)


def readable_load(load: float | None) -> QColor:
    """The colour of a load as text: moved away from the ground until it can be read."""
    colours = theme.current()
    if load is None:
        return colours.dim
    return _readable(colours.load(load).rgb(), colours.panel.rgb(), colours.name == "dark")


@lru_cache(maxsize=1024)
def _readable(colour: int, ground: int, dark: bool) -> QColor:
    readable = QColor(colour)
    for _step in range(40):
        if contrast(readable, QColor(ground)) >= _LEAST_CONTRAST:
            break
        readable = readable.lighter(104) if dark else readable.darker(104)
    return readable


def contrast(a: QColor, b: QColor) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class RangeBar(QWidget):
    """Buttons for the length of time to look at.

    Signals:
        range_chosen: a key of wish.RANGES.
    """

    range_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for row in RANGES:
            button = QPushButton(_(row.label))
            button.setCheckable(True)
            button.setObjectName(row.key)
            button.setChecked(row.key == DEFAULT_RANGE)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setStyleSheet("padding-left: 2px; padding-right: 2px;")
            button.setMaximumWidth(64)
            button.setMinimumWidth(40)
            self._group.addButton(button)
            layout.addWidget(button, 1)
        layout.addStretch(0)
        self._group.buttonClicked.connect(self._choose)

    @Slot(QAbstractButton)
    def _choose(self, button: QAbstractButton) -> None:
        self.range_chosen.emit(button.objectName())

    def show_range(self, key: str) -> None:
        """Mark a range as the one in use."""
        for button in self._group.buttons():
            if button.objectName() == key:
                button.setChecked(True)


class FactList(QWidget):
    """Rows of a dim name and a value that can be copied, with lines between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(12)
        self._layout.setVerticalSpacing(0)
        self._layout.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}

    def show_fact(self, name: str, value: str, hint: str = "") -> None:
        """Show `value` under `name`; an empty value hides the row. `hint` shows on hover."""
        if name not in self._rows:
            self._rows[name] = self._made_row(name)
        label, field = self._rows[name]
        field.setText(value)
        field.setToolTip(plain_tip(hint))
        for part in (label, field):
            part.setVisible(bool(value))

    def value(self, name: str) -> str:
        """The value shown under `name`."""
        return self._rows[name][1].text()

    def _made_row(self, name: str) -> tuple[QLabel, QLabel]:
        label, field = plain_label(name, tone="dim"), plain_label()
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        field.setWordWrap(True)
        field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        field.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._rows)
        for column, part in enumerate((label, field)):
            part.setContentsMargins(0, 5, 0, 5)
            self._layout.addWidget(part, row, column)
        return label, field

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines between rows."""
        painter = QPainter(self)
        painter.setPen(theme.current().line)
        for label, field in self._rows.values():
            if label.isVisible():
                bottom = max(label.geometry().bottom(), field.geometry().bottom())
                painter.drawLine(0, bottom, self.width(), bottom)
        painter.end()


def per_second(value: float | None) -> str:
    """Format a number of events a second: whole ones without digits."""
    digits = 0 if value is None or value == round(value) else 1 if value >= 0.1 else 2
    return format_number(value, digits)
