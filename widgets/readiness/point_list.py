"""Points below each other: shape, what is the matter, what to do now and whom to call."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.language import _, ngettext
from widgets import theme
from widgets.detail.parts import plain_label
from widgets.readiness.points import Point
from widgets.readiness.verdict_box import Sign
from widgets.room_tile import unbroken

_FIRST = 3  # so many are shown until more are wanted
_SIGN_PX = 13


class PointRow(QWidget):
    """One point; clicked or entered it chooses what it is about.

    Signals:
        chosen: id of what the point is about.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject = ""
        self.sign = Sign(_SIGN_PX)
        self.text, self.step = plain_label(), plain_label(tone="dim")
        lines = QVBoxLayout()
        lines.setSpacing(3)
        for label in (self.text, self.step):
            label.setWordWrap(True)
            lines.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 8, 4, 8)
        row.setSpacing(14)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        self._cover = _Cover(self)
        self._cover.clicked.connect(self._choose)

    def show_point(self, point: Point) -> None:
        """Show this point."""
        self._subject = point.subject
        self.sign.show_state(point.sign)
        step = " · ".join(x for x in (point.step.removesuffix("."), point.contact) if x)
        self.text.setText(point.text)
        self.step.setText(f"→ {unbroken(step)}" if step else "")
        self.step.setVisible(bool(step))
        self._cover.setAccessibleName(point.text)
        self._cover.setAccessibleDescription(step)

    def resizeEvent(self, event: object) -> None:  # noqa: D102
        self._cover.setGeometry(self.rect())

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self._subject)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setPen(theme.current().line)
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()


class _Cover(QAbstractButton):
    """Lies over a row, so that the whole of it is one button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.current().accent)
        frame = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        painter.drawRoundedRect(frame, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        painter.end()


class PointList(QWidget):
    """Shows what needs attention; what is only worth knowing, and more than a few, when asked for.

    Signals:
        subject_chosen: id of what a chosen point is about.
    """

    subject_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Point, ...] = ()
        self._notes: tuple[Point, ...] = ()
        self._rows: list[PointRow] = []
        self._all = False
        self.more = QPushButton()
        self.more.setProperty("kind", "quiet")
        self.more.clicked.connect(self._toggle)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        self._lines.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def shown(self) -> tuple[PointRow, ...]:
        """The rows that are shown."""
        return tuple(row for row in self._rows if row.isVisibleTo(self))

    def show_points(self, points: Sequence[Point], notes: Sequence[Point] = ()) -> None:
        """Show these; `notes` are worth knowing, no more."""
        if (tuple(points), tuple(notes)) != (self._points, self._notes):
            self._points, self._notes = tuple(points), tuple(notes)
            self._fill()

    def _fill(self) -> None:
        every = (*self._points, *self._notes)
        few = every if self._all else self._points[:_FIRST]
        while len(self._rows) < len(few):
            row = PointRow()
            row.chosen.connect(self.subject_chosen)
            self._rows.append(row)
            self._lines.insertWidget(len(self._rows) - 1, row)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(few))
            if number < len(few):
                row.show_point(few[number])
        hidden = len(every) - len(few)
        self.more.setVisible(hidden > 0 or (self._all and len(every) > _FIRST))
        if hidden:
            text = ngettext("Show {n} more …", "Show {n} more …", hidden).format(n=hidden)
        else:
            text = _("Show less")
        self.more.setText(text)

    @Slot()
    def _toggle(self) -> None:
        self._all = not self._all
        self._fill()
