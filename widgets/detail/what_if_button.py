"""The question what would happen if the thing shown failed, as a button."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from console.language import _


class WhatIfButton(QPushButton):
    """Asks about a link or device.

    Signals:
        what_if_wanted: its id.
    """

    what_if_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("What if this fails?"), parent)
        self._subject = ""
        self.setToolTip(_("Shows what would be cut off or overloaded (F8)"))
        self.clicked.connect(self._ask)

    def show_subject(self, subject: str) -> None:
        """Ask about this link or device."""
        self._subject = subject

    @Slot()
    def _ask(self) -> None:
        self.what_if_wanted.emit(self._subject)
