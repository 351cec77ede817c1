"""The top bar: name, perspectives, counts, search, the collector's heartbeat, the wall clock."""

import time

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from console.language import _
from console.model.snapshot import Collector, Snapshot
from console.model.states import CollectorState
from widgets import theme, times
from widgets.counts import Count, counts
from widgets.elided import ElidedLabel
from widgets.icons import IconButton
from widgets.panels import PERSPECTIVES
from widgets.pill import Pill
from widgets.search import SearchField

_PILLS = 4
_SPACING_PX, _NARROW_SPACING_PX = 12, 8
_STEPS = 8  # of getting shorter
_BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)
_FIELD_PX = 26  # padding of the search field
_SEARCH_PX = 96
_SEGMENT_PX = 34  # padding, border and margin of a segment in the style sheet


class TopBar(QFrame):
    """Displays how things stand as a whole.

    Signals:
        perspective_wanted: key of the perspective asked for.
        thing_wanted: kind and id of what was searched for.
        search_left: the keyboard is to go back to the panels.
    """

    perspective_wanted = Signal(str)
    thing_wanted = Signal(str, str)
    search_left = Signal()

    def __init__(self, review: bool = False, parent: QWidget | None = None) -> None:
        """`review`: nobody writes the history, so its moment is told instead of today's clock."""
        super().__init__(parent)
        self.setObjectName("topBar")
        self._review = review
        self._moment_s: float | None = None
        self._whole_clock = True
        self._brand = Brand()
        self._network = ElidedLabel(least_px=90)
        self._network.setProperty("tone", "dim")
        self._segments = Segments()
        self.pills = [Pill() for _number in range(_PILLS)]
        self.search = SearchField()
        self._counts: tuple[Count, ...] = ()
        self._beat = ("", "")
        self._heartbeat = QLabel()
        self._heartbeat.setProperty("tone", "dim")
        self._clock = QLabel()
        self._clock.setObjectName("clock")
        self.menu_button = IconButton("menu", _("Menu"), quiet=True)
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def _build(self) -> None:
        for label in (self._heartbeat, self._clock):
            label.setTextFormat(Qt.TextFormat.PlainText)
        hint = QFontMetrics(self.search.font()).horizontalAdvance(self.search.placeholderText())
        self._search_px = hint + _FIELD_PX
        self.search.setMaximumWidth(max(240, self._search_px))
        self._segments.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 12, 6)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)  # we fit ourselves
        layout.addWidget(self._brand)
        layout.addWidget(self._network)
        layout.addWidget(self._segments)
        layout.addSpacing(4)
        for pill in self.pills:
            layout.addWidget(pill)
        layout.addStretch(1)
        layout.addWidget(self.search, 3)
        layout.addWidget(self._heartbeat)
        layout.addWidget(self._clock)
        layout.addWidget(self.menu_button)
        self._segments.chosen.connect(self.perspective_wanted)
        self.search.chosen.connect(self.thing_wanted)
        self.search.left.connect(self.search_left)
        self.menu_button.clicked.connect(self._open_menu)
        self._menu: QMenu | None = None

    def minimumSizeHint(self) -> QSize:
        """Any width will do: what there is no room for is left out."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say as much as there is room for: what matters least gets shorter first."""
        for shorter in range(_STEPS):
            self._shorten(shorter)
            layout = self.layout()
            assert layout is not None
            layout.setSpacing(_SPACING_PX if shorter == 0 else _NARROW_SPACING_PX)
            layout.invalidate()
            if layout.minimumSize().width() <= self.width():
                return

    def _shorten(self, step: int) -> None:
        """Search, heartbeat, date, network, counts, clock and name: `step` of them are short."""
        self.search.setMinimumWidth(_SEARCH_PX if step > 0 else self._search_px)
        self._heartbeat.setText(self._beat[1 if step > 1 else 0])
        self._heartbeat.setVisible(step < 6 and bool(self._heartbeat.text()))
        self._whole_clock = step < 3
        self._clock.setVisible(step < 6)
        self._tick()
        name = self._network.fontMetrics().horizontalAdvance(self._network.text())
        self._network.setMinimumWidth(name + 2 if step < 4 else 0)
        for pill in self.pills:
            pill.shorten(step > 4)
        self._brand.setVisible(step < 7)

    def set_menu(self, menu: QMenu) -> None:
        """Give the menu that the button at the end opens."""
        self._menu = menu

    def show_perspective(self, key: str) -> None:
        """Mark the perspective that is shown."""
        self._segments.mark(key)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Display counts and heartbeat of this snapshot."""
        self.search.show_snapshot(snapshot)
        shown = counts(snapshot)
        for number, pill in enumerate(self.pills):
            pill.show_count(shown[number] if number < len(shown) else None)
        beat = heartbeat_text(snapshot.collector), heartbeat_short(snapshot.collector)
        if self._review:
            beat = _("Recorded:"), ""
        self._moment_s = snapshot.at_s
        network = snapshot.inventory.network if snapshot.inventory else self._network.text()
        if shown != self._counts or beat != self._beat or network != self._network.text():
            self._counts, self._beat = shown, beat
            self._network.setText(network)
            self._heartbeat.setToolTip(beat[0])
            self._fit()
        self._tick()

    @Slot()
    def _tick(self) -> None:
        at_s = self._moment_s if self._review else time.time()
        if at_s is None:
            self._clock.clear()
        elif self._whole_clock:
            self._clock.setText(times.full(at_s))
        else:
            self._clock.setText(times.recent(at_s, at_s))
        self._clock.setToolTip("" if at_s is None else times.full(at_s))

    @Slot()
    def _open_menu(self) -> None:
        if self._menu is not None:
            below = self.menu_button.rect().bottomRight()
            corner = self.menu_button.mapToGlobal(below)
            corner.setX(corner.x() - self._menu.sizeHint().width())
            self._menu.popup(corner)


class Segments(QFrame):
    """The perspectives as buttons of which one is pressed.

    Signals:
        chosen: key of the perspective.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segments")
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for number, perspective in enumerate(PERSPECTIVES):
            button = _Segment(_(perspective.title))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(f"Ctrl+{number + 1}")
            button.setMinimumWidth(_strong_width(button) + _SEGMENT_PX)
            self._group.addButton(button, number)
            layout.addWidget(button)
        self._group.idClicked.connect(self._choose)

    def mark(self, key: str) -> None:
        """Press the button of a perspective without choosing it; the focus goes along."""
        focused = any(button.hasFocus() for button in self._group.buttons())
        for number, perspective in enumerate(PERSPECTIVES):
            if perspective.key == key:
                self._group.button(number).setChecked(True)
                if focused:
                    self._group.button(number).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(int)
    def _choose(self, number: int) -> None:
        self.chosen.emit(PERSPECTIVES[number].key)


