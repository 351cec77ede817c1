"""Sends a media load to reflectors and tells each second what became of it. Knows no inventory.

Never more than each target's bound, there and so back: an answer is as long as its question, and
there is one at most.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from console.analysis.echoes import PathNumbers
from console.analysis.load_sums import summed
from console.analysis.media_load import Pacer
from console.model.rehearsal import LOST, SILENT, UNSENT
from console.stamp.load_messages import LoadEnd, LoadOrder, LoadTarget, LoadTold, LoadWindow
from console.stamp.sender import Sender, Session, Target

ANSWER_S = 2.0  # so long an answer may take; a target silent for so long gets nothing more
WINDOW_S = 5.0
_TICK_S = 0.002
_TELL_S = 1.0
_LISTEN_S = 0.25
_NEARLY_ALL = 0.9  # of the packets lie before the last answer, or directions are not told
_IP_UDP_OCTETS = {4: 28, 6: 48}


@dataclass(frozen=True, slots=True)
class _Open:
    """A span that is not summed up: numbers from `first`, and when it began and ended."""

    first: int
    after: int
    at_s: float
    lasts_s: float
    due_s: float  # monotonic


class _Flow:
    """One stream to one target."""

    def __init__(self, session: Session, octets: int) -> None:
        self.session = session
        self.octets = octets
        self.done: list[PathNumbers] = []
        self._began = (1, time.time(), time.monotonic())
        self._waiting: list[_Open] = []

    @property
    def sent(self) -> int:
        """How many packets were sent."""
        return self.session.log.next_number - 1

    def end_window(self, now_s: float) -> None:
        """Let what was sent until now be summed up when its answers have had their time."""
        first, at_s, began_s = self._began
        after = self.session.log.next_number
        self._began = after, time.time(), now_s
        if after > first:
            self._waiting.append(_Open(first, after, at_s, now_s - began_s, now_s + ANSWER_S))

    def settled(self, now_s: float, at_once: bool = False) -> list[tuple[_Open, PathNumbers]]:
        """Sum up the windows whose time has come; `at_once` all, without what is under way."""
        found = []
        while self._waiting and (at_once or self._waiting[0].due_s <= now_s):
            window = self._waiting.pop(0)
            log = self.session.log
            numbers = log.numbers(window.first, window.after, now_s - ANSWER_S)
            self.session.forget(window.after)
            self.done.append(numbers)
            if numbers.sent:
                found.append((window, numbers))
        return found

    def counted(self) -> PathNumbers:
        """Sum up everything. Directions are told of what lies before the last answer.

        By the reflector's own count of what reached it: that holds where packets overtake each
        other, as many of them in a second do, and windows cannot tell.
        """
        numbers, log = summed(self.done), self.session.log
        last, reflected = log.furthest
        if not log.stateful or last < _NEARLY_ALL * self.sent:
            return numbers
        lost = max(0, last - log.answers)
        there = min(lost, max(0, last - 1 - reflected))
        return replace(numbers, sent=last, lost=lost, lost_there=there, lost_back=lost - there)


class _Leg:
    """All streams to one target."""

    def __init__(self, target: LoadTarget) -> None:
        self._target = target
        self._sender = Sender()  # sockets of its own: their buffers shall not run over
        self._pacer: Pacer
        self._began_s = self._heard_s = self._ended_s = 0.0
        self._heard = 0
        self._counted: tuple[int, int] = (0, 0)
        self.flows: list[_Flow] = []
        self.reason = ""

    async def open(self) -> None:
        """Open the sockets; where the system has none, nothing is sent."""
        key = None if self._target.key is None else self._target.key.encode()
        header = _IP_UDP_OCTETS[6 if ":" in self._target.host else 4]
        try:
            for stream in self._target.streams:
                place = (self._target.host, self._target.port, stream.dscp)
                target = Target(*place, octets=stream.octets - header, key=key)
                self.flows.append(_Flow(await self._sender.session(target), stream.octets))
        except OSError:
            self.reason = UNSENT

    def begin(self, now_s: float) -> None:
        """Send from now on."""
        self._began_s = self._heard_s = now_s
        self._pacer = Pacer(self._target.streams, self._target.bound_bps, now_s)

    @property
    def on(self) -> bool:
        """Tell whether it sends."""
        return not self.reason and not self._ended_s

    def send_due(self) -> None:
        """Send what is due, each packet at its own moment: the bound is that of the wire."""
        while (number := next(self._pacer.due(time.monotonic()), None)) is not None:
            self.flows[number].session.send()

    def listen(self, now_s: float) -> None:
        """End this leg when nothing is heard any more."""
        heard = sum(flow.session.log.answers for flow in self.flows)
        if heard != self._heard:
            self._heard, self._heard_s = heard, now_s
        elif self.on and now_s - self._heard_s >= ANSWER_S:
            self.reason = LOST if heard else SILENT
            self.stop(now_s)

    def stop(self, now_s: float) -> None:
        """Send nothing more."""
        if not self._ended_s:
            self._ended_s = now_s
            self._counted = self._octets()
            for flow in self.flows:
                flow.end_window(now_s)

    def close(self) -> None:
        """Close the sockets."""
        self._sender.close()

    def end(self) -> LoadEnd:
        """Return what became of it."""
        numbers = summed(flow.counted() for flow in self.flows)
        lasted_s = self._ended_s - self._began_s
        if not lasted_s or not self.flows:
            return LoadEnd(numbers, None, None, self.reason)
        there, back = (8 * octets / lasted_s for octets in self._counted)
        return LoadEnd(numbers, there, back, self.reason)

    def _octets(self) -> tuple[int, int]:
        """Return the octets there and back until now."""
        there = sum(flow.sent * flow.octets for flow in self.flows)
        return there, sum(flow.session.log.answers * flow.octets for flow in self.flows)


class _Regularly:
    """Something to be done every so often."""

    def __init__(self, every_s: float, work: Callable[[float], None], now_s: float) -> None:
        self._every_s = every_s
        self._work = work
        self._due_s = now_s + every_s

    def look(self, now_s: float) -> None:
        """Do it where it is due."""
        if now_s >= self._due_s:
            self._due_s += self._every_s
            self._work(now_s)


class Load:
    """One load. `tell` gets what became of it, the last time with `ended`."""

    def __init__(self, order: LoadOrder, tell: Callable[[LoadTold], None]) -> None:
        self._order = order
        self._tell = tell
        self._legs = [_Leg(target) for target in order.targets]
        self._stopped = False
        self._began_s = 0.0

    def stop(self) -> None:
        """Send nothing more from now on."""
        self._stopped = True

    async def run(self) -> None:
        """Send until the time is over or it is stopped; return when all is told."""
        try:
            for leg in self._legs:
                await leg.open()
            self._began_s = time.monotonic()
            for leg in self._legs:
                leg.begin(self._began_s)
            await self._send()
            for leg in self._legs:
                leg.stop(time.monotonic())
            elapsed_s = time.monotonic() - self._began_s
            await self._wait_for_answers()
            self._report(elapsed_s, at_once=True, ended=True)
        finally:
            for leg in self._legs:
                leg.close()

    async def _send(self) -> None:
        now_s = self._began_s
        regularly = [
            _Regularly(_LISTEN_S, self._listen, now_s),
            _Regularly(_TELL_S, self._tell_elapsed, now_s),
            _Regularly(WINDOW_S, self._end_windows, now_s),
        ]
        while now_s < self._began_s + self._order.seconds and not self._stopped:
            on = [leg for leg in self._legs if leg.on]
            if not on:
                return
            for leg in on:
                leg.send_due()
            for one in regularly:
                one.look(now_s)
            await asyncio.sleep(_TICK_S)
            now_s = time.monotonic()

    def _listen(self, now_s: float) -> None:
        for leg in self._legs:
            leg.listen(now_s)

    def _tell_elapsed(self, now_s: float) -> None:
        self._report(now_s - self._began_s)

    def _end_windows(self, now_s: float) -> None:
        for leg in self._legs:
            if leg.on:
                for flow in leg.flows:
                    flow.end_window(now_s)

    async def _wait_for_answers(self) -> None:
        ended_s = now_s = time.monotonic()
        while now_s < ended_s + ANSWER_S and not self._stopped:
            await asyncio.sleep(_TICK_S)
            now_s = time.monotonic()

    def _report(self, elapsed_s: float, at_once: bool = False, ended: bool = False) -> None:
        now_s = time.monotonic()
        windows = tuple(
            LoadWindow(number, stream.dscp, window.at_s, window.lasts_s, numbers)
            for number, leg in enumerate(self._legs)
            for flow, stream in zip(leg.flows, self._order.targets[number].streams, strict=False)
            for window, numbers in flow.settled(now_s, at_once)
        )
        done = [part for leg in self._legs for flow in leg.flows for part in flow.done]
        sent = sum(flow.sent for leg in self._legs for flow in leg.flows)
        if ended:
            sent = sum(part.sent for part in done)
        self._tell(
            LoadTold(
                *(elapsed_s, sent, sum(part.lost for part in done), windows),
                tuple(leg.end() for leg in self._legs) if ended else None,
            )
        )
