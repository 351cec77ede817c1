"""Writes a long past quickly: ten cycles as columns, roll-ups an hour at a time."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.analysis.rollup import WINDOW_S, Column, spans
from console.history import heartbeat, recording
from console.history.memory import Memory
from console.history.path_rows import store_windows
from console.history.port_changes import insert_changes
from console.history.rollups import (
    HOUR_S,
    STALE_INTERVALS,
    Samples,
    catch_up,
    close_hour,
    floor_window,
    open_from,
    set_open_from,
    whole,
    write_hours,
)
from console.history.schema import DUMP_CYCLES, MEANS, PORT_UP, SLOTS, TRAFFIC, WINDOWS
from console.history.surroundings import store_surroundings
from console.history.units import to_kbit_columns
from console.model.observation import PastBucket
from console.model.states import Outcome

_COMMIT_BUCKETS = 20
_PLACES = ", ".join("?" * (2 + len(TRAFFIC)))
_MEANS_UPSERT = (
    f"INSERT INTO traffic_5min VALUES ({', '.join('?' * (2 + len(MEANS)))}) ON CONFLICT DO UPDATE"
    f" SET {', '.join(f'{name} = coalesce(excluded.{name}, {name})' for name in MEANS)}"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A bucket whose windows are not all closed."""

    ended_s: float
    end_s: Column
    inward: Column
    outward: Column


