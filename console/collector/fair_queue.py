"""Keeps many senders apart: a queue each, served in turn, and a share each of what is stored."""

from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """A bounded queue for every source. What finds no room is refused, not what waits."""

    def __init__(self, most_each: int, octets_each: int) -> None:
        self._most = most_each
        self._octets = octets_each
        self._queues: dict[Hashable, deque[tuple[T, int]]] = {}
        self._used: dict[Hashable, int] = {}
        self._turns: deque[Hashable] = deque()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, source: Hashable, item: T, octets: int) -> bool:
        """Take in; return False where this source has no room left."""
        queue = self._queues.get(source)
        if queue is None:
            queue = self._queues[source] = deque()
            self._used[source] = 0
            self._turns.append(source)
        elif len(queue) >= self._most or self._used[source] + octets > self._octets:
            return False
        queue.append((item, octets))
        self._used[source] += octets
        self._length += 1
        return True

    def take(self) -> tuple[Hashable, T]:
        """Return the oldest of the source whose turn it is; IndexError where nothing waits."""
        source = self._turns.popleft()
        queue = self._queues[source]
        item, octets = queue.popleft()
        self._length -= 1
        if queue:
            self._used[source] -= octets
            self._turns.append(source)
        else:
            del self._queues[source], self._used[source]
        return source, item


class Shares:
    """So many at once and so many a second for everybody (a token bucket each)."""

    def __init__(self, burst: float, per_s: float) -> None:
        self._burst = burst
        self._per_s = per_s
        self._left: dict[Hashable, tuple[float, float]] = {}  # tokens, and at which moment

    def take(self, source: Hashable, now_s: float) -> bool:
        """Take one of this source's share; return False where none is left."""
        tokens, at_s = self._left.get(source, (self._burst, now_s))
        tokens = min(self._burst, tokens + (now_s - at_s) * self._per_s)
        allowed = tokens >= 1
        self._left[source] = tokens - allowed, now_s
        return allowed
