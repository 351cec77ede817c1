"""When the program itself is wrong: the traceback goes to the log, the operator is told."""

import logging
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from console import paths
from console.language import _

_log = logging.getLogger("leitstand.window")


class CrashReporter(QObject):
    """Takes every exception that nobody handled, from any thread.

    Signals:
        crashed: the traceback as text.
    """

    crashed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window = parent
        self._told = False
        self.crashed.connect(self._tell)

    def install(self) -> None:
        """Become the program's last resort."""
        sys.excepthook = self._hook

    @Slot(Exception)
    def report(self, error: Exception) -> None:
        """Report an exception that was caught on another thread."""
        self._hook(type(error), error, error.__traceback__)

    def _hook(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        text = "".join(traceback.format_exception(kind, error, where))
        _log.error("unhandled exception\n%s", text)
        self.crashed.emit(text)

    @Slot(str)
    def _tell(self, text: str) -> None:
        """Tell once; a fault that repeats every second only fills the log."""
        if self._told:
            return
        self._told = True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Critical)
        box.setWindowTitle(_("Leitstand has a fault"))
        box.setText(_("Something went wrong inside the program. The network is not concerned."))
        box.setInformativeText(
            _(
                "The details are in {path}. Please send them with a description of what you did."
            ).format(path=paths.log_file("window"))
        )
        box.setDetailedText(text)
        box.open()
