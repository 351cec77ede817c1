"""The real main window on a real history."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console import paths
from tests.builders import NOON_S
from tests.histories import write_demo_history
from widgets import wording
from widgets.panels import PANELS, PERSPECTIVES, in_sight, keys_in
from widgets.session import Session


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return write_demo_history(tmp_path_factory.mktemp("window") / "history.db", 1.0, NOON_S)


@pytest.fixture
def session(qtbot, recorded):
    session = opened(qtbot, recorded)
    yield session
    session.close()


def opened(qtbot, recorded):
    session = Session(
        recorded, arrangement=paths.arrangement_file(), review="history.db", cursor_s=NOON_S
    )
    qtbot.addWidget(session.window)
    session.broken.connect(pytest.fail)
    with qtbot.waitSignal(session.window.complete, timeout=20000):
        session.start()
    return session


def visible(window):
    return {key for key, dock in window.docks.items() if dock.isVisible()}


def in_front(window):
    return {key for key, dock in window.docks.items() if not dock.visibleRegion().isEmpty()}


def test_every_panel_of_the_table_is_made_and_shows_the_history(session):
    window = session.window
    assert {key for key, dock in window.docks.items() if dock.content} == {p.key for p in PANELS}
    assert window.desk.snapshot.at_s == NOON_S
    assert window.windowTitle() == "Leitstand – Kommunalnetz Rheinland-Pfalz"
    assert window.top_bar.pills[0].accessibleName().startswith("24 of 24 counties")


@pytest.mark.parametrize("number", range(3))
def test_the_keyboard_changes_perspectives(session, qtbot, number):
    window = session.window
    perspective = PERSPECTIVES[number]
    key = [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3][number]
    window.activateWindow()
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert visible(window) == set(keys_in(perspective.arrangement))
    qtbot.waitUntil(lambda: in_front(window) == set(in_sight(perspective.arrangement)))
    assert window.arrangements.current is perspective


def test_perspectives_in_any_order_show_their_own_panels_and_keep_their_sizes(session, qtbot):
    window = session.window
    known = {}
    for number in (0, 1, 2, 0, 2, 1, 0, 1, 2, 1, 0):
        perspective = PERSPECTIVES[number]
        window.show_perspective(perspective)
        assert visible(window) == set(keys_in(perspective.arrangement))
        qtbot.wait(20)
        sizes = {key: window.docks[key].size() for key in in_sight(perspective.arrangement)}
        assert known.setdefault(number, sizes) == sizes


def test_the_keyboard_stays_where_it_was_when_the_arrangement_is_reset(session, qtbot):
    window = session.window
    window.show_operations()
    window.docks["map"].content.setFocus()
    window.reset_arrangement()
    assert window.focusWidget() is window.docks["map"].content


def test_a_panel_of_another_perspective_can_be_opened_and_is_remembered_there(session, qtbot):
    window = session.window
    window.show_operations()
    window.docks["recorded"].toggleViewAction().trigger()
    assert "recorded" in visible(window)
    window.show_conference()
    assert visible(window) == set(keys_in(PERSPECTIVES[1].arrangement))
    window.show_operations()
    assert "recorded" in visible(window)
    window.reset_arrangement()
    assert visible(window) == set(keys_in(PERSPECTIVES[0].arrangement))


def test_panels_of_a_perspective_share_the_room_as_the_table_says(session, qtbot):
    window = session.window
    window.show_operations()
    qtbot.wait(50)
    place = {key: dock.geometry() for key, dock in window.docks.items() if dock.isVisible()}
    assert place["map"].right() < place["detail"].left()
    assert place["map"].bottom() < place["links"].top()
    assert place["attention"].right() < place["links"].left()
    assert 0.6 < place["map"].width() / window.width() < 0.8
    for one in place:
        assert not any(place[one].intersects(place[two]) for two in place if two != one)


def test_an_arrangement_is_remembered_between_starts_and_can_be_reset(qtbot, recorded):
    session = opened(qtbot, recorded)
    session.window.show_review()
    session.window.docks["detail"].close()
    session.close()
    session = opened(qtbot, recorded)
    window = session.window
    assert window.arrangements.current.key == "review"
    assert "detail" not in visible(window)
    window.reset_arrangement()
    assert "detail" in visible(window)
    session.close()


def test_a_link_chosen_anywhere_is_shown_everywhere_and_escape_lets_it_go(session, qtbot):
    window = session.window
    link = next(iter(window.desk.snapshot.links))
    answers = []
    session.feed.answered.connect(lambda kind, _answer: answers.append(kind))
    window.docks["links"].content.link_chosen.emit(link)
    assert window.desk.selection == ("link", link)
    qtbot.waitUntil(lambda: "series" in answers)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.desk.selection == ("", "")


def test_typing_into_the_search_jumps(session, qtbot):
    window = session.window
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = window.top_bar.search
    qtbot.keyClicks(field, "kusel")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.desk.selection == ("site", "kusel")
    assert field.text() == ""


def test_the_arrow_down_chooses_among_what_was_found(session, qtbot):
    window = session.window
    window.focus_search()
    field = window.top_bar.search
    qtbot.keyClicks(field, "trier")
    popup = field.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    name = popup.currentIndex().data()
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    kind, thing = window.desk.selection
    assert (kind, popup.isVisible(), field.text()) == ("link", False, "")
    assert wording.entry_name(window.desk.snapshot, thing) in name
    assert window.focusWidget() is window.docks["map"].content


def test_escape_in_the_search_leaves_it_and_keeps_the_selection(session, qtbot):
    window = session.window
    window.desk.choose_site("kusel")
    window.focus_search()
    field = window.top_bar.search
    qtbot.keyClicks(field, "zzz")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert window.focusWidget() is window.docks["map"].content
    assert window.desk.selection == ("site", "kusel")


def test_everything_follows_the_cursor(session, qtbot):
    window = session.window
    with qtbot.waitSignal(window.desk.snapshot_shown):
        window.time_bar.cursor_wanted.emit(NOON_S - 1800)
    assert window.desk.snapshot.at_s == NOON_S - 1800
    assert "Review of history.db: you see Sun 22 Nov 2026 09:30" in window.banner.notices[0].text
    qtbot.keyClick(window.time_bar.strip, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.desk.snapshot.at_s > NOON_S - 1800)
    assert window.desk.snapshot.at_s - (NOON_S - 1800) <= 30
    window.go_live()
    qtbot.waitUntil(lambda: window.desk.snapshot.at_s == session.feed.span[1])
    assert "the recording ends here" in window.banner.notices[0].text


def test_a_panel_that_was_hidden_shows_the_present_state_when_it_comes_up(session, qtbot):
    window = session.window
    window.show_operations()
    board = window.docks["conferences"].content
    shown = []
    board.show_snapshot, before = lambda snapshot: shown.append(snapshot.at_s), board.show_snapshot
    with qtbot.waitSignal(window.desk.snapshot_shown):
        window.desk.move_cursor(NOON_S - 1200)
    assert shown == []
    window.show_conference()
    qtbot.waitUntil(lambda: shown[-1:] == [NOON_S - 1200])
    board.show_snapshot = before


def test_the_panel_key_walks_through_the_panels(session, qtbot):
    window = session.window
    window.show_operations()
    window.desk.choose_link(next(iter(window.desk.snapshot.links)))
    detail = window.docks["detail"].content
    qtbot.waitUntil(lambda: detail.pages.currentWidget() is not detail.empty)
    seen = set()
    for _number in range(8):
        window.focus_next_panel()
        inside = window.focusWidget()
        seen |= {key for key, dock in window.docks.items() if dock.isAncestorOf(inside)}
    assert {"map", "links", "detail"} <= seen


def test_no_label_guesses_rich_text_from_the_network(session):
    for label in session.window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()


@pytest.mark.parametrize("key", ["settings", "shortcuts", "about"])
def test_dialogs_open_and_close(session, qtbot, key):
    session.open_dialog(key)
    dialog = session.dialog
    qtbot.waitUntil(dialog.isVisible)
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.width() >= min(label.sizeHint().width(), 400)
    dialog.reject()
    qtbot.waitUntil(lambda: session.dialog is None)


@pytest.mark.parametrize("number", range(3))
def test_in_every_perspective_a_key_asks_what_if_and_another_ends_it(session, qtbot, number):
    window = session.window
    window.show_perspective(PERSPECTIVES[number])
    window.desk.choose_link("kh-bir")
    window.activateWindow()
    with qtbot.waitSignal(window.desk.impact_told, timeout=10000):
        qtbot.keyClick(window, Qt.Key.Key_F8)
    assert window.what_if.isVisible()
    assert "Birkenfeld" in window.what_if.sentence.text()
    marking = window.docks["map"].content._marking
    qtbot.waitUntil(lambda: marking.marks is not None and marking.marks.failed == "kh-bir")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.what_if.isVisible()
    assert window.desk.selection == ("link", "kh-bir")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.desk.selection == ("", "")


def test_the_conference_at_hand_fills_its_perspective(session, qtbot):
    window = session.window
    window.show_conference()
    panel = window.docks["readiness"].content
    qtbot.waitUntil(lambda: panel.brief is not None, timeout=10000)
    assert panel.title.text() == "Lage Katastrophenschutz Nord"
    detail = window.docks["detail"].content
    qtbot.waitUntil(lambda: "conference" in detail._made and detail._made["conference"].isVisible())
    assert detail._made["conference"].critical.isVisible()
    window.show_operations()
    qtbot.waitUntil(lambda: detail.pages.currentWidget() is detail.empty)
