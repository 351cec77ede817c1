"""One rehearsal from the wish to its result: when it is refused, what is sent and recorded."""

import asyncio
import logging
import time
from collections import deque
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from console.analysis.rehearsal import LegPlan, full_link, judged, legs_of, refused, unsent
from console.collector.load_process import LoadProcess, sending
from console.collector.lookups import Names, Secrets, off_loop
from console.collector.recorder import CycleClock, Recorder
from console.errors import OperatorError
from console.history.reader import HistoryReader
from console.language import _
from console.model.inventory import Inventory, Reflector
from console.model.observation import PathWindow
from console.model.plan import Plan
from console.model.rehearsal import (
    COLLECTOR_ENDED,
    LINK_FULL,
    NO_PROFILE,
    NO_REFLECTORS,
    NOT_SENT,
    UNKNOWN_CONFERENCE,
    UNSENT,
    Leg,
    Rehearsal,
    RehearsalState,
)
from console.stamp.load_messages import LoadEnd, LoadOrder, LoadTarget, LoadTold, LoadWindow
from console.system_errors import in_words

log = logging.getLogger("leitstand.collector")
_CYCLES = 8  # remembered, because a window is told some seconds after it began


class Lookups(NamedTuple):
    """Where addresses and keys come from."""

    names: Names
    secrets: Secrets


