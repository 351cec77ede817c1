import dataclasses

import pytest
from PySide6.QtWidgets import QPushButton

from console import inventory as inventories
from console.model.snapshot import Collector
from console.model.states import CollectorState
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot
from widgets.banner import Banner
from widgets.notices import LIVE, RESTART, Situation, notices


@pytest.fixture(scope="module")
def snapshot():
    return healthy_snapshot(inventories.load(DEMO_INVENTORY))


def silent(snapshot, state):
    return dataclasses.replace(snapshot, collector=Collector(state, 42.0))


def texts(**situation):
    return [notice.text for notice in notices(Situation(**situation))]


def test_a_network_that_is_followed_needs_no_words(snapshot):
    assert texts(snapshot=snapshot) == []


def test_silence_is_told(snapshot):
    shown = texts(snapshot=silent(snapshot, CollectorState.SILENT))
    assert shown == ["The collector has been silent for 42 s: everything is shown as unknown"]
    shown = texts(snapshot=silent(snapshot, CollectorState.STOPPED))
    assert shown == ["The collector was stopped 42 s ago: everything is shown as unknown"]


def test_what_else_went_wrong_is_told_as_it_is(snapshot):
    assert texts(snapshot=snapshot, trouble="The demo's simulate ended: killed") == [
        "The demo's simulate ended: killed"
    ]


def test_the_past_is_never_taken_for_the_present(snapshot):
    (notice,) = notices(Situation(snapshot=snapshot, cursor_s=NOON_S))
    assert notice.text == "You see Sun 22 Nov 2026 10:00 – not live"
    assert notice.action == LIVE


def test_review_says_so_and_where_the_record_ends(snapshot):
    shown = texts(snapshot=snapshot, cursor_s=NOON_S, last_s=NOON_S, review="net.db")
    assert shown == ["Review of net.db: you see Sun 22 Nov 2026 10:00 – the recording ends here"]


def test_a_dead_collector_comes_first_with_its_last_words(snapshot):
    situation = Situation(
        snapshot=silent(snapshot, CollectorState.SILENT), cursor_s=NOON_S, ended="No such file."
    )
    first, second = notices(situation)
    assert first.text == "The collector has ended: No such file."
    assert first.action == RESTART
    assert second.action == LIVE


def test_the_banner_takes_no_room_without_words_and_its_buttons_act(qtbot, snapshot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_notices([])
    assert banner.isHidden()
    banner.show_notices(notices(Situation(snapshot=snapshot, cursor_s=NOON_S)))
    assert not banner.isHidden()
    with qtbot.waitSignal(banner.action_wanted) as wanted:
        banner.findChild(QPushButton).click()
    assert wanted.args == [LIVE]
