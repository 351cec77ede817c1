"""Pens of the links: every half is drawn once, in the colour of what flows to its end."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from console.model.snapshot import Wiring
from console.model.states import State, Wired
from tests.builders import healthy_snapshot, with_link
from tests.map_networks import demo
from widgets import theme
from widgets.map.geometry import build
from widgets.map.strokes import batches, look_of, widths
from widgets.map.topology import topology_of


def drawn(snapshot, scale=2.0):  # type: ignore[no-untyped-def]
    topology = topology_of(snapshot.inventory)
    geometry = build(topology, topology.site_xy, scale)
    look = look_of(topology, snapshot.links)
    return topology, geometry, batches(geometry, look, theme.DARK)


def pen_at(found, segments, row, at_b):  # type: ignore[no-untyped-def]
    """The pen with which one half of a link is drawn."""
    topology, geometry, all_batches = found
    number = topology.links.index(row)
    place = np.flatnonzero(geometry.drawn == number)[0]
    mine = segments.lines[(segments.row == place) & (segments.at_b == at_b)][0]
    return next(b.pen for b in all_batches if (b.lines == mine).all(axis=1).any())


def test_each_half_tells_the_load_towards_its_end():
    snapshot = with_link(healthy_snapshot(demo()), "dau-bit", a_to_b_load=1.0, b_to_a_load=0.0)
    found = drawn(snapshot)
    segments = found[1].segments
    assert pen_at(found, segments, "dau-bit", True).color() == theme.DARK.loads[-1]
    assert pen_at(found, segments, "dau-bit", False).color() == theme.DARK.loads[0]


@pytest.mark.parametrize(
    ("changes", "colour", "dashed"),
    [
        ({"state": State.DOWN}, theme.DARK.down, True),
        ({"state": State.UNKNOWN}, theme.DARK.dim, True),
        ({"a_to_b_load": None}, theme.DARK.dim, False),
        ({"a_to_b_load": 7.5}, theme.DARK.loads[-1], False),
    ],
)
def test_what_is_down_or_not_known_is_never_coloured_by_load(changes, colour, dashed):
    found = drawn(with_link(healthy_snapshot(demo()), "dau-bit", **changes))
    pen = pen_at(found, found[1].segments, "dau-bit", True)
    assert pen.color() == colour
    assert (pen.style() == Qt.PenStyle.CustomDashLine) == dashed


def test_a_link_that_is_wired_otherwise_than_written_is_marked():
    wrong = Wiring(Wired.WRONG_PORT)
    snapshot = with_link(healthy_snapshot(demo()), "dau-bit", wiring=wrong)
    look = look_of(topology_of(snapshot.inventory), snapshot.links)
    marked = [i for i, state in enumerate(look.state) if state is State.DEGRADED]
    assert [topology_of(snapshot.inventory).links[i] for i in marked] == ["dau-bit"]


def test_every_segment_is_drawn_once_within_the_box_of_its_batch():
    _topology, geometry, all_batches = drawn(healthy_snapshot(demo()))
    lines = np.concatenate([batch.lines for batch in all_batches])
    assert sorted(map(tuple, lines)) == sorted(map(tuple, geometry.segments.lines))
    for batch in all_batches:
        assert batch.lines[:, 0::2].min() >= batch.box.left
        assert batch.lines[:, 1::2].max() <= batch.box.bottom


def test_there_are_far_fewer_pens_than_lines():
    _topology, geometry, all_batches = drawn(healthy_snapshot(demo()))
    assert len(all_batches) < len(geometry.segments.lines)


def test_a_network_without_links_has_nothing_to_draw():
    inventory = demo().model_copy(update={"links": ()})
    assert drawn(healthy_snapshot(inventory))[2] == ()


def test_width_grows_with_capacity():
    capacities = np.array([1e6, 100e6, 1e9, 10e9, 100e9, 1e15, np.nan])
    found = widths(capacities)
    assert (np.diff(found[:6]) >= 0).all()
    assert found[:6].min() >= 1
    assert found[-1] == found[2]
