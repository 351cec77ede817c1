import errno
import logging

import pytest

from console import paths
from console.system_errors import in_words
from widgets.application import start_log


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(errno.ENOENT, "x", "path"), "there is no such file or folder"),
        (OSError(errno.EROFS, "x"), "nothing can be written on that disk"),
        (OSError(errno.ELOOP, "Too many levels"), "Too many levels"),
        (OSError("only words"), "only words"),
        (ValueError("no error of the system"), "no error of the system"),
    ],
)
def test_why_without_a_path(error, words):
    assert in_words(error) == words


def test_the_window_needs_no_log_file(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(paths.VARIABLE, str(tmp_path / "file"))
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    monkeypatch.setattr("widgets.application.qInstallMessageHandler", lambda _handler: None)
    try:
        start_log()
    finally:
        added = [handler for handler in root.handlers if handler not in before]
        for handler in added:
            root.removeHandler(handler)
        root.setLevel(level)
    assert [type(handler) for handler in added] == [logging.StreamHandler]
    assert "a part of the path is not a folder" in caplog.text
