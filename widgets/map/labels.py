"""Places for labels, so that none lies on another or on a symbol. Knows no Qt, no data.

Greedy in the order of importance, the most confined first; who finds no place may move one
neighbour aside, else it is left out. The same wishes get the same places: labels stay put while
the map is dragged or the data change.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.map.projection import Box

_CELL_PX = 48
_CAREFUL_LIMIT = 400  # wishes; beyond, lines under labels are not looked at
_LINE_COST = 3.0


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants a place: candidates with the best first; higher priority goes first."""

    key: tuple[str, str]
    candidates: tuple[Box, ...]
    priority: float = 0.0


class _Grid:
    """Boxes already taken, found by where they are."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Box, object]]] = defaultdict(list)

    def add(self, box: Box, owner: object) -> None:
        for cell in _cells(box):
            self._cells[cell].append((box, owner))

    def remove(self, box: Box, owner: object) -> None:
        for cell in _cells(box):
            self._cells[cell].remove((box, owner))

    def owners(self, box: Box) -> list[object]:
        """Return who has taken part of the box, each once, in no more than a few."""
        found: list[object] = []
        for cell in _cells(box):
            for other, owner in self._cells.get(cell, ()):
                if owner not in found and box.overlaps(other):
                    found.append(owner)
        return found

    def free(self, box: Box) -> bool:
        return not any(
            box.overlaps(other) for cell in _cells(box) for other, _ in self._cells.get(cell, ())
        )


def _cells(box: Box) -> list[tuple[int, int]]:
    left, right = int(box.left // _CELL_PX), int(box.right // _CELL_PX)
    top, bottom = int(box.top // _CELL_PX), int(box.bottom // _CELL_PX)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def place(
    wishes: Sequence[Wish], obstacles: Iterable[Box], lines: NDArray[np.float64] | None = None
) -> dict[tuple[str, str], Box]:
    """Return a box for every wish that found one. Neither those nor the obstacles overlap.

    `lines` (rows x1, y1, x2, y2) may lie under labels but are avoided where there is a choice.
    """
    grid = _Grid()
    for box in obstacles:
        grid.add(box, _OBSTACLE)
    ranked = [_ranked(wish, lines if len(wishes) <= _CAREFUL_LIMIT else None) for wish in wishes]
    open_to = [sum(grid.free(box) for box in wish.candidates) for wish in ranked]
    order = sorted(range(len(ranked)), key=lambda i: (-ranked[i].priority, open_to[i], i))
    placed: dict[tuple[str, str], Box] = {}
    by_key = {wish.key: wish for wish in ranked}
    left_over: list[Wish] = []
    for i in order:
        free = next((box for box in ranked[i].candidates if grid.free(box)), None)
        if free is None:
            left_over.append(ranked[i])
            continue
        grid.add(free, ranked[i].key)
        placed[ranked[i].key] = free
    for wish in left_over:
        _squeeze_in(wish, grid, placed, by_key)
    return placed


_OBSTACLE = object()


def _squeeze_in(
    wish: Wish, grid: _Grid, placed: dict[tuple[str, str], Box], by_key: dict[tuple[str, str], Wish]
) -> None:
    """Take a candidate that only one other label holds, if that one can move elsewhere."""
    for box in wish.candidates:
        owners = grid.owners(box)
        if len(owners) != 1 or owners[0] is _OBSTACLE:
            continue
        other = by_key[owners[0]]  # type: ignore[index]
        old = placed[other.key]
        grid.remove(old, other.key)
        grid.add(box, wish.key)
        new = next((c for c in other.candidates if grid.free(c)), None)
        if new is not None:
            grid.add(new, other.key)
            placed[other.key], placed[wish.key] = new, box
            return
        grid.remove(box, wish.key)
        grid.add(old, other.key)


def _ranked(wish: Wish, lines: NDArray[np.float64] | None) -> Wish:
    """Reorder candidates by preference and by the lines that would run through them."""
    if lines is None or not len(lines) or len(wish.candidates) < 2:
        return wish
    costs = [
        number + _LINE_COST * crossings(box, lines) for number, box in enumerate(wish.candidates)
    ]
    order = np.argsort(np.array(costs), kind="stable")
    return Wish(wish.key, tuple(wish.candidates[i] for i in order), wish.priority)


def crossings(box: Box, lines: NDArray[np.float64]) -> int:
    """Return how many line segments pass through the box (Liang and Barsky's clipping)."""
    start, step = lines[:, :2], lines[:, 2:] - lines[:, :2]
    safe = np.where(step == 0, 1e-12, step)
    low = (np.array([box.left, box.top]) - start) / safe
    high = (np.array([box.right, box.bottom]) - start) / safe
    enter = np.minimum(low, high).max(axis=1)
    leave = np.maximum(low, high).min(axis=1)
    return int(np.count_nonzero((enter < leave) & (leave > 0) & (enter < 1)))
