"""Turns one Batch into rows. Called inside a transaction of the writer."""

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from console.history.memory import Facts, Memory
from console.history.room_rows import store_facts
from console.history.schema import DUMP_CYCLES, PORT_UP, SLOTS
from console.history.units import to_kbit, to_ms
from console.model.observation import (
    DevicePoll,
    PortFacts,
    ProbeResult,
    SystemFacts,
    Transition,
)
from console.model.states import Outcome, RoomState, State

NOT_WELL = tuple(str(state) for state in (State.DEGRADED, State.DOWN, State.UNREACHABLE))
_KEPT_REPEATS = 3  # cycles that a caching agent's next new counters are spread over
_GONE: Facts = (None,) * 6
_FAULTLESS = (0.0,) * 4
_UPSERTS = [
    f"INSERT INTO traffic(bucket, port, i{n}, o{n}) VALUES (?, ?, ?, ?)"
    f" ON CONFLICT DO UPDATE SET i{n} = excluded.i{n}, o{n} = excluded.o{n}"
    for n in range(SLOTS)
]
_UPDATES = [
    f"UPDATE traffic SET i{n} = ?3, o{n} = ?4 WHERE bucket = ?1 AND port = ?2" for n in range(SLOTS)
]
assert RoomState.DEGRADED in NOT_WELL


def store_polls(
    db: sqlite3.Connection, memory: Memory, polls: Iterable[DevicePoll], stored_at_s: float
) -> None:
    """Write device polls: outcome, facts that changed, rates, faults, states that changed."""
    slots: list[list[tuple[object, ...]]] = [[] for _ in range(SLOTS)]
    for poll in polls:
        device = memory.subject(db, poll.device)
        _store_outcome(db, memory, device, poll, stored_at_s)
        if poll.system is not None:
            store_system(db, memory, device, poll.cycle, poll.system)
        if poll.port_facts is not None:
            store_port_facts(db, memory, device, poll.cycle, poll.port_facts)
        if poll.outcome.alive:
            _store_ports(db, memory, device, poll, slots)
    for slot, rows in enumerate(slots):
        # Most rows of a bucket are there after its first slot, and UPDATE is the faster one.
        if rows and (slot == 0 or db.executemany(_UPDATES[slot], rows).rowcount < len(rows)):
            db.executemany(_UPSERTS[slot], rows)


def _store_outcome(
    db: sqlite3.Connection, memory: Memory, device: int, poll: DevicePoll, stored_at_s: float
) -> None:
    at_s = memory.at_of(db, poll.cycle)
    answered_at = None
    if poll.outcome is Outcome.OK:
        memory.answered_at[device] = at_s + poll.at_ms / 1000
    else:
        answered_at = memory.answered_at.get(device)
    db.execute(
        "INSERT OR REPLACE INTO poll VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(poll.cycle, device, poll.at_ms, stored_ms(at_s, poll.at_ms, stored_at_s)),
            *(int(poll.outcome), poll.rtt_us, poll.detail, answered_at),
        ),
    )


def stored_ms(cycle_at_s: float, at_ms: int, stored_at_s: float) -> int:
    """Return the commit in ms after the cycle began; never before the sample itself."""
    return max(at_ms, math.ceil(round((stored_at_s - cycle_at_s) * 1000, 3)))


def _store_ports(
    db: sqlite3.Connection,
    memory: Memory,
    device: int,
    poll: DevicePoll,
    slots: list[list[tuple[object, ...]]],
) -> None:
    ports = memory.ports.setdefault(device, {})
    for sample in poll.ports:
        if sample.key not in ports:
            memory.port(db, device, sample.key)
    _store_states(db, memory, device, poll)
    memory.looked.pop(device, None)
    repeats = memory.repeated.setdefault(device, [])
    if poll.outcome is Outcome.REPEATED:
        repeats.append(poll.cycle)
        return
    # New counters after a cache's repetitions are the mean of all the cycles since.
    rows, faults = _port_rows(poll, ports)
    for cycle in (*(c for c in repeats if c >= poll.cycle - _KEPT_REPEATS), poll.cycle):
        bucket, slot = cycle // SLOTS, slots[cycle % SLOTS]
        slot += rows if cycle == poll.cycle else [(bucket, *row[1:]) for row in rows]
    repeats.clear()
    if faults:
        db.executemany("INSERT OR REPLACE INTO port_fault VALUES (?, ?, ?, ?, ?, ?)", faults)


