"""Asks many in turn, spread over an interval so that neither network nor agents see a burst."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence

MOMENTS = 100  # in a round at most: to wake up for one device costs as much as to poll it

Ask = Callable[[], Coroutine[None, None, None]]


async def _nothing() -> None:
    return


async def keep_asking(
    members: Sequence[Ask],
    interval_s: float,
    first_s: float,
    begin: Callable[[], Awaitable[None]] = _nothing,
) -> None:
    """Ask every member once a round, evenly staggered, until cancelled.

    Of more than MOMENTS members several are asked at once. `begin` runs before every round but the
    first, which takes `first_s` only: what is known soon is worth a short burst. A member that
    still waits for its last answer is passed over.
    """
    busy: list[asyncio.Task[None] | None] = [None] * len(members)
    moments = min(len(members), MOMENTS)
    async with asyncio.TaskGroup() as group:
        due_s, length_s = time.monotonic(), min(first_s, interval_s)
        while True:
            for moment in range(moments):
                await _until(due_s + length_s * moment / moments)
                first, after = (len(members) * m // moments for m in (moment, moment + 1))
                for number in range(first, after):
                    running = busy[number]
                    if running is None or running.done():
                        busy[number] = group.create_task(members[number]())
            await _until(due_s + length_s)
            # After a pause of the whole computer rounds are not made up for.
            due_s = max(due_s + length_s, time.monotonic() - interval_s)
            length_s = interval_s
            await begin()


async def _until(moment_s: float) -> None:
    await asyncio.sleep(max(0.0, moment_s - time.monotonic()))
