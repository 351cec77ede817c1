"""Starts the collector as a child of the window, stops it with the window, tells when it dies."""

import sys
from pathlib import Path

from filelock import FileLock, Timeout
from PySide6.QtCore import QObject, QProcess, Signal, Slot

from console import paths

_STOP_MS = 3000
_TAIL_BYTES = 4096
MAIN = Path(__file__).resolve().parent.parent / "main.py"


class CollectorChild(QObject):
    """One collector process for one history.

    Signals:
        ended: it died by itself; the last line of its log, "" where there is none.
        started: it runs.
    """

    ended = Signal(str)
    started = Signal()

    def __init__(self, inventory: Path, history: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inventory = inventory
        self._history = history
        self._stopping = False
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._process.started.connect(self.started)

    @property
    def log(self) -> Path:
        """Where what it says goes."""
        return paths.log_file("collector")

    def start(self) -> None:
        """Start it, unless it was stopped or another collector writes that history already."""
        if self._stopping or self.is_running() or self.is_written():
            return
        paths.made(self.log.parent)
        self._process.setStandardOutputFile(str(self.log), QProcess.OpenModeFlag.Truncate)
        arguments = [str(MAIN), "collect", str(self._inventory), "--history", str(self._history)]
        self._process.start(sys.executable, [*arguments, "--with-parent"])

    def is_running(self) -> bool:
        """Return whether the child lives."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def is_written(self) -> bool:
        """Return whether a collector holds the history's lock."""
        paths.made(self._history.parent)
        lock = FileLock(f"{self._history}.lock")
        try:
            with lock.acquire(timeout=0):
                return False
        except Timeout:
            return True

    def stop(self) -> None:
        """End it: first asked, after 3 s made to."""
        self._stopping = True
        if not self.is_running():
            return
        self._process.terminate()
        if not self._process.waitForFinished(_STOP_MS):
            self._process.kill()
            self._process.waitForFinished(_STOP_MS)

    def last_line(self) -> str:
        """Return the last line that the collector wrote."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
                lines = file.read().decode(errors="replace").strip().splitlines()
        except FileNotFoundError:
            return ""
        return lines[-1].strip() if lines else ""

    @Slot()
    def _finished(self) -> None:
        if not self._stopping and not self.is_written():
            self.ended.emit(self.last_line())

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._stopping:
            self.ended.emit(self._process.errorString())
