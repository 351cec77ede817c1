"""The process that sends a media load, seen from the collector; it ends with whoever started it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from console.calendars.reading import ROOT, bare_environment
from console.stamp.load_messages import ORDERS, TOLD, LoadOrder, LoadTold

_LONGEST_LINE = 1 << 22
_PATIENCE_S = 1.5


class LoadProcess:
    """A load that is being sent. Use `sending`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin, self._stdout = process.stdin, process.stdout

    def stop(self) -> None:
        """Let it send nothing more; what was seen until now is still told."""
        self._stdin.close()

    async def told(self) -> AsyncIterator[LoadTold]:
        """Yield what it tells until it ends."""
        with suppress(ValueError):  # it died in the middle of a line
            while line := await self._stdout.readline():
                yield TOLD.validate_json(line)


@asynccontextmanager
async def sending(order: LoadOrder) -> AsyncIterator[LoadProcess]:
    """Send a load; leaving stops it at once. Raise OSError where it cannot be started."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "console.stamp.load_child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env=bare_environment(),
        limit=_LONGEST_LINE,
    )
    try:
        load = LoadProcess(process)
        load._stdin.write(ORDERS.dump_json(order) + b"\n")
        yield load
    finally:
        load.stop()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
