import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from console import inventory as inventories
from console.model.snapshot import Reason
from console.model.states import RoomState
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot, with_room
from widgets.room_tile import shortened
from widgets.rooms_board import READY, RoomsBoard


@pytest.fixture(scope="module")
def snapshot():
    return healthy_snapshot(inventories.load(DEMO_INVENTORY))


@pytest.fixture
def board(qtbot, snapshot):
    board = RoomsBoard()
    qtbot.addWidget(board)
    board.resize(800, 700)
    board.show()
    board.show_snapshot(snapshot)
    return board


def tile_of(board, room):
    return next(tile for tile in board.tiles if tile.key == room)


def test_every_room_and_bridge_has_its_tile_bridges_last(board, snapshot):
    shown = [tile.key for tile in board.tiles]
    assert shown[-len(snapshot.bridges) :] == list(snapshot.bridges)
    assert sorted(shown) == sorted([*snapshot.bridges, *snapshot.rooms])
    assert board.heading.text() == "24 of 24 rooms ready"


def test_a_tile_says_state_since_when_why_and_whom_to_call(board, snapshot):
    tile = tile_of(board, "bir-saal")
    assert "Tel." in tile.text_shown.contact
    board.show_snapshot(
        with_room(
            snapshot,
            "bir-saal",
            state=RoomState.DOWN,
            since_s=NOON_S - 600,
            reasons=(Reason("sip_timeout"),),
        )
    )
    assert tile.accessibleName() == "Birkenfeld: down"
    assert tile.text_shown.state_line == "since 09:50"
    assert tile.text_shown.why == "No answer over SIP"
    assert tile.text_shown.contact == "Haustechnik, Tel. 06782 555-045"
    assert "No answer over SIP" in tile.accessibleDescription()
    assert "Tel." in tile.toolTip()
    assert board.heading.text() == "23 of 24 rooms ready"
    assert board.rest.text() == "1 down"


def test_who_is_not_ready_comes_first_and_the_others_keep_their_order(board, snapshot):
    before = [tile.key for tile in board.tiles]
    for state in RoomState:
        board.show_snapshot(with_room(snapshot, "bir-saal", state=state))
        order = [tile.key for tile in board.tiles]
        rest = [key for key in order if key != "bir-saal"]
        assert rest == [key for key in before if key != "bir-saal"]
        assert order == before if state in READY else order[0] == "bir-saal"


def test_a_tile_with_a_reason_is_taller_and_nothing_lies_on_it(board, snapshot):
    reasons = (Reason("sip_timeout"),)
    board.show_snapshot(with_room(snapshot, "bir-saal", state=RoomState.DOWN, reasons=reasons))
    first, *others = board.tiles
    assert first.height() > others[-1].height()
    assert not any(first.geometry().intersects(other.geometry()) for other in others)


@pytest.mark.parametrize("width", [90, 110, 130, 156, 200, 400])
def test_a_contact_never_loses_its_number(qtbot, width):
    metrics = QFontMetrics(QFont())
    contacts = ("Haustechnik Verwaltungsgebäude, Tel. 06782 555-045", "IT +49 (6131) 555-03")
    for contact, number in zip(contacts, ("06782 555-045", "+49 (6131) 555-03"), strict=True):
        said = shortened(contact, metrics, width)
        assert said.endswith(number)
        assert metrics.horizontalAdvance(said) <= max(width, metrics.horizontalAdvance(number))
    assert shortened("ask at the gate", metrics, 40) == "ask at the gate"


@pytest.mark.parametrize("width", [240, 500, 800, 1600])
def test_tiles_flow_with_the_width_and_never_overlap(board, qtbot, width):
    board.resize(width, 700)
    places = [tile.geometry() for tile in board.tiles]
    for number, place in enumerate(places):
        assert place.right() <= width
        assert not any(place.intersects(other) for other in places[number + 1 :])


def test_arrow_keys_walk_and_space_chooses(board, qtbot):
    first = board.tiles[0]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    second = board.tiles[1]
    assert second.hasFocus()
    with qtbot.waitSignal(board.room_chosen) as chosen:
        qtbot.keyClick(second, Qt.Key.Key_Space)
    assert chosen.args == [second.key]
    qtbot.keyClick(second, Qt.Key.Key_Down)
    assert board.focusWidget().x() == second.x()


def test_a_conference_shows_its_own_rooms_alone(board, snapshot, qtbot):
    with qtbot.assertNotEmitted(board.room_chosen):
        board.show_selection("conference", "katastrophenschutz")
    rooms = snapshot.inventory.by_id["katastrophenschutz"].rooms
    assert sorted(tile.key for tile in board.tiles) == sorted(["mcu-mainz", *rooms])
    assert board.heading.text() == "8 of 8 rooms ready"
    board.show_selection("", "")
    assert len(board.tiles) == 25
