"""The detail panel: shows what is selected, wishes for series, ignores outdated answers."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from console import inventory as inventories
from console.language import format_moment
from console.model.observation import ChassisFacts, RoomFacts
from console.model.snapshot import NeighbourView, Reason, Wiring
from console.model.states import RoomState, State, Wired
from tests.builders import (
    DEMO_INVENTORY,
    NOON_S,
    healthy_snapshot,
    with_device,
    with_link,
    with_room,
)
from tests.detail_data import demo_snapshot, link_answer, port_answer
from widgets import theme
from widgets.detail.panel import DetailPanel
from widgets.detail.parts import contrast, readable_load
from widgets.detail.pictures import LABEL_PX, beside_line


@pytest.fixture
def snapshot():
    return demo_snapshot()


@pytest.fixture
def panel(qtbot):
    panel = DetailPanel()
    qtbot.addWidget(panel)
    panel.resize(400, 760)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


@pytest.fixture
def wishes(panel):
    found = []
    panel.series_wanted.connect(found.append)
    return found


def link_page(panel):
    return panel.pages.currentWidget()


def said(panel) -> str:
    shown = (x for x in panel.findChildren(QLabel) if x.isVisible())
    return "\n".join(label.text() for label in shown)


def test_without_a_selection_it_says_what_to_do(panel, snapshot):
    panel.show_snapshot(snapshot)
    assert "Choose a link" in said(panel)


def test_a_link_is_wished_for_up_to_the_cursor(panel, snapshot, wishes):
    panel.show_snapshot(snapshot)
    panel.show_selection("link", "mz-tr")
    assert [(w.kind, w.id, w.from_s, w.to_s) for w in wishes] == [
        ("link", "mz-tr", NOON_S - 86400, NOON_S)
    ]
    panel.show_range("1h")
    assert (wishes[-1].from_s, wishes[-1].range_key) == (NOON_S - 3600, "1h")


def test_a_link_in_full(panel, snapshot, wishes):
    panel.show_snapshot(
        with_link(
            snapshot,
            "mz-tr",
            state=State.DOWN,
            reasons=(Reason("port_down", "xe-0/0/3"),),
            a_to_b_bps=7.81e9,
            a_to_b_load=0.781,
        )
    )
    panel.show_link("mz-tr")
    text = said(panel)
    assert "Mainz (Kern) – Trier-Saarburg" in text
    assert "Port down: xe-0/0/3" in text
    assert "10 Gbit/s" in text
    assert "mz-r1 xe-0/0/3\ntr-r1 xe-0/0/0" in text
    assert "→ Trier-Saarburg 7.81 Gbit/s · 78 %" in link_page(panel).figures.accessibleName()


def test_numbers_come_from_the_series(panel, snapshot, wishes):
    panel.show_snapshot(with_link(snapshot, "mz-tr", a_to_b_bps=6e8, b_to_a_bps=None))
    panel.show_link("mz-tr")
    panel.show_series(wishes[0], link_answer(wishes[0]))
    rows = link_page(panel).numbers.texts()
    assert rows[0] == ["Mbit/s", "now", "mean", "min", "95th", "peak"]
    assert rows[1][1:] == ["600", "496", "100", "800", "900"]


def test_an_outdated_answer_is_ignored(panel, snapshot, wishes):
    panel.show_snapshot(snapshot)
    panel.show_link("mz-tr")
    panel.show_link("mz-kl")
    old, new = wishes
    panel.show_series(old, link_answer(old))
    assert not link_page(panel).graph.shows_curves
    panel.show_series(new, link_answer(new))
    assert link_page(panel).graph.shows_curves


def test_the_old_curves_stay_while_another_range_is_read(panel, snapshot, wishes):
    panel.show_snapshot(snapshot)
    panel.show_link("mz-tr")
    panel.show_series(wishes[0], link_answer(wishes[0]))
    panel.show_range("7d")
    assert link_page(panel).graph.shows_curves
    panel.show_link("mz-kl")
    assert link_page(panel).graph.message.text() == "Loading …"
    assert not link_page(panel).graph.shows_curves


def test_a_cursor_that_moves_is_followed(panel, snapshot, wishes, qtbot):
    panel.show_snapshot(snapshot)
    panel.show_link("mz-tr")
    panel.show_series(wishes[0], link_answer(wishes[0]))
    with qtbot.waitSignal(panel.series_wanted) as asked:
        panel.show_snapshot(dataclasses.replace(snapshot, at_s=NOON_S - 3 * 86400))
    assert asked.args[0].to_s == NOON_S - 3 * 86400


def test_hidden_it_asks_nothing(panel, snapshot, wishes):
    panel.hide()
    panel.show_snapshot(snapshot)
    panel.show_link("mz-tr")
    assert wishes == []
    panel.show()
    assert len(wishes) == 1


def test_showing_commands_nothing(panel, snapshot, qtbot):
    with qtbot.assertNotEmitted(panel.link_chosen), qtbot.assertNotEmitted(panel.device_chosen):
        panel.show_snapshot(snapshot)
        panel.show_selection("link", "mz-tr")
        panel.show_selection("device", "mz-r1")


def test_something_that_did_not_exist_at_that_moment(panel, snapshot):
    panel.show_link("mz-tr")
    panel.show_snapshot(dataclasses.replace(snapshot, links={}))
    assert "did not exist" in said(panel)


def test_a_series_without_rows_is_one_gap(panel, snapshot, wishes):
    panel.show_snapshot(snapshot)
    panel.show_link("mz-tr")
    panel.show_series(wishes[0], link_answer(wishes[0], rows=20))
    empty = np.empty(0)
    panel.show_range("1h")
    fields = ("at_s", "a_to_b_bps", "b_to_a_bps", "a_to_b_max_bps", "b_to_a_max_bps")
    series = dataclasses.replace(
        link_answer(wishes[1], rows=20),
        **dict.fromkeys((*fields, "errors_ps", "discards_ps"), empty),
    )
    panel.show_series(wishes[1], series)
    panel.grab()
    plot = link_page(panel).graph.plot
    plot.read_at(NOON_S - 60)
    assert "no data" in plot.reading


def test_the_cross_hair_follows_mouse_and_keys(panel, snapshot, wishes, qtbot):
    panel.show_snapshot(snapshot)
    panel.show_link("mz-tr")
    panel.show_range("1h")
    panel.show_series(wishes[-1], link_answer(wishes[-1]))
    plot = link_page(panel).graph.plot
    qtbot.mouseMove(plot, QPoint(plot.width() - 2, 60))
    qtbot.waitUntil(lambda: "→ Trier-Saarburg 900 Mbit/s · 90 %" in plot.reading)
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert "893 Mbit/s" in plot.reading
    assert plot.accessibleDescription() == plot.reading
    plot.read_at(NOON_S - 1750)
    assert "no data" in plot.reading
    plot.read_at(wishes[-1].from_s + 200)
    assert "interrupted" in plot.reading
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.reading == ""


def test_a_device_in_full(panel, snapshot, qtbot):
    hostile = "<b>bold</b> & <img src=x>"
    panel.show_snapshot(with_device(snapshot, "mz-r1", sys_descr=hostile, loss=0.02))
    panel.show_device("mz-r1")
    text = said(panel)
    assert hostile in text
    assert "2.5 ms · 2 %" in text
    assert all(
        label.textFormat() == Qt.TextFormat.PlainText for label in panel.findChildren(QLabel)
    )
    page = panel.pages.currentWidget()
    assert page.ports.model.rowCount() == len(snapshot.ports["mz-r1"])


def heard_by(device, *told):
    return tuple(
        NeighbourView(device, 1, port, "lldp", name, "02:00:00:01:00:01", other, "", "", ())
        for port, name, other in told
    )


def test_a_device_tells_its_chassis_and_whom_it_hears(panel, snapshot, qtbot):
    chassis = ChassisFacts("core chassis", "LS-4800", "LS0001", "B2", "1.2", "23.4R1")
    heard = heard_by("mz-r1", ("xe-0/0/3", "TR-R1.example", "xe-0/0/0"), ("ge-0/0/9", "<b>x", ""))
    told = dataclasses.replace(
        with_device(snapshot, "mz-r1", chassis=chassis), neighbours={"mz-r1": heard}
    )
    panel.show_snapshot(told)
    panel.show_device("mz-r1")
    text = said(panel)
    assert all(part in text for part in ("LS-4800 · core chassis", "LS0001", "23.4R1 · 1.2"))
    known, unknown = panel.pages.currentWidget().neighbours.buttons
    assert (known.thing.name, known.thing.state) == ("xe-0/0/3 → tr-r1", State.UP)
    assert (unknown.thing.name, unknown.thing.note) == ("ge-0/0/9 → <b>x", "02:00:00:01:00:01")
    with qtbot.assertNotEmitted(panel.device_chosen, wait=50):
        unknown.click()
    with qtbot.waitSignal(panel.device_chosen) as chosen:
        known.click()
    assert chosen.args == ["tr-r1"]


def test_many_neighbours_are_counted(panel, snapshot):
    heard = heard_by("mz-r1", *((f"ge-0/0/{n}", f"sw{n}", "") for n in range(30)))
    panel.show_snapshot(dataclasses.replace(snapshot, neighbours={"mz-r1": heard}))
    panel.show_device("mz-r1")
    *_listed, more = panel.pages.currentWidget().neighbours.buttons
    assert (len(_listed), more.thing.name) == (24, "6 more neighbours")


def test_a_link_says_whether_its_ends_hear_each_other(panel, snapshot):
    panel.show_snapshot(with_link(snapshot, "mz-tr", wiring=Wiring(Wired.AGREES)))
    panel.show_selection("link", "mz-tr")
    assert "agrees" in said(panel)
    (heard,) = heard_by("mz-r1", ("xe-0/0/3", "kl-r1", ""))
    panel.show_snapshot(with_link(snapshot, "mz-tr", wiring=Wiring(Wired.WRONG_NEIGHBOUR, heard)))
    assert "contradicts: mz-r1 xe-0/0/3 sees kl-r1 02:00:00:01:00:01" in said(panel)
    panel.show_snapshot(snapshot)
    assert "Neighbour by LLDP" not in said(panel)


def test_a_port_of_a_link_chooses_the_link(panel, snapshot, qtbot):
    panel.show_snapshot(snapshot)
    panel.show_device("mz-r1")
    view = panel.pages.currentWidget().ports.view
    with qtbot.waitSignal(panel.link_chosen) as chosen:
        qtbot.mouseClick(
            view.viewport(),
            Qt.MouseButton.LeftButton,
            pos=view.visualRect(view.rows.index(3, 1)).center(),
        )
    assert chosen.args == ["mz-tr"]


def test_a_port_without_a_link_shows_its_own_load(panel, snapshot, wishes, qtbot):
    spare = snapshot.ports["mz-r1"][0]._replace(
        port=9999, if_index=99, name="ge-1/0/0", last_change_s=snapshot.at_s - 86400
    )
    ports = {**snapshot.ports, "mz-r1": (*snapshot.ports["mz-r1"], spare)}
    panel.show_snapshot(dataclasses.replace(snapshot, ports=ports))
    panel.show_device("mz-r1")
    page = panel.pages.currentWidget()
    page.ports.search.setText("ge-1/0/0")
    assert page.ports.model.rowCount() == 1
    first = page.ports.model.index(0, 0)
    assert format_moment(spare.last_change_s) in first.data(Qt.ItemDataRole.ToolTipRole)
    page.ports.view.setCurrentIndex(page.ports.model.index(0, 1))
    qtbot.keyClick(page.ports.view, Qt.Key.Key_Return)
    assert (wishes[-1].kind, wishes[-1].id) == ("port", 9999)
    panel.show_series(wishes[-1], port_answer(wishes[-1]))
    assert panel.pages.currentWidget().graph.shows_curves
    assert "mz-r1 · ge-1/0/0" in said(panel)
    assert format_moment(spare.last_change_s) in said(panel)


def test_ports_that_nobody_could_read_are_not_shown_as_none(panel, snapshot):
    ports = {**snapshot.ports, "mz-r1": ()}
    repeats = with_device(
        dataclasses.replace(snapshot, ports=ports),
        "mz-r1",
        **{"state": State.DEGRADED, "reasons": (Reason("snmp_table"),)},
    )
    panel.show_snapshot(repeats)
    panel.show_device("mz-r1")
    assert "unknown" in said(panel)
    assert "repeats itself" in said(panel)


def test_a_site_lists_what_is_there(panel, snapshot, qtbot):
    panel.show_snapshot(with_device(snapshot, "mz-r2", state=State.DOWN))
    panel.show_site("mainz")
    page = panel.pages.currentWidget()
    assert [b.thing.name for b in page.devices.buttons] == ["mz-r1", "mz-r2"]
    assert page.devices.buttons[1].thing.state == State.DOWN
    assert "Tel. 06131 555-0300" in said(panel)
    with qtbot.waitSignal(panel.device_chosen) as chosen:
        qtbot.keyClick(page.devices.buttons[1], Qt.Key.Key_Space)
    assert chosen.args == ["mz-r2"]


def test_a_room_names_whom_to_call(panel, snapshot):
    panel.show_snapshot(snapshot)
    panel.show_selection("room", "tr-saal")
    assert "Haustechnik, Tel. 0651 555-0145" in said(panel)


def test_a_room_shows_what_it_tells_of_itself(panel, snapshot):
    facts = RoomFacts(registered=False, camera="failed", model="<b>Room Kit</b>", software="ce11.9")
    reasons = (Reason("registration_failed", "SIP"), Reason("diagnostics_error", "<i>Fan</i>"))
    told = with_room(snapshot, "tr-saal", facts=facts, reasons=reasons, state=RoomState.DEGRADED)
    panel.show_snapshot(told)
    panel.show_selection("room", "tr-saal")
    shown = said(panel)
    for words in ("not registered", "out of order", "<b>Room Kit</b>", "ce11.9", "<i>Fan</i>"):
        assert words in shown
    panel.show_snapshot(with_room(snapshot, "tr-saal", facts=None))
    assert "ce11.9" not in said(panel)


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT])
def test_loads_can_be_read(colours, monkeypatch):
    monkeypatch.setattr(theme._Current, "theme", colours)
    for percent in range(0, 120, 5):
        assert contrast(readable_load(percent / 100), colours.panel) >= 4.5


def test_a_conference_shows_its_time_its_bridge_and_its_rooms(panel, qtbot):
    snapshot = healthy_snapshot(inventories.load(DEMO_INVENTORY))
    snapshot = with_room(snapshot, "bir-saal", state=RoomState.DOWN)
    entry = next(x for x in snapshot.inventory.conferences if x.rooms == "all")
    panel.show_snapshot(snapshot)
    panel.show_selection("conference", entry.id)
    page = panel.pages.currentWidget()
    assert entry.name in said(panel)
    assert page.facts.value("Begins") != ""
    assert [button.thing.id for button in page.bridges.buttons] == ["mcu-mainz"]
    assert page.rooms.buttons[0].thing.name == "Birkenfeld"
    assert len(page.rooms.buttons) == 24
    with qtbot.waitSignal(panel.room_chosen) as chosen:
        page.rooms.buttons[0].click()
    assert chosen.args == ["bir-saal"]
    panel.show_selection("conference", "gone")
    assert "did not exist" in said(panel)


@pytest.mark.parametrize(
    ("above", "y", "top"), [(True, 60, 55 - LABEL_PX), (True, 6, 8), (False, 6, 8)]
)
def test_the_label_of_a_percentile_lies_beside_its_line(above, y, top):
    assert beside_line(y, above, 100) == top


def test_the_label_of_a_percentile_at_the_lower_edge_lies_above_it():
    assert beside_line(95, False, 100) < 95 - 10
