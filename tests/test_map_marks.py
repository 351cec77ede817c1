import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from console.analysis.readiness import impact
from tests.readiness_values import CONFERENCE, not_ready, ready, ready_not_n1
from widgets.map.geometry import points_along
from widgets.map.marks import Marking, of_conference, of_impact
from widgets.map.spots import Kind, Spot, place_of, row_of
from widgets.map.view import MapView
from widgets.readiness.critical import critical_of, worst_way


@pytest.fixture
def view(qtbot):
    view = MapView()
    view.resize(700, 600)
    qtbot.addWidget(view)
    view.show()
    return view


def marked(view, made):
    view.show_snapshot(made[1].snapshot)
    view.show_assessment(*made)
    view.show_at_hand(CONFERENCE)
    view.show_perspective("conference")


def colour_at(view, link):
    x, y = place_of(view.scene(), link)
    dx, dy = view.offset()
    return view.grab().toImage().pixelColor(round(x + dx), round(y + dy))


def test_ways_are_those_links_that_carry_the_conference():
    assessment, _situation = ready()
    marks = of_conference(assessment)
    assert set(marks.ways) == {link.id for link in assessment.links}
    to_a, to_b = marks.ways["ko-nr"]
    by_direction = {(x.id, str(x.direction)): x.load for x in assessment.links}
    assert (to_b, to_a) == (by_direction["ko-nr", "a_to_b"], by_direction["ko-nr", "b_to_a"])


def test_the_way_of_a_room_stands_out():
    assessment, _situation = ready()
    path = next(x.path for x in assessment.participants if x.room == "bir-saal")
    assert of_conference(assessment, "bir-saal").strong == frozenset(path)


def test_the_critical_link_is_marked_with_its_load():
    assessment, _situation = ready_not_n1()
    critical = critical_of(assessment)
    assert critical.failed in {x.failed for x in assessment.single_failures if x.cut_off}
    marks = of_conference(assessment)
    assert list(marks.labels) == [critical.link.id]


def test_without_harmful_failures_the_fullest_link_is_critical():
    assessment, _situation = ready()
    critical = critical_of(assessment)
    assert critical.failed == ""
    assert critical.link.load == max(x.load for x in assessment.links)


def test_the_worst_way_is_the_one_that_loses_most():
    assert worst_way(not_ready()[0]).room == "kus-saal"


def test_an_impact_marks_what_failed_and_what_is_cut_off():
    _assessment, situation = ready()
    marks = of_impact(impact("kh-bir", situation.snapshot, [situation]))
    assert marks.failed == "kh-bir"
    assert marks.cut_off == {"birkenfeld"}


def test_ways_are_drawn_where_it_is_about_conferences_and_nowhere_else(view, qtbot):
    made = ready()
    view.show_snapshot(made[1].snapshot)
    before = view.grab().toImage()
    marked(view, made)
    assert view.grab().toImage() != before
    view.show_perspective("operations")
    assert view.grab().toImage() == before


def test_an_imagined_failure_is_drawn_everywhere_until_it_ends(view):
    _assessment, situation = ready()
    view.show_snapshot(situation.snapshot)
    before = view.grab().toImage()
    view.show_impact(impact("kh-bir", situation.snapshot, [situation]))
    colour = colour_at(view, "kh-bir")
    assert colour.red() > 2 * colour.green()
    view.show_impact(None)
    assert view.grab().toImage() == before


def test_a_device_that_fails_takes_its_links_with_it(view):
    _assessment, situation = ready()
    view.show_snapshot(situation.snapshot)
    view.show_impact(impact("tr-r1", situation.snapshot, [situation]))
    image = view.grab().toImage()
    dx, dy = view.offset()
    for link in ("mz-tr", "bit-tr"):
        path = view.scene().geometry.paths[row_of(view.scene(), link)]
        parts = np.linspace(0.3, 0.7, 40)[None]
        dots = points_along(path[None], parts)[0].tolist()
        colours = [image.pixelColor(round(x + dx), round(y + dy)) for x, y in dots]
        assert any(c.red() > 150 and c.red() > 2 * c.green() for c in colours), link


def test_marking_tells_only_what_has_changed():
    made = ready()
    marking = Marking()
    assert not marking.take_assessment(*made)
    assert not marking.take_at_hand(CONFERENCE)
    assert marking.take_perspective("conference")
    assert not marking.take_assessment(*made)
    assert marking.take_selection("room", "bir-saal")


def test_the_menu_asks_what_if(view, qtbot):
    view.show_snapshot(ready()[1].snapshot)
    menu = view.menu(Spot(Kind.LINK, "kh-bir"))
    assert [x.text() for x in menu.actions()] == ["What if Bad Kreuznach – Birkenfeld fails?"]
    with qtbot.waitSignal(view.what_if_wanted) as wished:
        menu.actions()[0].trigger()
    assert wished.args == ["kh-bir"]
    texts = [x.text() for x in view.menu(Spot(Kind.SITE, "mainz")).actions()]
    assert texts == ["What if mz-r1 fails?", "What if mz-r2 fails?"]
    assert view.menu(None) is None


def test_the_right_button_opens_the_menu_of_what_is_under_it(view, qtbot):
    view.show_snapshot(ready()[1].snapshot)
    x, y = place_of(view.scene(), "mz-tr")
    dx, dy = view.offset()
    at = QPoint(round(x + dx), round(y + dy))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.mapToGlobal(at))
    QCoreApplication.sendEvent(view, event)
    menu = view.findChild(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert menu.isVisible()
    assert menu.actions()[0].data() == "mz-tr"
    menu.close()


def test_the_menu_key_asks_about_what_has_the_focus(view, qtbot):
    view.show_snapshot(ready()[1].snapshot)
    view._focus_on(Spot(Kind.LINK, "kh-bir"))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QCoreApplication.sendEvent(view, event)
    menu = view.findChild(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert menu.actions()[0].data() == "kh-bir"
    menu.close()
