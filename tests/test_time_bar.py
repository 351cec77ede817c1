import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from console.model.series import Density
from tests.builders import NOON_S
from widgets import times
from widgets.time_bar import RANGES, SPEEDS, TimeBar

SPAN = (NOON_S - 10 * 86400, NOON_S)


@pytest.fixture
def bar(qtbot):
    bar = TimeBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 50)
    bar.show()
    bar.show_span(SPAN)
    return bar


def moves(bar):
    """The moments asked for, obeyed as the window would."""
    asked = []
    bar.cursor_wanted.connect(asked.append)
    bar.cursor_wanted.connect(bar.show_cursor)
    return asked


def test_showing_commands_nothing(bar, qtbot):
    with qtbot.assertNotEmitted(bar.cursor_wanted):
        bar.show_cursor(NOON_S - 5000)
        bar.show_span((SPAN[0], SPAN[1] + 30))
        bar.show_cursor(None)


def test_live_button_asks_for_live_and_tells_where_the_cursor_is(bar, qtbot):
    bar.show_cursor(NOON_S - 5000)
    assert not bar.live_button.isChecked()
    asked = moves(bar)
    qtbot.mouseClick(bar.live_button, Qt.MouseButton.LeftButton)
    assert asked == [None]
    assert bar.live_button.isChecked()


def test_a_click_on_the_strip_asks_for_the_moment_under_it(bar, qtbot):
    asked = moves(bar)
    strip = bar.strip
    wanted_s = NOON_S - 3 * 86400
    place = QPoint(round(strip.x_of(wanted_s)), 20)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place)
    pixel_s = 7 * 86400 / strip.width()
    assert asked[0] == pytest.approx(wanted_s, abs=2 * pixel_s)


def test_dragging_moves_the_cursor_all_the_way(bar, qtbot):
    asked = moves(bar)
    strip = bar.strip
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
    for x in (350, 400, 450):
        qtbot.mouseMove(strip, QPoint(x, 20))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(450, 20))
    assert asked == sorted(asked)
    assert asked[-1] == pytest.approx(strip.moment_at(450))


@pytest.mark.parametrize(
    ("key", "modifier", "by"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, -1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, -2),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, 2),
    ],
)
def test_arrows_step_by_cycle_and_with_control_by_incident(bar, qtbot, key, modifier, by):
    with qtbot.waitSignal(bar.step_wanted) as step:
        qtbot.keyClick(bar.strip, key, modifier)
    assert step.args == [by]


def test_home_and_end_go_to_the_ends(bar, qtbot):
    asked = moves(bar)
    qtbot.keyClick(bar.strip, Qt.Key.Key_Home)
    qtbot.keyClick(bar.strip, Qt.Key.Key_End)
    assert asked == [SPAN[0], None]


def test_in_review_the_end_is_a_moment(qtbot):
    bar = TimeBar(review=True)
    qtbot.addWidget(bar)
    bar.show_span(SPAN)
    bar.show_cursor(SPAN[0])
    assert not bar.live_button.isChecked()
    asked = moves(bar)
    qtbot.keyClick(bar.strip, Qt.Key.Key_End)
    assert asked == [SPAN[1]]
    assert bar.live_button.isChecked()


def test_playing_moves_at_the_chosen_speed_and_ends_at_the_present(bar, qtbot):
    bar.speed_box.setCurrentIndex(SPEEDS.index(600))
    bar.show_cursor(NOON_S - 200)
    asked = moves(bar)
    qtbot.keyClick(bar.strip, Qt.Key.Key_Space)
    assert bar.playing
    qtbot.waitUntil(lambda: asked[-1:] == [None], timeout=5000)
    assert not bar.playing
    assert asked[:-1] == sorted(asked[:-1])


def test_playing_from_the_present_goes_back_an_hour_and_pauses_at_a_step(bar, qtbot):
    asked = moves(bar)
    qtbot.mouseClick(bar.play_button, Qt.MouseButton.LeftButton)
    assert asked == [NOON_S - 3600]
    qtbot.mouseClick(bar.back_button, Qt.MouseButton.LeftButton)
    assert not bar.playing


@pytest.mark.parametrize("index", range(len(RANGES)))
def test_the_cursor_is_always_in_sight(bar, index):
    bar.range_box.setCurrentIndex(index)
    for at_s in (SPAN[0], NOON_S - 4.2 * 86400, NOON_S - 60, NOON_S):
        bar.show_cursor(at_s)
        assert 0 <= bar.strip.x_of(at_s) <= bar.strip.width()
        assert bar.strip.moment_at(bar.strip.x_of(at_s)) == pytest.approx(at_s, abs=1)


def test_density_is_asked_on_round_moments_so_that_bars_stand_still(bar, qtbot):
    asked = []
    bar.density_wanted.connect(lambda *wish: asked.append(wish))
    for passed in range(0, 600, 30):
        bar.show_span((SPAN[0], SPAN[1] + passed))
    starts = {from_s for from_s, _to_s, _bins in asked}
    widths = {(to_s - from_s) / bins for from_s, to_s, bins in asked}
    assert len(widths) == 1
    assert all(start % widths.copy().pop() == 0 for start in starts)
    assert len(asked) <= 2


def test_unrecorded_past_is_said_to_be_unknown(bar):
    recorded = np.array([True, False])
    none = np.zeros(2, dtype=np.int64)
    bar.show_density(Density(SPAN[0], SPAN[1], none, none, recorded))
    assert "not recorded" in bar.strip._describe(SPAN[1] - 10)
    assert "0 incidents" in bar.strip._describe(SPAN[0] + 10)


def test_axis_labels_are_round_and_not_more_than_fit():
    for length_s in (600, 3600, 86400, 7 * 86400, 30 * 86400, 400 * 86400):
        ticks = times.axis_ticks(NOON_S - length_s, NOON_S, 10)
        assert 1 <= len(ticks) <= 11
        assert all(NOON_S - length_s <= at_s <= NOON_S for at_s, _label in ticks)
    assert [label for _at, label in times.axis_ticks(NOON_S - 86400 * 3, NOON_S, 4)] == [
        "Fri 20",
        "Sat 21",
        "Sun 22",
    ]
