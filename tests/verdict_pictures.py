"""Pictures of the conference perspective in every state: python -m tests.verdict_pictures FOLDER.

With further words only what they name: de en light dark 1280x800 ready not_ready report what_if.
"""

import os
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from console import language
from console.analysis.readiness import impact
from console.analysis.readiness.bridge_sites import bridge_sites
from console.analysis.readiness.relief import reliefs
from console.history.reader import HistoryReader
from tests.readiness_values import CONFERENCE, VALUES, Made, lookback, story
from widgets import look, theme
from widgets.advising import SitesTold
from widgets.feed import HistoryFeed
from widgets.main_window import MainWindow
from widgets.panels import PERSPECTIVES

SIZES = ("1280x800", "1600x1000", "3840x2160")
THEMES = {"light": theme.LIGHT, "dark": theme.DARK}
STATES = (*VALUES, "report", "what_if", "room", "bridge", "open", "none")
_SETTLE_MS, _PAINTED_MS = 700, 300


class Closed(HistoryFeed):
    """A feed without a history: the window shows only what it is told."""

    def __init__(self) -> None:
        super().__init__(_no_reader)


def _no_reader() -> HistoryReader:
    raise FileNotFoundError


def window_of(size: str) -> MainWindow:
    """Open a window with all its panels in the conference perspective."""
    window = MainWindow(Closed())
    window.feed.ask = _nothing  # type: ignore[method-assign]
    window.desk.assessor.show_snapshot = _nothing  # type: ignore[method-assign]
    window.resize(*map(int, size.split("x")))
    window.show()
    _until(window.complete.connect, window.complete_panels)
    window.show_perspective(next(p for p in PERSPECTIVES if p.key == "conference"))
    return window


def _nothing(*_what: object) -> None:
    """Ask nobody."""


def show(window: MainWindow, state: str) -> None:
    """Tell the window everything of a state."""
    base = {"report": "running", "bridge": "ready", "what_if": "ready_not_n1", "room": "not_ready"}
    made: Made = VALUES[base.get(state, state) if state not in ("open", "none") else "ready"]()
    desk = window.desk
    desk.select("room", "kus-saal") if state == "room" else desk.select("", "")
    desk.show_snapshot(made[1].snapshot)
    panel = window.docks["readiness"].content
    panel._known.clear()
    desk._tell_all("show_at_hand", "" if state == "none" else CONFERENCE)
    if state not in ("open", "none"):
        desk._tell_all("show_reliefs", CONFERENCE, reliefs(made[1], made[0]))
        desk._tell_all("show_assessment", *made)
        _wait(_PAINTED_MS)  # panels take an assessment in turns
        desk._tell_all("show_lookback", lookback())
    if state == "bridge":
        panel.questions.bridge.show_open(True)
        sites = bridge_sites(made[1])
        told = SitesTold(CONFERENCE, len(sites), len(sites), "rechenzentrum", sites)
        desk._tell_all("show_bridge_sites", told)
    desk._tell_all("show_story", story(reported=state == "report"))
    desk.what_if.failed = "kh-bir" if state == "what_if" else ""
    told = impact("kh-bir", made[1].snapshot, [made[1]]) if state == "what_if" else None
    desk._show_impact(told)


def _until(connect: Callable[[Callable[[], None]], object], begin: Callable[[], None]) -> None:
    loop = QEventLoop()
    connect(loop.quit)
    begin()
    loop.exec()


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _chosen(every: tuple[str, ...], words: list[str]) -> list[str]:
    return [one for one in every if one in words] or list(every)


def main(folder: Path, words: list[str]) -> None:
    """Take the pictures that the words name."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    looks = product(_chosen(("de", "en"), words), _chosen(tuple(THEMES), words))
    for (spoken, colours), size in product(list(looks), _chosen(SIZES, words)):
        language.use(spoken)
        look.dress(application, THEMES[colours])
        window = window_of(size)
        for state in _chosen(STATES, words):
            show(window, state)
            _wait(_SETTLE_MS)
            window.grab().save(str(folder / f"{state}-{spoken}-{colours}-{size}.png"))
        window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
