"""Sends a packet along paths every so often and sums them up in windows of 15 seconds.

A window is handed on once the answers to its last packets have had their time. When measuring
stops, what was seen until then is handed on, without packets that may still be answered. Knows no
inventory: a reflector measures by it too.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from console.analysis.echoes import EchoLog, PathNumbers
from console.collector.lookups import Names
from console.collector.rounds import keep_asking
from console.language import _
from console.system_errors import in_words

log = logging.getLogger("leitstand.collector")
WINDOW_S = 15.0
SHORTEST = 1 / 3  # of a window: what would be shorter than that joins the next one
CLOCK_SET_S = 0.5  # by so much no window differs from what the clock says
Mark = TypeVar("Mark")


class Session(Protocol):
    """What sends along a path and knows what came back."""

    log: EchoLog

    def send(self) -> None:
        """Send the next packet."""

    def forget(self, before: int) -> None:
        """Drop packets with numbers below `before`."""


Open = Callable[[str], Awaitable[Session | None]]


class Path:
    """A path under measurement. `open_session` gets the address that `host` has now."""

    def __init__(
        self, subjects: tuple[str, ...], name: str, host: str, names: Names, open_session: Open
    ) -> None:
        self.subjects = subjects
        self.name = name
        self.session: Session | None = None
        self._host = host
        self._names = names
        self._open = open_session
        self._address: str | None = None
        self._told = False

    async def ask(self) -> None:
        """Send one packet, if it is known where to and how."""
        address = await self._names.get(self._host)
        if address is None:
            self._tell(_("no address is known for {host}").format(host=self._host))
            return
        if self.session is None or address != self._address:
            try:
                self.session = await self._open(address)
            except OSError as error:
                self._tell(in_words(error))
                return
            self._address = address
        if self.session is not None:
            self.session.send()

    def _tell(self, reason: str) -> None:
        if not self._told:
            log.warning(
                _("The path “%(name)s” cannot be measured: %(reason)s."),
                {"name": self.name, "reason": reason},
            )
        self._told = True


@dataclass(frozen=True, slots=True)
class Window(Generic[Mark]):
    """A window of a path: what `mark` told at its start, UTC and monotonic seconds, how long."""

    mark: Mark
    at_s: float
    began_s: float
    lasts_s: float


@dataclass(frozen=True, slots=True)
class _Opened(Generic[Mark]):
    """A window's start, and where each path's packets stood."""

    mark: Mark
    at_s: float
    began_s: float
    places: tuple[tuple[Session | None, int], ...]


class Measuring(Generic[Mark]):
    """All paths. `mark` is asked when a window begins; `saw` gets every path's windows."""

    def __init__(
        self,
        paths: Sequence[Path],
        times: tuple[float, float],
        mark: Callable[[], Mark],
        saw: Callable[[Path, Window[Mark], PathNumbers], None],
    ) -> None:
        """`times`: a packet every so many seconds, and how long an answer may take."""
        self._paths = paths
        self._every_s, self._timeout_s = times
        self._mark = mark
        self._saw = saw

    async def run(self) -> None:
        """Measure until cancelled."""
        async with asyncio.TaskGroup() as group:
            asks = [path.ask for path in self._paths]
            group.create_task(keep_asking(asks, self._every_s, self._every_s))
            group.create_task(self._keep_windows())

    async def _keep_windows(self) -> None:
        """Open and close windows at multiples of WINDOW_S."""
        settle_s = self._timeout_s + self._every_s  # the next answer tells of directions
        loop = asyncio.get_running_loop()
        due: dict[asyncio.TimerHandle, tuple[_Opened[Mark], _Opened[Mark]]] = {}
        opened = self._opened(time.time())

        def hand_on_first() -> None:
            self._hand_on(*due.pop(next(iter(due))))

        try:
            while True:
                ends_s = (math.floor(time.time() / WINDOW_S + SHORTEST) + 1) * WINDOW_S
                await asyncio.sleep(ends_s - time.time())
                ended = self._opened(ends_s)
                due[loop.call_later(settle_s, hand_on_first)] = opened, ended
                opened = ended
        finally:
            for handle in due:
                handle.cancel()
            for window in (*due.values(), (opened, self._opened(time.time()))):
                self._hand_on(*window)

    def _opened(self, at_s: float) -> _Opened[Mark]:
        places = tuple(
            (path.session, path.session.log.next_number if path.session else 1)
            for path in self._paths
        )
        return _Opened(self._mark(), at_s, time.monotonic(), places)

    def _hand_on(self, opened: _Opened[Mark], ended: _Opened[Mark]) -> None:
        """Sum up what was sent in a window."""
        settled_s = time.monotonic() - self._timeout_s
        lasts_s = ended.at_s - opened.at_s
        really_s = ended.began_s - opened.began_s
        if abs(lasts_s - really_s) > CLOCK_SET_S:
            lasts_s = really_s
        window = Window(opened.mark, opened.at_s, opened.began_s, lasts_s)
        for path, began, end in zip(self._paths, opened.places, ended.places, strict=True):
            session, after = end
            if session is None:
                continue
            first = began[1] if began[0] in (session, None) else 1
            numbers = session.log.numbers(first, after, settled_s)
            session.forget(after)
            if numbers.sent:
                self._saw(path, window, numbers)
