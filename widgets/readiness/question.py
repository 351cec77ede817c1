"""A question that opens below itself what answers it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

_CLOSED, _OPEN = "▸", "▾"
_LEAST_PX = 120


class Question(QWidget):
    """A line to click; `body` takes room only while it is open. More may stand beside the line.

    Signals:
        toggled: the person has opened (True) or closed it.
    """

    toggled = Signal(bool)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.line = QPushButton()
        self.line.setProperty("kind", "quiet")
        self.line.setAccessibleName(text)
        self.line.setMinimumWidth(_LEAST_PX)  # else a long one would make its panel wider
        self.line.clicked.connect(self._toggle)
        self.body = QWidget()
        self.inside = QVBoxLayout(self.body)
        self.inside.setContentsMargins(8, 0, 4, 6)
        self.inside.setSpacing(4)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.line)
        self.head.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addLayout(self.head)
        lines.addWidget(self.body)
        self.line.setText(f"{_CLOSED} {text}")
        self.body.hide()

    @property
    def is_open(self) -> bool:
        """The answer is shown."""
        return self.body.isVisibleTo(self)

    def show_open(self, is_open: bool) -> None:
        """Open or close it."""
        self.body.setVisible(is_open)
        self.line.setText(f"{_OPEN if is_open else _CLOSED} {self._text}")

    @Slot()
    def _toggle(self) -> None:
        self.show_open(not self.is_open)
        self.toggled.emit(self.is_open)