class _Segment(QPushButton):
    """A button that shows its focus only where the keyboard brought it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring(event.reason() in _BY_KEYBOARD)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring(False)
        super().focusOutEvent(event)

    def _ring(self, ringed: bool) -> None:
        self.setProperty("ringed", ringed)
        self.style().unpolish(self)
        self.style().polish(self)


def _strong_width(button: QPushButton) -> int:
    """Return the width of the button's text in the weight it has when pressed."""
    font = button.font()
    font.setPixelSize(theme.FONT_PX)
    font.setBold(True)
    return QFontMetrics(font).horizontalAdvance(button.text())


class Brand(QWidget):
    """The program's name with its mark."""

    _NAME = "Leitstand"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("brand")
        self.setAccessibleName(self._NAME)
        font = self.font()
        font.setPixelSize(15)
        font.setBold(True)
        self._name_font = font
        width = QFontMetrics(font).horizontalAdvance(self._NAME)
        self.setFixedSize(QSize(width + 24, 26))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(8, self.height() / 2)
        painter.rotate(45)
        painter.setPen(QPen(colours.accent, 1.6))
        painter.drawRect(-5, -5, 10, 10)
        painter.fillRect(-2, -2, 4, 4, colours.accent)
        painter.resetTransform()
        painter.setPen(colours.text)
        painter.setFont(self._name_font)
        metrics = painter.fontMetrics()
        painter.drawText(
            22, (self.height() + metrics.ascent() - metrics.descent()) // 2, self._NAME
        )
        painter.end()


def heartbeat_text(collector: Collector) -> str:
    """Return how the collector stands, in a few words."""
    if collector.state == CollectorState.NEVER:
        return _("Collector: nothing yet")
    if collector.state == CollectorState.STOPPED:
        return _("Collector: stopped")
    return _("Collector: {ago}").format(ago=times.ago(collector.heartbeat_age_s))


def heartbeat_short(collector: Collector) -> str:
    """Return the same where there is little room."""
    if collector.state in (CollectorState.NEVER, CollectorState.STOPPED):
        return "–"
    return times.ago(collector.heartbeat_age_s)
