"""Work that may block, off the event loop: names, and secrets in a keyring.

It runs in daemon threads: a resolver that hangs must not hold up the end of the process.
"""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from console import secrets
from console.secrets import SecretMissingError

log = logging.getLogger("leitstand.collector")
LOOKUP_S = 3.0  # so long a poll waits for a name
HOLDS_S = 300.0  # so long an answer is believed
RETRY_S = 30.0  # so soon a name or secret that was missing is asked for again
MOST_AT_ONCE = 16

T = TypeVar("T")


async def off_loop(work: Callable[[], T]) -> T:
    """Run `work` in a thread of its own and return or raise what it does."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def deliver(settle: Callable[[], None]) -> None:
        if not future.done():
            settle()

    def run() -> None:
        try:
            settle = partial(future.set_result, work())
        except Exception as error:  # noqa: BLE001 - raised where it is awaited
            settle = partial(future.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the loop ended meanwhile
            loop.call_soon_threadsafe(deliver, settle)

    threading.Thread(target=run, name="lookup", daemon=True).start()
    return await future


class Cached:
    """Looks things up by name, each at most once at a time; None where a thing cannot be had."""

    def __init__(self, look_up: Callable[[str], str | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, tuple[asyncio.Task[str | None], float]] = {}
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def get(self, name: str) -> str | None:
        """Return what `name` stands for; None when it is not known within LOOKUP_S."""
        now_s = asyncio.get_running_loop().time()
        task, began_s = self._known.get(name, (None, now_s))
        if task is None or (task.done() and now_s - began_s > _holds_s(task)):
            task = asyncio.create_task(self._ask(name))
            self._known[name] = task, now_s
        done, _running = await asyncio.wait([task], timeout=LOOKUP_S)
        return task.result() if done else None

    async def _ask(self, name: str) -> str | None:
        async with self._slots:
            return await off_loop(partial(self._look_up, name))


def _holds_s(task: asyncio.Task[str | None]) -> float:
    return RETRY_S if task.result() is None else HOLDS_S


class Names(Cached):
    """Addresses of hosts."""

    def __init__(self) -> None:
        super().__init__(_resolve)

    async def get(self, name: str) -> str | None:
        """Return the host's numeric address, itself if it is one; None where nobody knows it."""
        return name if _numeric(name) else await super().get(name)


class Secrets(Cached):
    """What references such as `${env:NAME}` stand for."""

    def __init__(self) -> None:
        super().__init__(self._resolve)
        self._missing: dict[str, SecretMissingError] = {}

    async def get(self, name: str) -> str | None:
        """Return the text with its references resolved; None where one leads nowhere."""
        return await super().get(name) if "${" in name else name

    def missing(self, text: str) -> str:
        """Return the reason why a text could not be resolved, as a code with its references."""
        error = self._missing.get(text)
        return f"{error.code if error else 'secret_missing'}:{secrets.references(text)}"

    def _resolve(self, text: str) -> str | None:
        try:
            return secrets.resolve(text)
        except SecretMissingError as error:
            before = self._missing.get(text)
            self._missing[text] = error
            if before is None or str(before) != str(error):
                log.warning("%s", error)
            return None


def _numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _resolve(host: str) -> str | None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return None
    return str(found[0][4][0])
