"""Copies the history into one file to carry elsewhere: off the main thread, stoppable."""

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QProgressBar

from console.errors import OperatorError
from console.language import _
from widgets.background import LatestOnly
from widgets.dialogs.sheet import Sheet, text_label

if TYPE_CHECKING:
    from widgets.session import Session

_WHOLE = 1000


class ExportDialog(Sheet):
    """Asks where to, shows how far it is.

    Signals:
        exported: the file that was written.
    """

    exported = Signal(Path)
    _part_done = Signal(float)

    def __init__(self, session: "Session") -> None:
        super().__init__(_("Export history"), session.window)
        self._session = session
        self._stopped = threading.Event()
        self._worker = LatestOnly(parent=self)
        self._worker.done.connect(self._finish)
        self._worker.failed.connect(self._fail)
        self._say = text_label(
            _("One file with everything recorded so far. Open it anywhere with `review`."),
            wrap=True,
        )
        self._say.setMinimumWidth(420)
        self._bar = QProgressBar()
        self._bar.setRange(0, _WHOLE)
        self._bar.setAccessibleName(_("Progress of the export"))
        self._bar.hide()
        self._part_done.connect(self._show_part)
        self.body.addWidget(self._say)
        self.body.addWidget(self._bar)
        self._cancel = self.add_button(_("Cancel"))
        self._go = self.add_button(_("Choose a file …"), primary=True)
        self._cancel.clicked.connect(self.reject)
        self._go.clicked.connect(self._choose)

    @Slot()
    def _choose(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Export history"), "leitstand.db", _("History (*.db)")
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, target: Path) -> None:
        """Write the history to `target`."""
        self._go.setEnabled(False)
        self._say.setText(_("Writing {path} …").format(path=target))
        self._bar.setValue(0)
        self._bar.show()
        self._worker.request("export", partial(self._export, target))

    def _export(self, target: Path) -> Path | None:
        """Run on the worker; return None when the operator stopped it."""
        from console.history.export import export

        return target if export(self._session.history, target, self._go_on) else None

    def _go_on(self, part: float) -> bool:
        self._part_done.emit(part)
        return not self._stopped.is_set()

    @Slot(float)
    def _show_part(self, part: float) -> None:
        self._bar.setValue(round(part * _WHOLE))

    @Slot(str, object)
    def _finish(self, _kind: str, target: Path | None) -> None:
        if target is None:
            return
        self._bar.setValue(_WHOLE)
        self._say.setText(_("{path} is complete.").format(path=target))
        self._go.hide()
        self._cancel.setText(_("Close"))
        self.exported.emit(target)

    @Slot(str, Exception)
    def _fail(self, _kind: str, error: Exception) -> None:
        self._bar.hide()
        self._go.setEnabled(True)
        if isinstance(error, OperatorError):
            self._say.setText(str(error))
        else:
            self._session.broken.emit(error)

    def done(self, result: int) -> None:  # noqa: D102
        self._stopped.set()
        self._worker.close()
        super().done(result)
