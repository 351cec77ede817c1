"""The child process, with a stand-in for the program where only its end matters."""

import sys

import pytest
from filelock import FileLock

from widgets.collector_child import CollectorChild


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A main.py that does what the test says."""
    path = tmp_path / "main.py"
    monkeypatch.setattr("widgets.collector_child.MAIN", path)
    return path


@pytest.fixture
def child(tmp_path, program, qtbot):
    child = CollectorChild(tmp_path / "net.yaml", tmp_path / "history.db")
    yield child
    child.stop()


def test_its_death_is_told_with_its_last_line(child, program, qtbot):
    program.write_text("print('begins'); raise SystemExit('No such inventory.')")
    with qtbot.waitSignal(child.ended, timeout=10000) as ended:
        child.start()
    assert ended.args == ["No such inventory."]


def test_it_gets_the_inventory_and_the_history_and_knows_its_parent(child, program, qtbot):
    program.write_text("import sys; print(sys.argv[1:])")
    with qtbot.waitSignal(child.ended, timeout=10000) as ended:
        child.start()
    for word in ("collect", "net.yaml", "--history", "history.db", "--with-parent"):
        assert word in ended.args[0]


def test_none_is_started_beside_another(child, program, tmp_path, qtbot):
    program.write_text("raise SystemExit('started')")
    with FileLock(tmp_path / "history.db.lock", thread_local=False):
        assert child.is_written()
        with qtbot.assertNotEmitted(child.ended, wait=300):
            child.start()
    assert not child.is_written()


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot refuse to end there")
def test_one_that_does_not_want_to_end_is_made_to(child, program, qtbot, monkeypatch):
    monkeypatch.setattr("widgets.collector_child._STOP_MS", 300)
    program.write_text(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('ready', flush=True); time.sleep(60)"
    )
    with qtbot.waitSignal(child.started, timeout=10000):
        child.start()
    qtbot.waitUntil(lambda: child.last_line() == "ready", timeout=10000)
    with qtbot.assertNotEmitted(child.ended):
        child.stop()
    assert not child.is_running()


def test_one_that_was_stopped_is_not_started_again(child, program, qtbot):
    program.write_text("raise SystemExit('started')")
    child.stop()
    with qtbot.assertNotEmitted(child.ended, wait=300):
        child.start()
    assert not child.is_running()
