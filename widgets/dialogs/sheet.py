"""What all dialogs have in common: a heading, a body, a row of buttons, one set of margins."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class Sheet(QDialog):
    """A dialog with a heading; subclasses fill `body` and call `add_button`."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(text_label(heading, size="large"))
        column.addLayout(self.body, 1)
        column.addLayout(self._buttons)

    def add_button(self, text: str, primary: bool = False) -> QPushButton:
        """Add a button at the end of the row."""
        button = QPushButton(text)
        if primary:
            button.setProperty("kind", "primary")
            button.setDefault(True)
        else:
            button.setAutoDefault(False)
        self._buttons.addWidget(button)
        return button


def text_label(text: str, size: str = "", tone: str = "", wrap: bool = False) -> QLabel:
    """Return a label of plain text."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if size:
        label.setProperty("scale", size)
    if tone:
        label.setProperty("tone", tone)
    return label
