"""Starts the window: on a network, on a history for review, or for the first time."""

import logging
import os
import sys
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Before Qt: PySide reads the source of every module imported after it, 0.1 s for these.
import networkx  # noqa: F401
import numpy  # noqa: F401
import pydantic  # noqa: F401
import yaml
from PySide6.QtCore import QLibraryInfo, QTimer, QtMsgType, QTranslator, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from console import language, paths, settings
from console.errors import OperatorError
from console.language import _
from console.system_errors import in_words
from widgets import look
from widgets.crash import CrashReporter
from widgets.session import Session

_ZONE = "Europe/Berlin"
_LOG_BYTES = 1_000_000
_PICTURES_S = 45.0  # a first round of every device is in, and a second, so that there are rates
_WATCH_MS = 1000
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class DemoOrder(Protocol):
    """What the window of a demo is to show; see console.commands.demo.WindowOrder."""

    @property
    def inventory(self) -> Path:
        """The demo's inventory."""

    @property
    def history(self) -> Path:
        """The demo's history."""

    @property
    def for_s(self) -> float | None:
        """For how long, None: until closed; before pictures are taken: how long to wait."""

    @property
    def screenshots(self) -> Path | None:
        """Where to leave pictures and end, None: none."""

    def check(self) -> None:
        """Raise OperatorError when the simulated network is no longer there."""


def run_window(inventory: Path | None = None, history: Path | None = None) -> int:
    """Run the window on a network and return the exit code.

    Without arguments: the network configured last; the first time the operator is asked. Without
    a history: the one that belongs to the home.
    """
    chosen = settings.load()
    if inventory is None and not chosen["inventory"]:
        return _run_first_start(chosen)
    if inventory is None:
        inventory, history = Path(chosen["inventory"]), _path(chosen["history"])
    else:
        _remember(chosen, inventory, history)
    return _run_network(make_application(chosen), chosen, inventory, history)


def run_review(history: Path) -> int:
    """Run the window on a history that nobody writes; return the exit code."""
    from console.history.reader import HistoryReader
    from console.history.review import open_for_review

    chosen = settings.load()
    with open_for_review(history) as readable:
        reader = HistoryReader(readable)
        span = reader.span()
        inventory = reader.inventory_at(span[1]) if span else None
        reader.close()
        application = make_application(chosen)
        if inventory is not None:
            speak(chosen, inventory.language, inventory.timezone)
            _teach_qt(application)
        session = Session(
            readable,
            arrangement=paths.arrangement_file(),
            review=history.name,
            cursor_s=span[1] if span else None,
        )
        return _run(application, session)


def require_display(screenshots: Path | None = None) -> None:
    """Raise OperatorError where no window can be; pictures are drawn off screen."""
    if screenshots is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif not has_display():
        raise OperatorError(
            _("There is no display. Set QT_QPA_PLATFORM=offscreen to run without one.")
        )


def run_demo(order: DemoOrder) -> int:
    """Run the window on a demo whose collector runs already; return the exit code."""
    chosen = settings.load()
    application = make_application(chosen)
    speak(chosen, *_spoken_in(order.inventory))
    _teach_qt(application)
    if order.screenshots is not None:
        return _run_for_pictures(application, order, order.screenshots)
    session = Session(
        order.history, inventory=order.inventory, arrangement=paths.arrangement_file()
    )
    if order.for_s is not None:
        QTimer.singleShot(_timer_ms(order.for_s), session.window.close)
    watch = QTimer(session)
    watch.timeout.connect(partial(_tell_trouble, order, session, watch))
    watch.start(_WATCH_MS)
    return _run(application, session)


def _tell_trouble(order: DemoOrder, session: Session, watch: QTimer) -> None:
    """Show on the banner that the simulated network has ended; it is said once."""
    try:
        order.check()
    except OperatorError as error:
        watch.stop()
        session.window.show_trouble(str(error))


def _run_for_pictures(application: QApplication, order: DemoOrder, folder: Path) -> int:
    from widgets.screenshots import Photographer

    session = Session(order.history, inventory=order.inventory)
    photographer = Photographer(session, folder)
    failures: list[Exception] = []
    photographer.done.connect(application.quit)
    photographer.failed.connect(failures.append)
    photographer.failed.connect(application.quit)
    warm_s = _PICTURES_S if order.for_s is None else order.for_s
    QTimer.singleShot(_timer_ms(warm_s), photographer.start)
    code = _run(application, session)
    if failures:
        raise failures[0]
    order.check()
    return code


