"""What stands where: levels, fanned devices, parallel links, distances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.map_networks import demo, network
from widgets.map.geometry import Level, along, build, distances, level_at, spacing
from widgets.map.topology import Topology, topology_of

SITES = {"north": (50.5, 7.0), "south": (49.5, 7.0), "east": (50.0, 8.5)}


def at_level(topology: Topology, level: Level):  # type: ignore[no-untyped-def]
    spacing_px = {Level.STATE: 60, Level.COUNTY: 250, Level.PORTS: 800}[level]
    geometry = build(topology, topology.site_xy, spacing_px / spacing(topology.site_xy))
    assert geometry.level == level
    return geometry


def test_levels_follow_the_room_between_sites():
    assert [level_at(px) for px in (40, 149, 150, 419, 420)] == [0, 0, 1, 1, 2]


def test_from_afar_only_sites_and_the_links_between_them():
    topology = topology_of(
        network(SITES, {"n1": "north", "n2": "north", "s1": "south"}, [("n1", "n2"), ("n2", "s1")])
    )
    far = at_level(topology, Level.STATE)
    assert far.nodes == ("north", "south", "east")
    assert far.drawn.tolist() == [1]
    near = at_level(topology, Level.COUNTY)
    assert near.nodes == ("n1", "n2", "s1")
    assert near.drawn.tolist() == [0, 1]


def test_devices_of_a_site_stand_apart_and_round_it():
    devices = {f"n{i}": "north" for i in range(9)} | {"s1": "south"}
    topology = topology_of(network(SITES, devices, [("n0", "s1")]))
    geometry = at_level(topology, Level.COUNTY)
    north = geometry.node_xy[:9]
    middle, hull = geometry.site_xy[0], geometry.hull_px[0]
    assert np.allclose(np.hypot(*(north - middle).T), hull)
    gaps = np.hypot(*(north[:, None] - north[None]).T)[~np.eye(9, dtype=bool)]
    assert gaps.min() > 2 * geometry.radius_px
    # the device with the link to the south is the southernmost: y grows downwards
    assert north[:, 1].argmax() == 0
    assert np.allclose(geometry.node_xy[9], geometry.site_xy[1])


def test_parallel_links_run_side_by_side_whichever_way_they_are_written():
    topology = topology_of(
        network(
            SITES,
            {"n": "north", "s": "south", "e": "east"},
            [("n", "s"), ("s", "n"), ("n", "s"), ("n", "e")],
        )
    )
    geometry = at_level(topology, Level.STATE)
    middles = geometry.paths[:3, 2]
    gaps = np.hypot(*(middles[:, None] - middles[None]).T)[~np.eye(3, dtype=bool)]
    assert gaps.min() > 6
    assert geometry.bent.tolist() == [True, False, True, False] or geometry.bent[:3].sum() == 2
    assert np.allclose(geometry.paths[1, 0], geometry.paths[0, 4])


def test_sites_at_the_same_place_are_drawn_apart():
    topology = topology_of(
        network({"a": (50, 7), "b": (50, 7), "c": (49, 8)}, {"a1": "a", "b1": "b"}, [("a1", "b1")])
    )
    geometry = at_level(topology, Level.STATE)
    apart = np.hypot(*(geometry.node_xy[0] - geometry.node_xy[1]))
    assert apart > 2 * geometry.radius_px
    assert np.isfinite(geometry.paths).all()


@pytest.mark.parametrize("count", [1, 2])
def test_few_sites_at_one_place_have_a_geometry(count: int):
    sites = {f"s{i}": (50.0, 7.0) for i in range(count)}
    topology = topology_of(network(sites, {"d": "s0"}, []))
    geometry = build(topology, topology.site_xy, 3.0)
    assert np.isfinite(geometry.node_xy).all()
    assert geometry.paths.shape == (0, 5, 2)


def test_segments_cover_the_ways_and_know_their_half():
    topology = topology_of(demo())
    geometry = at_level(topology, Level.STATE)
    segments = geometry.segments
    for row in range(len(geometry.drawn)):
        own = segments.lines[segments.row == row]
        halves = segments.at_b[segments.row == row]
        assert np.allclose(own[0, :2], geometry.paths[row, 0])
        assert np.allclose(own[-1, 2:], geometry.paths[row, 4])
        assert np.allclose(own[halves][0, :2], geometry.paths[row, 2])


@given(st.floats(-50, 150), st.floats(-50, 150))
@settings(max_examples=60, deadline=None)
def test_distance_is_that_to_the_nearest_of_many_points_on_the_way(x: float, y: float):
    path = np.array([[0.0, 0.0], [20.0, 10.0], [50.0, 10.0], [80.0, 10.0], [100.0, 0.0]])
    points = np.array([along(path, part) for part in np.linspace(0, 1, 2001)])
    sampled = np.hypot(*(points - (x, y)).T).min()
    assert distances(path[None], x, y)[0] == pytest.approx(sampled, abs=0.06)
