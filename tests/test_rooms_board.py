import pytest
from PySide6.QtCore import Qt

from console import inventory as inventories
from console.model.snapshot import Reason
from console.model.states import RoomState
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot, with_room
from widgets.rooms_board import RoomsBoard


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


def test_every_room_and_bridge_has_its_tile_bridges_first(board, snapshot):
    shown = [tile.key for tile in board.tiles]
    assert shown[: len(snapshot.bridges)] == list(snapshot.bridges)
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
    assert tile.text_shown.contact == "No answer over SIP"
    assert "Tel." in tile.toolTip()
    assert board.heading.text() == "23 of 24 rooms ready"
    assert board.rest.text() == "1 down"


def test_tiles_stay_where_they_are_when_states_change(board, snapshot):
    before = [tile.geometry() for tile in board.tiles]
    for state in RoomState:
        board.show_snapshot(with_room(snapshot, "bir-saal", state=state))
        assert [tile.geometry() for tile in board.tiles] == before


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
