"""The table of links: order, filter, keyboard, sparklines of what is in sight."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from console.model.states import State
from tests.builders import with_link
from tests.detail_data import demo_snapshot
from widgets.links_table import LinksTable


@pytest.fixture
def snapshot():
    return demo_snapshot()


@pytest.fixture
def table(qtbot):
    table = LinksTable()
    qtbot.addWidget(table)
    table.resize(760, 320)
    with qtbot.waitExposed(table):
        table.show()
    return table


def order(table) -> list[str]:
    return [table.model.key_at(row) for row in range(table.model.rowCount())]


def test_top_talkers_come_first_and_the_unknown_last(table, snapshot):
    table.show_snapshot(
        with_link(snapshot, "kh-bir", a_to_b_load=None, b_to_a_load=None, state=State.UNKNOWN)
    )
    loads = [snapshot.links[link].load for link in order(table)[:-1]]
    assert loads == sorted(loads, reverse=True)
    assert order(table)[-1] == "kh-bir"


def test_rows_stay_while_values_change(table, snapshot):
    table.show_snapshot(snapshot)
    before = order(table)
    changed = with_link(snapshot, before[-1], a_to_b_load=2.0, a_to_b_bps=2e9)
    table.show_snapshot(changed)
    assert order(table) == before
    assert table.model.row_at(len(before) - 1).view.load == 2.0
    table.model.sort_again()
    assert order(table)[0] == before[-1]


def test_clicking_a_header_sorts(table, snapshot, qtbot):
    table.show_snapshot(snapshot)
    header = table.view.horizontalHeader()
    where = header.sectionViewportPosition(1) + 20
    qtbot.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().topLeft() + _point(where, 8)
    )
    names = [table.model.row_at(row).name.casefold() for row in range(table.model.rowCount())]
    assert names == sorted(names)


def _point(x: int, y: int):
    from PySide6.QtCore import QPoint

    return QPoint(x, y)


def test_the_filter_looks_through_names_sites_and_devices(table, snapshot):
    table.show_snapshot(snapshot)
    table.search.setText("birken kreuz")
    assert order(table) == ["kh-bir"]
    assert table.count.text() == "1 link"
    table.search.setText("KH-R1")
    assert set(order(table)) == {"bin-kh", "kh-sim", "kh-bir"}
    table.search.setText("")
    assert len(order(table)) == len(snapshot.links)


def test_links_come_and_go(table, snapshot):
    table.show_snapshot(snapshot)
    fewer = {link: view for link, view in snapshot.links.items() if link != "mz-tr"}
    table.show_snapshot(dataclasses.replace(snapshot, links=fewer))
    assert "mz-tr" not in order(table)
    table.show_snapshot(snapshot)
    assert "mz-tr" in order(table)


def test_enter_and_click_choose_and_showing_does_not(table, snapshot, qtbot):
    with qtbot.assertNotEmitted(table.link_chosen):
        table.show_snapshot(snapshot)
        table.show_selection("link", "mz-tr")
    chosen = table.view.selectionModel().selectedRows()
    assert [table.model.key_at(index.row()) for index in chosen] == ["mz-tr"]
    table.view.setCurrentIndex(table.model.index(2, 1))
    with qtbot.waitSignal(table.link_chosen) as wish:
        qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert wish.args == [order(table)[2]]
    with qtbot.waitSignal(table.link_chosen) as wish:
        where = table.view.visualRect(table.model.index(1, 1)).center()
        qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert wish.args == [order(table)[1]]


def test_the_menu_of_a_row_asks_what_if_by_mouse_and_by_key(table, snapshot, qtbot):
    table.show_snapshot(snapshot)
    view, second = table.view, table.view.rows.key_at(1)
    at = view.visualRect(view.rows.index(1, 0)).center()
    view.setCurrentIndex(view.rows.index(1, 0))
    reasons = QContextMenuEvent.Reason
    for reason, place in ((reasons.Mouse, at), (reasons.Keyboard, QPoint(0, 0))):
        event = QContextMenuEvent(reason, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        menu = QApplication.activePopupWidget()
        (action,) = menu.actions()
        assert action.text() == f"What if {view.rows.row_at(1).name} fails?"
        with qtbot.waitSignal(table.what_if_wanted) as wished:
            action.trigger()
        assert wished.args == [second]
        menu.close()


def test_copying_gives_tab_separated_lines(table, snapshot, qtbot):
    table.show_snapshot(snapshot)
    table.show_selection("link", "mz-tr")
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    title, row = QGuiApplication.clipboard().text().split("\n")
    assert title.split("\t")[1] == "Link"
    assert row.split("\t")[1:3] == ["Mainz (Kern) – Trier-Saarburg", "10 Gbit/s"]


def test_sparklines_are_wished_for_visible_rows_only(table, snapshot, qtbot):
    with qtbot.waitSignal(table.sparklines_wanted) as wish:
        table.show_snapshot(snapshot)
    ports = wish.args[0]
    assert 5 <= len(ports) < len(snapshot.links)
    assert ports[0] == table.model.row_at(0).view.a_port
    hour = np.linspace(0, 1e9, 60)
    hour[20:30] = np.nan
    with qtbot.assertNotEmitted(table.sparklines_wanted):
        table.show_sparklines(dict.fromkeys(ports, (hour, hour / 2)))
        assert not table.grab().isNull()


def test_scrolling_wishes_for_more(table, snapshot, qtbot):
    with qtbot.waitSignal(table.sparklines_wanted) as first:
        table.show_snapshot(snapshot)
    with qtbot.waitSignal(table.sparklines_wanted) as more:
        table.view.scrollToBottom()
    assert more.args[0] != first.args[0]


def test_hostile_names_stay_plain(table, snapshot):
    inventory = snapshot.inventory
    link = next(x for x in inventory.links if x.id == "mz-tr")
    hostile = link.model_copy(update={"name": "<b>x</b>"})
    links = tuple(hostile if x.id == "mz-tr" else x for x in inventory.links)
    named = inventory.model_copy(update={"links": links})
    table.show_snapshot(dataclasses.replace(snapshot, inventory=named))
    place = table.model.place_of("mz-tr")
    assert table.model.index(place, 1).data() == "<b>x</b>"
    hint = table.model.index(place, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in hint
    assert "&lt;b&gt;" in hint


def test_keys_lead_from_the_search_into_the_table_and_back(table, snapshot, qtbot):
    table.show_snapshot(snapshot)
    table.search.setFocus()
    qtbot.keyClicks(table.search, "mainz")
    qtbot.keyClick(table.search, Qt.Key.Key_Down)
    assert table.view.hasFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_Up)
    assert table.search.hasFocus()
    qtbot.keyClick(table.search, Qt.Key.Key_Escape)
    assert table.search.text() == ""
