"""The logical layout: a pure function of the topology that nothing else can move."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.map.logical import logical_xy

EDGES = (("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("b", "e"), ("e", "f"))
SITES = ("a", "b", "c", "d", "e", "f")


@given(st.permutations(EDGES), st.permutations(SITES), st.lists(st.booleans(), min_size=6))
@settings(max_examples=25, deadline=None)
def test_order_and_direction_in_the_file_move_nothing(edges, sites, flips):  # type: ignore[no-untyped-def]
    turned = tuple((b, a) if flip else (a, b) for (a, b), flip in zip(edges, flips, strict=False))
    expected = dict(zip(SITES, logical_xy(SITES, EDGES).tolist(), strict=True))
    got = dict(zip(sites, logical_xy(tuple(sites), turned).tolist(), strict=True))
    assert got == expected


def test_parallel_links_and_links_inside_a_site_move_nothing():
    more = (*EDGES, ("a", "b"), ("b", "a"), ("c", "c"))
    assert np.array_equal(logical_xy(SITES, EDGES), logical_xy(SITES, more))


@pytest.mark.parametrize("size", [1, 2, 5, 40, 400])
def test_every_site_has_a_place_of_its_own(size: int):
    graph = nx.random_labeled_tree(size, seed=3)
    sites = tuple(f"s{i}" for i in range(size))
    xy = logical_xy(sites, tuple((f"s{a}", f"s{b}") for a, b in graph.edges))
    assert xy.shape == (size, 2)
    assert np.isfinite(xy).all()
    assert len(np.unique(xy.round(3), axis=0)) == size


def test_parts_without_connection_stand_beside_each_other():
    xy = logical_xy(("a", "b", "x", "y", "alone"), (("a", "b"), ("x", "y")))
    a, b, x, y, alone = xy
    assert max(a[0], b[0]) < min(x[0], y[0])
    assert max(x[0], y[0]) < alone[0]


def test_neighbours_are_nearer_than_strangers():
    ring = tuple((f"s{i}", f"s{(i + 1) % 12}") for i in range(12))
    sites = tuple(f"s{i}" for i in range(12))
    xy = logical_xy(sites, ring)
    steps = np.hypot(*(xy - np.roll(xy, -1, axis=0)).T)
    across = np.hypot(*(xy - np.roll(xy, 6, axis=0)).T)
    assert steps.max() < across.min()
