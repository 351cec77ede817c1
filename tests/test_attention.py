"""What needs attention: the worst first, consequences under their cause, calm when all is well."""

import dataclasses

import pytest
from PySide6.QtCore import Qt

from console.model.snapshot import NeighbourView, Reason, Wiring
from console.model.states import RoomState, State, Wired
from tests.builders import NOON_S, with_device, with_link, with_room
from tests.detail_data import demo_snapshot
from widgets.attention import AttentionPanel
from widgets.attention_rows import attention_rows


@pytest.fixture
def snapshot():
    return demo_snapshot()


@pytest.fixture
def cut_off(snapshot):
    """The only link to Birkenfeld is down; its router and room cannot be reached."""
    reasons = (Reason("port_down", "kh-r1 ge-0/0/2"),)
    one = with_link(snapshot, "kh-bir", state=State.DOWN, reasons=reasons, since_s=NOON_S - 60)
    behind = (Reason("behind", "kh-bir"),)
    two = with_device(one, "bir-r1", state=State.UNREACHABLE, reasons=behind)
    return with_room(two, "bir-saal", state=RoomState.UNREACHABLE)


def test_all_well_is_nothing(snapshot):
    assert attention_rows(snapshot) == ()


def test_consequences_stand_under_their_cause(cut_off):
    rows = attention_rows(cut_off)
    assert [(row.kind, row.id, row.below) for row in rows] == [
        ("link", "kh-bir", False),
        ("device", "bir-r1", True),
        ("room", "bir-saal", True),
    ]
    assert rows[0].title == "Link Bad Kreuznach – Birkenfeld interrupted"
    assert "Port down: kh-r1 ge-0/0/2 · Affects Birkenfeld (bir-r1)" in rows[0].detail


def test_a_link_of_a_silent_device_follows_from_the_device(snapshot):
    silent = with_device(snapshot, "kh-r1", state=State.DOWN)
    rows = attention_rows(with_link(silent, "kh-bir", state=State.DOWN))
    assert [(row.id, row.below) for row in rows] == [("kh-r1", False), ("kh-bir", True)]


def test_causes_that_name_each_other_are_still_listed(snapshot):
    one = with_device(
        snapshot, "kh-r1", state=State.UNREACHABLE, reasons=(Reason("behind", "bir-r1"),)
    )
    two = with_device(one, "bir-r1", state=State.UNREACHABLE, reasons=(Reason("behind", "kh-r1"),))
    assert {row.id for row in attention_rows(two)} == {"kh-r1", "bir-r1"}


def test_the_worst_comes_first_then_the_newest(snapshot):
    one = with_link(snapshot, "mz-tr", state=State.DEGRADED, since_s=NOON_S - 10)
    two = with_link(one, "mz-kl", state=State.DOWN, since_s=NOON_S - 5000)
    three = with_link(two, "mz-az", state=State.DOWN, since_s=NOON_S - 50)
    assert [row.id for row in attention_rows(three)] == ["mz-az", "mz-kl", "mz-tr"]


def test_a_silent_collector_is_a_row_a_kind_not_a_hundred(snapshot):
    unknown = {
        key: dataclasses.replace(view, state=State.UNKNOWN) for key, view in snapshot.links.items()
    }
    (row,) = attention_rows(dataclasses.replace(snapshot, links=unknown))
    assert row.title == f"{len(unknown)} links unknown"
    assert row.id == ""


@pytest.fixture
def panel(qtbot):
    panel = AttentionPanel()
    qtbot.addWidget(panel)
    panel.resize(460, 300)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_calm_when_all_is_well(panel, snapshot):
    panel.show_snapshot(snapshot)
    assert panel.calm.isVisible()
    assert "All is well" in panel.calm.text()


def test_click_and_enter_choose_and_showing_does_not(panel, cut_off, qtbot):
    with qtbot.assertNotEmitted(panel.chosen):
        panel.show_snapshot(cut_off)
        panel.show_selection("room", "bir-saal")
    assert panel.view.currentIndex().row() == 2
    with qtbot.waitSignal(panel.chosen) as wish, qtbot.waitSignal(panel.room_chosen) as room:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert wish.args == ["room", "bir-saal"]
    assert room.args == ["bir-saal"]
    where = panel.view.visualRect(panel.model.index(0)).center()
    with qtbot.waitSignal(panel.link_chosen) as wish:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert wish.args == ["kh-bir"]
    assert not panel.grab().isNull()


def test_the_chosen_place_stays_while_values_change(panel, cut_off):
    panel.show_snapshot(cut_off)
    panel.show_selection("link", "kh-bir")
    panel.show_snapshot(dataclasses.replace(cut_off, at_s=NOON_S + 30))
    assert panel.view.currentIndex().row() == 0


def test_a_link_that_is_wired_otherwise_is_listed_though_it_works(snapshot):
    heard = NeighbourView(
        *("mz-r1", 1, "xe-0/0/3", "lldp", "kl-r1", "xe-0/0/0", "", "", "", ()),
    )
    reason = Reason("lldp_neighbour", "mz-r1 xe-0/0/3 → kl-r1 xe-0/0/0")
    wrong = Wiring(Wired.WRONG_NEIGHBOUR, heard)
    (row,) = attention_rows(with_link(snapshot, "mz-tr", wiring=wrong, reasons=(reason,)))
    assert (row.kind, row.id, row.state, row.since_s) == ("link", "mz-tr", "degraded", None)
    assert "kl-r1 xe-0/0/0" in row.detail
