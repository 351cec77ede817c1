"""The polls of every device as a moment saw them: the newest, the newest answered, the loss."""

import math
import sqlite3
from dataclasses import dataclass

from console.history.moment import VISIBLE, Moment
from console.history.rollups import STALE_INTERVALS
from console.history.units import to_ms
from console.model.states import Outcome

LOSS_S = 300.0
_MARGIN = 20  # cycles more than the time asks for: some are short
_LOOK_BACK = 300  # cycles in which the newest poll of a device is looked for
_SHORTEST_S = 3.5  # intervals: nothing older can be fresh


@dataclass(slots=True)
class DevicePolls:
    """What the polls of one device come to. A cycle is None where there was no such poll."""

    newest: int  # cycle of the newest poll of any outcome
    seen_at_ms: int
    fresh: bool
    rtt_us: int | None = None  # of the newest fresh answer
    answered: int | None = None  # newest fresh poll that answered, from a cache or not
    counted: int | None = None  # newest fresh poll with new counters
    counted_at_ms: int | None = None  # as last seen, fresh or not
    asked: int = 0  # in the last LOSS_S
    lost: int = 0

    @property
    def loss(self) -> float | None:
        """Share of polls without an answer, 0..1."""
        return self.lost / self.asked if self.asked else None


def recent_cycles(
    db: sqlite3.Connection, moment: Moment, span_s: float, interval_s: float
) -> dict[int, int]:
    """Return the newest cycle and those up to `span_s` seconds before it, oldest first.

    Values are UTC milliseconds.
    """
    if moment.cycle is None:
        return {}
    count = math.ceil(span_s / interval_s) + _MARGIN
    rows = db.execute(
        "SELECT id, at FROM cycle WHERE id BETWEEN ? AND ? ORDER BY id",
        (moment.cycle.id - count, moment.cycle.id),
    ).fetchall()
    oldest_ms = to_ms(moment.cycle.at_s) - span_s * 1000
    found = ((cycle, to_ms(at_s)) for cycle, at_s in rows)
    return {cycle: at_ms for cycle, at_ms in found if at_ms >= oldest_ms}


def read_polls(
    db: sqlite3.Connection, moment: Moment, devices: set[int], interval_s: float
) -> dict[int, DevicePolls]:
    """Return the polls of the devices that were ever asked within reach of this moment."""
    cycles = recent_cycles(db, moment, max(LOSS_S, _SHORTEST_S * interval_s), interval_s)
    if not cycles:
        return {}
    found: dict[int, DevicePolls] = {}
    oldest_ms = moment.at_ms - LOSS_S * 1000
    for cycle, device, at_ms, stored_ms, outcome, rtt_us, answered_at in db.execute(
        "SELECT cycle, device, at_ms, stored_ms, outcome, rtt_us, answered_at FROM poll"
        " WHERE cycle BETWEEN ? AND ? ORDER BY cycle",
        (min(cycles), max(cycles)),
    ).fetchall():
        cycle_at_ms = cycles.get(cycle)
        if cycle_at_ms is None or not moment.sees(cycle, cycle_at_ms, stored_ms):
            continue
        seen_at_ms = cycle_at_ms + at_ms
        fresh = moment.fresh(cycle, stored_ms, seen_at_ms, STALE_INTERVALS * interval_s)
        polls = found.get(device)
        if polls is None:
            polls = found[device] = DevicePolls(cycle, seen_at_ms, fresh)
        polls.newest, polls.seen_at_ms, polls.fresh = cycle, seen_at_ms, fresh
        _add(polls, cycle, outcome, rtt_us, answered_at)
        if seen_at_ms >= oldest_ms:
            polls.asked += 1
            polls.lost += outcome == Outcome.TIMEOUT
    if missing := devices - found.keys():
        found |= _older(db, moment, missing)
    return found


def _add(
    polls: DevicePolls, cycle: int, outcome: int, rtt_us: int | None, answered_at: float | None
) -> None:
    if outcome in (Outcome.OK, Outcome.REPEATED) and polls.fresh:
        polls.answered, polls.rtt_us = cycle, rtt_us
    if outcome == Outcome.OK:
        polls.counted = cycle if polls.fresh else None
        polls.counted_at_ms = polls.seen_at_ms
    elif polls.counted is None and answered_at is not None:
        polls.counted_at_ms = to_ms(answered_at)


def _older(db: sqlite3.Connection, moment: Moment, devices: set[int]) -> dict[int, DevicePolls]:
    """Look further back for devices that nobody asked lately; nothing of them is fresh."""
    assert moment.cycle is not None
    found = {}
    for device, cycle, cycle_at, at_ms, outcome, answered_at in db.execute(
        "SELECT p.device, max(p.cycle), c.at, p.at_ms, p.outcome, p.answered_at"
        " FROM poll p JOIN cycle c ON c.id = p.cycle"
        f" WHERE p.cycle BETWEEN :cycle - {_LOOK_BACK} AND :cycle AND {VISIBLE.format('p')}"
        " GROUP BY p.device",
        moment.as_of,
    ).fetchall():
        if device in devices:
            polls = found[device] = DevicePolls(cycle, to_ms(cycle_at) + at_ms, fresh=False)
            _add(polls, cycle, outcome, None, answered_at)
    return found
