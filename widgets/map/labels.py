"""Places for labels, so that none lies on another or on a symbol. Knows no Qt, no data.

First greedily, the important and then the most confined first; then, on maps of a size where it
matters, by moves that make the whole better, of one label or of two at once. The same wishes get
the same places, so labels stay put while the map is dragged.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.map.projection import Box
from widgets.map.steps import Steps, whole

Key = tuple[str, str]
Rows = NDArray[np.float64]  # (n, 4)

NO_ROWS: Rows = np.zeros((0, 4))

_CELL_PX = 48
_CAREFUL_LIMIT = 260  # wishes; beyond, lines under labels are not looked at and nothing is moved
_LINE_COST = 4.0  # in steps down the list of candidates
_MARK_COST = 60.0
_LEFT_OUT_COST = 100.0
_ROUNDS = 6
STEP = 50  # wishes that are dealt with at a time
_BAND = 256  # boxes of about the same height that are compared at once with what is near them


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants a place: candidates with the best first; higher priority goes first.

    One that is not `choosy` takes the first candidate that is free, whatever runs through it.
    """

    key: Key
    candidates: tuple[Box, ...]
    priority: float = 0.0
    choosy: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Label:
    """A wish with candidates and their costs, the cheapest first."""

    key: Key
    boxes: tuple[Box, ...]
    costs: tuple[float, ...]
    priority: float
    choosy: bool


class _Board:
    """Who has taken which place."""

    def __init__(self, obstacles: Iterable[Box]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Box, Key | None]]] = defaultdict(list)
        self.placed: dict[Key, int] = {}
        for box in obstacles:
            self._take(box, None)

    def _take(self, box: Box, owner: Key | None) -> None:
        for cell in _cells(box):
            self._cells[cell].append((box, owner))

    def put(self, label: _Label, choice: int) -> None:
        """Let the label have one of its candidates."""
        self._take(label.boxes[choice], label.key)
        self.placed[label.key] = choice

    def lift(self, label: _Label) -> int | None:
        """Take the label off; return what it had."""
        choice = self.placed.pop(label.key, None)
        if choice is not None:
            box = label.boxes[choice]
            for cell in _cells(box):
                self._cells[cell].remove((box, label.key))
        return choice

    def in_the_way(self, box: Box) -> set[Key | None]:
        """Return who has part of the box; None stands for obstacles."""
        return {
            owner
            for cell in _cells(box)
            for other, owner in self._cells.get(cell, ())
            if box.overlaps(other)
        }

    def first_free(self, label: _Label) -> int | None:
        """Return the cheapest candidate that nobody has part of."""
        return next((i for i, box in enumerate(label.boxes) if self._is_free(box)), None)

    def _is_free(self, box: Box) -> bool:
        known = self._cells
        return not any(
            box.overlaps(other) for cell in _cells(box) for other, _owner in known.get(cell, ())
        )


def _cells(box: Box) -> list[tuple[int, int]]:
    left, right = int(box.left // _CELL_PX), int(box.right // _CELL_PX)
    top, bottom = int(box.top // _CELL_PX), int(box.bottom // _CELL_PX)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def place(
    wishes: Sequence[Wish],
    obstacles: Iterable[Box],
    lines: Rows = NO_ROWS,
    marks: Rows = NO_ROWS,
) -> dict[Key, Box]:
    """Return a box for every wish that found one, see `placing`."""
    return whole(placing(wishes, obstacles, lines, marks))


def placing(
    wishes: Sequence[Wish],
    obstacles: Iterable[Box],
    lines: Rows = NO_ROWS,
    marks: Rows = NO_ROWS,
) -> Steps[dict[Key, Box]]:
    """Return a box for every wish that found one. Neither those nor the obstacles overlap.

    `lines` (rows x1, y1, x2, y2) and `marks` (left, top, right, bottom) may lie under labels but
    are avoided where there is a choice.
    """
    taken = tuple(obstacles)
    board = _Board(taken)
    choosy = [wish for wish in wishes if wish.choosy]
    careful = len(choosy) <= _CAREFUL_LIMIT
    labels = _weighed(choosy, *((lines, marks) if careful else (NO_ROWS, NO_ROWS)))
    labels += [_content(wish) for wish in wishes if not wish.choosy]
    yield
    free = _confinement(labels, taken)
    yield
    order = sorted(range(len(labels)), key=lambda i: (-labels[i].priority, free[i], i))
    for number, i in enumerate(order):
        choice = board.first_free(labels[i])
        if choice is not None:
            board.put(labels[i], choice)
        if number % STEP == STEP - 1:
            yield
    if careful:
        _improve([labels[i] for i in order if labels[i].choosy], board)
    by_key = {label.key: label for label in labels}
    return {key: by_key[key].boxes[choice] for key, choice in board.placed.items()}


def _content(wish: Wish) -> _Label:
    """Return the label of a wish that weighs nothing."""
    return _Label(wish.key, wish.candidates, (0.0,) * len(wish.candidates), wish.priority, False)


def _confinement(labels: list[_Label], taken: Sequence[Box]) -> list[int]:
    """Return how many places are open to each label; who is not choosy does not count."""
    open_places = covered(_rows(b for x in labels if x.choosy for b in x.boxes), _rows(taken)) == 0
    counts, start = [], 0
    for label in labels:
        end = start + (len(label.boxes) if label.choosy else 0)
        counts.append(int(open_places[start:end].sum()))
        start = end
    return counts


def _rows(boxes: Iterable[Box]) -> Rows:
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).reshape(-1, 4)


