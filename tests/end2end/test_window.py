"""The window as a program: brings its collector along, takes it with it, reviews anywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.history.reader import HistoryReader
from console.model.states import CollectorState
from tests.builders import DEMO_INVENTORY, NOON_S
from tests.histories import write_demo_history

ROOT = Path(__file__).parent.parent.parent
CLOSES = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from widgets import application
run = application._run
def watched(qt, session):
    def close_when_seen(snapshot):
        if snapshot.cycle is not None and session.window.docks["rooms"].content is not None:
            print(snapshot.cycle.id, snapshot.live, session.window.windowTitle(), flush=True)
            QTimer.singleShot(0, session.window.close)
    session.feed.snapshot_read.connect(close_when_seen)
    return run(qt, session)
application._run = watched
"""


def run(code: str, *arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LEITSTAND_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", CLOSES + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env=environment,
    )


def test_the_window_starts_its_collector_and_ends_it(tmp_path):
    history = tmp_path / "history.db"
    code = "sys.exit(application.run_window(Path(sys.argv[1]), Path(sys.argv[2])))"
    ended = run(code, DEMO_INVENTORY, history, home=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "True Leitstand – Kommunalnetz Rheinland-Pfalz" in ended.stdout
    with HistoryReader(history) as reader:
        assert reader.snapshot_at(None).collector.state == CollectorState.STOPPED


def test_the_next_start_needs_no_arguments(tmp_path):
    history = tmp_path / "history.db"
    code = "application.run_window(Path(sys.argv[1]), Path(sys.argv[2]))"
    assert run(code, DEMO_INVENTORY, history, home=tmp_path).returncode == 0
    again = run("sys.exit(application.run_window())", home=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "Kommunalnetz" in again.stdout


def test_review_opens_a_history_without_its_network(tmp_path):
    history = write_demo_history(tmp_path / "history.db", 0.5, NOON_S)
    code = "sys.exit(application.run_review(Path(sys.argv[1])))"
    ended = run(code, history, home=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "False Leitstand – Kommunalnetz Rheinland-Pfalz" in ended.stdout


@pytest.mark.parametrize("arguments", [["review", "missing.db"], ["review", "main.py"]])
def test_what_cannot_be_reviewed_is_refused_in_one_sentence(tmp_path, arguments):
    ended = subprocess.run(
        [sys.executable, "main.py", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**os.environ, "LEITSTAND_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1


def test_without_a_display_it_says_what_to_do(tmp_path):
    hidden = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    ended = subprocess.run(
        [sys.executable, "main.py"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**environment, "LEITSTAND_HOME": str(tmp_path)},
    )
    assert ended.returncode == 1
    assert "QT_QPA_PLATFORM=offscreen" in ended.stderr
