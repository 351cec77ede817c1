"""Labels: the law is that none lies on another, whatever is asked."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.map.captions import beside
from widgets.map.labels import Wish, covered, crossings, place
from widgets.map.projection import Box

COORDINATE = st.floats(-300, 300, allow_nan=False)
SIZE = st.floats(1, 120)
BOXES = st.lists(
    st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), COORDINATE, COORDINATE, SIZE, SIZE),
    max_size=8,
)


@st.composite
def wishes(draw: st.DrawFn) -> list[Wish]:
    points = draw(st.lists(st.tuples(COORDINATE, COORDINATE, SIZE), max_size=30))
    return [
        Wish(("name", str(i)), beside(x, y, 6.0, width, 15.0), float(i % 3))
        for i, (x, y, width) in enumerate(points)
    ]


@given(wishes(), BOXES)
@settings(max_examples=120, deadline=None)
def test_no_label_lies_on_another_or_on_an_obstacle(asked: list[Wish], obstacles: list[Box]):
    placed = place(asked, obstacles)
    boxes = list(placed.values())
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
        assert not any(box.overlaps(obstacle) for obstacle in obstacles)


@given(wishes())
@settings(max_examples=60, deadline=None)
def test_every_label_gets_one_of_its_own_candidates(asked: list[Wish]):
    by_key = {wish.key: wish for wish in asked}
    for key, box in place(asked, ()).items():
        assert box in by_key[key].candidates


@given(wishes(), BOXES)
@settings(max_examples=40, deadline=None)
def test_the_same_wishes_get_the_same_places(asked: list[Wish], obstacles: list[Box]):
    assert place(asked, obstacles) == place(asked, obstacles)


def test_a_label_alone_is_always_placed():
    wish = Wish(("name", "a"), beside(0, 0, 6, 50, 15))
    assert place([wish], ())[wish.key] == wish.candidates[0]


def test_a_label_avoids_lines_and_marks_where_there_is_a_choice():
    wish = Wish(("name", "a"), (Box(0, 0, 50, 15), Box(-60, 0, -10, 15)))
    line = np.array([[25.0, -40.0, 25.0, 40.0]])
    assert place([wish], (), lines=line)[wish.key] == wish.candidates[1]
    mark = np.array([[20.0, 5.0, 30.0, 12.0]])
    assert place([wish], (), marks=mark)[wish.key] == wish.candidates[1]


def test_the_more_important_label_wins_the_only_place():
    only = (Box(0, 0, 50, 15),)
    small, big = Wish(("name", "small"), only, 1.0), Wish(("name", "big"), only, 2.0)
    assert set(place([small, big], ())) == {big.key}


def test_a_label_moves_aside_for_one_that_has_no_other_place():
    here, there, elsewhere = Box(0, 0, 50, 15), Box(0, 50, 50, 65), Box(0, 100, 50, 115)
    flexible = Wish(("name", "flexible"), (here, elsewhere))
    torn = Wish(("name", "torn"), (here, there))
    stubborn = Wish(("name", "stubborn"), (there,))
    placed = place([flexible, torn, stubborn], ())
    assert placed == {flexible.key: elsewhere, torn.key: here, stubborn.key: there}


def test_crossings_counts_lines_through_a_box_only():
    box = np.array([[0.0, 0.0, 10.0, 10.0]])
    lines = np.array(
        [[-5, 5, 15, 5], [-5, 20, 15, 20], [2, 2, 3, 3], [20, 5, 30, 5], [5, -5, 5, -1]],
        dtype=float,
    )
    assert crossings(box, lines).tolist() == [2]


def test_covered_counts_marks_under_a_box():
    box = np.array([[0.0, 0.0, 10.0, 10.0]])
    marks = np.array([[8, 8, 12, 12], [10, 0, 12, 2], [-5, -5, 20, 20]], dtype=float)
    assert covered(box, marks).tolist() == [2]
