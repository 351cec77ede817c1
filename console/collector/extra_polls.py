"""Asks devices that made themselves heard, at once and never too often."""

import asyncio
import time
from collections.abc import Mapping

from console.collector.rounds import Ask

BETWEEN_S = 1.0  # two extra polls of one device
_AT_ONCE = 32  # devices


class ExtraPolls:
    """A wish leads to one poll at once; those of the next second together to one more after it."""

    def __init__(self, asks: Mapping[str, Ask], group: asyncio.TaskGroup) -> None:
        self._asks = asks
        self._group = group
        self._wanted: set[str] = set()
        self._busy: set[str] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def want(self, device: str) -> None:
        """See to it that the device is asked now, or when its turn comes."""
        self._wanted.add(device)
        if device not in self._busy:
            self._busy.add(device)
            self._group.create_task(self._serve(device))

    async def _serve(self, device: str) -> None:
        while device in self._wanted:
            async with self._slots:
                due_s = time.monotonic() + BETWEEN_S
                self._wanted.discard(device)
                await self._asks[device]()
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        self._busy.discard(device)
