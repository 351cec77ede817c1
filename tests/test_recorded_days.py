import pytest
from PySide6.QtCore import Qt

from console import inventory as inventories
from console.model.series import Incident
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot
from widgets.recorded_days import DayRow, IncidentRow, RecordedDays

HOUR_S = 3600.0
SPAN = (NOON_S - 50 * HOUR_S, NOON_S)
INCIDENTS = (
    Incident("bir-saal", "down", NOON_S - 30 * HOUR_S, NOON_S - 29 * HOUR_S, ("sip_timeout",)),
    Incident("kh-r1", "degraded", NOON_S - 27 * HOUR_S, NOON_S - 26.5 * HOUR_S, ()),
    Incident("mz-r1", "down", NOON_S - 1 * HOUR_S, None, ("no_snmp_answer",)),
)


@pytest.fixture
def days(qtbot):
    days = RecordedDays()
    qtbot.addWidget(days)
    days.resize(320, 500)
    days.show()
    days.show_span(SPAN)
    days.show_snapshot(healthy_snapshot(inventories.load(DEMO_INVENTORY)))
    days.show_incidents(INCIDENTS)
    return days


def test_every_recorded_day_is_there_newest_first(days):
    headings = [row for row in days.model.rows if isinstance(row, DayRow)]
    assert [(row.title, row.summary) for row in headings] == [
        ("Sun 22 November", "1 incident"),
        ("Sat 21 November", "2 incidents"),
        ("Fri 20 November", "no incidents"),
    ]
    assert headings[-1].at_s == SPAN[0]


def test_an_incident_says_what_when_how_long_and_why(days):
    rows = [row for row in days.model.rows if isinstance(row, IncidentRow)]
    assert [row.at_s for row in rows] == sorted((i.began_s for i in INCIDENTS), reverse=True)
    assert rows[0].detail == "down · still on · No answer over SNMP"
    assert rows[-1].title == "Birkenfeld · Sitzungssaal"
    assert rows[-1].detail == "down · 60 min long · No answer over SIP"


def test_what_happens_again_and_again_is_told_in_one_line(days):
    flaps = [
        Incident("kh-r1", "down", NOON_S - 7200 + n * 180, NOON_S - 7200 + n * 180 + 60, ())
        for n in range(10)
    ]
    days.show_incidents([*flaps, *INCIDENTS])
    rows = [row for row in days.model.rows if isinstance(row, IncidentRow)]
    assert len(rows) == len(INCIDENTS) + 1
    flapping = next(row for row in rows if row.at_s == NOON_S - 7200)
    assert flapping.detail == "down · 10 times · 28 min long"
    assert days.model.rows[0].summary == "11 incidents"


def test_a_click_and_enter_move_the_cursor(days, qtbot):
    index = days.model.index(1, 0)
    with qtbot.waitSignal(days.cursor_wanted) as wanted:
        where = days.view.visualRect(index).center()
        qtbot.mouseClick(days.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert wanted.args == [NOON_S - HOUR_S]
    qtbot.keyClick(days.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(days.cursor_wanted) as wanted:
        qtbot.keyClick(days.view, Qt.Key.Key_Return)
    assert wanted.args == [days.model.rows[2].at_s]


def test_showing_the_cursor_marks_what_had_begun_and_asks_for_nothing(days, qtbot):
    with qtbot.assertNotEmitted(days.cursor_wanted):
        days.show_cursor(NOON_S - 29.5 * HOUR_S)
        assert days.model.rows[days.view.currentIndex().row()].title.startswith("Birkenfeld")
        days.show_cursor(NOON_S - 31 * HOUR_S)
        assert days.model.rows[days.view.currentIndex().row()].title == "Sat 21 November"
        days.show_cursor(None)
        assert not days.view.selectedIndexes()