def _weighed(wishes: Sequence[Wish], lines: Rows, marks: Rows) -> list[_Label]:
    """Weigh candidates by preference and by the lines and marks that they would cover."""
    boxes = _rows(b for wish in wishes for b in wish.candidates)
    covering = _LINE_COST * crossings(boxes, lines) + _MARK_COST * covered(boxes, marks)
    labels, start = [], 0
    for wish in wishes:
        count = len(wish.candidates)
        costs = np.arange(count) + covering[start : start + count]
        order = np.argsort(costs, kind="stable").tolist()
        cheapest_first = tuple(wish.candidates[i] for i in order)
        sorted_costs = tuple(costs[order].tolist())
        labels.append(_Label(wish.key, cheapest_first, sorted_costs, wish.priority, wish.choosy))
        start += count
    return labels


def covered(boxes: Rows, marks: Rows) -> NDArray[np.int64]:
    """Return how many marks share an area with each box; rows are left, top, right, bottom."""
    found = np.zeros(len(boxes), dtype=np.int64)
    by_height = np.argsort(boxes[:, 1], kind="stable")
    for rows in np.split(by_height, range(_BAND, len(boxes), _BAND)) if len(boxes) else ():
        band = boxes[rows]
        near = marks[(marks[:, 3] > band[0, 1]) & (marks[:, 1] < band[:, 3].max())]
        low = np.maximum(band[:, None, :2], near[None, :, :2])
        high = np.minimum(band[:, None, 2:], near[None, :, 2:])
        found[rows] = (low < high).all(axis=2).sum(axis=1)
    return found


def crossings(boxes: Rows, lines: Rows) -> NDArray[np.int64]:
    """Return how many line segments pass through each box (Liang and Barsky's clipping)."""
    start, step = lines[:, :2], lines[:, 2:] - lines[:, :2]
    safe = np.where(step == 0, 1e-12, step)
    low = (boxes[:, None, :2] - start) / safe
    high = (boxes[:, None, 2:] - start) / safe
    enter = np.minimum(low, high).max(axis=2)
    leave = np.maximum(low, high).min(axis=2)
    return np.asarray(((enter < leave) & (leave > 0) & (enter < 1)).sum(axis=1))


def _improve(labels: list[_Label], board: _Board) -> None:
    """Move labels while that makes the whole cheaper."""
    by_key = {label.key: label for label in labels}
    for _round in range(_ROUNDS):
        if not sum(_better(label, by_key, board) for label in labels):
            break


def _better(label: _Label, by_key: dict[Key, _Label], board: _Board) -> bool:
    """Move one label to a cheaper place, with it whoever alone is in the way there."""
    had = board.lift(label)
    old_cost = _cost(label, had)
    for choice, cost in enumerate(label.costs):
        if cost >= old_cost:
            break
        others = board.in_the_way(label.boxes[choice])
        if not others or (
            len(others) == 1 and _makes_way(label, choice, others, by_key, board, old_cost - cost)
        ):
            board.put(label, choice)
            return True
    if had is not None:
        board.put(label, had)
    return False


def _makes_way(
    label: _Label,
    choice: int,
    others: set[Key | None],
    by_key: dict[Key, _Label],
    board: _Board,
    gain: float,
) -> bool:
    """Move the one label in the way elsewhere if that costs less than it gains."""
    key = next(iter(others))
    if key not in by_key or by_key[key].priority > label.priority:
        return False
    other = by_key[key]
    had = board.placed[key]
    board.lift(other)
    board.put(label, choice)
    new = board.first_free(other)
    board.lift(label)
    if new is None or _cost(other, new) - _cost(other, had) >= gain:
        board.put(other, had)
        return False
    board.put(other, new)
    return True


def _cost(label: _Label, choice: int | None) -> float:
    return _LEFT_OUT_COST if choice is None else label.costs[choice]
