"""The logical layout: neighbours near each other, wherever they are on Earth.

A pure function of the topology: order in the file, states and loads change nothing, so nothing
jumps. Positions are plane units with one unit between neighbours.
"""

import math
from collections import defaultdict
from functools import lru_cache

import networkx as nx
import numpy as np

from widgets.map.projection import Points
from widgets.map.stress import relaxed
from widgets.map.topology import Index

Edges = tuple[tuple[str, str], ...]

_RELAX_LIMIT = 80  # nodes; beyond, relaxing costs more than it pleases
_GAP = 1.5
_STRETCH = 1.45  # views are wider than high


def logical_xy(sites: tuple[str, ...], links: Edges, core: tuple[str, ...] = ()) -> Points:
    """Return a position for every site, in the order of `sites`."""
    edges = tuple(sorted({(min(a, b), max(a, b)) for a, b in links if a != b}))
    where = _layout(tuple(sorted(sites)), edges, tuple(sorted(core)))
    return np.array([where[site] for site in sites], dtype=np.float64).reshape(-1, 2)


@lru_cache(maxsize=8)
def _layout(sites: tuple[str, ...], edges: Edges, core: tuple[str, ...]) -> dict[str, Points]:
    graph = nx.Graph()
    graph.add_nodes_from(sites)
    graph.add_edges_from(edges)
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=_size_then_name)
    where: dict[str, Points] = {}
    left = 0.0
    for part in parts:
        xy = _component(graph.subgraph(part), part, core)
        xy = xy - xy.min(axis=0) + (left, 0.0) - (0.0, np.ptp(xy[:, 1]) / 2)
        left = float(xy[:, 0].max()) + _GAP
        where.update(zip(part, xy, strict=True))
    return where


def _size_then_name(part: list[str]) -> tuple[int, list[str]]:
    return -len(part), part


def _component(graph: "nx.Graph", nodes: list[str], core: tuple[str, ...]) -> Points:
    """Rings round the core; small networks are then relaxed and laid broadside."""
    if len(nodes) == 1:
        return np.zeros((1, 2))
    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted((min(a, b), max(a, b)) for a, b in graph.edges))
    where = _rings(ordered, [node for node in nodes if node in core])
    xy = np.array([where[node] for node in nodes], dtype=np.float64)
    number = {node: i for i, node in enumerate(nodes)}
    edges = np.array([(number[a], number[b]) for a, b in ordered.edges], dtype=np.intp)
    if len(nodes) <= _RELAX_LIMIT:
        xy = relaxed(xy, _hops(ordered, nodes), edges)
    xy = _broadside(xy - xy.mean(axis=0))
    return xy / _edge_length(xy, edges)


def _hops(graph: "nx.Graph", nodes: list[str]) -> Points:
    """Return the lengths of the shortest ways between all nodes."""
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    return np.array([[lengths[a][b] for b in nodes] for a in nodes], dtype=np.float64)


def _rings(graph: "nx.Graph", core: list[str]) -> dict[str, tuple[float, float]]:
    """Place nodes on a ring by their hops from the core; a subtree gets the angle it needs."""
    roots = core or [max(sorted(graph), key=graph.degree)]
    hops = nx.multi_source_dijkstra_path_length(graph, roots, weight=None)
    children = _tree(graph, hops)
    leaves: dict[str, int] = {}
    for node in sorted(hops, key=hops.__getitem__, reverse=True):
        leaves[node] = sum(leaves[child] for child in children[node]) or 1
    where: dict[str, tuple[float, float]] = {}
    inner = 0.0 if len(roots) == 1 else 1.0
    todo = _slices(roots, leaves, 0.0, 1.0)
    while todo:
        node, begin, end = todo.pop()
        angle, radius = math.pi * (begin + end), hops[node] + inner
        where[node] = (radius * math.cos(angle), radius * math.sin(angle))
        todo += _slices(children[node], leaves, begin, end)
    return where


def _tree(graph: "nx.Graph", hops: dict[str, int]) -> dict[str, list[str]]:
    """Hang every node under its first neighbour that is one hop nearer to the core."""
    children: dict[str, list[str]] = defaultdict(list)
    for node in sorted(hops):
        above = [x for x in sorted(graph[node]) if hops[x] == hops[node] - 1]
        if above:
            children[above[0]].append(node)
    return children


def _slices(
    nodes: list[str], leaves: dict[str, int], begin: float, end: float
) -> list[tuple[str, float, float]]:
    """Share a slice of the circle (0..1) among nodes by their leaves."""
    total = sum(leaves[node] for node in nodes)
    shares = []
    for node in nodes:
        width = (end - begin) * leaves[node] / total
        shares.append((node, begin, begin + width))
        begin += width
        total -= leaves[node]
    return shares


def _broadside(xy: Points) -> Points:
    """Turn the longest extent to the horizontal, and stretch it a little."""
    _values, axes = np.linalg.eigh(np.cov(xy.T))
    turned = xy @ axes[:, ::-1]
    # The solver may choose either sense of an axis: the node farthest along it is positive.
    turned *= np.sign(turned[np.abs(turned).argmax(axis=0), [0, 1]])
    return np.asarray(turned * (_STRETCH, 1.0), dtype=np.float64)


def _edge_length(xy: Points, edges: Index) -> float:
    return float(np.median(np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T))) or 1.0
