"""The graph, and what a site's devices add up to."""

import networkx as nx
import pytest

from console.analysis.topology import build_graph, site_state, smaller
from console.model.states import State
from tests.histories_small import small_inventory


def test_the_graph_has_every_device_and_link_and_cannot_be_changed() -> None:
    inventory = small_inventory()
    graph = build_graph(inventory)
    assert dict(graph.nodes(data="site")) == {"a1": "a", "b1": "b", "c1": "c"}
    assert set(graph.edges(keys=True)) == {("a1", "b1", "a-b"), ("b1", "c1", "b-c")}
    assert graph.edges["b1", "c1", "b-c"] == {"capacity_bps": 10e9, "cost": None}
    with pytest.raises(nx.NetworkXError):
        graph.add_node("more")


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ("up up", State.UP),
        ("up degraded", State.DEGRADED),
        ("up down", State.DEGRADED),
        ("up unreachable", State.DEGRADED),
        ("up unknown", State.UNKNOWN),
        ("down down", State.DOWN),
        ("down unreachable", State.DOWN),
        ("unreachable unreachable", State.UNREACHABLE),
        ("unreachable unknown", State.UNREACHABLE),
        ("unknown", State.UNKNOWN),
        ("", State.UNKNOWN),
    ],
)
def test_a_site_is_what_its_devices_add_up_to(devices: str, expected: State) -> None:
    assert site_state([State(word) for word in devices.split()]) is expected


def test_the_smaller_known_speed_is_the_capacity() -> None:
    assert smaller((10e9, 1e9)) == 1e9
    assert smaller((None, 1e9)) == 1e9
    assert smaller((0.0, None)) is None
