"""Routing: hop-wise equal-cost shares, and the law that nothing is lost on the way."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.analysis import routing


def graph_of(*links: tuple[str, str, str, int]) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    for link, a, b, cost in links:
        graph.add_edge(a, b, key=link, cost=cost)
    return graph


def test_cost_without_one_is_100g_over_capacity() -> None:
    assert [routing.cost_of(c) for c in (1e9, 10e9, 40e9, 400e9)] == [100, 10, 2, 1]


def test_equal_cost_is_shared_at_every_hop_not_per_path() -> None:
    # a has two next hops; behind b the way splits again: three paths, shares 1/2, 1/4, 1/4.
    graph = graph_of(
        ("ab", "a", "b", 1),
        ("ac", "a", "c", 2),
        ("cz", "c", "z", 1),
        ("bz1", "b", "z", 2),
        ("bz2", "b", "z", 2),
    )
    found = routing.shares(graph, ["a"], ["z"])
    assert found == {
        ("ab", "a"): 0.5,
        ("ac", "a"): 0.5,
        ("cz", "c"): 0.5,
        ("bz1", "b"): 0.25,
        ("bz2", "b"): 0.25,
    }


def test_nearest_device_of_a_site_starts_and_equal_ones_share() -> None:
    graph = graph_of(("1", "s1", "z", 10), ("2", "s2", "z", 10), ("3", "s3", "z", 11))
    found = routing.shares(graph, ["s1", "s2", "s3"], ["z"])
    assert found == {("1", "s1"): 0.5, ("2", "s2"): 0.5}


def test_at_the_target_nothing_is_carried_and_without_a_path_nothing_is_known() -> None:
    graph = graph_of(("1", "a", "b", 1))
    graph.add_node("alone")
    assert routing.shares(graph, ["a"], ["a", "b"]) == {}
    assert routing.shares(graph, ["alone"], ["b"]) is None
    assert routing.shares(graph, ["a"], ["gone"]) is None


def test_without_leaves_out_links_and_devices() -> None:
    graph = graph_of(("1", "a", "b", 1), ("2", "a", "b", 5), ("3", "a", "c", 1), ("4", "c", "b", 9))
    assert routing.shares(routing.without(graph, links=["1"]), ["a"], ["b"]) == {("2", "a"): 1.0}
    left = routing.without(graph, links=["1", "2"], devices=["c"])
    assert routing.shares(left, ["a"], ["b"]) is None


def test_a_device_without_links_stays_and_reaches_its_own_site_only() -> None:
    graph = graph_of(("1", "a", "b", 1))
    graph.add_node("alone")
    left = routing.without(graph, links=["1"])
    assert set(left) == {"a", "b", "alone"}
    assert routing.shares(left, ["a"], ["a"]) == {}
    assert routing.shares(left, ["alone"], ["alone"]) == {}
    assert routing.shares(left, ["a"], ["b"]) is None
    assert set(routing.without(graph, devices=["alone", "a"])) == {"b"}


edges = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 4)), min_size=1, max_size=25
)


@given(edges, st.sets(st.integers(0, 7), min_size=1, max_size=3), st.integers(0, 7))
def test_what_enters_a_device_leaves_it(
    drawn: list[tuple[int, int, int]], sources: set[int], target: int
) -> None:
    links = [(f"l{n}", f"d{a}", f"d{b}", cost) for n, (a, b, cost) in enumerate(drawn) if a != b]
    graph = graph_of(*links)
    found = routing.shares(graph, [f"d{s}" for s in sorted(sources)], [f"d{target}"])
    if not found:
        return
    ends = {link: {a, b} for link, a, b, _ in links}
    balance: dict[str, float] = {}
    for (link, device), share in found.items():
        (other,) = ends[link] - {device}
        balance[device] = balance.get(device, 0.0) + share
        balance[other] = balance.get(other, 0.0) - share
    assert balance.pop(f"d{target}") == pytest.approx(-1.0)
    started = {d: left for d, left in balance.items() if abs(left) > 1e-9}
    assert set(started) <= {f"d{s}" for s in sources}
    assert sum(started.values()) == pytest.approx(1.0)
    assert len({round(left, 9) for left in started.values()}) == 1
