"""The one writer of a history file. Knows no network; all its methods belong to one thread."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from console.errors import OperatorError
from console.history import (
    event_rows,
    heartbeat,
    look_rows,
    memory,
    recording,
    retention,
    rollups,
    stored_inventory,
)
from console.history.connection import told_in_words
from console.history.frozen_rows import store_frozen
from console.history.migrations import migrate
from console.history.past import PastWriter
from console.history.path_rows import store_windows
from console.history.place import refuse_network_share
from console.history.plan_rows import newest_plans, store_plans
from console.history.port_changes import store_changes
from console.history.rehearsal_rows import store_rehearsals
from console.history.retention import Retention
from console.history.schema import SLOTS
from console.history.surroundings import store_surroundings
from console.history.units import to_ms
from console.language import _
from console.model.inventory import Inventory
from console.model.observation import (
    Batch,
    Frozen,
    PastBucket,
    PortFacts,
    SystemFacts,
    Transition,
)
from console.model.plan import Plan
from console.model.report import ConferenceReport
from console.system_errors import in_words


class HistoryWriter:
    """Writes cycles, what was seen in them, heartbeats and roll-ups. Use `open`."""

    def __init__(
        self, db: sqlite3.Connection, lock: FileLock, program_version: str, keep: Retention
    ) -> None:
        self._path = Path(lock.lock_file).with_suffix("")
        self._db = db
        self._lock = lock
        self._program_version = program_version
        self._keep = keep
        self._memory = memory.load(db)
        self._past: PastWriter | None = None

    @classmethod
    def open(
        cls, path: Path, program_version: str, keep: Retention | None = None
    ) -> "HistoryWriter":
        """Open or create the file, bring it to this version and lock it against other writers.

        Raises OperatorError when another collector writes it, when it lies on a network share, is
        not a history, or cannot be written.
        """
        refuse_network_share(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with Path(f"{path}.lock").open("a"):  # else it would seem held
                lock = FileLock(f"{path}.lock", timeout=0, thread_local=False)
            lock.acquire()
        except Timeout as error:
            raise OperatorError(
                _("Another collector already writes {path}; stop it first.").format(path=path)
            ) from error
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            db = _connect(path)
            return cls(db, lock, program_version, keep or Retention())
        except BaseException as error:
            lock.release()
            if isinstance(error, sqlite3.Error):
                raise _unwritable(path, error) from error
            raise

    def record_inventory(self, inventory: Inventory) -> None:
        """Store the inventory, without secrets, as in force from the next cycle on."""
        content = stored_inventory.dump(inventory)
        with self._transaction():
            newest = self._db.execute(
                "SELECT program_version, content FROM inventory ORDER BY cycle DESC LIMIT 1"
            ).fetchone()
            if newest != (self._program_version, content):
                self._db.execute(
                    "INSERT OR REPLACE INTO inventory VALUES (?, ?, ?)",
                    (self._memory.newest + 1, self._program_version, content),
                )
        self._memory.interval_s = inventory.polling.interfaces_s

    def begin_cycle(self, at_s: float) -> int:
        """Begin the next cycle at UTC seconds and return its number; visible at once.

        Roll-ups and retention happen here as far as they are due, a bounded piece a call.
        """
        at_s = to_ms(at_s) / 1000
        with self._transaction():
            cycle = self._memory.newest + 1
            self._insert_cycle(cycle, at_s)
            heartbeat.beat(self._db, at_s, cycle, at_s)
            rollups.close_due(self._db, self._memory)
            if cycle % SLOTS == 0:
                retention.apply(self._db, self._keep, at_s)
            event_rows.delete_excess(self._db, self._memory.events)
        return cycle

    def store(self, batch: Batch) -> None:
        """Write everything of a batch in one commit, with a heartbeat."""
        db, known = self._db, self._memory
        with self._transaction():
            recording.store_polls(db, known, batch.polls, batch.stored_at_s)
            look_rows.store_looks(db, known, batch.looks, batch.polls, batch.stored_at_s)
            store_changes(db, known, (*batch.polls, *batch.looks), batch.stored_at_s)
            recording.store_probes(db, known, batch.probes, batch.stored_at_s)
            recording.store_transitions(db, known, batch.transitions, batch.stored_at_s)
            store_surroundings(db, known, batch.surroundings, batch.stored_at_s)
            store_windows(db, known, batch.windows, batch.stored_at_s)
            store_plans(db, known, batch.cycle, batch.plans, batch.stored_at_s)
            store_frozen(db, known, batch.frozen, batch.reports, batch.stored_at_s)
            store_rehearsals(db, known, batch.rehearsals, batch.stored_at_s)
            event_rows.store_events(db, known, batch.events, batch.event_counts, batch.stored_at_s)
            self._beat(batch.stored_at_s)

    def beat(self, at_s: float) -> None:
        """Say that the collector lives; due every second."""
        with self._transaction():
            self._beat(at_s)

    def stop(self, at_s: float) -> None:
        """Say goodbye: from now on the collector is stopped, not silent."""
        with self._transaction():
            self._beat(at_s)
            heartbeat.stop(self._db, at_s)

    def newest_transitions(self) -> dict[str, Transition]:
        """Return how every subject stood last, for a collector that goes on from there."""
        rows = self._db.execute(
            "SELECT s.name, t.cycle, t.at_ms, t.state, t.reasons FROM transition t"
            " JOIN subject s ON s.id = t.subject ORDER BY t.subject, t.cycle, t.at_ms"
        ).fetchall()
        return {
            name: Transition(name, cycle, at_ms, state, tuple(json.loads(reasons)))
            for name, cycle, at_ms, state, reasons in rows
        }

    def newest_plans(self) -> tuple[Plan, ...]:
        """Return what was planned last, for a collector that goes on from there."""
        return newest_plans(self._db)

    def next_past_cycle(self) -> int:
        """Return the number that the next PastBucket's first cycle may have: a multiple of ten."""
        newest = self._past.newest if self._past else self._memory.newest
        return (newest + SLOTS) // SLOTS * SLOTS

    def past_port_facts(
        self, device: str, system: SystemFacts, facts: tuple[PortFacts, ...]
    ) -> None:
        """Store what a device and its ports are, before a past in which they are so."""
        with self._past.transaction() if self._past else self._transaction():
            number = self._memory.subject(self._db, device)
            cycle = self._memory.newest + 1
            recording.store_system(self._db, self._memory, number, cycle, system)
            recording.store_port_facts(self._db, self._memory, number, cycle, facts)

    def past_plans(self, plans: tuple[Plan, ...], at_s: float) -> None:
        """Store what is planned, before a past in which it is so."""
        with self._past.transaction() if self._past else self._transaction():
            store_plans(self._db, self._memory, self._memory.newest + 1, plans, at_s)

    def write_past(self, bucket: PastBucket) -> None:
        """Write ten cycles of a past at once; committed every few buckets and by any other call."""
        try:
            if self._past is None:
                self._past = PastWriter(self._db, self._memory)
            self._past.write(bucket)
        except BaseException:
            self._forget()
            raise

    def finish_past(self) -> None:
        """Commit what is still open of a past: from now on readers see all of it."""
        if self._past is not None:
            past, self._past = self._past, None
            past.finish()

    def past_kept(
        self, at_s: float, frozen: tuple[Frozen, ...], reports: tuple[ConferenceReport, ...] = ()
    ) -> None:
        """Store what was kept of conferences at a moment of the past that is written already."""
        with self._transaction():
            row = self._db.execute(
                "SELECT id FROM cycle WHERE at <= ? ORDER BY id DESC LIMIT 1", (at_s,)
            ).fetchone()
            if row is not None:
                store_frozen(self._db, self._memory, frozen, reports, at_s, row[0])

    def close(self) -> None:
        """Commit, close the file and let others write it."""
        self.finish_past()
        self._db.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _insert_cycle(self, cycle: int, at_s: float) -> None:
        self._db.execute("INSERT INTO cycle VALUES (?, ?)", (cycle, at_s))
        if at_s < self._memory.latest_s:
            self._db.execute("INSERT INTO clock_step VALUES (?, ?)", (cycle, at_s))
        self._memory.add_cycle(cycle, at_s)

    def _beat(self, at_s: float) -> None:
        newest = self._memory.newest
        self._memory.latest_s = max(self._memory.latest_s, at_s)
        heartbeat.beat(self._db, at_s, newest, self._memory.cycle_at.get(newest))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.finish_past()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            self._forget()
            if isinstance(error, sqlite3.OperationalError):
                raise OperatorError(
                    _("The history cannot be written ({error}); free space on its disk.").format(
                        error=error
                    )
                ) from error
            with told_in_words(self._path):
                raise

    def _forget(self) -> None:
        """Undo what was not committed, in the file and in memory."""
        self._past = None
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._memory = memory.load(self._db)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        migrate(db)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA cache_size = -32768")  # KiB: the bucket being filled stays in memory
        db.execute("PRAGMA wal_autocheckpoint = 4000")  # pages: a third faster than the usual 1000
        db.execute("PRAGMA journal_size_limit = 67108864")
    except BaseException:
        db.close()
        raise
    return db


def _unwritable(path: Path, error: Exception) -> OperatorError:
    return OperatorError(
        _("{path} cannot be written as a history ({error}); choose another file.").format(
            path=path, error=in_words(error)
        )
    )
