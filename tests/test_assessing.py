"""The window's assessments on a real history: at hand first, as of the cursor, newest wins."""

from functools import partial

import pytest

from console.analysis.readiness import assess, impact
from console.history.reader import HistoryReader
from tests.builders import NOON_S
from tests.histories import write_demo_history
from widgets.desk import Desk
from widgets.feed import HistoryFeed


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return write_demo_history(tmp_path_factory.mktemp("assessing") / "history.db", 1.0, NOON_S)


@pytest.fixture
def desk(qtbot, recorded):
    feed = HistoryFeed(partial(HistoryReader, recorded), NOON_S)
    feed.broken.connect(pytest.fail)
    desk = Desk(feed)
    feed.snapshot_read.connect(desk.show_snapshot)
    yield desk
    desk.assessor.stop()
    feed.close()


def begun(desk, qtbot):
    with qtbot.waitSignal(desk.assessor.round_ended, timeout=10000):
        desk._feed.start()
    return desk.assessor


def test_every_coming_conference_is_assessed_the_next_one_first(desk, qtbot, recorded):
    order = []
    desk.assessor.assessed.connect(lambda assessment, _of: order.append(assessment.conference))
    assessor = begun(desk, qtbot)
    assert assessor.at_hand == "katastrophenschutz"
    assert order[0] == "katastrophenschutz"
    assert set(order) >= {"landraetekonferenz", "katastrophenschutz", "sozialdezernate"}
    with HistoryReader(recorded) as reader:
        expected = assess(reader.situation("katastrophenschutz", NOON_S))
    assert assessor.known["katastrophenschutz"][0] == expected


def test_what_helps_is_told_before_the_assessment_it_belongs_to(desk, qtbot):
    told = []
    desk.assessor.relieved.connect(lambda conference, _helps: told.append(("helps", conference)))
    desk.assessor.assessed.connect(lambda found, _of: told.append(("assessed", found.conference)))
    assessor = begun(desk, qtbot)
    assert told[:2] == [("helps", "katastrophenschutz"), ("assessed", "katastrophenschutz")]
    assert assessor.reliefs.keys() == assessor.known.keys()


def test_a_chosen_conference_stays_at_hand_when_something_else_is_selected(desk, qtbot):
    assessor = begun(desk, qtbot)
    desk.choose_conference("landraetekonferenz")
    assert assessor.at_hand == "landraetekonferenz"
    desk.choose_room("bir-saal")
    assert assessor.at_hand == "landraetekonferenz"


def test_the_cursor_is_followed_and_only_the_newest_moment_is_told(desk, qtbot):
    assessor = begun(desk, qtbot)
    told = []
    assessor.assessed.connect(lambda assessment, _of: told.append(assessment.assessed_at_s))
    for step in range(1, 21):
        desk.move_cursor(NOON_S - 60 * step)
    newest = NOON_S - 1200
    qtbot.waitUntil(lambda: bool(told) and told[-1] == newest and len(told) >= 3, timeout=10000)
    qtbot.waitUntil(lambda: not assessor._running)
    assert set(told[-3:]) == {newest}
    assert len(told) < 40


def test_nothing_is_asked_again_while_a_past_moment_stays_the_same(desk, qtbot):
    assessor = begun(desk, qtbot)
    with qtbot.assertNotEmitted(assessor.assessed, wait=200):
        desk.show_snapshot(desk.snapshot)


def test_what_is_asked_of_a_link_is_answered_followed_and_ended(desk, qtbot, recorded):
    begun(desk, qtbot)
    with qtbot.waitSignal(desk.impact_told, timeout=10000) as told:
        desk.imagine("kh-bir")
    with HistoryReader(recorded) as reader:
        expected = impact("kh-bir", desk.snapshot, desk.assessor.situations())
        assert reader.snapshot_at(NOON_S).links.keys() == desk.snapshot.links.keys()
    assert told.args[0] == expected
    assert told.args[0].cut_off_sites == ("birkenfeld",)
    with qtbot.waitSignal(desk.impact_told, timeout=10000) as told:
        desk.move_cursor(NOON_S - 600)
    qtbot.waitUntil(lambda: desk.what_if.impact.at_s == NOON_S - 600, timeout=10000)
    with qtbot.waitSignal(desk.impact_told) as told:
        desk.what_if.end()
    assert told.args == [None]


def test_what_does_not_exist_cannot_fail(desk, qtbot):
    begun(desk, qtbot)
    desk.imagine("no-such-link")
    assert desk.what_if.failed == ""


def test_a_bug_is_told_and_does_not_end_assessing(desk, qtbot):
    desk._feed.broken.disconnect(pytest.fail)
    assessor = begun(desk, qtbot)
    assessor._running = True
    desk._feed.broken.emit(ValueError("bug"))
    assert not assessor._running
