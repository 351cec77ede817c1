"""Positions whose distances resemble the distances in the graph, with few lines that cross.

Stress majorisation after Gansner, Koren and North, "Graph drawing by stress majorization" (2004),
from a handful of starts; the one that is easiest to read wins. No randomness that is not seeded.
"""

import numpy as np
from numpy.typing import NDArray

from widgets.map.projection import Points
from widgets.map.topology import Index

Numbers = NDArray[np.float64]

_ROUNDS = 120
_STILL = 1e-4
_STARTS, _STARTS_OF_MANY, _MANY = 8, 3, 40
_SEED = 7
_TOO_NEAR = 0.28  # of a hop: a node so near to a line of others seems to lie on it
_COST_NEAR = 1.5  # in crossings


def relaxed(start: Points, hops: Numbers, edges: Index) -> Points:
    """Return positions for nodes that are `hops` (n, n) apart; `edges` (m, 2) are the lines."""
    rng = np.random.default_rng(_SEED)
    size, count = hops.max(), _STARTS if len(start) <= _MANY else _STARTS_OF_MANY
    starts = [start, *(rng.normal(0, size / 2, start.shape) for _ in range(count - 1))]
    found = [_majorised(xy, hops) for xy in starts]
    costs = [_stress(xy, hops) + clutter(xy, edges) for xy in found]
    return found[int(np.argmin(np.round(costs, 6)))]


def _majorised(xy: Points, hops: Numbers) -> Points:
    """Move towards less stress until nothing moves much."""
    weight = _weights(hops)
    inverse = np.linalg.pinv(np.diag(weight.sum(axis=1)) - weight)
    for _round in range(_ROUNDS):
        apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
        pull = weight * hops / np.where(apart > 1e-9, apart, 1e-9)
        np.fill_diagonal(pull, 0.0)
        moved = inverse @ ((np.diag(pull.sum(axis=1)) - pull) @ xy)
        if np.abs(moved - xy).max() < _STILL * hops.max():
            break
        xy = moved
    return xy


def _weights(hops: Numbers) -> Numbers:
    weight = np.where(hops > 0, hops, 1.0) ** -2.0
    np.fill_diagonal(weight, 0.0)
    return weight


def _stress(xy: Points, hops: Numbers) -> float:
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return float((_weights(hops) * (apart - hops) ** 2).sum() / len(xy))


def clutter(xy: Points, edges: Index) -> float:
    """Return how many lines cross or run over nodes of others, weighed."""
    return _crossings(xy, edges) + _COST_NEAR * _nodes_on_lines(xy, edges)


def _crossings(xy: Points, edges: Index) -> int:
    first, second = np.triu_indices(len(edges), 1)
    a, b, c, d = (xy[edges[pair, end]] for pair in (first, second) for end in (0, 1))
    apart = _sides(a, b, c) * _sides(a, b, d) < 0
    return int(np.count_nonzero(apart & (_sides(c, d, a) * _sides(c, d, b) < 0)))


def _sides(a: Points, b: Points, point: Points) -> Numbers:
    """Return on which side of the lines a to b the points lie, as a sign."""
    along, to = b - a, point - a
    return np.asarray(along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0])


def _nodes_on_lines(xy: Points, edges: Index) -> int:
    start, along = xy[edges[:, 0]], xy[edges[:, 1]] - xy[edges[:, 0]]
    square = np.maximum((along**2).sum(axis=1), 1e-12)
    to = xy[:, None] - start[None]
    part = np.clip((to * along).sum(axis=2) / square, 0.0, 1.0)
    near = np.hypot(*(to - along * part[..., None]).transpose(2, 0, 1)) < _TOO_NEAR
    numbers = np.arange(len(xy))[:, None]
    own = (numbers == edges[:, 0]) | (numbers == edges[:, 1])
    return int(np.count_nonzero(near & ~own))
