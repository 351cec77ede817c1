"""The way to an agent: its address, how long it takes to answer, how much may be under way.

Time-outs are learnt as RFC 6298 does it: from smoothed round trips and how much they vary.
"""

import asyncio
import random
import socket
from collections import deque

from console.snmp.errors import Unasked
from console.snmp.sockets import SocketAddress

A_DEVICE = 4  # questions to one agent at once: small ones drop what they cannot queue
IN_ALL = 128  # questions at once: their answers fit into a socket's buffer
HELD_S = 0.1  # so long an unanswered question counts; the dead do not block the living
_NAME_HOLDS_S = 300.0  # how long a resolved name is believed
_SHORTEST_S = 0.2  # an agent that fills a cache may take so long now and then
_JITTER = 0.25  # of a time-out, so that those who fell silent together are not asked together


class Path:
    """The way to one agent."""

    __slots__ = ("_smoothed_s", "_variation_s", "address", "family", "holds_s", "window")

    def __init__(self, family: int, address: SocketAddress, holds_s: float) -> None:
        self.family = family
        self.address = address
        self.holds_s = holds_s  # until when the address is believed
        self.window = Window(A_DEVICE)
        self._smoothed_s: float | None = None
        self._variation_s = 0.0

    def answered(self, rtt_s: float) -> None:
        """Learn from a round trip."""
        smoothed_s = self._smoothed_s
        if smoothed_s is None:
            self._smoothed_s, self._variation_s = rtt_s, rtt_s / 2
            return
        self._variation_s += (abs(smoothed_s - rtt_s) - self._variation_s) / 4
        self._smoothed_s = smoothed_s + (rtt_s - smoothed_s) / 8

    def fell_silent(self) -> None:
        """Forget the round trips: who comes back may be another, or far away."""
        self._smoothed_s = None

    def wait_s(self, timeout_s: float, tries_before: int) -> float:
        """Return how long to wait before asking again: learnt, doubled each time, jittered."""
        if self._smoothed_s is None:
            learnt_s = timeout_s
        else:
            learnt_s = max(_SHORTEST_S, self._smoothed_s + 4 * self._variation_s)
        backed_off_s = learnt_s * (1 << min(tries_before, 16))
        return min(backed_off_s, timeout_s) * (1.0 - _JITTER * random.random())


async def find_path(host: str, port: int) -> Path:
    """Return the way to an agent; raise Unasked where nobody knows the name."""
    loop = asyncio.get_running_loop()
    kind = socket.SOCK_DGRAM
    holds_s = float("inf")
    try:
        found = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST)
    except (socket.gaierror, UnicodeError):
        holds_s = loop.time() + _NAME_HOLDS_S
        try:
            found = await loop.getaddrinfo(host, port, type=kind)
        except (socket.gaierror, UnicodeError):
            raise Unasked("dns") from None
    family, _, _, _, address = found[0]
    return Path(int(family), address, holds_s)


class Window:
    """How many questions may be under way at once; the next wait for their turn, in order.

    A question takes its place with `enter` and gives it back with `leave`. It loses it anyway after
    `held_s`, if that is given: whoever does not answer then sends no flood of answers either.
    """

    __slots__ = ("_held_s", "_loop", "_most", "_places", "_timer", "_waiting")

    def __init__(self, most: int, held_s: float | None = None) -> None:
        self._most = most
        self._held_s = held_s
        self._loop = asyncio.get_running_loop()
        self._places: dict[object, float] = {}  # since when each is taken, oldest first
        self._waiting: deque[tuple[object, asyncio.Future[None]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def enter(self, who: object) -> None:
        """Take a place, as soon as there is one."""
        if len(self._places) < self._most:
            self._places[who] = self._loop.time()
            return
        turn: asyncio.Future[None] = self._loop.create_future()
        self._waiting.append((who, turn))
        self._watch()
        try:
            await turn
        except asyncio.CancelledError:
            self.leave(who)
            raise

    def leave(self, who: object) -> None:
        """Give a place back, if it is still held."""
        if self._places.pop(who, None) is not None and self._waiting:
            self._admit()

    def _admit(self) -> None:
        while self._waiting and len(self._places) < self._most:
            who, turn = self._waiting.popleft()
            if not turn.done():
                self._places[who] = self._loop.time()
                turn.set_result(None)

    def _watch(self) -> None:
        """Look again when the oldest place has been held for long enough."""
        if self._held_s is None or self._timer is not None or not self._waiting:
            return
        oldest_s = next(iter(self._places.values()))
        self._timer = self._loop.call_at(oldest_s + self._held_s, self._expire)

    def _expire(self) -> None:
        self._timer = None
        assert self._held_s is not None, "set with the timer"
        until_s = self._loop.time() - self._held_s
        for who in [who for who, since_s in self._places.items() if since_s <= until_s]:
            del self._places[who]
        self._admit()
        self._watch()
