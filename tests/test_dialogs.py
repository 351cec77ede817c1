"""Dialogs on real files and processes."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

from console import settings
from console.history.reader import HistoryReader
from tests.builders import NOON_S
from tests.histories import write_demo_history
from widgets.dialogs.export import ExportDialog
from widgets.dialogs.first_start import FirstStart
from widgets.dialogs.settings import SettingsDialog


class Session(QObject):
    """As much of a session as dialogs know."""

    broken = Signal(Exception)
    theme_wanted = Signal(str)

    def __init__(self, history=None):
        super().__init__()
        self.history = history
        self.window = None


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return write_demo_history(tmp_path_factory.mktemp("export") / "history.db", 1.0, NOON_S)


def test_an_export_is_a_history_with_the_same_past(qtbot, recorded, tmp_path):
    dialog = ExportDialog(Session(recorded))
    qtbot.addWidget(dialog)
    dialog.show()
    target = tmp_path / "copy.db"
    with qtbot.waitSignal(dialog.exported):
        dialog.export_to(target)
    dialog.accept()
    with HistoryReader(recorded) as one, HistoryReader(target) as other:
        assert one.span() == other.span()
        assert one.snapshot_at(NOON_S - 60).links == other.snapshot_at(NOON_S - 60).links


def test_a_cancelled_export_leaves_nothing_behind(qtbot, recorded, tmp_path, monkeypatch):
    dialog = ExportDialog(Session(recorded))
    qtbot.addWidget(dialog)
    monkeypatch.setattr(dialog, "_go_on", lambda _part: False)
    dialog.export_to(tmp_path / "copy.db")
    dialog.reject()
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_cannot_be_written_says_so_and_can_be_tried_again(qtbot, recorded, tmp_path):
    dialog = ExportDialog(Session(recorded))
    qtbot.addWidget(dialog)
    dialog.export_to(tmp_path / "no such folder" / "copy.db")
    qtbot.waitUntil(lambda: dialog._go.isEnabled())
    assert any("cannot be written" in label.text() for label in dialog.findChildren(QLabel))
    dialog.reject()


def test_settings_are_saved_from_the_rows_of_the_table(qtbot):
    session = Session()
    dialog = SettingsDialog(session)
    qtbot.addWidget(dialog)
    assert set(dialog.boxes) == {row.key for row in settings.TABLE if row.shown}
    box = dialog.boxes["theme"]
    box.setCurrentIndex(box.findData("light"))
    with qtbot.waitSignal(session.theme_wanted) as wanted:
        dialog._save()
    assert wanted.args == ["light"]
    assert settings.load()["theme"] == "light"


def test_the_first_start_takes_an_inventory(qtbot, monkeypatch, tmp_path):
    chosen = str(tmp_path / "network.yaml")
    dialogs = SimpleNamespace(getOpenFileName=lambda *_what: (chosen, ""))
    monkeypatch.setattr("widgets.dialogs.first_start.QFileDialog", dialogs)
    question = FirstStart()
    qtbot.addWidget(question)
    with qtbot.waitSignal(question.accepted):
        question.file_button.click()
    assert str(question.inventory) == chosen


def test_a_demo_that_does_not_start_is_told_and_offered_again(qtbot, monkeypatch, tmp_path):
    broken = tmp_path / "main.py"
    broken.write_text("import sys; sys.exit('The demo cannot listen.')")
    monkeypatch.setattr("widgets.dialogs.first_start.MAIN", broken)
    question = FirstStart()
    qtbot.addWidget(question)
    question.open()
    question.demo_button.click()
    qtbot.waitUntil(lambda: question.demo_button.isEnabled(), timeout=10000)
    assert any(label.text() == "The demo cannot listen." for label in question.findChildren(QLabel))
