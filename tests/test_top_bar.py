"""The top bar: counts, focus, and what it says where there is little room."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from console import inventory as inventories
from console import language
from console.model.states import State
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot, with_link
from widgets import times
from widgets.counts import counts
from widgets.top_bar import Segments, TopBar


@pytest.fixture(scope="module")
def snapshot():
    return healthy_snapshot(inventories.load(DEMO_INVENTORY))


def bar_of(qtbot, snapshot, width, review=False):
    bar = TopBar(review=review)
    qtbot.addWidget(bar)
    bar.resize(width, 40)
    bar.show()
    bar.show_snapshot(snapshot)
    return bar


def test_links_are_not_green_while_one_is_impaired(snapshot):
    assert [count.state for count in counts(snapshot)] == [State.UP, State.UP]
    _sites, links, _warnings = counts(with_link(snapshot, "mz-kl", state=State.DEGRADED))
    assert (links.state, links.text, links.hint) == (
        State.DEGRADED,
        "39 links",
        "1 of them impaired",
    )


@pytest.mark.parametrize("spoken", ["en", "de"])
@pytest.mark.parametrize("width", [800, 1024, 1280, 1600])
def test_nothing_lies_on_anything_at_any_width(qtbot, snapshot, spoken, width):
    language.use(spoken, "Europe/Berlin")
    bar = bar_of(qtbot, with_link(snapshot, "mz-kl", state=State.DEGRADED), width)
    assert bar.width() == width
    qtbot.wait(30)
    parts = [x for x in bar.findChildren(QWidget) if x.parent() is bar and x.isVisible()]
    places = [part.geometry() for part in parts]
    buttons = bar.findChild(Segments).findChildren(QPushButton)
    assert all(place.right() < width for place in places)
    for of in (places, [button.geometry() for button in buttons]):
        for number, place in enumerate(of):
            assert not any(place.intersects(other) for other in of[number + 1 :])
    assert all(button.width() >= button.minimumSizeHint().width() for button in buttons)


def test_the_focus_goes_along_with_the_perspective_and_rings_for_the_keyboard_only(qtbot, snapshot):
    bar = bar_of(qtbot, snapshot, 1400)
    first, second, _third = bar.findChild(Segments).findChildren(QPushButton)
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    first.setFocus(Qt.FocusReason.OtherFocusReason)
    assert not first.property("ringed")
    bar.show_perspective("conference")
    assert second.hasFocus()
    assert second.property("ringed")
    assert not first.property("ringed")


def test_in_review_the_recorded_moment_is_told_instead_of_a_heartbeat(qtbot, snapshot):
    bar = bar_of(qtbot, snapshot, 1600, review=True)
    assert bar._clock.text() == times.full(NOON_S)
    assert bar._heartbeat.text() == "Recorded:"
