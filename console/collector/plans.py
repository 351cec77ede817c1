"""Keeps what is planned up to date: the inventory, its calendars, and what the window entered."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from console.collector.calendar_watch import CalendarWatch, Reader
from console.collector.lookups import Secrets
from console.errors import OperatorError
from console.history.notes import Noted, NotesReader
from console.language import _
from console.model import entered
from console.model.inventory import Conference, Inventory
from console.model.plan import Plan, PlanSource
from console.model.wishes import Wish

log = logging.getLogger("leitstand.collector")
NOTES_S = 1.0  # so often the notes are looked at
FIRST_S = 5.0  # so long the first plans wait for calendars


@dataclass(frozen=True, slots=True)
class Places:
    """Where plans come from besides the inventory; calendars are relative to `folder`."""

    folder: Path
    notes: Path


class Plans:
    """Everything planned; `changed` gets it at first and whenever it is no longer the same.

    `known` are the plans of before: what a calendar said last, where it cannot be read now.
    """

    def __init__(
        self,
        inventory: Inventory,
        places: Places,
        secrets: Secrets,
        changed: Callable[[tuple[Plan, ...]], None],
        known: Iterable[Plan] = (),
    ) -> None:
        self._inventory = inventory
        self._places = places
        self._changed = changed
        self._noted = Noted()
        self._trouble = ""
        self._told: tuple[Plan, ...] | None = None
        reader = Reader(places.folder, inventory, secrets)
        before: Mapping[str, Plan] = {plan.id: plan for plan in known}
        self._watches = {
            entry.id: CalendarWatch(entry, reader, before.get(entry.id), self._tell)
            for entry in inventory.conferences
            if entry.calendar is not None
        }

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Everything planned now: the inventory's first, in its order."""
        inventory = self._inventory
        plans = [self._of_inventory(entry) for entry in inventory.conferences]
        plans += [Plan(entry, PlanSource.WINDOW) for entry in self._noted.conferences]
        return tuple(plans)

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What was wished of the collector within a day, taken back or not, in order."""
        return self._noted.wishes

    async def keep(self) -> None:
        """Look after everything until cancelled."""
        async with asyncio.TaskGroup() as group:
            for task in self._tasks():
                group.create_task(task)

    def _tasks(self) -> list[Coroutine[None, None, None]]:
        watches = [watch.keep() for watch in self._watches.values()]
        return [self._keep_notes(), self._begin(), *watches]

    async def _begin(self) -> None:
        """Hand on the first plans, when all calendars were read or it takes too long."""
        read = [asyncio.create_task(watch.read.wait()) for watch in self._watches.values()]
        try:
            if read:
                await asyncio.wait(read, timeout=FIRST_S)
        finally:
            for task in read:
                task.cancel()
        self._told = self.plans
        self._changed(self._told)

    def _tell(self) -> None:
        if self._told is not None and (plans := self.plans) != self._told:
            self._told = plans
            self._changed(plans)

    def _of_inventory(self, entry: Conference) -> Plan:
        watch = self._watches.get(entry.id)
        return watch.plan if watch is not None else Plan(entry)

    async def _keep_notes(self) -> None:
        reader = NotesReader(self._places.notes)
        with ThreadPoolExecutor(1, "notes") as thread:
            loop = asyncio.get_running_loop()
            try:
                while True:
                    look = partial(_looked, reader, time.time())
                    self._heed(await loop.run_in_executor(thread, look))
                    await asyncio.sleep(NOTES_S)
            finally:
                thread.submit(reader.close)

    def _heed(self, found: Noted | OperatorError | None) -> None:
        if isinstance(found, OperatorError):
            self._complain(str(found))
        elif found is not None:
            self._noted = self._fitting(found)
            self._tell()

    def _fitting(self, noted: Noted) -> Noted:
        """Leave out what does not fit this inventory, and say so."""
        wrong = {entry.id: entered.sentences(entry, self._inventory) for entry in noted.conferences}
        told = [f"{name}: {' '.join(sentences)}" for name, sentences in wrong.items() if sentences]
        told += [_("{id} cannot be read.").format(id=name) for name in noted.unreadable]
        self._complain("; ".join(told))
        fitting = tuple(entry for entry in noted.conferences if not wrong[entry.id])
        return Noted(fitting, noted.wishes)

    def _complain(self, trouble: str) -> None:
        """Log what is wrong with the notes once, not every second."""
        if trouble and trouble != self._trouble:
            log.warning(_("Entered in the window and left out: %s"), trouble)
        self._trouble = trouble


def _looked(reader: NotesReader, at_s: float) -> Noted | OperatorError | None:
    try:
        return reader.news(at_s)
    except OperatorError as error:
        reader.close()
        return error
