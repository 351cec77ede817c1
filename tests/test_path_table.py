"""The measured paths on a site's page: which, in what words, and only as a wish."""

import dataclasses

import pytest

from console.model.observation import PathWindow
from console.model.path_view import PathView
from console.model.report import Quality
from console.model.snapshot import Snapshot
from console.model.states import State
from tests.detail_data import demo_snapshot
from widgets.detail.panel import DetailPanel
from widgets.detail.path_table import PathTable, path_rows


def window(subject: str, path: str, **numbers: int | None) -> PathWindow:
    told = {"sent": 10, "lost": 0, "lost_there": 0, "lost_back": 0, "rtt_us": 2310, **numbers}
    return PathWindow(subject, path, 1, 0, 15000, pairs=9, jitter_us=140, **told)  # type: ignore[arg-type]


HERE = PathView("trier-saarburg", None, window("refl-tr", "stamp h 34"), 12.0, True)
ROOM = PathView(
    *("trier-saarburg", None),
    window("tr-saal", "icmp h", lost=3, lost_there=None, lost_back=None),
    *(8.0, True),
)
FROM = PathView("neuwied", "refl-tr", window("refl-nr", "stamp-from refl-tr 34"), 20.0, True)
TO = PathView(
    *("trier-saarburg", "refl-nr"),
    window("refl-tr", "stamp-from refl-nr 34", lost=2, lost_there=1, lost_back=1),
    *(20.0, True),
)
OLD = dataclasses.replace(HERE, age_s=200.0, fresh=False)
ELSEWHERE = PathView("neuwied", None, window("refl-nr", "stamp h 34"), 12.0, True)
ALL = (ROOM, HERE, TO, ELSEWHERE, FROM)


@pytest.fixture
def snapshot() -> Snapshot:
    return demo_snapshot()


def test_paths_that_end_or_begin_at_the_site(snapshot: Snapshot) -> None:
    rows = path_rows(snapshot, "trier-saarburg", ALL)
    assert [row.name for row in rows] == [
        "Collector → Großer Sitzungssaal",
        "Collector → Trier-Saarburg",
        "Neuwied → Trier-Saarburg",
        "Trier-Saarburg → Neuwied",
    ]
    assert [row.numbers for row in rows] == [
        ("2.3 ms", "0.1 ms", "30 % in all", "", "8 s"),
        ("2.3 ms", "0.1 ms", "0 %", "0 %", "12 s"),
        ("2.3 ms", "0.1 ms", "10 %", "11.1 %", "20 s"),
        ("2.3 ms", "0.1 ms", "0 %", "0 %", "20 s"),
    ]
    assert [(row.quality, row.word) for row in rows] == [
        *((Quality.RED, "poor"), (Quality.GREEN, "good")),
        *((Quality.RED, "poor"), (Quality.GREEN, "good")),
    ]


def test_what_is_too_old_is_unknown(snapshot: Snapshot) -> None:
    [row] = path_rows(snapshot, "trier-saarburg", (OLD,))
    assert (row.state, row.word) == (State.UNKNOWN, "unknown")
    assert row.numbers == ("–", "–", "–", "–", "3 min")


def test_without_paths_there_is_no_table(qtbot, snapshot: Snapshot) -> None:
    table = PathTable()
    qtbot.addWidget(table)
    table.show_rows([])
    assert table.isHidden()
    table.show_rows(path_rows(snapshot, "trier-saarburg", ALL))
    assert not table.isHidden()
    said = table.body.accessibleName().splitlines()
    assert said[0].startswith("Collector → Großer Sitzungssaal: poor; Round trip 2.3 ms, ")
    assert len(said) == 4


def test_a_sites_page_wishes_for_paths_and_shows_them(qtbot, snapshot: Snapshot) -> None:
    panel = DetailPanel()
    qtbot.addWidget(panel)
    panel.resize(400, 900)
    wishes: list[None] = []
    panel.paths_wanted.connect(lambda: wishes.append(None))
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_snapshot(snapshot)
    panel.show_selection("link", "mz-tr")
    assert wishes == []
    panel.show_selection("site", "trier-saarburg")
    assert wishes == [None]
    panel.show_paths(ALL)
    table = panel.findChild(PathTable)
    assert table is not None
    assert len(table.rows) == 4
    assert table.isVisible()
    assert wishes == [None]
    assert not panel.grab().isNull()
    panel.show_selection("site", "neuwied")
    assert len(table.rows) == 3
    panel.show_snapshot(snapshot)
    assert len(wishes) == 3
