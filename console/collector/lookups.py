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
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from console import secrets
from console.analysis.states import MISSES
from console.model.states import Outcome
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


class Cached(Generic[T]):
    """Looks things up by name, each at most once at a time; None where a thing cannot be had."""

    def __init__(self, look_up: Callable[[str], T | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, tuple[asyncio.Task[T | None], float]] = {}
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)

    async def get(self, name: str) -> T | None:
        """Return what `name` stands for; None when it is not known within LOOKUP_S."""
        now_s = asyncio.get_running_loop().time()
        task, began_s = self._known.get(name, (None, now_s))
        if task is None or (task.done() and now_s - began_s > _holds_s(task)):
            task = asyncio.create_task(self._ask(name))
            self._known[name] = task, now_s
        done, _running = await asyncio.wait([task], timeout=LOOKUP_S)
        return task.result() if done else None

    async def _ask(self, name: str) -> T | None:
        async with self._slots:
            return await off_loop(partial(self._look_up, name))


def _holds_s(task: asyncio.Task[T | None]) -> float:
    return RETRY_S if task.result() is None else HOLDS_S


@dataclass(slots=True)
class _Choice:
    """The address that one use of a name asks, and its misses in a row."""

    address: str
    misses: int = 0


class Names:
    """Addresses of hosts. `resolve` returns those of a name, best first; None without any.

    Of several, each `use` of a name (such as one agent's port) asks one until it stays silent
    three times in a row, then the next; who asks without a use follows those that were answered.
    """

    def __init__(self, resolve: Callable[[str], tuple[str, ...] | None] | None = None) -> None:
        self._found = Cached(resolve or addresses_of)
        self._choices: dict[tuple[str, str], _Choice] = {}
        self._answering: dict[str, str] = {}  # the address of each name that answered last

    async def get(self, name: str, use: str = "") -> str | None:
        """Return the host's numeric address, itself if it is one; None where nobody knows it."""
        found = await self.all(name)
        if not found:
            return None
        answering = self._answering.get(name)
        best = answering if answering is not None and answering in found else found[0]
        choice = self._choices.get((name, use))
        if choice is None or choice.address not in found:
            choice = _Choice(best)
        elif choice.misses >= MISSES and len(found) > 1:
            choice = _Choice(found[(found.index(choice.address) + 1) % len(found)])
        if use:
            self._choices[name, use] = choice
        return choice.address

    async def all(self, name: str) -> tuple[str, ...]:
        """Return all the host's addresses, best first."""
        return (name,) if _numeric(name) else await self._found.get(name) or ()

    def heard(self, name: str, use: str, outcome: Outcome) -> None:
        """Take notice of what came of asking the address given out last for this use."""
        choice = self._choices.get((name, use))
        if choice is not None:
            missed = outcome in (Outcome.TIMEOUT, Outcome.ERROR)
            choice.misses = choice.misses + 1 if missed else 0
            if not missed:
                self._answering[name] = choice.address


class Secrets(Cached[str]):
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


def addresses_of(host: str) -> tuple[str, ...] | None:
    """Return a name's addresses as the system orders them; None where there is none. May block."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return None
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found)) or None
