"""The first start: the demo or an inventory file. Ends when it is known what to show."""

import sys
from pathlib import Path

from filelock import FileLock, Timeout
from PySide6.QtCore import QProcess, QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton

from console import paths
from console.language import _
from widgets.collector_child import MAIN
from widgets.dialogs.sheet import Sheet, text_label

_LOOK_MS = 200


class FirstStart(Sheet):
    """Offers what there is to see.

    `inventory` is the file that was chosen. The demo runs as a program of its own with its own
    window; the dialog ends with it and `exit_code` is its.
    """

    def __init__(self) -> None:
        super().__init__(_("Welcome to Leitstand"))
        self.inventory: Path | None = None
        self.exit_code = 0
        self._demo = QProcess(self)
        self._demo.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedOutputChannel)
        self._demo.finished.connect(self._demo_ended)
        self._watch = QTimer(self, interval=_LOOK_MS)
        self._watch.timeout.connect(self._look)
        intro = _(
            "See the simulated county network first, or open the inventory of your own network."
        )
        self._say = text_label(intro, wrap=True)
        self._say.setMinimumWidth(420)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.hide()
        self.body.addWidget(self._say)
        self.body.addWidget(self._busy)
        self.file_button = self.add_button(_("Open an inventory …"))
        self.demo_button = self.add_button(_("Show the demo"), primary=True)
        self.file_button.clicked.connect(self._choose_file)
        self.demo_button.clicked.connect(self._start_demo)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The two offers."""
        return self.demo_button, self.file_button

    @Slot()
    def _choose_file(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, _("Inventory"), "", _("Inventory (*.yaml *.yml)")
        )
        if name:
            self.inventory = Path(name)
            self.accept()

    @Slot()
    def _start_demo(self) -> None:
        for button in self.buttons:
            button.setEnabled(False)
        self._say.setText(_("The demo is being prepared: two weeks of a county network."))
        self._busy.show()
        self._demo.start(sys.executable, [str(MAIN), "demo"])
        self._watch.start()

    @Slot()
    def _look(self) -> None:
        """Step aside as soon as the demo's own collector runs: its window follows."""
        lock = FileLock(f"{paths.demo_folder() / 'history.db'}.lock")
        if not Path(lock.lock_file).exists():
            return
        try:
            with lock.acquire(timeout=0):
                return
        except Timeout:
            self._watch.stop()
            self.hide()

    @Slot(int)
    def _demo_ended(self, code: int) -> None:
        self._watch.stop()
        self.exit_code = code
        if code == 0:
            self.reject()
            return
        words = bytes(self._demo.readAllStandardError().data()).decode(errors="replace").strip()
        self._say.setText(words.splitlines()[-1] if words else _("The demo did not start."))
        self._busy.hide()
        for button in self.buttons:
            button.setEnabled(True)
        self.show()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102
        self._demo.terminate()
        super().closeEvent(event)
