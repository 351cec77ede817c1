"""The network as a graph, and what the devices of a site add up to. Pure."""

from collections.abc import Collection, Iterable

import networkx as nx

from console.model.inventory import Inventory
from console.model.states import State

_ALIVE = (State.UP, State.DEGRADED, State.MAINTENANCE)
_FAILING = (State.DEGRADED, State.DOWN, State.UNREACHABLE)


def build_graph(inventory: Inventory) -> nx.MultiGraph:
    """Return the frozen graph: devices (`site`, `role`) and links (`capacity_bps`, `cost`) by id.

    Links whose ends are not in the inventory are left out.
    """
    graph = nx.MultiGraph()
    for device in inventory.devices:
        graph.add_node(device.id, site=device.site, role=device.role)
    for link in inventory.links:
        if link.a.device in graph and link.b.device in graph:
            facts = {"capacity_bps": link.capacity_bps, "cost": link.cost}
            graph.add_edge(link.a.device, link.b.device, key=link.id, **facts)
    return nx.freeze(graph)


def site_state(devices: Collection[State]) -> State:
    """Return what the states of a site's devices add up to; unknown for a site without any.

    Up only when every device is known to be; down or unreachable when none is alive; where some
    live and others fail, degraded.
    """
    if any(state in _ALIVE for state in devices):
        if any(state in _FAILING for state in devices):
            return State.DEGRADED
        return State.UNKNOWN if State.UNKNOWN in devices else State.UP
    if State.DOWN in devices:
        return State.DOWN
    return State.UNREACHABLE if State.UNREACHABLE in devices else State.UNKNOWN


def smaller(speeds_bps: Iterable[float | None]) -> float | None:
    """Return the smallest known speed, the capacity of a link that names none."""
    return min((speed for speed in speeds_bps if speed), default=None)
