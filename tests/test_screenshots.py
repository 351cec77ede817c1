"""Pictures of the perspectives: written, or refused in one sentence."""

import pytest

from console.errors import OperatorError
from tests.builders import NOON_S
from tests.histories import write_demo_history
from widgets.panels import PERSPECTIVES
from widgets.screenshots import Photographer
from widgets.session import Session


@pytest.fixture
def session(qtbot, tmp_path):
    recorded = write_demo_history(tmp_path / "history.db", 1.0, NOON_S)
    session = Session(recorded, review="history.db", cursor_s=NOON_S)
    qtbot.addWidget(session.window)
    session.broken.connect(pytest.fail)
    with qtbot.waitSignal(session.window.complete, timeout=20000):
        session.start()
    yield session
    session.close()


def test_one_picture_a_perspective_in_a_folder_that_is_made(session, qtbot, tmp_path):
    folder = tmp_path / "new" / "pictures"
    photographer = Photographer(session, folder)
    photographer.failed.connect(pytest.fail)
    with qtbot.waitSignal(photographer.done, timeout=20000):
        photographer.start()
    assert {path.name for path in folder.iterdir()} == {f"{p.key}.png" for p in PERSPECTIVES}


@pytest.mark.parametrize("inside", ["", "pictures"])
def test_a_place_that_cannot_be_written_is_one_sentence(session, qtbot, tmp_path, inside):
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    photographer = Photographer(session, occupied / inside)
    with qtbot.waitSignal(photographer.failed, timeout=20000) as failed:
        photographer.start()
    assert isinstance(failed.args[0], OperatorError)
    assert str(occupied) in str(failed.args[0])