class PastWriter:
    """One stretch of past, bucket after bucket with the same devices and ports."""

    def __init__(self, db: sqlite3.Connection, memory: Memory) -> None:
        self._db = db
        self._memory = memory
        self._written = 0
        self._devices: NDArray[np.int64] | None = None
        self._ports = np.array([], dtype=np.int64)
        self._owner = np.array([], dtype=np.intp)
        self._kept: deque[_Kept] = deque()
        self.newest = memory.newest

    def write(self, bucket: PastBucket) -> None:
        """Write ten cycles. They must follow all that are there and begin at a multiple of ten."""
        if bucket.first_cycle % SLOTS or bucket.first_cycle <= self.newest:
            raise ValueError(f"a past cannot begin at cycle {bucket.first_cycle}")
        self._begin()
        if self._devices is None:
            self._identify(bucket)
        self._write_cycles(bucket)
        self._write_polls(bucket)
        inward, outward = to_kbit_columns(bucket.in_bps), to_kbit_columns(bucket.out_bps)
        self._write_traffic(bucket, inward, outward)
        self._write_ports(bucket)
        self._write_changes(bucket)
        begun_s = float(bucket.cycle_at_s[0])  # each is seen from its own moment on
        store_surroundings(self._db, self._memory, bucket.surroundings, begun_s)
        recording.store_probes(self._db, self._memory, bucket.probes, None)
        store_windows(self._db, self._memory, bucket.windows, None)
        recording.store_transitions(self._db, self._memory, bucket.transitions, None)
        self._roll_up(bucket, inward, outward)
        self._written += 1
        if self._written % _COMMIT_BUCKETS == 0:
            self._db.execute("COMMIT")

    def finish(self) -> None:
        """Commit what is open."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let others write inside the past's own transaction."""
        self._begin()
        yield

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def _identify(self, bucket: PastBucket) -> None:
        db, memory = self._db, self._memory
        catch_up(db, memory, float(bucket.cycle_at_s[0]))
        numbers = {name: memory.subject(db, name) for name in bucket.devices}
        self._devices = np.array(list(numbers.values()), dtype=np.int64)
        self._ports = np.array([memory.port(db, numbers[d], key) for d, key in bucket.ports])
        column_of = {name: column for column, name in enumerate(bucket.devices)}
        self._owner = np.array([column_of[d] for d, _key in bucket.ports], dtype=np.intp)

    def _write_cycles(self, bucket: PastBucket) -> None:
        at_s = np.round(bucket.cycle_at_s, 3)
        cycles = range(bucket.first_cycle, bucket.first_cycle + SLOTS)
        before_s = self._memory.latest_s
        self._db.executemany(
            "INSERT INTO cycle VALUES (?, ?)", zip(cycles, at_s.tolist(), strict=True)
        )
        if at_s[0] < before_s:
            self._db.execute(
                "INSERT INTO clock_step VALUES (?, ?)", (bucket.first_cycle, float(at_s[0]))
            )
        for cycle, begun_s in zip(cycles, at_s.tolist(), strict=True):
            self._memory.add_cycle(cycle, begun_s)
        self.newest = cycles[-1]
        gap_s = STALE_INTERVALS * self._memory.interval_s
        ended_s = float(at_s[-1] + bucket.at_ms[-1].max(initial=0) / 1000)
        heartbeat.extend_past(self._db, float(at_s[0]), ended_s, bucket.first_cycle, gap_s)

    def _write_polls(self, bucket: PastBucket) -> None:
        assert self._devices is not None
        cycles = np.arange(bucket.first_cycle, bucket.first_cycle + SLOTS)
        rtt_us = np.where(bucket.rtt_us < 0, np.nan, bucket.rtt_us)
        answered_s = self._answered(bucket)
        at_ms = bucket.at_ms.ravel().tolist()
        self._db.executemany(
            "INSERT INTO poll VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
            zip(
                np.repeat(cycles, len(self._devices)).tolist(),
                np.tile(self._devices, SLOTS).tolist(),
                at_ms,
                at_ms,
                bucket.outcome.ravel().tolist(),
                rtt_us.ravel().tolist(),
                answered_s.ravel().tolist(),
                strict=True,
            ),
        )

    def _answered(self, bucket: PastBucket) -> Column:
        """Return, for polls that failed, when the device last sent its counters."""
        assert self._devices is not None
        ok = bucket.outcome == Outcome.OK
        at_s = bucket.cycle_at_s[:, None] + bucket.at_ms / 1000
        known = self._memory.answered_at
        newest = np.array([known.get(d) or np.nan for d in self._devices.tolist()])
        answered_s = np.full(ok.shape, np.nan)
        for slot in range(SLOTS):
            answered_s[slot] = np.where(ok[slot], np.nan, newest)
            newest = np.where(ok[slot], at_s[slot], newest)
        for device, moment_s in zip(self._devices.tolist(), newest.tolist(), strict=True):
            if moment_s == moment_s:
                known[device] = moment_s
        return answered_s

    def _write_traffic(self, bucket: PastBucket, inward: Column, outward: Column) -> None:
        number = np.full(len(self._ports), bucket.first_cycle // SLOTS)
        rows = np.column_stack([number, self._ports, inward.T, outward.T])
        self._db.executemany(f"INSERT INTO traffic VALUES ({_PLACES})", rows.tolist())

    def _write_ports(self, bucket: PastBucket) -> None:
        ports = self._ports.tolist()
        faults = [
            (
                *(f.cycle, ports[f.port], f.in_errors_ps, f.out_errors_ps),
                *(f.in_discards_ps, f.out_discards_ps),
            )
            for f in bucket.faults
        ]
        self._db.executemany("INSERT INTO port_fault VALUES (?, ?, ?, ?, ?, ?)", faults)
        for cycle, column, admin, oper in bucket.port_states:
            self._memory.states[ports[column]] = recording.state_number(admin, oper)
            row = (cycle, ports[column], self._memory.states[ports[column]])
            self._db.execute("INSERT OR REPLACE INTO port_state VALUES (?, ?, ?)", row)
        self._dump_states(bucket.first_cycle)

    def _write_changes(self, bucket: PastBucket) -> None:
        assert self._devices is not None
        for cycle, column, change in bucket.changes:
            slot = cycle - bucket.first_cycle
            at_s = float(bucket.cycle_at_s[slot]) + int(bucket.at_ms[slot, column]) / 1000
            device = int(self._devices[column])
            insert_changes(self._db, self._memory, device, cycle, (change,), at_s)

    def _dump_states(self, first_cycle: int) -> None:
        """Once a day's share of cycles, store all ports that are not up."""
        for cycle in range(first_cycle, first_cycle + SLOTS):
            if cycle % DUMP_CYCLES == 0:
                rows = [
                    (cycle, port, self._memory.states[port])
                    for port in self._ports.tolist()
                    if self._memory.states.get(port, PORT_UP) != PORT_UP
                ]
                self._db.executemany("INSERT OR IGNORE INTO port_state VALUES (?, ?, ?)", rows)

    def _roll_up(self, bucket: PastBucket, inward: Column, outward: Column) -> None:
        at_s = bucket.cycle_at_s[:, None] + bucket.at_ms / 1000
        end_s = np.where(bucket.outcome == Outcome.OK, at_s, np.nan)
        self._kept.append(_Kept(float(at_s.max()), end_s, inward, outward))
        start = open_from(self._db)
        if start is None:
            start = floor_window(float(bucket.cycle_at_s[0]))
            set_open_from(self._db, start)
        hour_ends_s = (start // HOUR_S + 1) * HOUR_S
        if bucket.cycle_at_s[-2] >= hour_ends_s:
            self._close_hour(start, hour_ends_s)

    def _close_hour(self, start: int, hour_ends_s: int) -> None:
        longest_s = STALE_INTERVALS * self._memory.interval_s
        end_s = np.vstack([kept.end_s for kept in self._kept])
        inward = np.vstack([kept.inward for kept in self._kept])
        outward = np.vstack([kept.outward for kept in self._kept])
        begun_s = spans(end_s, longest_s)
        samples = Samples(self._ports, self._owner, begun_s, end_s, inward, outward)
        means = np.full((len(self._ports), 4, WINDOWS), np.nan)
        for window in range(start, hour_ends_s, WINDOW_S):
            means[:, :, window % HOUR_S // WINDOW_S] = np.array(samples.window(window)).T
        self._write_hour(start // HOUR_S, whole(means))
        if start % HOUR_S:  # others may have written its first windows
            close_hour(self._db, start // HOUR_S)
        set_open_from(self._db, hour_ends_s)
        while self._kept and self._kept[0].ended_s < hour_ends_s - 2 * longest_s:
            self._kept.popleft()

    def _write_hour(self, hour: int, means: Column) -> None:
        seen = ~np.isnan(means).all(axis=(1, 2))
        ports = self._ports[seen]
        number = np.full(len(ports), hour)
        rows = np.column_stack([number, ports, means[seen].reshape(len(ports), 4 * WINDOWS)])
        self._db.executemany(_MEANS_UPSERT, rows.tolist())
        write_hours(self._db, hour, ports.astype(np.float64), means[seen])
