"""The real window in a process of its own, telling on standard output what it does and when."""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer


def say(*words: object) -> None:
    """Write one line with the moment."""
    sys.stdout.write(f"{time.time():.6f} {' '.join(map(str, words))}\n")
    sys.stdout.flush()


class Painted(QObject):
    """Tells the newest cycle that the map has painted."""

    def __init__(self, session) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self._session = session
        self._cycle = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note the paint that follows; it is over when the event loop comes round."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        snapshot = self._session.window.desk.snapshot
        if snapshot is not None and snapshot.cycle and snapshot.cycle.id != self._cycle:
            self._cycle = snapshot.cycle.id
            say("painted", self._cycle)


def main(inventory: str, history: str, seconds: str) -> int:
    """Run the window as `main.py` does, with ears on it."""
    from widgets import application

    run = application._run

    def run_watched(qt, session) -> int:  # type: ignore[no-untyped-def]
        watch = Painted(session)
        session.window.docks["map"].content.installEventFilter(watch)
        session.window.complete.connect(lambda: say("complete"))
        session.child = None  # the measurement writes the history itself
        QTimer.singleShot(round(float(seconds) * 1000), session.window.close)
        code = run(qt, session)
        say("memory", rss_mb())
        return int(code)

    application._run = run_watched
    return application.run_window(Path(inventory), Path(history))


def rss_mb() -> int:
    """Resident memory of this process in MB (Linux); 0 elsewhere."""
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(text.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
