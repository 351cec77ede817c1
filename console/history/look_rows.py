"""Answers between two polls: a device lives, and some ports stand otherwise than polled."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from console.history.memory import Memory
from console.history.moment import Moment
from console.history.recording import state_number, stored_ms
from console.history.schema import PORT_UP
from console.history.units import to_ms
from console.model.observation import DevicePoll


@dataclass(frozen=True, slots=True)
class Look:
    """One answer. `cycle_at_ms` is UTC, the other moments count from there."""

    cycle: int
    cycle_at_ms: int
    device: int
    at_ms: int
    stored_ms: int
    rtt_us: int | None


def store_looks(
    db: sqlite3.Connection,
    memory: Memory,
    looks: Iterable[DevicePoll],
    polls: Iterable[DevicePoll],
    stored_at_s: float,
) -> None:
    """Write looks, and the states that differ from what is known; `polls` of the same commit."""
    polled = {poll.device: (poll.cycle, poll.at_ms) for poll in polls}
    for look in looks:
        if (look.cycle, look.at_ms) <= polled.get(look.device, (0, 0)):
            continue  # nobody will ever see it
        device = memory.subject(db, look.device)
        seen_ms = stored_ms(memory.at_of(db, look.cycle), look.at_ms, stored_at_s)
        place = (look.cycle, device, look.at_ms)
        db.execute(
            "INSERT OR REPLACE INTO look VALUES (?, ?, ?, ?, ?)", (*place, seen_ms, look.rtt_us)
        )
        db.executemany(
            "INSERT OR REPLACE INTO look_state VALUES (?, ?, ?, ?, ?)",
            [(*place, port, state) for port, state in _changed(memory, device, look)],
        )


def _changed(memory: Memory, device: int, look: DevicePoll) -> list[tuple[int, int]]:
    """Return and remember which ports stand otherwise than at the look or poll before."""
    ports, known = memory.ports.get(device, {}), memory.looked.setdefault(device, {})
    changed = []
    for sample in look.ports:
        port, state = ports.get(sample.key), state_number(sample.admin, sample.oper)
        if port is not None and known.get(port, memory.states.get(port, PORT_UP)) != state:
            known[port] = state
            changed.append((port, state))
    return changed


def looks_since(db: sqlite3.Connection, moment: Moment, first: int) -> list[Look]:
    """Return the looks of this cycle and later ones that the moment saw, oldest first."""
    rows = db.execute(
        "SELECT l.cycle, c.at, l.device, l.at_ms, l.stored_ms, l.rtt_us FROM look l"
        " JOIN cycle c ON c.id = l.cycle WHERE l.cycle BETWEEN ? AND ? ORDER BY l.cycle, l.at_ms",
        (first, moment.cycle.id if moment.cycle else -1),
    ).fetchall()
    return [look for look, *_rest in _seen(moment, rows)]


def states_since(db: sqlite3.Connection, moment: Moment, first: int) -> list[tuple[Look, int, int]]:
    """Return the looks, each with a port that stood otherwise and its state, oldest first."""
    rows = db.execute(
        "SELECT l.cycle, c.at, l.device, l.at_ms, l.stored_ms, l.rtt_us, s.port, s.state"
        " FROM look_state s JOIN look l USING (cycle, device, at_ms)"
        " JOIN cycle c ON c.id = l.cycle WHERE s.cycle BETWEEN ? AND ? ORDER BY l.cycle, l.at_ms",
        (first, moment.cycle.id if moment.cycle else -1),
    ).fetchall()
    return [(look, port, state) for look, port, state in _seen(moment, rows)]


def _seen(moment: Moment, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for cycle, at_s, device, at_ms, seen_ms, rtt_us, *state in rows:
        look = Look(cycle, to_ms(at_s), device, at_ms, seen_ms, rtt_us)
        if moment.sees(cycle, look.cycle_at_ms, seen_ms):
            found.append((look, *state))
    return found
