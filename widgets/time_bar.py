"""The time bar: shows where the cursor stands; the operator moves, steps or plays it."""

import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from console.language import N_, _
from console.model.series import Density
from widgets.icons import IconButton
from widgets.time_strip import TimeStrip

SPEEDS = (1, 10, 60, 300, 600)
RANGES = (
    (N_("1 h"), 3600.0),
    (N_("6 h"), 6 * 3600.0),
    (N_("24 h"), 86400.0),
    (N_("7 d"), 7 * 86400.0),
    (N_("30 d"), 30 * 86400.0),
    (N_("All"), None),
)
_TICK_MS = 100
_LEAST_S = 600.0  # the shortest range worth drawing
Span = tuple[float, float]


class TimeBar(QWidget):
    """Displays the time cursor over the recorded past. Knows nothing of files or collectors.

    Signals:
        cursor_wanted: another moment is asked for (float UTC seconds, or None: live).
        step_wanted: the next (+1) or previous (-1) cycle is asked for; ±2: the next incident.
        density_wanted: (from_s, to_s, bins) to draw.
    """

    cursor_wanted = Signal(object)
    step_wanted = Signal(int)
    density_wanted = Signal(float, float, int)

    def __init__(self, review: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._review = review
        self._span: Span | None = None
        self._cursor_s: float | None = None
        self._offset_s = 0.0  # how far the range's end lies before the span's end
        self._wished: tuple[float, float, int] | None = None
        self._played_at_s = 0.0
        self.back_button = IconButton("previous", _("Previous cycle") + "  ←")
        self.play_button = IconButton("play", _("Play") + "  " + _("Space"))
        self.next_button = IconButton("next", _("Next cycle") + "  →")
        self.speed_box = _box([f"{speed}×" for speed in SPEEDS], _("Speed of playing"))
        self.speed_box.setCurrentIndex(SPEEDS.index(60))
        self.strip = TimeStrip()
        self.range_box = _box([_(label) for label, _s in RANGES], _("Range of the time bar"))
        self.range_box.setCurrentIndex(3)
        self.live_button = QPushButton(_("End") if review else _("● LIVE"))
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._advance)

    def _build(self) -> None:
        self.live_button.setCheckable(True)
        self.live_button.setChecked(True)
        self.live_button.setProperty("kind", "end" if self._review else "live")
        self.live_button.setToolTip(_("Back to the newest state") + "  " + _("End"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 4, 16, 4)
        layout.setSpacing(8)
        for widget in (self.back_button, self.play_button, self.next_button, self.speed_box):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(self.strip, 1)
        layout.addSpacing(4)
        layout.addWidget(self.range_box)
        layout.addWidget(self.live_button)
        self.back_button.clicked.connect(self._step_back)
        self.next_button.clicked.connect(self._step_on)
        self.play_button.clicked.connect(self.toggle_play)
        self.live_button.clicked.connect(self._go_live)
        self.range_box.currentIndexChanged.connect(self._choose_range)
        self.strip.moment_wanted.connect(self._point)
        self.strip.zoom_wanted.connect(self._zoom)
        self.strip.key_pressed.connect(self._press)

    def show_span(self, span: Span) -> None:
        """Show how far the recorded past reaches; never emits a move of the cursor."""
        self._span = span
        self._show()

    def show_cursor(self, cursor_s: float | None) -> None:
        """Display the cursor; never emits one, so that display cannot echo as a command."""
        self._cursor_s = cursor_s
        at_end = cursor_s is None or (self._review and self._at_end(cursor_s))
        self.live_button.setChecked(at_end)
        if cursor_s is None:
            self._stop()
        self._show()

    def show_density(self, density: Density) -> None:
        """Show what went wrong when."""
        self.strip.show_density(density)

    @property
    def playing(self) -> bool:
        """True while the cursor moves by itself."""
        return self._timer.isActive()

    def _at_end(self, cursor_s: float) -> bool:
        return self._span is not None and cursor_s >= self._span[1]

    def _length_s(self) -> float:
        assert self._span is not None
        chosen = RANGES[self.range_box.currentIndex()][1]
        whole = max(_LEAST_S, self._span[1] - self._span[0])
        return whole if chosen is None else min(chosen, whole)

    def _show(self) -> None:
        """Lay the range so that the cursor is in it, and ask for what is to be drawn there."""
        if self._span is None:
            return
        length_s = self._length_s()
        last_s = self._span[1]
        room_s = max(0.0, last_s - self._span[0] - length_s)
        if self._cursor_s is None:
            self._offset_s = 0.0
        elif not 0 <= last_s - self._offset_s - self._cursor_s <= length_s:
            self._offset_s = last_s - self._cursor_s - length_s / 2
        self._offset_s = min(max(0.0, self._offset_s), room_s)
        to_s = last_s - self._offset_s
        self.strip.show_range(to_s - length_s, to_s)
        shown_s = last_s if self._cursor_s is None else self._cursor_s
        self.strip.show_cursor(shown_s, self._cursor_s is None)
        self._wish_density(to_s - length_s, to_s)

    def _wish_density(self, from_s: float, to_s: float) -> None:
        """Ask for bins on round moments, so that bars stand still while time passes."""
        bin_s = max(1.0, round((to_s - from_s) / self.strip.bins()))
        first = from_s // bin_s
        count = int(to_s // bin_s - first) + 1
        wish = (first * bin_s, (first + count) * bin_s, count)
        if wish != self._wished:
            self._wished = wish
            self.density_wanted.emit(*wish)

    def renew_density(self) -> None:
        """Ask again for what is drawn: something was added."""
        if self._wished is not None:
            self.density_wanted.emit(*self._wished)

    def resizeEvent(self, event: object) -> None:  # noqa: D102
        self._show()

    @Slot(int)
    def _choose_range(self, index: int) -> None:
        self._show()

    @Slot(int, float)
    def _zoom(self, nearer: int, at_s: float) -> None:
        index = self.range_box.currentIndex() - nearer
        self.range_box.setCurrentIndex(min(max(0, index), len(RANGES) - 1))

    @Slot(float)
    def _point(self, at_s: float) -> None:
        self.cursor_wanted.emit(at_s)

    @Slot()
    def _go_live(self) -> None:
        self.live_button.setChecked(self._cursor_s is None)
        self._stop()
        self.cursor_wanted.emit(self._span[1] if self._review and self._span else None)

    @Slot()
    def _step_back(self) -> None:
        self._stop()
        self.step_wanted.emit(-1)

    @Slot()
    def _step_on(self) -> None:
        self._stop()
        self.step_wanted.emit(1)

    @Slot(int, bool)
    def _press(self, key: int, control: bool) -> None:
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._stop()
            self.step_wanted.emit((1 if key == Qt.Key.Key_Right else -1) * (2 if control else 1))
        elif key == Qt.Key.Key_End:
            self._go_live()
        elif key == Qt.Key.Key_Home and self._span is not None:
            self.cursor_wanted.emit(self._span[0])
        elif key == Qt.Key.Key_Space:
            self.toggle_play()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self._zoom(1 if key == Qt.Key.Key_Plus else -1, 0.0)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._leap(1 if key == Qt.Key.Key_PageDown else -1)

    def _leap(self, direction: int) -> None:
        """Move the cursor by a tenth of what is seen."""
        if self._span is None:
            return
        now_s = self._span[1] if self._cursor_s is None else self._cursor_s
        to_s = now_s + direction * self._length_s() / 10
        self._move_to(max(self._span[0], to_s))

    @Slot()
    def toggle_play(self) -> None:
        """Start or stop playing; from the end on the last hour is played."""
        if self.playing:
            self._stop()
            return
        if self._span is None:
            return
        if self._cursor_s is None or self._at_end(self._cursor_s):
            self.cursor_wanted.emit(max(self._span[0], self._span[1] - 3600))
        self._played_at_s = time.monotonic()
        self._timer.start()
        self.play_button.describe("pause", _("Pause") + "  " + _("Space"))

    def _stop(self) -> None:
        if self.playing:
            self._timer.stop()
            self.play_button.describe("play", _("Play") + "  " + _("Space"))

    @Slot()
    def _advance(self) -> None:
        """Move on by the real time that passed times the speed."""
        now_s = time.monotonic()
        passed_s, self._played_at_s = now_s - self._played_at_s, now_s
        if self._cursor_s is not None:
            self._move_to(self._cursor_s + passed_s * SPEEDS[self.speed_box.currentIndex()])

    def _move_to(self, at_s: float) -> None:
        if not self._at_end(at_s):
            self.cursor_wanted.emit(at_s)
            return
        self._go_live()


def _box(labels: list[str], name: str) -> QComboBox:
    box = QComboBox()
    box.addItems(labels)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
