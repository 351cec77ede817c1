"""Measures the quality of paths: a packet every so often, summed up in windows of 15 seconds.

A window is handed on once the answers to its last packets have had their time. When the collector
stops, what was seen until then is handed on, without packets that may still be answered.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Protocol

from console.analysis.echoes import EchoLog
from console.collector.lookups import Names, Secrets
from console.collector.path_targets import icmp_paths, stamp_name
from console.collector.recorder import CycleClock
from console.collector.rounds import keep_asking
from console.language import _
from console.model.inventory import Inventory, Reflector
from console.model.observation import PathWindow
from console.probes.echoes import EchoClient
from console.probes.icmp import Pinger
from console.stamp.sender import AF41, Sender, Target
from console.system_errors import in_words

log = logging.getLogger("leitstand.collector")
WINDOW_S = 15.0
SHORTEST = 1 / 3  # of a window: what would be shorter than that joins the next one
CLOCK_SET_S = 0.5  # by so much no window differs from what the clock says


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
class _Opened:
    """A window's start: UTC and monotonic seconds, and where each path's packets stood."""

    cycle: CycleClock
    at_s: float
    began_s: float
    marks: tuple[tuple[Session | None, int], ...]


class Paths:
    """All paths of an inventory. `pinger` None: none by ICMP."""

    def __init__(
        self,
        inventory: Inventory,
        names: Names,
        secrets: Secrets,
        pinger: Pinger | None,
        cycle: Callable[[], CycleClock],
        saw: Callable[[PathWindow], None],
    ) -> None:
        self._polling = inventory.polling
        self._secrets = secrets
        self._cycle = cycle
        self._saw = saw
        self._sender = Sender()
        self._echoes: EchoClient | None = None
        self._paths: list[Path] = []
        if pinger is not None:
            self._echoes = EchoClient(pinger.privileged)
            for path in icmp_paths(inventory):
                self._paths.append(
                    Path(path.subjects, path.name, path.host, names, self._echoes.session)
                )
        for reflector in inventory.reflectors:
            name, host = stamp_name(reflector, AF41), reflector.endpoint[0]
            opened = partial(self._stamp_session, reflector)
            self._paths.append(Path((reflector.id,), name, host, names, opened))

    async def run(self) -> None:
        """Measure until cancelled."""
        every_s = self._polling.paths_s
        if every_s is None or not self._paths:
            return
        try:
            async with asyncio.TaskGroup() as group:
                asks = [path.ask for path in self._paths]
                group.create_task(keep_asking(asks, every_s, every_s))
                group.create_task(self._keep_windows(every_s))
        finally:
            self._sender.close()
            if self._echoes is not None:
                self._echoes.close()

    async def _stamp_session(self, reflector: Reflector, address: str) -> Session | None:
        key = None
        if reflector.key is not None:
            known = await self._secrets.get(reflector.key)
            if known is None:  # told there
                return None
            key = known.encode()
        return await self._sender.session(Target(address, reflector.endpoint[1], key=key))

    async def _keep_windows(self, every_s: float) -> None:
        """Open and close windows at multiples of WINDOW_S."""
        settle_s = self._polling.timeout_s + every_s  # the next answer tells of directions
        loop = asyncio.get_running_loop()
        due: dict[asyncio.TimerHandle, tuple[_Opened, _Opened]] = {}
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

    def _opened(self, at_s: float) -> _Opened:
        marks = tuple(
            (path.session, path.session.log.next_number if path.session else 1)
            for path in self._paths
        )
        return _Opened(self._cycle(), at_s, time.monotonic(), marks)

    def _hand_on(self, opened: _Opened, ended: _Opened) -> None:
        """Sum up what was sent in a window."""
        settled_s = time.monotonic() - self._polling.timeout_s
        lasts_s = ended.at_s - opened.at_s
        really_s = ended.began_s - opened.began_s
        if abs(lasts_s - really_s) > CLOCK_SET_S:
            lasts_s = really_s
        at_ms = max(0, round((opened.at_s - opened.cycle.at_s) * 1000))
        for path, began, end in zip(self._paths, opened.marks, ended.marks, strict=True):
            session, after = end
            if session is None:
                continue
            first = began[1] if began[0] in (session, None) else 1
            numbers = session.log.numbers(first, after, settled_s)
            session.forget(after)
            if numbers.sent:
                for subject in path.subjects:
                    self._saw(
                        PathWindow(
                            *(subject, path.name, opened.cycle.id, at_ms, round(lasts_s * 1000)),
                            **asdict(numbers),
                        )
                    )
