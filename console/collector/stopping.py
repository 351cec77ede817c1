"""Who may tell the collector to stop or to read its inventory again, on every system."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STOP = ("SIGTERM", "SIGINT", "SIGBREAK")  # SIGBREAK: Windows, CTRL_BREAK
_RELOAD = "SIGHUP"


class Wishes:
    """What was asked for from outside: `stop`, once and for ever; `reload`, cleared when done."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.reload = asyncio.Event()

    @contextmanager
    def heard(self, with_parent: bool) -> Iterator[None]:
        """Listen to signals, and to the parent's end if told so, while inside."""
        loop = asyncio.get_running_loop()
        before = {}
        for name in (*_STOP, _RELOAD):
            number = getattr(signal, name, None)
            if number is None:
                continue
            event = self.reload if name == _RELOAD else self.stop

            def wish(_number: int, _frame: object, event: asyncio.Event = event) -> None:
                loop.call_soon_threadsafe(event.set)

            before[number] = signal.signal(number, wish)
        if with_parent:
            threading.Thread(target=self._watch_parent, args=(loop,), daemon=True).start()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _watch_parent(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the parent to close our standard input: it ended, whatever way."""
        with suppress(OSError):
            while os.read(sys.stdin.fileno(), 1):
                pass
        with suppress(RuntimeError):  # the loop ended meanwhile
            loop.call_soon_threadsafe(self.stop.set)
