"""Sends the media load of a conference where the window wishes it, one at a time.

A wish that came before this began, or lay too long, is nobody's any more.
"""

import asyncio
import logging
import time
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from console.analysis.rehearsal import refused
from console.collector.recorder import Recorder
from console.collector.rehearsal_run import Lookups, RehearsalRun
from console.language import _
from console.model.inventory import Inventory
from console.model.plan import Plan
from console.model.rehearsal import (
    ANOTHER_RUNS,
    LASTS_S,
    WISH,
    Rehearsal,
    RehearsalState,
    RehearsalWish,
)
from console.model.wishes import Wish

log = logging.getLogger("leitstand.collector")
LOOK_S = 0.25  # so often the wishes are looked at
OLD_S = 30.0
_SHORTEST_S = 1.0
_WISHES = TypeAdapter(RehearsalWish)


class Planned(Protocol):
    """Who knows what is planned and wished."""

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Everything planned."""

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What was wished, in order."""


class Rehearsals:
    """Fulfils wishes for rehearsals."""

    def __init__(
        self, inventory: Inventory, planned: Planned, recorder: Recorder, lookups: Lookups
    ) -> None:
        self._inventory = inventory
        self._planned = planned
        self._recorder = recorder
        self._lookups = lookups
        self._began_s = time.time()
        self._seen: set[int] = set()
        self._running: tuple[asyncio.Task[None], RehearsalRun] | None = None

    async def keep(self) -> None:
        """Look after wishes until cancelled; what is being sent then is ended."""
        async with asyncio.TaskGroup() as group:
            while True:
                for wish in self._planned.wishes:
                    if wish.kind == WISH:
                        self._heed(wish, group)
                await asyncio.sleep(LOOK_S)

    def _heed(self, wish: Wish, group: asyncio.TaskGroup) -> None:
        if self._running is not None and self._running[0].done():
            self._running = None
        if wish.id not in self._seen:
            self._seen.add(wish.id)
            if wish.cancelled_s is None and self._is_new(wish):
                self._begin(wish, group)
        elif wish.cancelled_s is not None and self._running is not None:
            self._running[1].cancel(wish.id)

    def _is_new(self, wish: Wish) -> bool:
        return wish.at_s >= self._began_s and abs(time.time() - wish.at_s) <= OLD_S

    def _begin(self, wish: Wish, group: asyncio.TaskGroup) -> None:
        try:
            wanted = _WISHES.validate_json(wish.content)
        except ValidationError:
            log.warning(_("A wish for a rehearsal cannot be read and is left out."))
            return
        lasts_s = min(max(wanted.seconds, _SHORTEST_S), LASTS_S)
        waiting = RehearsalState.WAITING
        rehearsal = Rehearsal(wanted.conference, wish.id, waiting, time.time(), lasts_s)
        if self._running is not None:
            other = self._running[1].rehearsal.conference
            if other != wanted.conference:  # else the window sees the one that runs
                self._recorder.add_rehearsal(refused(rehearsal, ANOTHER_RUNS, other))
            return
        run = RehearsalRun(rehearsal, self._inventory, self._recorder, self._lookups)
        self._running = group.create_task(run.run(self._planned.plans)), run
