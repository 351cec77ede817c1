"""The newest window of every path as of a moment, its quality, and its JSON."""

from pathlib import Path

import pytest

from console.analysis.path_quality import path_quality
from console.commands.paths_json import paths_json
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.observation import Batch, PathWindow
from console.model.path_view import PathView
from console.model.report import Quality
from tests.histories_small import NOON_S, small_inventory

REFLECTORS = [
    {"id": "refl-b", "site": "b", "address": "h"},
    {"id": "refl-c", "site": "c", "address": "h"},
]
OLD = PathWindow("refl-c", "stamp h 34", 1, 0, 15000, 10, 0, 0, 0, 1000, 1000, 9, 10, 5, 5)
NEW = PathWindow("refl-c", "stamp h 34", 1, 15000, 15000, 10, 4, 2, 2, 2000, 4000, 6, 500, 300, 200)
FAR = PathWindow("refl-c", "stamp-from refl-b 34", 1, -9000, 15000, 10, 1, 1, 0, 7000, 7500, 8, 90)
ROOM = PathWindow("room", "icmp h", 1, 15000, 15000, 10, 10)
GONE = PathWindow("nobody", "icmp x", 1, 15000, 15000, 10, 0)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paths") / "history.db"
    with HistoryWriter.open(path, "test") as writer:
        writer.record_inventory(small_inventory(reflectors=REFLECTORS))
        writer.begin_cycle(NOON_S)
        for second in range(500):
            writer.beat(NOON_S + second)
            told = {10: (FAR,), 16: (OLD,), 32: (NEW, ROOM, GONE)}.get(second, ())
            if told:
                writer.store(Batch(1, NOON_S + second, windows=told))
    return path


def seen(history: Path, second: float) -> list[tuple[PathWindow, str, str | None, float, bool]]:
    with HistoryReader(history) as reader:
        views = reader.paths_at(NOON_S + second)
    return [(v.window, v.site, v.origin, v.age_s, v.fresh) for v in views]


def test_the_newest_of_each_path_as_it_could_be_seen_then(history: Path) -> None:
    assert seen(history, 9) == []
    assert seen(history, 10) == [(FAR, "c", "refl-b", 4.0, True)]
    assert seen(history, 31) == [
        (OLD, "c", None, 16.0, True),
        (FAR, "c", "refl-b", 25.0, True),
    ]
    assert seen(history, 50) == [
        (ROOM, "b", None, 20.0, True),
        (NEW, "c", None, 20.0, True),
        (FAR, "c", "refl-b", 44.0, False),
    ]
    assert [entry[0] for entry in seen(history, 310)] == [ROOM, NEW]
    assert seen(history, 331) == []


def test_what_is_too_old_tells_no_numbers(history: Path) -> None:
    with HistoryReader(history) as reader:
        room, new, far = paths_json(reader.paths_at(NOON_S + 50))
    assert new == {
        **{"subject": "refl-c", "site": "c", "path": "stamp h 34", "from": None},
        **{"rtt_ms": 2.0, "jitter_ms": 0.5, "loss": 0.4, "loss_there": 0.2, "loss_back": 0.25},
        "age_s": 20.0,
    }
    assert (room["rtt_ms"], room["loss"], room["loss_there"]) == (None, 1.0, None)
    assert (far["from"], far["rtt_ms"], far["loss"], far["age_s"]) == ("refl-b", None, None, 44.0)


def view(fresh: bool = True, **numbers: int | None) -> PathView:
    told = {"sent": 10, "lost": 0, "rtt_us": 2000, "pairs": 9, "jitter_us": 100, **numbers}
    return PathView("c", None, PathWindow("refl-c", "x", 1, 0, 15000, **told), 1.0, fresh)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ({}, Quality.GREEN),
        ({"rtt_us": 60_001}, Quality.AMBER),
        ({"rtt_us": 150_001}, Quality.RED),
        ({"jitter_us": 15_001}, Quality.AMBER),
        ({"jitter_us": 30_001}, Quality.RED),
        ({"lost": 1}, Quality.AMBER),
        ({"lost": 2}, Quality.RED),
        ({"lost": 10, "rtt_us": None, "jitter_us": None, "pairs": 0}, Quality.RED),
        ({"fresh": False}, None),
    ],
)
def test_how_good_a_path_is(numbers: dict[str, int | None], found: Quality | None) -> None:
    assert path_quality(view(**numbers)) is found  # type: ignore[arg-type]
