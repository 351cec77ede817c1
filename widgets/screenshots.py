"""Takes one picture of each perspective of a running window, then says that it is done."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.errors import OperatorError
from console.language import _
from console.model.series import Incident
from console.model.snapshot import Snapshot
from widgets.panels import PERSPECTIVES
from widgets.session import Session

SIZE_PX = (1600, 1000)
_SETTLE_MS = 1500  # until everything asked for is read and painted


class Photographer(QObject):
    """Goes through the perspectives, each in a situation worth a picture.

    Signals:
        done: all pictures are there.
        failed: an OperatorError; a picture could not be written.
    """

    done = Signal()
    failed = Signal(Exception)

    def __init__(self, session: Session, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._folder = folder
        self._left = list(PERSPECTIVES)
        self._prepare: dict[str, Callable[[], None]] = {
            "operations": self._show_busiest,
            "conference": self._show_rooms,
            "review": self._show_incident,
        }

    @Slot()
    def start(self) -> None:
        """Begin with the first perspective."""
        self._session.window.resize(*SIZE_PX)
        self._next()

    def _next(self) -> None:
        if not self._left:
            self.done.emit()
            return
        perspective = self._left[0]
        self._session.window.show_perspective(perspective)
        self._session.window.reset_arrangement()
        self._prepare[perspective.key]()
        QTimer.singleShot(_SETTLE_MS, self._take)

    @Slot()
    def _take(self) -> None:
        path = self._folder / f"{self._left.pop(0).key}.png"
        if not (_made(self._folder) and self._session.window.grab().save(str(path))):
            self.failed.emit(OperatorError(_("{path} cannot be written.").format(path=path)))
            return
        self._next()

    def _show_busiest(self) -> None:
        snapshot = self._session.window.desk.snapshot
        if snapshot is not None and snapshot.links:
            self._session.window.desk.choose_link(_busiest(snapshot))

    def _show_rooms(self) -> None:
        self._session.window.desk.select("", "")

    def _show_incident(self) -> None:
        """Go to the middle of the gravest thing that is over."""
        over = [one for one in self._session.window.desk.incidents if one.ended_s is not None]
        if not over:
            return
        one = max(over, key=_gravity)
        assert one.ended_s is not None
        self._session.window.desk.move_cursor((one.began_s + one.ended_s) / 2)
        self._session.window.desk.choose_subject(one.subject)


def _made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _busiest(snapshot: Snapshot) -> str:
    return max(snapshot.links.values(), key=lambda link: link.load or 0.0).id


def _gravity(one: Incident) -> tuple[bool, bool, float]:
    """A link that was down, long but not for days."""
    length_s = (one.ended_s or one.began_s) - one.began_s
    return (
        one.state == "down",
        any("port_down" in text for text in one.reasons),
        min(length_s, 7200),
    )
