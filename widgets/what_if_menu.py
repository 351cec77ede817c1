"""The menu that asks what the failure of one of several things would do."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from console.language import _


class WhatIfMenu(QMenu):
    """Offers links and devices by name; forgets itself when it is closed.

    Signals:
        wanted: id of the one whose failure is to be imagined.
    """

    wanted = Signal(str)

    def __init__(self, failures: Iterable[tuple[str, str]], parent: QWidget) -> None:
        """Offer these: id and name of each."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for failed, name in failures:
            text = _("What if {name} fails?").format(name=name)
            action = self.addAction(text.replace("&", "&&"))
            action.setData(failed)
            action.triggered.connect(self._wish)

    @Slot()
    def _wish(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.wanted.emit(str(action.data()))
