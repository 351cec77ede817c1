"""Asks devices that made themselves heard, at once and never too often."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping

Look = Callable[[], Coroutine[None, None, bool]]  # whether a port stands otherwise than before

BETWEEN_S = 1.0  # two extra polls of one device
NEWS_WITHIN_S = 4.0  # net-snmp tells from a cache of 3 s how its ports stand
_AT_ONCE = 32  # devices


class ExtraPolls:
    """A wish leads to one poll at once; those of the next second together to one more after it.

    A device that told, with a key, of a change which its ports do not show yet is asked again every
    second, for four seconds. What anybody may have sent is worth one question.
    """

    def __init__(self, looks: Mapping[str, Look], group: asyncio.TaskGroup) -> None:
        self._looks = looks
        self._group = group
        self._wanted: set[str] = set()
        self._news_until_s: dict[str, float] = {}
        self._busy: set[str] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def want(self, device: str, *, with_news: bool = False) -> None:
        """See to it that the device is asked now, or when its turn comes.

        `with_news`: it told for certain that a port changed; it is asked until one did.
        """
        self._wanted.add(device)
        if with_news:
            self._news_until_s[device] = time.monotonic() + NEWS_WITHIN_S
        if device not in self._busy:
            self._busy.add(device)
            self._group.create_task(self._serve(device))

    async def _serve(self, device: str) -> None:
        while device in self._wanted:
            async with self._slots:
                due_s = time.monotonic() + BETWEEN_S
                self._wanted.discard(device)
                until_s = self._news_until_s.pop(device, 0.0)
                if not await self._looks[device]() and time.monotonic() < until_s:
                    self._wanted.add(device)
                    self._news_until_s.setdefault(device, until_s)
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        self._busy.discard(device)
