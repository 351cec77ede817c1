"""Check points and reports of a written past: due as live, judged as live, readable as of then."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.analysis.readiness import assess
from console.demo.past import write_past
from console.demo.past_kept import came_due, keep
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.model.plan import Occurrence
from console.model.report import GATES
from tests.simulated import WORKDAY_S, shipped, shipped_plans, simulation

HELD = Occurrence(WORKDAY_S - 3600, WORKDAY_S + 1800)  # the IT round
END_S = HELD.end_s + 600
HOURS = 4


def nothing(part: float) -> None:
    assert 0 <= part <= 1


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("past") / "history.db"
    with HistoryWriter.open(path, "1.0") as writer:
        writer.record_inventory(shipped())
        write_past(simulation(), writer, END_S - HOURS * 3600, END_S, nothing)
        with HistoryReader(path) as reader:
            keep(reader, writer, shipped_plans(), shipped().timezone, nothing)
    return path


def test_what_came_due_lies_in_the_span() -> None:
    zone = ZoneInfo(shipped().timezone)
    (plan,) = (plan for plan in shipped_plans() if plan.id == "it-leiter")
    found = list(came_due((plan,), zone, HELD.start_s - 86400, END_S))
    own = {gate.name: gate.at_s for gate in found if gate.occurrence.start_s == HELD.start_s}
    before_s = {gate.name: gate.before_s for gate in GATES}
    assert own == {
        **{name: HELD.start_s - before_s[name] for name in ("1d", "60m", "15m", "5m")},
        None: HELD.end_s + 30,
    }


def test_gates_are_kept_as_they_would_be_judged_then(history: Path) -> None:
    with HistoryReader(history) as reader:
        kept = {
            one.gate: one.assessment for one in reader.frozen_at("it-leiter", HELD.start_s, None)
        }
        assert list(kept) == ["60m", "15m", "5m"]  # before them nothing is recorded
        at_s = HELD.start_s - 900
        assert kept["15m"] == assess(reader.situation("it-leiter", at_s, start_s=HELD.start_s))
        seen = reader.frozen_at("it-leiter", HELD.start_s, at_s)
        assert [one.gate for one in seen] == ["60m", "15m"]
        story = reader.conference_story("it-leiter", HELD.start_s, None, END_S)
    assert [point.missed for point in story.points] == [True, True, False, False, False]


def test_the_report_is_kept_and_rests_on_every_window(history: Path) -> None:
    with HistoryReader(history) as reader:
        assert reader.report_kept("it-leiter", HELD.start_s)
        report = reader.report("it-leiter", HELD.start_s)
    assert report is not None
    assert (report.gate, report.made_at_s) == ("5m", HELD.end_s + 30)
    assert report.predicted is not None
    assert len(report.rooms) == len(shipped().rooms)
    assert all(room.unknown == 0 for room in report.rooms)


def test_an_empty_history_has_nothing_to_keep(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, "1.0") as writer, HistoryReader(path) as reader:
        keep(reader, writer, shipped_plans(), shipped().timezone, nothing)
        assert reader.frozen_at("it-leiter", HELD.start_s, None) == ()