class RehearsalRun:
    """One rehearsal from the wish to its result."""

    def __init__(
        self, rehearsal: Rehearsal, inventory: Inventory, recorder: Recorder, lookups: Lookups
    ) -> None:
        self.rehearsal = rehearsal
        self._inventory = inventory
        self._recorder = recorder
        self._lookups = lookups
        self._cancelled = False
        self._load: LoadProcess | None = None
        self._cycles: deque[CycleClock] = deque(maxlen=_CYCLES)

    def cancel(self, wish: int) -> None:
        """Stop sending if this is the wish that was taken back."""
        if wish == self.rehearsal.wish and not self._cancelled:
            self._cancelled = True
            if self._load is not None:
                self._load.stop()

    async def run(self, plans: tuple[Plan, ...]) -> None:
        """Do it, and record how it goes."""
        self._record(self.rehearsal)
        plan = next((plan for plan in plans if plan.id == self.rehearsal.conference), None)
        try:
            self._record(await self._done(plan))
        except asyncio.CancelledError:
            self._record(self._ended(RehearsalState.CANCELLED, COLLECTOR_ENDED))
            raise
        now = self.rehearsal
        log.info(
            _("The rehearsal of “%(conference)s” is over: %(sent)d packets, %(lost)d lost."),
            {"conference": now.conference, "sent": now.sent, "lost": now.lost},
        )

    async def _done(self, plan: Plan | None) -> Rehearsal:
        """Send, and return how it ended."""
        if plan is None:
            return refused(self.rehearsal, UNKNOWN_CONFERENCE)
        reason, subject = await self._refusal(plan)
        if reason:
            return refused(self.rehearsal, reason, subject)
        legs = legs_of(plan, self._inventory)
        targets = [await self._target(leg) for leg in legs]
        try:
            ends = await self._send(legs, targets)
        except OSError as error:
            log.error(_("The rehearsal cannot be sent: %s."), in_words(error))
            return refused(self.rehearsal, NOT_SENT)
        died = len(ends) < sum(target is not None for target in targets)
        reason = NOT_SENT if died and not self._cancelled else ""
        over = RehearsalState.CANCELLED if died or self._cancelled else RehearsalState.DONE
        return self._ended(over, reason, self._result(plan, legs, targets, ends))

    async def _refusal(self, plan: Plan) -> tuple[str, str]:
        """Return why nothing is to be sent and what that is about; "" for no reason."""
        legs = legs_of(plan, self._inventory)
        if not legs:
            return NO_PROFILE, plan.entry.profile
        if all(leg.reflector is None for leg in legs):
            return NO_REFLECTORS, ""
        try:
            full = await off_loop(partial(_full_link, self._recorder.path, plan))
        except OperatorError as error:
            log.error("%s", error)
            return NOT_SENT, ""
        return (LINK_FULL, full) if full else ("", "")

    async def _target(self, leg: LegPlan) -> LoadTarget | None:
        """Return where a leg sends to; None where that is not known."""
        if leg.reflector is None:
            return None
        address = await self._lookups.names.get(leg.reflector.endpoint[0])
        key = None
        if leg.reflector.key is not None:
            key = await self._lookups.secrets.get(leg.reflector.key)
            if key is None:  # told there
                return None
        if address is None:
            return None
        return LoadTarget(address, leg.reflector.endpoint[1], leg.streams, leg.wanted_bps, key)

    async def _send(
        self, legs: tuple[LegPlan, ...], targets: list[LoadTarget | None]
    ) -> tuple[LoadEnd, ...]:
        """Send until it is over; return () where the process died."""
        known = [(leg, to) for leg, to in zip(legs, targets, strict=True) if to is not None]
        reflectors = [leg.reflector for leg, _to in known if leg.reflector is not None]
        order = LoadOrder(self.rehearsal.lasts_s, tuple(to for _leg, to in known))
        ended = None
        async with sending(order) as load:
            self._load = load
            if self._cancelled:
                load.stop()
            async for told in load.told():
                self._take(told, reflectors)
                ended = told.ended
        return ended or ()

    def _take(self, told: LoadTold, reflectors: list[Reflector]) -> None:
        self._remember_cycle()
        for window in told.windows:
            self._recorder.add_window(self._window(window, reflectors[window.target]))
        self.rehearsal = replace(
            self.rehearsal,
            state=RehearsalState.RUNNING,
            elapsed_s=told.elapsed_s,
            sent=told.sent,
            lost=told.lost,
        )
        if told.ended is None:
            self._record(self.rehearsal)

    def _remember_cycle(self) -> None:
        now = self._recorder.now()
        if not self._cycles or self._cycles[-1].id != now.id:
            self._cycles.append(now)

    def _window(self, seen: LoadWindow, reflector: Reflector) -> PathWindow:
        began = [cycle for cycle in self._cycles if cycle.at_s <= seen.at_s]
        cycle = began[-1] if began else self._cycles[0]
        at_ms = max(0, round((seen.at_s - cycle.at_s) * 1000))
        name = f"rehearsal {reflector.address} {seen.dscp}"
        return PathWindow(
            *(reflector.id, name, cycle.id, at_ms, round(seen.lasts_s * 1000)),
            **asdict(seen.numbers),
        )

    def _result(
        self,
        plan: Plan,
        legs: tuple[LegPlan, ...],
        targets: list[LoadTarget | None],
        ended: tuple[LoadEnd, ...],
    ) -> tuple[Leg, ...]:
        profile = self._inventory.profiles[plan.entry.profile]
        ends = iter(ended)
        found = []
        for leg, target in zip(unsent(legs), targets, strict=True):
            end = None if target is None else next(ends, None)
            if end is not None:
                found.append(judged(_measured(leg, end), profile))
            else:
                found.append(replace(leg, reason=leg.reason or UNSENT))
        return tuple(found)

    def _ended(
        self, state: RehearsalState, reason: str = "", legs: tuple[Leg, ...] = ()
    ) -> Rehearsal:
        now_s = time.time()
        return replace(self.rehearsal, state=state, ended_s=now_s, reason=reason, legs=legs)

    def _record(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self._recorder.add_rehearsal(rehearsal)


def _full_link(path: Path, plan: Plan) -> str:
    """Return the id of a link on the way that is full already, "" for none."""
    with HistoryReader(path) as reader:
        snapshot = reader.snapshot_at(None)
    full = full_link(snapshot, plan) if snapshot.inventory is not None else None
    return full[0] if full else ""


def _measured(leg: Leg, end: LoadEnd) -> Leg:
    numbers = end.numbers
    return replace(
        leg,
        sent=numbers.sent,
        lost=numbers.lost,
        lost_there=numbers.lost_there,
        lost_back=numbers.lost_back,
        rtt_ms=_ms(numbers.rtt_us),
        jitter_ms=_ms(numbers.jitter_us),
        jitter_there_ms=_ms(numbers.jitter_there_us),
        jitter_back_ms=_ms(numbers.jitter_back_us),
        rate_there_bps=end.rate_there_bps,
        rate_back_bps=end.rate_back_bps,
        reason=end.reason,
    )


def _ms(us: int | None) -> float | None:
    return None if us is None else us / 1000