def _port_rows(
    poll: DevicePoll, ports: Mapping[str, int]
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the rates as rows of `traffic`, and the faults that differ from what is implied."""
    bucket = poll.cycle // SLOTS
    rows: list[tuple[object, ...]] = []
    found: list[tuple[object, ...]] = []
    for s in poll.ports:
        port, in_bps, out_bps = ports[s.key], s.in_bps, s.out_bps
        rows.append((bucket, port, to_kbit(in_bps), to_kbit(out_bps)))
        faults = s.in_errors_ps, s.out_errors_ps, s.in_discards_ps, s.out_discards_ps
        if faults != _FAULTLESS or in_bps is None or out_bps is None:
            # A reader takes a port without a row for faultless where its rate is known.
            implied_in = None if in_bps is None else 0.0
            implied_out = None if out_bps is None else 0.0
            if faults != (implied_in, implied_out, implied_in, implied_out):
                found.append((poll.cycle, port, *faults))
    return rows, found


def state_number(admin: int | None, oper: int | None) -> int:
    """Return the stored form of a port's state; 0 stands for not known."""
    return 10 * (admin or 0) + (oper or 0)


def _store_states(db: sqlite3.Connection, memory: Memory, device: int, poll: DevicePoll) -> None:
    ports = memory.ports[device]
    day = poll.cycle // DUMP_CYCLES
    whole = bool(poll.ports) and memory.dumped.get(device) != day
    known, rows = memory.states, []
    for sample in poll.ports:
        port, state = ports[sample.key], 10 * (sample.admin or 0) + (sample.oper or 0)
        if known.get(port, PORT_UP) != state or (whole and state != PORT_UP):
            rows.append((poll.cycle, port, state))
            known[port] = state
    if poll.ports:
        memory.dumped[device] = day
    if rows:
        db.executemany("INSERT OR REPLACE INTO port_state VALUES (?, ?, ?)", rows)


def store_system(
    db: sqlite3.Connection, memory: Memory, device: int, cycle: int, system: SystemFacts
) -> None:
    """Write the system group where it differs from the newest."""
    texts = (system.name, system.descr, system.object_id, system.location)
    facts: Facts = (*texts, system.booted_at_s)
    if memory.system_facts.get(device) != facts:
        db.execute(
            "INSERT INTO system_facts(device, cycle, name, descr, object_id, location, booted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (device, cycle, *facts),
        )
        memory.system_facts[device] = facts


def store_port_facts(
    db: sqlite3.Connection, memory: Memory, device: int, cycle: int, facts: Sequence[PortFacts]
) -> None:
    """Write what changed of a device's ports; `facts` are all it has, the others are gone."""
    now: dict[int, Facts] = {
        memory.port(db, device, f.key): (f.if_index, f.name, f.descr, f.alias, f.type, f.speed_bps)
        for f in facts
    }
    rows = []
    for port in memory.ports.get(device, {}).values():
        values = now.get(port, _GONE)
        if memory.port_facts.get(port, _GONE) != values:
            rows.append((port, cycle, *values))
            memory.port_facts[port] = values
    db.executemany(
        "INSERT INTO port_facts(port, cycle, if_index, name, descr, alias, type, speed_bps)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def store_probes(
    db: sqlite3.Connection, memory: Memory, probes: Iterable[ProbeResult], stored_at_s: float | None
) -> None:
    """Write probe results and what rooms told; without a moment each is visible from its own."""
    rows = []
    for result in probes:
        probe, stored = memory.probe(db, result.subject, result.probe), result.at_ms
        if stored_at_s is not None:
            stored = stored_ms(memory.at_of(db, result.cycle), result.at_ms, stored_at_s)
        store_facts(db, memory, probe, result, stored)
        answer = (int(result.outcome), result.rtt_us, result.detail)
        rows.append((result.cycle, probe, result.at_ms, stored, *answer))
    db.executemany("INSERT OR REPLACE INTO probe_result VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def store_transitions(
    db: sqlite3.Connection,
    memory: Memory,
    transitions: Iterable[Transition],
    stored_at_s: float | None,
) -> None:
    """Write judgements, with the moment since when their subjects have not been well."""
    for change in transitions:
        subject = memory.subject(db, change.subject)
        cycle_at_s = memory.at_of(db, change.cycle)
        at_ms = to_ms(cycle_at_s) + change.at_ms
        shown_at_ms = at_ms
        if stored_at_s is not None:
            shown_at_ms = to_ms(cycle_at_s) + stored_ms(cycle_at_s, change.at_ms, stored_at_s)
        began_at = None
        if change.state in NOT_WELL:
            began_at = memory.began_at.get(subject) or at_ms / 1000
        memory.began_at[subject] = began_at
        stood, since = memory.stands.get(subject, (None, 0.0))
        since = since if stood == change.state else at_ms / 1000
        memory.stands[subject] = change.state, since
        reasons = json.dumps(change.reasons, ensure_ascii=False)
        db.execute(
            "INSERT OR REPLACE INTO transition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(subject, change.cycle, change.at_ms, at_ms / 1000, shown_at_ms / 1000),
                *(change.state, reasons, began_at, since),
            ),
        )
