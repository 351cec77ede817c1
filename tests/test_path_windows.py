"""Windows of measured paths, written and read again as of a moment."""

from pathlib import Path

from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.observation import Batch, PathWindow
from tests.histories_small import NOON_S, small_inventory

FULL = PathWindow("room", "icmp h", 1, 5000, 15000, 10, 3, 2, 1, 2000, 4000, 6, 500, 300, 200)
SILENT = PathWindow("room", "icmp h", 1, 20000, 15000, 10, 10)
OTHER = PathWindow("refl", "stamp h 34", 2, 0, 15000, 10, 0, 0, 0, 900, 901, 9, 1, 1, 0)


def written(folder: Path) -> Path:
    """Two cycles of 30 s; each window is stored 2 s after its end."""
    path = folder / "history.db"
    with HistoryWriter.open(path, "test") as writer:
        writer.record_inventory(small_inventory())
        for number, windows in ((1, ((FULL, 22), (SILENT, 37))), (2, ((OTHER, 47),))):
            cycle = writer.begin_cycle(NOON_S + 30 * (number - 1))
            assert cycle == number
            for window, stored_s in windows:
                writer.store(Batch(cycle, NOON_S + stored_s, windows=(window,)))
    return path


def test_they_come_back_as_they_were(tmp_path: Path) -> None:
    with HistoryReader(written(tmp_path)) as reader:
        seen = reader.path_windows("room", NOON_S, NOON_S + 60)
        assert [(one.at_s, one.window) for one in seen] == [
            (NOON_S + 5, FULL),
            (NOON_S + 20, SILENT),
        ]
        [other] = reader.path_windows("refl", NOON_S + 30, NOON_S + 60)
        assert (other.at_s, other.window) == (NOON_S + 30, OTHER)
        assert reader.path_windows("nobody", NOON_S, NOON_S + 60) == ()


def test_what_was_not_stored_yet_is_not_seen(tmp_path: Path) -> None:
    with HistoryReader(written(tmp_path)) as reader:
        for to_s, count in ((21, 0), (22, 1), (36, 1), (37, 2)):
            assert len(reader.path_windows("room", NOON_S, NOON_S + to_s)) == count


def test_only_what_began_in_the_span(tmp_path: Path) -> None:
    with HistoryReader(written(tmp_path)) as reader:
        for from_s, count in ((5, 2), (6, 1), (20, 1), (21, 0), (59, 0)):
            assert len(reader.path_windows("room", NOON_S + from_s, NOON_S + 60)) == count
