"""Looks after the calendar of one conference: reads it again when it may say something else."""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from console import texts
from console.calendars.plans import question_of
from console.calendars.question import Answer, Question
from console.calendars.reading import read
from console.collector.lookups import Secrets, off_loop
from console.language import _
from console.model.inventory import Conference, Inventory
from console.model.plan import Occurrence, Plan, PlanSource

log = logging.getLogger("leitstand.collector")
LOOK_S = 2.0  # so often a file is looked at
ASK_S = 300.0  # so often a server is asked
AGAIN_S = 60.0  # so soon after something went wrong
AT_ONCE = 2  # calendars that are read at the same time
WHOLE_S = 6 * 3600.0  # after that even an unchanged calendar is read: the days have moved on

Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """How calendars of an inventory in `folder` are read."""

    folder: Path
    inventory: Inventory
    secrets: Secrets
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def read(self, question: Question) -> Answer:
        """Read one, off the event loop."""
        async with self.slots:
            return await off_loop(partial(read, question))


class CalendarWatch:
    """The plan of one conference by its calendar; `read` is set when it was read once."""

    def __init__(
        self, entry: Conference, reader: Reader, before: Plan | None, changed: Callable[[], None]
    ) -> None:
        known: tuple[Occurrence, ...] = (before.read if before is not None else None) or ()
        self.plan = Plan(entry, PlanSource.CALENDAR, known)
        self.read = asyncio.Event()
        self._entry = entry
        self._reader = reader
        self._changed = changed
        self._tag: str | None = None
        self._stamp: Stamp | None = None
        self._whole_s = float("-inf")  # when all of it was read last, monotonic
        self._asked_s = float("-inf")

    async def keep(self) -> None:
        """Keep the plan up to date until cancelled."""
        while True:
            question = self._question()
            stamp = None if question.is_url else await off_loop(partial(_stamp, question.place))
            if self._is_due(question, stamp):
                self._asked_s, self._stamp = time.monotonic(), stamp
                self._heed(await self._answer(question))
                self.read.set()
            await asyncio.sleep(LOOK_S)

    def _question(self) -> Question:
        reader = self._reader
        question = question_of(self._entry, reader.folder, reader.inventory.timezone, time.time())
        is_fresh = time.monotonic() - self._whole_s < WHOLE_S
        ca = reader.inventory.ca
        return replace(
            question,
            tag=self._tag if is_fresh else None,
            ca=str((reader.folder / ca).absolute()) if ca is not None else None,
        )

    def _is_due(self, question: Question, stamp: Stamp | None) -> bool:
        now_s = time.monotonic()
        wait_s = ASK_S if question.is_url else WHOLE_S
        if self.plan.problem is not None:
            wait_s = AGAIN_S
        return stamp != self._stamp or now_s - self._asked_s >= wait_s

    async def _answer(self, question: Question) -> Answer:
        if not question.is_url or self._entry.credential is None:
            return await self._reader.read(question)
        credential = await self._reader.secrets.get(self._entry.credential)
        if credential is None:
            return Answer(None, self._reader.secrets.missing(self._entry.credential))
        return await self._reader.read(replace(question, credential=credential))

    def _heed(self, told: Answer) -> None:
        if told.occurrences is not None:
            self._whole_s = time.monotonic()
        if told.problem is None:
            self._tag = told.tag
        self._say(told.problem)
        known = self.plan.read if told.occurrences is None else told.occurrences
        plan = replace(self.plan, read=known, problem=told.problem)
        if plan != self.plan:
            self.plan = plan
            self._changed()

    def _say(self, problem: str | None) -> None:
        """Log an outage once when it starts and once when it ends."""
        if problem == self.plan.problem:
            return
        told = {"conference": self._entry.id}
        if problem is None:
            log.info(_("%(conference)s: the calendar can be read again."), told)
        else:
            told["why"] = texts.sentence(texts.reason_of(problem))
            log.warning("%(conference)s: %(why)s", told)


def _stamp(path: str) -> Stamp:
    """Return what changes with a file; nothing where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - all of it is wanted, from one call
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
