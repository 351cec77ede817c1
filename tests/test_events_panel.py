"""The events panel: words, filter, what was not kept, and when it asks."""

import dataclasses

import pytest
from PySide6.QtCore import Qt

from console.model.events import EventLog, EventView, Fate
from console.model.inventory import Traps
from tests.builders import NOON_S
from tests.detail_data import demo_snapshot
from widgets.event_words import event_rows, fate_words
from widgets.events import SPAN_S, EventsPanel

SNMP_TRAPS = "1.3.6.1.6.3.1.1.5."
IF = "1.3.6.1.2.1.2.2.1."


@pytest.fixture
def snapshot():
    return dataclasses.replace(demo_snapshot(), live=False)


@pytest.fixture
def panel(qtbot):
    panel = EventsPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 320)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def view(trap="3", *variables, device="mz-r1", at_s=NOON_S - 5.0, left_out=0):
    return EventView(at_s, device, "127.0.0.1", SNMP_TRAPS + trap, variables, left_out)


def log(*events, **counts):
    fates = {Fate.STORED: len(events)} | {Fate(name): n for name, n in counts.items()}
    return EventLog(NOON_S - SPAN_S, NOON_S, events, fates)


def told(snapshot, event):
    (row,) = event_rows(snapshot, log(event))
    return row.words, row.variables


def test_a_port_is_named_as_the_device_names_it(snapshot):
    port = snapshot.ports["mz-r1"][0]
    event = view("3", (f"{IF}1.{port.if_index}", str(port.if_index)), (f"{IF}8.1", "2"))
    assert told(snapshot, event) == (f"Port {port.name} down", "ifOperStatus down")
    assert told(snapshot, view("4")) == ("Port up", "")


@pytest.mark.parametrize(
    ("trap", "words"),
    [
        ("1", "Restarted (cold start)"),
        ("5", "Somebody was refused access"),
        ("9", SNMP_TRAPS + "9"),
    ],
)
def test_known_events_have_words_and_others_their_oid(snapshot, trap, words):
    event = view(trap, ("1.3.6.1.4.1.9.1", "47"), left_out=3)
    assert told(snapshot, event) == (words, "1.3.6.1.4.1.9.1 47 · 3 more")


def test_a_device_has_its_site_and_a_stranger_an_address(snapshot):
    rows = event_rows(snapshot, log(view(), view(device=None)))
    assert [row.place for row in rows] == ["127.0.0.1", "Mainz (Kern) · mz-r1"]


def test_equal_events_are_rows_of_their_own(panel, snapshot):
    panel.show_snapshot(snapshot)
    panel.show_events(log(view(), view(), view(at_s=NOON_S - 9)))
    assert panel.model.rowCount() == 3
    assert panel.model.row_at(2).view.at_s == NOON_S - 9  # the newest first


def test_what_was_not_kept_is_told(panel, snapshot):
    panel.show_snapshot(snapshot)
    panel.show_events(log(view(), kernel=1000, withheld=200, refused=3))
    assert panel.lost.isVisible()
    assert panel.lost.text() == "1,200 not stored"
    assert panel.total.text() == "1 event in 24 h"
    assert fate_words(log(refused=3)) == "3 with an unknown community or user"
    assert len(panel.lost.toolTip().splitlines()) == 4
    panel.resize(400, 320)
    assert panel.lost.isVisible()
    assert not panel.total.isVisible()
    panel.show_events(log(view()))
    assert not panel.lost.isVisible()


def test_the_filter_looks_at_everything_and_escape_clears_it(panel, snapshot, qtbot):
    panel.show_snapshot(snapshot)
    panel.show_events(log(view("1"), view("3"), view("5", device="ko-r1")))
    qtbot.keyClicks(panel.search, "refused ko-r1")
    assert [panel.model.row_at(n).device for n in range(panel.model.rowCount())] == ["ko-r1"]
    qtbot.keyClicks(panel.search, "nowhere")
    assert panel.calm.text() == "No event contains this."
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.model.rowCount() == 3
    assert panel.view.isVisible()


def test_an_empty_table_says_why(panel, snapshot):
    panel.show_snapshot(snapshot)
    panel.show_events(log())
    assert panel.calm.text().startswith("No traps are received")
    inventory = snapshot.inventory.model_copy(update={"traps": Traps()})
    panel.show_snapshot(dataclasses.replace(snapshot, inventory=inventory))
    panel.show_events(log())
    assert panel.calm.text() == "No events in the last 24 hours."


def test_it_asks_for_the_day_before_the_cursor_and_never_too_often(panel, snapshot, qtbot):
    wishes = []
    panel.events_wanted.connect(wishes.append)
    for n in range(20):
        panel.show_snapshot(dataclasses.replace(snapshot, at_s=NOON_S + n))
        qtbot.wait(5)
    assert len(wishes) == 1
    qtbot.waitUntil(lambda: len(wishes) == 2)
    assert (wishes[-1].from_s, wishes[-1].to_s) == (NOON_S + 19 - SPAN_S, NOON_S + 19)
    panel.show_snapshot(dataclasses.replace(snapshot, live=True))
    qtbot.waitUntil(lambda: len(wishes) == 3)
    assert wishes[-1].to_s is None


def test_a_row_leads_to_its_device(panel, snapshot, qtbot):
    panel.show_snapshot(snapshot)
    panel.show_events(log(view()))
    with qtbot.waitSignal(panel.device_chosen) as chosen:
        panel.view.setFocus()
        panel.view.setCurrentIndex(panel.model.index(0, 0))
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert chosen.args == ["mz-r1"]
