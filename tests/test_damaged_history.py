"""Histories that are damaged, or lie where nothing can be written: one sentence, never a trace."""

import random
from functools import partial
from pathlib import Path

import pytest

from console.commands import entry
from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.history.review import open_for_review
from console.history.writer import HistoryWriter
from main import program
from tests.histories_small import NOON_S, write_cycles
from widgets.feed import HistoryFeed

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_cycles(tmp_path / "history.db", 20)
    return tmp_path / "history.db"


def damage(path: Path, seed: int) -> None:
    """Overwrite some pages, the header's as well, or cut the file off."""
    content, chance = bytearray(path.read_bytes()), random.Random(seed)
    if seed % 3 == 2:
        content = content[: chance.randrange(100, len(content))]
    else:
        at = chance.randrange(100, len(content) - 3 * PAGE)
        content[at : at + 3 * PAGE] = chance.randbytes(3 * PAGE)
    path.write_bytes(content)


def read_all(path: Path) -> None:
    with HistoryReader(path) as reader:
        for read in (
            reader.data_version,
            reader.span,
            partial(reader.snapshot_at, NOON_S + 300),
            partial(reader.link_series, "a-b", NOON_S, NOON_S + 600, at_s=NOON_S + 600),
            partial(reader.incidents, NOON_S, NOON_S + 600),
            partial(reader.events, NOON_S, None),
        ):
            try:
                read()
            except KeyError:  # the link, where the damage left an empty inventory
                assert read.args[0] == "a-b"


@pytest.mark.parametrize("seed", range(24))
def test_every_read_of_a_damaged_history_is_an_answer_or_a_sentence(path: Path, seed: int) -> None:
    damage(path, seed)
    told = ""
    try:
        read_all(path)
    except OperatorError as error:
        told = str(error)
    assert not told or "damaged" in told or "cannot be read" in told
    assert "\n" not in told


@pytest.mark.parametrize("arguments", [["status"], ["series", "a-b"]])
def test_a_command_on_a_damaged_history_says_what_to_do(
    path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(path.read_bytes()[: 2 * PAGE])
    assert entry.run(program, [*arguments, "--history", str(path)]) == 1
    told = capsys.readouterr().err
    assert "damaged" in told
    assert len(told.strip().split("\n")) == 1


def test_review_and_the_collector_refuse_a_damaged_history(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 2 * PAGE])
    with pytest.raises(OperatorError, match="damaged"), open_for_review(path) as readable:
        HistoryReader(readable).span()
    with pytest.raises(OperatorError, match=r"damaged|cannot be written as a history"):
        HistoryWriter.open(path, "1")


def test_the_window_tells_that_the_history_is_damaged(path: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    path.write_bytes(path.read_bytes()[: 2 * PAGE])
    feed = HistoryFeed(partial(HistoryReader, path))
    bugs: list[Exception] = []
    feed.broken.connect(bugs.append)
    with qtbot.waitSignal(feed.unreadable) as told:
        feed.start()
    feed.close()
    assert "damaged" in told.args[0]
    assert bugs == []


@pytest.fixture
def no_log_possible(path: Path) -> Path:
    """As on a read-only disk: SQLite cannot make the file through which a log is shared."""
    path.with_name("history.db-shm").symlink_to("/no/such/folder")
    return path


def test_a_finished_history_is_read_where_nothing_can_be_written(no_log_possible: Path) -> None:
    with HistoryReader(no_log_possible) as reader:
        cycle = reader.snapshot_at(None, NOON_S).cycle
    assert cycle is not None
    assert cycle.id == 20


def test_a_log_that_cannot_be_read_is_not_left_out_in_silence(no_log_possible: Path) -> None:
    no_log_possible.with_name("history.db-wal").write_bytes(b"frames")
    with pytest.raises(OperatorError, match="open it with `review`"):
        HistoryReader(no_log_possible)


@pytest.mark.parametrize("folder", ["/proc", "file"])
def test_a_history_that_cannot_be_made_is_not_one_that_is_written(
    folder: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OperatorError, match="cannot be written as a history"):
        HistoryWriter.open(tmp_path / folder / "history.db", "1")
