import time
from functools import partial

import pytest

from console import __version__
from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from tests.builders import NOON_S
from tests.histories import demo_inventory, write_demo_history
from widgets.feed import HistoryFeed, NoHistoryYet


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return write_demo_history(tmp_path_factory.mktemp("feed") / "history.db", 1.0, NOON_S)


@pytest.fixture
def feed(qtbot, recorded):
    feed = HistoryFeed(partial(HistoryReader, recorded), NOON_S)
    yield feed
    feed.close()


def test_it_shows_the_moment_of_the_cursor_exactly_as_the_history_tells_it(feed, recorded, qtbot):
    with qtbot.waitSignal(feed.snapshot_read) as read:
        feed.start()
    shown = read.args[0]
    with HistoryReader(recorded) as reader:
        expected = reader.snapshot_at(NOON_S)
        assert shown.links == expected.links
        assert shown.devices == expected.devices
        assert feed.span == reader.span()


def test_the_newest_of_many_moves_is_shown_last_and_few_are_read(feed, qtbot):
    shown = []
    feed.snapshot_read.connect(lambda snapshot: shown.append(snapshot.at_s))
    feed.start()
    for number in range(300):
        feed.move_cursor(NOON_S - 3000 + number)
    qtbot.waitUntil(lambda: shown[-1:] == [NOON_S - 2701])
    assert len(shown) < 50


def test_moving_tells_once(feed, qtbot):
    with qtbot.waitSignal(feed.cursor_changed) as moved:
        feed.move_cursor(NOON_S - 60)
    assert moved.args == [NOON_S - 60]
    with qtbot.assertNotEmitted(feed.cursor_changed):
        feed.move_cursor(NOON_S - 60)


def test_questions_of_different_kinds_are_all_answered(feed, qtbot):
    answers = {}
    feed.answered.connect(answers.__setitem__)
    feed.start()
    feed.ask("span", lambda reader: reader.span())
    feed.ask("density", lambda reader: reader.density(NOON_S - 3600, NOON_S, 12))
    qtbot.waitUntil(lambda: set(answers) == {"span", "density"})
    assert len(answers["density"].recorded) == 12


def test_a_commit_of_another_connection_is_shown_without_waiting_for_the_second(tmp_path, qtbot):
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, __version__) as writer:
        writer.record_inventory(demo_inventory())
        writer.begin_cycle(time.time())
        feed = HistoryFeed(partial(HistoryReader, path))
        cycles = []
        feed.snapshot_read.connect(lambda snapshot: cycles.append(snapshot.cycle.id))
        feed.start()
        qtbot.waitUntil(lambda: len(cycles) >= 2)
        for _number in range(3):
            began = writer.begin_cycle(time.time())
            qtbot.waitUntil(lambda began=began: cycles[-1] == began)
        feed.close()


def test_ages_grow_without_any_commit(tmp_path, qtbot):
    path = tmp_path / "history.db"
    with HistoryWriter.open(path, __version__) as writer:
        writer.record_inventory(demo_inventory())
        writer.begin_cycle(time.time())
        writer.beat(time.time())
    feed = HistoryFeed(partial(HistoryReader, path))
    moments = []
    feed.snapshot_read.connect(lambda snapshot: moments.append(snapshot.at_s))
    feed.start()
    qtbot.waitUntil(lambda: len(moments) >= 4)
    feed.close()
    assert moments == sorted(set(moments))


def test_a_history_that_is_about_to_come_is_waited_for_in_silence(tmp_path, qtbot):
    path = tmp_path / "history.db"

    def open_reader():
        if not path.exists():
            raise NoHistoryYet(str(path))
        return HistoryReader(path)

    feed = HistoryFeed(open_reader, NOON_S)
    complaints = []
    feed.unreadable.connect(complaints.append)
    feed.broken.connect(complaints.append)
    feed.cursor_s = None
    feed.start()
    qtbot.wait(100)
    write_demo_history(path, 0.2, NOON_S)
    with qtbot.waitSignal(feed.snapshot_read):
        pass
    feed.close()
    assert complaints == []


def test_an_unreadable_history_is_one_sentence_told_once(tmp_path, qtbot):
    path = tmp_path / "notes.txt"
    path.write_text("no database")
    feed = HistoryFeed(partial(HistoryReader, path))
    complaints = []
    feed.unreadable.connect(complaints.append)
    with qtbot.waitSignal(feed.unreadable):
        feed.start()
    feed._look()
    feed._asked_s = float("-inf")
    feed._look()
    qtbot.wait(100)
    feed.close()
    assert len(complaints) == 1


def test_a_bug_is_not_swallowed(feed, qtbot):
    with qtbot.waitSignal(feed.broken) as broken:
        feed.ask("anything", lambda reader: reader.no_such_question())
    assert isinstance(broken.args[0], AttributeError)
    assert not isinstance(broken.args[0], OperatorError)
