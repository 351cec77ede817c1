"""The polls of every device as a moment saw them: the newest, the newest answered, the loss."""

import math
import sqlite3
from dataclasses import dataclass

from console.history.look_rows import looks_since
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
    answered_ms: int = 0  # of that poll, in its cycle
    counted: int | None = None  # newest fresh poll with new counters
    counted_at_ms: int | None = None  # as last seen, fresh or not
    loss: float | None = None  # share of polls without an answer in the last LOSS_S


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
    found = _newest(db, moment, cycles, devices, interval_s)
    if missing := devices - found.keys():
        found |= _older(db, moment, missing)
    _add_looks(db, moment, cycles, found, interval_s)
    _add_loss(db, moment, cycles, found)
    return found


def _newest(
    db: sqlite3.Connection,
    moment: Moment,
    cycles: dict[int, int],
    devices: set[int],
    interval_s: float,
) -> dict[int, DevicePolls]:
    """Go back from the newest cycle until every device has sent counters or nothing is fresh."""
    assert moment.cycle is not None
    oldest_ms = cycles[moment.cycle.id] - _SHORTEST_S * interval_s * 1000
    found: dict[int, DevicePolls] = {}
    settled: set[int] = set()
    for cycle in reversed(cycles):
        if cycles[cycle] < oldest_ms or settled >= devices:
            break
        for device, at_ms, stored_ms, outcome, rtt_us, answered_at in db.execute(
            "SELECT device, at_ms, stored_ms, outcome, rtt_us, answered_at FROM poll"
            " WHERE cycle = ?",
            (cycle,),
        ).fetchall():
            if device in settled or not moment.sees(cycle, cycles[cycle], stored_ms):
                continue
            seen_at_ms = cycles[cycle] + at_ms
            fresh = moment.fresh(cycle, stored_ms, seen_at_ms, STALE_INTERVALS * interval_s)
            polls = found.get(device)
            if polls is None:
                polls = found[device] = DevicePolls(cycle, seen_at_ms, fresh)
                polls.counted_at_ms = None if answered_at is None else to_ms(answered_at)
            if fresh and outcome <= Outcome.REPEATED and polls.answered is None:
                polls.answered, polls.rtt_us = cycle, rtt_us
                polls.answered_ms = at_ms
            if outcome == Outcome.OK:
                polls.counted = cycle if fresh else None
                polls.counted_at_ms = seen_at_ms
                settled.add(device)
    return found


def _add_looks(
    db: sqlite3.Connection,
    moment: Moment,
    cycles: dict[int, int],
    found: dict[int, DevicePolls],
    interval_s: float,
) -> None:
    """Take in answers between two polls: the device is as old as the newest of them."""
    for look in looks_since(db, moment, min(cycles)):
        polls = found.get(look.device)
        seen_at_ms = look.cycle_at_ms + look.at_ms
        if polls is None or (look.cycle, seen_at_ms) <= (polls.newest, polls.seen_at_ms):
            continue
        if moment.fresh(look.cycle, look.stored_ms, seen_at_ms, STALE_INTERVALS * interval_s):
            polls.seen_at_ms, polls.fresh, polls.rtt_us = seen_at_ms, True, look.rtt_us


def _add_loss(
    db: sqlite3.Connection, moment: Moment, cycles: dict[int, int], found: dict[int, DevicePolls]
) -> None:
    """Count what was asked and lost in the last LOSS_S; without a loss one look is enough."""
    wanted = moment.as_of | {"oldest": min(cycles), "since_ms": moment.at_ms - int(LOSS_S * 1000)}
    where = (
        "FROM poll p JOIN cycle c ON c.id = p.cycle WHERE p.cycle BETWEEN :oldest AND :cycle"
        f" AND CAST(round(c.at * 1000) AS INT) + p.at_ms >= :since_ms AND {VISIBLE.format('p')}"
    )
    lost = f"p.outcome = {int(Outcome.TIMEOUT)}"
    lossy = dict(
        db.execute(f"SELECT p.device, count(*) {where} AND {lost} GROUP BY p.device", wanted)
    )
    asked = (
        dict(db.execute(f"SELECT p.device, count(*) {where} GROUP BY p.device", wanted))
        if lossy
        else {}
    )
    for device, polls in found.items():
        if polls.seen_at_ms >= wanted["since_ms"]:
            polls.loss = lossy.get(device, 0) / asked.get(device, 1)


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
            counted_at = polls.seen_at_ms if outcome == Outcome.OK else None
            polls.counted_at_ms = to_ms(answered_at) if answered_at is not None else counted_at
    return found
