"""The longer questions on a real history: in steps, with progress, stopped and replaced."""

from functools import partial

import pytest

from console.analysis.readiness.bridge_sites import bridge_sites
from console.history.reader import HistoryReader
from tests.builders import NOON_S
from tests.histories import write_demo_history
from widgets.desk import Desk
from widgets.errand import Errand
from widgets.feed import HistoryFeed


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return write_demo_history(tmp_path_factory.mktemp("advising") / "history.db", 1.0, NOON_S)


@pytest.fixture
def feed(qtbot, recorded):
    feed = HistoryFeed(partial(HistoryReader, recorded), NOON_S)
    feed.broken.connect(pytest.fail)
    yield feed
    feed.close()


@pytest.fixture
def desk(qtbot, feed):
    desk = Desk(feed)
    feed.snapshot_read.connect(desk.show_snapshot)
    with qtbot.waitSignal(desk.assessor.round_ended, timeout=10000):
        feed.start()
    yield desk
    desk.assessor.stop()


def test_every_site_is_tried_and_the_ranking_is_that_of_all_at_once(desk, qtbot):
    told = []
    desk.adviser.sites_tried.connect(told.append)
    desk.adviser.try_sites("sozialdezernate")
    qtbot.waitUntil(lambda: bool(told) and told[-1].complete, timeout=20000)
    situation = desk.assessor.known["sozialdezernate"][1]
    assert told[-1].sites == bridge_sites(situation)
    assert told[-1].present == "rechenzentrum"
    assert [one.tried for one in told] == list(range(told[-1].total + 1))


def test_whoever_does_not_wait_any_more_is_told_nothing(desk, qtbot):
    told = []
    desk.adviser.sites_tried.connect(told.append)
    desk.adviser.try_sites("sozialdezernate")
    qtbot.waitUntil(lambda: len(told) >= 2, timeout=10000)
    desk.adviser.stop_trying()
    few = len(told)
    qtbot.wait(100)
    assert len(told) == few
    assert not told[-1].complete


def test_an_unknown_conference_is_not_tried(desk, qtbot):
    with qtbot.assertNotEmitted(desk.adviser.sites_tried, wait=50):
        desk.adviser.try_sites("no such conference")


def test_what_changed_is_answered_as_of_the_cursor(desk, qtbot):
    with qtbot.waitSignal(desk.adviser.looked_back, timeout=10000) as told:
        desk.adviser.look_back("katastrophenschutz")
    found = told.args[0]
    assert (found.conference, found.good) == ("katastrophenschutz", None)
    assert found.at_s == pytest.approx(NOON_S, abs=60)


def counted(number, _reader):
    yield from range(number)
    return number


def test_a_new_question_takes_the_place_of_the_one_before(feed, qtbot):
    errand = Errand(feed, "count")
    far, answers = [], []
    errand.progressed.connect(far.append)
    errand.answered.connect(answers.append)
    errand.begin(partial(counted, 1000))
    qtbot.waitUntil(lambda: len(far) > 3, timeout=5000)
    errand.begin(partial(counted, 2))
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    assert answers == [2]
    assert far[-2:] == [0, 1]
    assert not errand.running


def refused(_reader):
    yield 1
    raise LookupError


def test_what_cannot_be_answered_ends_in_silence(feed, qtbot):
    errand = Errand(feed, "refused")
    with qtbot.assertNotEmitted(errand.answered):
        errand.begin(refused)
        qtbot.waitUntil(lambda: not errand.running, timeout=5000)


def test_a_bug_is_told_and_ends_the_errand(feed, qtbot):
    feed.broken.disconnect(pytest.fail)
    errand = Errand(feed, "bug")
    with qtbot.waitSignal(feed.broken, timeout=5000):
        errand.begin(lambda _reader: iter([]).missing)
    assert not errand.running
