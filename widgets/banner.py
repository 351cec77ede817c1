"""The banner: sentences that change how everything below is to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets.elided import ElidedLabel


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence. `action`: key of what its button does, with the button's text."""

    tone: Literal["down", "warning", "accent"]
    text: str
    action: str = ""
    label: str = ""


class Banner(QWidget):
    """Displays notices, the gravest first; takes no room without any.

    Signals:
        action_wanted: key of the action whose button was pressed.
    """

    action_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Notice, ...] = ()
        self._rows: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is displayed."""
        return self._shown

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """Display these; rows that keep their shape only change their text."""
        notices = tuple(notices)
        if notices == self._shown:
            return
        same = [(n.tone, n.action) for n in notices] == [(n.tone, n.action) for n in self._shown]
        self._shown = notices
        if not same:
            self._rebuild()
        for row, notice in zip(self._rows, notices, strict=True):
            row.label.setText(notice.text)
        self.setVisible(bool(notices))

    def _rebuild(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [_Row(notice) for notice in self._shown]
        for row in self._rows:
            row.acted.connect(self.action_wanted)
            self._layout.addWidget(row)


class _Row(QFrame):
    acted = Signal(str)

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tone", notice.tone)
        self._action = notice.action
        self.label: QLabel = ElidedLabel(notice.text)
        self.label.setProperty("weight", "strong")
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 12, 4)
        layout.addWidget(self.label, 1)
        self.setMinimumHeight(38)
        if notice.action:
            button = QPushButton(notice.label)
            button.clicked.connect(self._act)
            layout.addWidget(button)

    def _act(self) -> None:
        self.acted.emit(self._action)
