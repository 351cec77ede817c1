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

Edges = tuple[tuple[str, str], ...]

_SPRING_LIMIT = 150  # nodes; beyond, the springs cost more than they please
_SPRING_ROUNDS = 300
_SEED = 7
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
    """Rings round the core; small networks are then relaxed by springs and laid broadside."""
    if len(nodes) == 1:
        return np.zeros((1, 2))
    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted((min(a, b), max(a, b)) for a, b in graph.edges))
    where = _rings(ordered, [node for node in nodes if node in core])
    if len(nodes) <= _SPRING_LIMIT:
        where = nx.spring_layout(
            ordered, pos=where, seed=_SEED, iterations=_SPRING_ROUNDS, k=1.0, scale=None
        )
    xy = np.array([where[node] for node in nodes], dtype=np.float64)
    return _broadside(xy - xy.mean(axis=0)) / _edge_length(ordered, nodes, xy)


def _rings(graph: "nx.Graph", core: list[str]) -> dict[str, tuple[float, float]]:
    """Place nodes on a ring by their hops from the core; a subtree gets the angle it needs."""
    roots = core or [max(sorted(graph), key=graph.degree)]
    hops = nx.multi_source_dijkstra_path_length(graph, roots, weight=None)
    children: dict[str, list[str]] = defaultdict(list)
    for node in sorted(hops):
        above = [x for x in sorted(graph[node]) if hops[x] == hops[node] - 1]
        if above:
            children[above[0]].append(node)
    leaves = dict.fromkeys(graph, 1)
    for node in sorted(hops, key=hops.__getitem__, reverse=True):
        if children[node]:
            leaves[node] = sum(leaves[child] for child in children[node])
    total = sum(leaves[root] for root in roots)
    where: dict[str, tuple[float, float]] = {}
    start = 0.0
    todo = []
    for root in roots:
        todo.append((root, start, start + leaves[root] / total))
        start += leaves[root] / total
    inner = 0 if len(roots) == 1 else 1
    while todo:
        node, begin, end = todo.pop()
        angle, radius = math.pi * (begin + end), float(hops[node] + inner)
        where[node] = (radius * math.cos(angle), radius * math.sin(angle))
        for child in children[node]:
            width = (end - begin) * leaves[child] / leaves[node]
            todo.append((child, begin, begin + width))
            begin += width
    return where


def _broadside(xy: Points) -> Points:
    """Turn the longest extent to the horizontal, and stretch it a little."""
    _values, axes = np.linalg.eigh(np.cov(xy.T))
    turned = xy @ axes[:, ::-1]
    turned *= np.where(np.abs(turned).argmax(axis=0) >= 0, _orientation(turned), 1.0)
    return np.asarray(turned * (_STRETCH, 1.0), dtype=np.float64)


def _orientation(xy: Points) -> Points:
    """Return signs that do not depend on the solver: the first node off the axis is positive."""
    return np.sign(xy[np.abs(xy).argmax(axis=0), [0, 1]])


def _edge_length(graph: "nx.Graph", nodes: list[str], xy: Points) -> float:
    number = {node: i for i, node in enumerate(nodes)}
    ends = np.array([(number[a], number[b]) for a, b in graph.edges])
    return float(np.median(np.linalg.norm(xy[ends[:, 0]] - xy[ends[:, 1]], axis=1))) or 1.0
