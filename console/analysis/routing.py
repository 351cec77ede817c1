"""Shortest paths by link cost, equal-cost shares at every hop. Pure; knows no load and no state.

The graph is the snapshot's: a networkx.MultiGraph with a node per device and an edge per link
whose key is the link's id and whose attribute `cost` is a positive integer. What is down is left
out by the caller (`without`).
"""

from collections.abc import Collection, Iterable, Mapping

import networkx as nx

REFERENCE_BPS = 100e9

Hop = tuple[str, str]  # a link's id and the device at which it is entered: one direction of it
Shares = dict[Hop, float]  # the part of a flow, 0..1, that each hop carries


def cost_of(capacity_bps: float) -> int:
    """Return the cost of a link that names none: 100 Gbit/s over its capacity, as OSPF does."""
    return max(1, int(REFERENCE_BPS // capacity_bps))


def without(
    graph: nx.MultiGraph, links: Collection[str] = (), devices: Collection[str] = ()
) -> nx.MultiGraph:
    """Return a view of the graph without these links and devices.

    Devices that lose every link stay: their own site still reaches them.
    """
    hidden = [key for key in graph.edges(keys=True) if key[2] in links]
    return nx.restricted_view(graph, devices, hidden)


def distances(graph: nx.MultiGraph, targets: Iterable[str]) -> dict[str, int]:
    """Return the cost from every device that can reach a target to the nearest of them."""
    present = {target for target in targets if target in graph}
    if not present:
        return {}
    found: dict[str, int] = nx.multi_source_dijkstra_path_length(graph, present, weight="cost")
    return found


def shares(
    graph: nx.MultiGraph, sources: Collection[str], targets: Collection[str]
) -> Shares | None:
    """Route one flow from the nearest source to the nearest target; None without any path.

    Equally near sources share the flow equally, and so do, at every hop, the links that lead on
    at equal cost. The order is the flow's own: hops nearer to the source come first.
    """
    return shares_along(graph, distances(graph, targets), sources)


def shares_along(
    graph: nx.MultiGraph, to_target: Mapping[str, int], sources: Collection[str]
) -> Shares | None:
    """Route one flow by the distances to its targets, which serve many flows."""
    near = [source for source in sources if source in to_target]
    if not near:
        return None
    nearest = min(to_target[source] for source in near)
    starts = [source for source in near if to_target[source] == nearest]
    waiting = {source: 1.0 / len(starts) for source in starts}
    carried: Shares = {}
    while waiting:
        device = max(waiting, key=to_target.__getitem__)
        part = waiting.pop(device)
        onward = next_hops(graph, to_target, device)
        for link, neighbour in onward:
            carried[link, device] = part / len(onward)
            waiting[neighbour] = waiting.get(neighbour, 0.0) + part / len(onward)
    return carried


def next_hops(
    graph: nx.MultiGraph, to_target: Mapping[str, int], device: str
) -> list[tuple[str, str]]:
    """Return the links, each with the device behind it, that lead on to a target at least cost."""
    left = to_target[device]
    return [
        (link, neighbour)
        for _, neighbour, link, cost in graph.edges(device, keys=True, data="cost")
        if neighbour in to_target and to_target[neighbour] + cost == left
    ]
