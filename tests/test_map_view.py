"""The map as the operator uses it."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent

from console.model.inventory import Inventory
from console.model.states import RoomState, State
from tests.builders import healthy_snapshot, with_link, with_room
from tests.map_networks import demo, network
from widgets import theme
from widgets.map.captions import NAME
from widgets.map.geometry import Level
from widgets.map.projection import Box
from widgets.map.scene import Emphasis
from widgets.map.spots import place_of
from widgets.map.stage import Layout
from widgets.map.view import MapView

SMALL_PX = (780, 430)  # the map's room in a window of 1280×800


@pytest.fixture
def inventory() -> Inventory:
    return demo()


@pytest.fixture
def view(qtbot, inventory):  # type: ignore[no-untyped-def]
    map_view = MapView()
    qtbot.addWidget(map_view)
    map_view.resize(*SMALL_PX)
    map_view.show_snapshot(healthy_snapshot(inventory))
    with qtbot.waitExposed(map_view):
        map_view.show()
    map_view.setFocus()
    yield map_view
    theme.use(theme.DARK)


def point(view: MapView, thing: str) -> QPoint:
    scene = view.scene()
    assert scene is not None
    place = place_of(scene, thing)
    assert place is not None
    dx, dy = view.offset()
    return QPoint(round(place[0] + dx), round(place[1] + dy))


def picture(view: MapView) -> QImage:
    return view.grab().toImage()


def wheel(view: MapView, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        *(QPointF(at), QPointF(view.mapToGlobal(at)), QPoint(), QPoint(0, notches * 120)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
        *(Qt.ScrollPhase.NoScrollPhase, False),
    )
    view.wheelEvent(event)


@pytest.mark.parametrize("size", [SMALL_PX, (1300, 700), (3000, 1600)])
@pytest.mark.parametrize("layout", list(Layout))
def test_all_names_are_shown_whole_and_apart(view, inventory, size, layout):
    view.resize(*size)
    view.show_layout(layout)
    view.grab()
    scene = view.scene()
    dx, dy = view.offset()
    names = {c.subject: c.box for c in scene.captions if c.kind == NAME}
    assert set(names) == {site.id for site in inventory.sites}
    room = Box(0, 0, *size)
    boxes = [Box(b.left + dx, b.top + dy, b.right + dx, b.bottom + dy) for b in names.values()]
    for i, box in enumerate(boxes):
        assert room.encloses(box)
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
    toolbar = view._toolbar.geometry()
    corner = Box(toolbar.left(), toolbar.top(), toolbar.right(), toolbar.bottom())
    assert not any(box.overlaps(corner) for box in boxes)


def test_a_click_chooses_what_is_under_it(view, qtbot):
    left = Qt.MouseButton.LeftButton
    with qtbot.waitSignal(view.site_chosen) as chosen:
        qtbot.mouseClick(view, left, pos=point(view, "altenkirchen"))
    assert chosen.args == ["altenkirchen"]
    with qtbot.waitSignal(view.link_chosen) as chosen:
        qtbot.mouseClick(view, left, pos=point(view, "ps-kl"))
    assert chosen.args == ["ps-kl"]
    view.zoom(4.0)
    assert view.scene().geometry.level == Level.COUNTY
    view.reveal(*place_of(view.scene(), "mz-r2"))
    with qtbot.waitSignal(view.device_chosen) as chosen:
        qtbot.mouseClick(view, left, pos=point(view, "mz-r2"))
    assert chosen.args == ["mz-r2"]


def test_a_click_on_a_name_chooses_its_site(view, qtbot):
    box = next(c.box for c in view.scene().captions if c.subject == "koblenz")
    (x, y), (dx, dy) = box.centre, view.offset()
    with qtbot.waitSignal(view.site_chosen) as chosen:
        at = QPoint(round(x + dx), round(y + dy))
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == ["koblenz"]


def test_each_of_two_parallel_links_can_be_chosen(view, qtbot):
    for link in ("mz-ko-1", "mz-ko-2"):
        with qtbot.waitSignal(view.link_chosen) as chosen:
            qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point(view, link))
        assert chosen.args == [link]


def test_a_click_on_nothing_chooses_nothing(view, qtbot):
    with (
        qtbot.assertNotEmitted(view.site_chosen),
        qtbot.assertNotEmitted(view.link_chosen),
        qtbot.assertNotEmitted(view.device_chosen),
    ):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(40, 200))


def test_dragging_moves_the_map_and_chooses_nothing(view, qtbot):
    before = point(view, "koblenz")
    with qtbot.assertNotEmitted(view.site_chosen):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=before)
        qtbot.mouseMove(view, before + QPoint(30, 20))
        qtbot.mouseMove(view, before + QPoint(60, 40))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=before + QPoint(60, 40))
    moved = point(view, "koblenz") - before
    assert abs(moved.x() - 60) <= 2
    assert abs(moved.y() - 40) <= 2


def test_names_stay_where_they_are_while_the_map_is_dragged(view):
    before = view.scene().captions
    view.pan(80, -35)
    view.grab()
    assert view.scene().captions == before


def test_the_wheel_keeps_the_place_under_the_pointer(view):
    at = point(view, "kaiserslautern")
    wheel(view, at, 3)
    moved = point(view, "kaiserslautern") - at
    assert moved.manhattanLength() <= 6  # sites are pushed apart a little when they are close
    assert view.scene().geometry.scale > 0


def test_zooming_stops_at_both_ends(view):
    for factor in (100.0, 100.0):
        view.zoom(factor)
    closest = view.scene().geometry.scale
    view.zoom(2.0)
    assert view.scene().geometry.scale == pytest.approx(closest)
    for factor in (0.001, 0.001):
        view.zoom(factor)
    farthest = view.scene().geometry.scale
    assert 0 < farthest < closest


def test_the_map_cannot_be_lost(view):
    view.pan(100_000, -100_000)
    assert view.rect().adjusted(-600, -600, 600, 600).contains(point(view, "koblenz"))


def test_closer_means_devices_then_ports(view):
    kinds = []
    for factor in (1.0, 3.0, 3.0):
        view.zoom(factor)
        kinds.append({caption.kind for caption in view.scene().captions})
    assert kinds[0] == {"name"}
    assert {"device", "load_a", "load_b", "capacity"} <= kinds[1]
    assert "port_a" not in kinds[1]
    assert {"port_a", "port_b"} <= kinds[2]


def test_new_data_move_nothing(view, inventory):
    for layout in Layout:
        view.show_layout(layout)
        before = view.scene()
        loaded = with_link(healthy_snapshot(inventory), "mz-tr", a_to_b_load=0.99)
        view.show_snapshot(loaded)
        after = view.scene()
        assert np.array_equal(before.geometry.node_xy, after.geometry.node_xy)
        assert before.captions == after.captions


def test_an_equal_inventory_read_again_keeps_where_one_looks(view):
    view.zoom(2.0)
    before = point(view, "koblenz")
    view.show_snapshot(healthy_snapshot(demo()))
    assert point(view, "koblenz") == before


def test_another_topology_is_looked_at_as_a_whole(view, qtbot):
    view.zoom(6.0)
    other = network({"a": (48.0, 11.0), "b": (48.5, 12.0)}, {"x": "a", "y": "b"}, [("x", "y")])
    view.show_snapshot(healthy_snapshot(other))
    for site in ("a", "b"):
        assert view.rect().contains(point(view, site))
    assert view._stage.ground is None  # no outlines far from home


def test_keys_pan_zoom_fit_and_switch_the_layout(view, qtbot):
    start = point(view, "koblenz")
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert point(view, "koblenz").x() > start.x()
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    closer = view.scene().geometry.scale
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.scene().geometry.scale < closer
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert point(view, "koblenz") == start
    with qtbot.waitSignal(view.layout_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_L)
    assert chosen.args == ["logical"]
    assert view.layout_shown is Layout.LOGICAL


def test_a_key_walks_through_sites_then_links_and_comes_back_to_the_map(view, qtbot):
    walked = []
    steps = len(view.scene().topology.sites) + len(view.scene().geometry.drawn)
    for _ in range(steps):
        qtbot.keyClick(view, Qt.Key.Key_N)
        walked.append(view._focused)
    kinds = [spot.kind for spot in walked]
    assert len(set(walked)) == steps
    assert kinds == sorted(kinds, reverse=True)  # sites, then links
    qtbot.keyClick(view, Qt.Key.Key_P)
    assert view._focused == walked[-2]
    qtbot.keyClick(view, Qt.Key.Key_N)
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert view._focused is None
    assert view.hasFocus()


def test_the_map_is_one_stop_of_the_tabulator(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_N)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert not view.hasFocus()
    assert view._focused is None
    view.setFocus(Qt.FocusReason.BacktabFocusReason)
    ringed = picture(view)
    view.clearFocus()
    assert picture(view) != ringed


def test_enter_chooses_what_has_the_focus_and_it_is_told_in_words(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert "Ahrweiler" in view.accessibleDescription()
    assert "in operation" in view.accessibleDescription()
    with qtbot.waitSignal(view.site_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == ["ahrweiler"]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.accessibleDescription().startswith("27 sites")


def test_the_focus_brings_what_it_is_on_into_view(view, qtbot):
    view.zoom(8.0)
    qtbot.keyClick(view, Qt.Key.Key_N)
    assert view.rect().contains(point(view, "ahrweiler"))


def test_hovering_asks_for_the_last_hour_and_shows_it(view, qtbot):
    with qtbot.waitSignal(view.hover_wanted) as wanted:
        qtbot.mouseMove(view, point(view, "ps-kl"))
    assert wanted.args == ["ps-kl"]
    assert view._card.isVisible()
    assert view._card.tip.title == "Südwestpfalz – Kaiserslautern"
    assert view.rect().contains(view._card.geometry())
    before = view._card.grab().toImage()
    at_s = np.arange(60.0) * 60
    view.show_hover_series("another", at_s, at_s, at_s)
    assert view._card.grab().toImage() == before
    view.show_hover_series("ps-kl", at_s, at_s * 1e6, at_s * 2e6)
    assert view._card.grab().toImage() != before
    qtbot.mouseMove(view, QPoint(40, 200))
    assert not view._card.isVisible()


def test_an_open_card_follows_the_data(view, qtbot, inventory):
    with qtbot.waitSignal(view.hover_wanted):
        qtbot.mouseMove(view, point(view, "ps-kl"))
    down = with_link(
        *(healthy_snapshot(inventory), "ps-kl"),
        **{"state": State.DOWN, "a_to_b_bps": None, "b_to_a_bps": None},
        **{"a_to_b_load": None, "b_to_a_load": None},
    )
    view.show_snapshot(down)
    assert view._card.tip.state_text.startswith("down")
    assert [row.value for row in view._card.tip.rows] == ["–", "–", "1.00 Gbit/s"]


def test_a_link_that_is_down_looks_different_from_one_that_is_not_known(view, inventory):
    healthy = healthy_snapshot(inventory)
    pictures = [picture(view)]
    for state in (State.DOWN, State.UNKNOWN, State.DEGRADED):
        view.show_snapshot(with_link(healthy, "mz-kl", state=state))
        pictures.append(picture(view))
    for i, one in enumerate(pictures):
        assert all(one != other for other in pictures[i + 1 :])


def test_selection_is_seen_and_emits_nothing(view, qtbot):
    before = picture(view)
    with qtbot.assertNotEmitted(view.link_chosen):
        view.show_selection("link", "mz-tr")
    assert picture(view) != before
    view.show_selection("", "")
    assert picture(view) == before


def test_a_selected_room_is_shown_at_its_site(view):
    view.show_selection("site", "kusel")
    at_site = picture(view)
    view.show_selection("room", "kus-saal")
    assert picture(view) == at_site


def test_symbols_can_tell_how_the_rooms_stand(view, inventory):
    view.show_emphasis(Emphasis.ROOMS)
    lost = with_room(healthy_snapshot(inventory), "kus-saal", state=RoomState.DOWN)
    view.show_snapshot(lost)
    states = dict(zip(view.scene().geometry.nodes, view.scene().node_states, strict=True))
    assert states["kusel"] == "down"
    assert states["trier-saarburg"] == "idle"
    assert states["koblenz"] == "none"  # has no room


def test_what_the_snapshot_does_not_tell_of_is_unknown(view, inventory):
    silent = dataclasses.replace(healthy_snapshot(inventory), sites={}, devices={}, links={})
    view.show_snapshot(silent)
    view.grab()
    assert set(view.scene().node_states) == {"unknown"}
    assert set(view.scene().look.state) == {State.UNKNOWN}
    view.zoom(10.0)
    view.grab()
    assert set(view.scene().node_states) == {"unknown"}


def test_without_data_there_is_a_sentence_and_no_tools(qtbot, inventory):
    view = MapView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    assert not picture(view).isNull()
    assert not view._toolbar.isVisible()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Left, Qt.Key.Key_0, Qt.Key.Key_N):
        qtbot.keyClick(view, key)
    wheel(view, QPoint(10, 10), 1)
    snapshot = dataclasses.replace(healthy_snapshot(inventory), inventory=None, graph=None)
    view.show_snapshot(snapshot)
    before = picture(view)
    view.show_snapshot(healthy_snapshot(inventory))
    assert picture(view) != before
    assert view._toolbar.isVisible()
    view.show_snapshot(snapshot)
    assert picture(view) == before


@pytest.mark.parametrize("scale", [1.0, 30.0, 300.0])
def test_hostile_names_are_plain_text(qtbot, scale):
    nasty = "<b>&amp;<img src=x onerror=alert(1)>\u202e\u0000%n{0}" + "W" * 190
    names = {"a": nasty, "b": "\n\t\n", "c": "Ω̸̛̖" * 40, "d": " "}
    sites = {site: (50 + i / 9, 7 + i / 7) for i, site in enumerate(names)}
    inventory = network(
        sites,
        {"x": "a", "y": "b", "z": "c", "x2": "a"},
        [("x", "y"), ("y", "z"), ("x", "x2"), ("x", "x")],
        names,
    )
    view = MapView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show_snapshot(healthy_snapshot(inventory))
    view.zoom(scale)
    view.show()
    assert not picture(view).isNull()
    for caption in view.scene().captions:
        assert caption.box.width < 220
    qtbot.keyClick(view, Qt.Key.Key_N)


def test_colours_follow_the_theme(view):
    dark = picture(view)
    theme.use(theme.LIGHT)
    view.update()
    assert picture(view).pixelColor(5, 300) == theme.LIGHT.panel
    assert dark.pixelColor(5, 300) == theme.DARK.panel


def test_the_logical_layout_is_asked_for_before_it_is_shown(qtbot, inventory):
    snapshot = healthy_snapshot(inventory)
    view = MapView()
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.work_wanted) as wanted:
        view.show_snapshot(snapshot)
    places = wanted.args[0]()
    view.show_layout(Layout.LOGICAL)
    assert view._stage.site_xy().tolist() == places.tolist()
    with qtbot.assertNotEmitted(view.work_wanted):
        view.show_snapshot(snapshot)


def test_a_size_the_map_had_before_is_seen_as_before(qtbot, view):
    first = view.scene().geometry
    view.resize(440, 400)
    qtbot.waitUntil(view.has_settled)
    view.resize(900, 640)
    view.grab()
    view.resize(440, 400)
    assert view.scene().geometry is not first
    narrow = view.scene().geometry
    view.resize(900, 640)
    view.scene()
    view.resize(440, 400)
    assert view.scene().geometry is narrow


@pytest.mark.parametrize("size", [(436, 408), (486, 460), SMALL_PX])
def test_names_stay_whole_when_links_are_marked(qtbot, view, inventory, size):
    view.resize(*size)
    qtbot.waitUntil(view.has_settled)
    view.grab()
    dx, _dy = view.offset()
    for link in ("ko-coc", "bit-tr", "dau-bit", "mz-kl"):
        view.show_snapshot(with_link(healthy_snapshot(inventory), link, state=State.DEGRADED))
        for caption in view.scene().captions:
            box = caption.box
            assert box.left + dx >= 0, caption
            assert box.right + dx <= size[0], caption


def test_in_a_new_size_the_picture_before_is_seen_until_the_map_fits(qtbot, view):
    view.grab()
    scale = view.scene().geometry.scale
    view.resize(450, 320)
    seen = view.grab().toImage()
    assert view.scene().geometry.scale == scale
    assert len({seen.pixelColor(x, 160).name() for x in range(100, 350)}) > 10
    qtbot.waitUntil(view.has_settled)
    assert view.scene().geometry.scale < scale


def test_whoever_looks_closer_need_not_wait_for_a_fit(view):
    view.zoom(3.0)
    scale = view.scene().geometry.scale
    view.resize(450, 320)
    assert view.has_settled()
    assert view.scene().geometry.scale == scale


def test_a_topology_that_comes_while_the_map_seeks_its_place_is_seen_as_a_whole(view, inventory):
    view.resize(450, 320)
    assert not view.has_settled()
    few = inventory.model_copy(update={"sites": inventory.sites[:4], "links": ()})
    view.show_snapshot(healthy_snapshot(few))
    assert view.has_settled()
    assert len(view.scene().topology.sites) == 4
