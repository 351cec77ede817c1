"""What every test gets: no screen, a home of its own, English, and an eye on what it leaves."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LC_ALL"] = "C.UTF-8"

from console import language

GRACE_S = 5.0
hypothesis.settings.register_profile("leitstand", deadline=None, max_examples=60)
hypothesis.settings.load_profile("leitstand")


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything the program writes by itself goes to a folder of this test's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LEITSTAND_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    language.use("en")
    yield
    language.use("en")


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + GRACE_S
    while (left := _started_since(before)) and time.monotonic() < deadline:
        left[0].join(0.05)
    assert not left, f"the test left threads running: {left}"


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads of Qt that passed through Python end with their pool, not with the test."""
    dummy = threading._DummyThread  # type: ignore[attr-defined]
    return [t for t in threading.enumerate() if t not in before and not isinstance(t, dummy)]


class _Remember(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log is a failure, unless the test asks for `caplog` and looks itself."""
    if "caplog" in request.fixturenames:
        yield
        return
    remember = _Remember()
    logging.getLogger().addHandler(remember)
    yield
    logging.getLogger().removeHandler(remember)
    assert not remember.records, f"unexpected log records: {remember.records}"
