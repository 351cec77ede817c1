"""Asks the rooms of a conference more often, from an hour before its start until its end."""

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.collector.rounds import Ask
from console.model.inventory import Inventory
from console.model.plan import Plan

OFTEN_S = 15.0
BEFORE_S = 3600.0
_LOOK_S = 5.0  # so often it is worked out anew


class Vigil:
    """Knows which rooms and bridges are asked often; `plans` tells what is planned."""

    def __init__(self, inventory: Inventory, plans: Callable[[], tuple[Plan, ...]]) -> None:
        self._inventory = inventory
        self._plans = plans
        self._zone = ZoneInfo(inventory.timezone)
        self._watched: frozenset[str] = frozenset()
        self._looked_s = -_LOOK_S
        self._busy: set[Ask] = set()

    @property
    def interval_s(self) -> float:
        """How often they are asked; never more seldom than all rooms."""
        return min(OFTEN_S, self._inventory.polling.rooms_s)

    def seldom(self, subject: str, ask: Ask) -> Ask:
        """Return the question for the rounds over all rooms."""

        async def asked() -> None:
            if subject not in self.watched():
                await self._alone(ask)

        return asked

    def often(self, subject: str, ask: Ask) -> Ask:
        """Return the same question for the rounds in between."""

        async def asked() -> None:
            if subject in self.watched():
                await self._alone(ask)

        return asked

    def watched(self) -> frozenset[str]:
        """Return the rooms and bridges that a conference needs now or within the hour."""
        if time.monotonic() - self._looked_s >= _LOOK_S:
            self._looked_s = time.monotonic()
            self._watched = frozenset(self._needed(time.time()))
        return self._watched

    async def _alone(self, ask: Ask) -> None:
        """Ask unless the same question still waits for an answer."""
        if ask in self._busy:
            return
        self._busy.add(ask)
        try:
            await ask()
        finally:
            self._busy.discard(ask)

    def _needed(self, at_s: float) -> set[str]:
        needed: set[str] = set()
        for plan in self._plans():
            if occurrences(plan, self._zone, at_s, at_s + BEFORE_S):
                every = (room.id for room in self._inventory.rooms)
                needed |= set(every if plan.entry.rooms == "all" else plan.entry.rooms)
                needed.add(plan.entry.bridge)
        return needed