def _run_network(
    application: QApplication,
    chosen: settings.Settings,
    inventory: Path,
    history: Path | None,
) -> int:
    speak(chosen, *_spoken_in(inventory))
    _teach_qt(application)
    session = Session(
        history or paths.history_file(),
        inventory=inventory.absolute(),
        arrangement=paths.arrangement_file(),
    )
    return _run(application, session)


def _run_first_start(chosen: settings.Settings) -> int:
    """Ask what to show: the demo or an inventory file; then show it."""
    from widgets.dialogs.first_start import FirstStart

    speak(chosen, "system", _ZONE)
    application = make_application(chosen)
    _teach_qt(application)
    question = FirstStart()
    question.finished.connect(application.quit)
    application.setQuitOnLastWindowClosed(False)
    question.open()
    application.exec()
    application.setQuitOnLastWindowClosed(True)
    if question.inventory is None:
        return question.exit_code
    _remember(chosen, question.inventory, None)
    return _run_network(application, chosen, question.inventory, None)


def make_application(chosen: settings.Settings) -> QApplication:
    """Return the one QApplication, dressed; refuse in plain words where there is no display."""
    require_display()
    QApplication.setApplicationName("Leitstand")
    QApplication.setDesktopFileName("leitstand")
    application = QApplication(sys.argv[:1])
    look.dress(application, look.named(chosen["theme"], application))
    return application


def has_display() -> bool:
    """Return whether Qt will find somewhere to draw."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _teach_qt(application: QApplication) -> None:
    """Let Qt's own dialogs and names of keys speak the language in use."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language.language()}", folder):
        application.installTranslator(translator)


def speak(chosen: settings.Settings, spoken: str, timezone: str) -> None:
    """Use the language and clock of the settings, where they say so those of the inventory."""
    wanted = chosen["language"]
    zone = "UTC" if chosen["clock"] == "utc" else timezone
    language.use(spoken if wanted == "inventory" else wanted, zone)


def start_log() -> None:
    """Log what is worth knowing, and everything Qt complains about; to a file where that can be."""
    handler = _log_handler(paths.log_file("window"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    qInstallMessageHandler(_log_qt)


def _log_handler(file: Path) -> logging.Handler:
    """Return what writes into the file; where that cannot be, such as for review, on a terminal."""
    try:
        paths.made(file.parent)
        return RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8")
    except OSError as error:
        logging.getLogger("leitstand.window").warning("%s: %s", file, in_words(error))
        return logging.StreamHandler()


def _log_qt(kind: QtMsgType, _context: object, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS[kind], text)


def _run(application: QApplication, session: Session) -> int:
    start_log()
    reporter = CrashReporter(session.window)
    reporter.install()
    session.broken.connect(reporter.report)
    session.theme_wanted.connect(partial(_dress, application))
    session.start()
    try:
        return application.exec()
    finally:
        session.close()


def _dress(application: QApplication, choice: str) -> None:
    look.dress(application, look.named(choice, application))


def _remember(chosen: settings.Settings, inventory: Path, history: Path | None) -> None:
    now = chosen.changed(
        inventory=str(inventory.absolute()), history=str(history.absolute()) if history else ""
    )
    now.save()


def _timer_ms(length_s: float) -> int:
    """Return the length for a QTimer, which counts to 24 days."""
    return min(round(length_s * 1000), 2**31 - 1)


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _spoken_in(inventory: Path) -> tuple[str, str]:
    """Return language and time zone of an inventory without validating it: that takes too long.

    What is wrong with the file is told by the collector, which reads all of it.
    """
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        read = yaml.load(inventory.read_text(encoding="utf-8"), loader)
    except FileNotFoundError as error:
        raise OperatorError(
            _("There is no inventory {path}. Give another file to `collect` or `check`.").format(
                path=inventory
            )
        ) from error
    except (OSError, UnicodeError, yaml.YAMLError):
        read = None
    found = read if isinstance(read, dict) else {}
    spoken, zone = found.get("language"), found.get("timezone")
    return (
        spoken if spoken in (*language.LANGUAGES, "system") else "system",
        zone if isinstance(zone, str) and _is_zone(zone) else _ZONE,
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return False
    return True
