"""Questions to a history file. Opens it read-only and fetches everything before it returns:
an open read would stop checkpoints. Use a reader from the thread that opened it.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import networkx as nx

from console.analysis.topology import build_graph, smaller
from console.history import (
    event_rows,
    incidents,
    load,
    moment,
    reports,
    situations,
    snapshots,
    stored_inventory,
)
from console.history.connection import connect, told_in_words
from console.history.facts import FactsCache
from console.history.frozen_rows import read_frozen, read_report
from console.history.link_means import LinkMeans
from console.history.newest_paths import newest_paths
from console.history.path_rows import read_windows
from console.history.plan_rows import PlansCache
from console.history.poll_rows import read_polls
from console.history.port_changes import PortChanges
from console.history.port_rows import PortRows
from console.history.rehearsal_rows import read_rehearsal
from console.history.rollups import STALE_INTERVALS
from console.history.room_rows import RoomFactsCache
from console.history.subject_rows import read_judgements, read_probes
from console.history.surroundings import SurroundingsCache
from console.model.events import EventLog
from console.model.inventory import Inventory, Link
from console.model.observation import Frozen
from console.model.path_view import PathView
from console.model.rehearsal import Rehearsal
from console.model.report import ConferenceReport, ConferenceStory
from console.model.series import (
    Column,
    Density,
    Incident,
    LinkSeries,
    PortSeries,
    SeenWindow,
)
from console.model.situation import Situation
from console.model.snapshot import Cycle, Snapshot


class HistoryReader:
    """One read-only connection and what it keeps in memory of what rarely changes."""

    def __init__(self, path: Path) -> None:
        """Open the file; raise OperatorError when there is none or it is not of this version."""
        self._path = path
        self._db = connect(path)
        with told_in_words(path):
            self._db.execute("PRAGMA cache_size = -32768")  # KiB
        self._facts = FactsCache()
        self._surroundings = SurroundingsCache()
        self._changes = PortChanges()
        self._room_facts = RoomFactsCache()
        self._plans = PlansCache()
        self._link_means = LinkMeans()
        self._inventories: dict[int, tuple[Inventory, nx.MultiGraph]] = {}

    def data_version(self) -> int:
        """Return a number that changes when another process commits."""
        with told_in_words(self._path):
            return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def snapshot_at(self, at_s: float | None, now_s: float | None = None) -> Snapshot:
        """Return the network at UTC seconds, or with None the newest as of `now_s` (the clock)."""
        with self._reading() as db:
            now = moment.find(db, at_s, time.time() if now_s is None else now_s)
            return self._snapshot(db, now)

    def situation(
        self,
        conference: str,
        at_s: float | None,
        now_s: float | None = None,
        start_s: float | None = None,
    ) -> Situation:
        """Return what an assessment rests on, as snapshot_at: of the running or next occurrence.

        `start_s` names another occurrence by its start.

        Raises KeyError for an unknown conference and LookupError where it has no occurrence.
        """
        with self._reading() as db:
            now = moment.find(db, at_s, time.time() if now_s is None else now_s)
            kept = self._facts, self._link_means
            asked = conference, start_s
            return situations.situation(db, now, self._snapshot(db, now), asked, kept)

    def situations(
        self, at_s: float | None, now_s: float | None = None
    ) -> tuple[Snapshot, list[Situation]]:
        """Return the snapshot, and the situation of every conference that is on or ahead."""
        with self._reading() as db:
            now = moment.find(db, at_s, time.time() if now_s is None else now_s)
            snapshot, kept = self._snapshot(db, now), (self._facts, self._link_means)
            return snapshot, situations.every_situation(db, now, snapshot, kept)

    def frozen_at(self, conference: str, start_s: float, at_s: float | None) -> tuple[Frozen, ...]:
        """Return what was kept at the gates of an occurrence by a moment, the earliest first."""
        with self._reading() as db:
            return read_frozen(db, moment.find(db, at_s, time.time()), conference, start_s)

    def conference_story(
        self, conference: str, start_s: float, at_s: float | None, now_s: float | None = None
    ) -> ConferenceStory:
        """Return the check points and the report of an occurrence; KeyError for an unknown one."""
        with self._reading() as db:
            now = moment.find(db, at_s, time.time() if now_s is None else now_s)
            asked, numbers = (conference, start_s), self._facts.subjects
            return reports.story(db, now, self._snapshot(db, now), asked, numbers)

    def report(
        self, conference: str, start_s: float, at_s: float | None = None
    ) -> ConferenceReport | None:
        """Return what became of an occurrence; KeyError for an unknown one.

        None before it is over, and where nobody was there to see anything.
        """
        return self.conference_story(conference, start_s, at_s).report

    def report_kept(self, conference: str, start_s: float) -> bool:
        """Tell whether the report of an occurrence is stored already."""
        with self._reading() as db:
            now = moment.find(db, None, time.time())
            return read_report(db, now, conference, start_s) is not None

    def rehearsal(
        self, conference: str, at_s: float | None, now_s: float | None = None
    ) -> Rehearsal | None:
        """Return the newest rehearsal of a conference as it stood at a moment."""
        with self._reading() as db:
            now = moment.find(db, at_s, time.time() if now_s is None else now_s)
            return read_rehearsal(db, now, conference)

    def inventory_at(self, at_s: float | None) -> Inventory | None:
        """Return the inventory in force at UTC seconds, None: the newest."""
        with self._reading() as db:
            held = self._inventory(db, moment.find(db, at_s, time.time()).cycle)
        return held[0] if held else None

    def span(self) -> tuple[float, float] | None:
        """Return the first and the last recorded moment, UTC seconds; None for an empty file."""
        with self._reading() as db:
            first_s, last_s = db.execute("SELECT min(at), max(at) FROM cycle").fetchone()
            beat_s = db.execute("SELECT max(last_at) FROM heartbeat").fetchone()[0]
        return None if first_s is None else (first_s, max(last_s, beat_s or last_s))

    def cycle_before(self, at_s: float) -> Cycle | None:
        """Return the newest cycle that began before the moment."""
        sql = "SELECT id, at FROM cycle WHERE at < ? ORDER BY at DESC, id DESC LIMIT 1"
        return self._one_cycle(sql, at_s)

    def cycle_after(self, at_s: float) -> Cycle | None:
        """Return the first cycle that began after the moment."""
        return self._one_cycle(
            "SELECT id, at FROM cycle WHERE at > ? ORDER BY at, id LIMIT 1", at_s
        )

    def port_series(
        self, port: int, from_s: float, to_s: float, step_s: float | None = None
    ) -> PortSeries:
        """Return the load of a port; without a step the one that suits the range."""
        with self._reading() as db:
            return load.port_series(db, port, from_s, to_s, step_s)

    def link_series(
        self,
        link: str,
        from_s: float,
        to_s: float,
        step_s: float | None = None,
        at_s: float | None = None,
    ) -> LinkSeries:
        """Return the load of a link whose ends are the ports they were at `at_s` (None: newest).

        Raises KeyError when the inventory of that moment has no such link.
        """
        with self._reading() as db:
            ends = self._link_ends(db, link, at_s)
            return load.link_series(db, ends, from_s, to_s, step_s)

    def sparklines(
        self, ports: Sequence[int], from_s: float, to_s: float, points: int
    ) -> dict[int, tuple[Column, Column]]:
        """Return for every port means in and out, bit/s, in so many equal parts of the span."""
        with self._reading() as db:
            return load.sparklines(db, ports, from_s, to_s, points)

    def path_windows(self, subject: str, from_s: float, to_s: float) -> tuple[SeenWindow, ...]:
        """Return what was measured along the paths to a room, bridge or reflector, in order.

        Windows that began in the span and were known at its end; none for unknown subjects.
        """
        with self._reading() as db:
            return read_windows(db, subject, from_s, to_s)

    def paths_at(self, at_s: float | None, now_s: float | None = None) -> tuple[PathView, ...]:
        """Return the newest window of every path, as snapshot_at."""
        with self._reading() as db:
            now = moment.find(db, at_s, time.time() if now_s is None else now_s)
            held = self._inventory(db, now.cycle)
            return newest_paths(db, now, held[0]) if held else ()

    def incidents(self, from_s: float, to_s: float) -> tuple[Incident, ...]:
        """Return what was not well at any time in the span, in the order in which it began."""
        with self._reading() as db:
            return incidents.read(db, from_s, to_s)

    def density(self, from_s: float, to_s: float, bins: int) -> Density:
        """Return how many incidents began when, in equal parts of the span."""
        with self._reading() as db:
            return incidents.density(db, from_s, to_s, bins)

    def events(self, from_s: float, to_s: float | None, limit: int = 500) -> EventLog:
        """Return the newest events of the span, None: up to now, and the fates of all."""
        with self._reading() as db:
            return event_rows.read(db, from_s, to_s, limit)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """All reads inside see one state of the file; what cannot be read is an OperatorError."""
        with told_in_words(self._path):
            self._db.execute("BEGIN")
            try:
                self._facts.refresh(self._db)
                self._surroundings.refresh(self._db)
                self._changes.refresh(self._db)
                self._room_facts.refresh(self._db)
                self._plans.refresh(self._db)
                yield self._db
            finally:
                if self._db.in_transaction:  # not after every error
                    self._db.execute("COMMIT")

    def _snapshot(self, db: sqlite3.Connection, now: moment.Moment) -> Snapshot:
        held = self._inventory(db, now.cycle)
        if held is None:
            return snapshots.empty(now)
        inventory, graph = held
        polling = inventory.polling
        numbers = {self._facts.subjects.get(device.id, 0) for device in inventory.devices}
        polls = read_polls(db, now, numbers - {0}, polling.interfaces_s)
        rows = snapshots.Rows(
            *(now, inventory, graph, self._facts, polls, PortRows(db, now, polls)),
            read_probes(db, now, STALE_INTERVALS * polling.rooms_s, polling.interfaces_s),
            read_judgements(db, now),
            *(self._surroundings, self._changes, self._room_facts),
            self._plans.at(now, inventory),
        )
        return snapshots.assemble(rows)

    def _one_cycle(self, sql: str, at_s: float) -> Cycle | None:
        with self._reading() as db:
            row = db.execute(sql, (at_s,)).fetchone()
        return Cycle(*row) if row else None

    def _link_ends(self, db: sqlite3.Connection, link: str, at_s: float | None) -> load.LinkEnds:
        now = moment.find(db, at_s, time.time())
        held = self._inventory(db, now.cycle)
        entry = held[0].by_id.get(link) if held else None
        if not isinstance(entry, Link) or now.cycle is None:
            raise KeyError(link)
        ends = [
            self._facts.ports(
                self._facts.subjects.get(end.device, 0), end.device, now.cycle.id
            ).end(end.interface)
            or (None, None)
            for end in (entry.a, entry.b)
        ]
        capacity_bps = entry.capacity_bps or smaller(speed_bps for _port, speed_bps in ends)
        return load.LinkEnds(link, ends[0][0], ends[1][0], capacity_bps)

    def _inventory(
        self, db: sqlite3.Connection, cycle: Cycle | None
    ) -> tuple[Inventory, nx.MultiGraph] | None:
        row = db.execute(
            "SELECT cycle FROM inventory WHERE cycle <= ? ORDER BY cycle DESC LIMIT 1",
            (cycle.id if cycle else -1,),
        ).fetchone()
        if row is None:
            return None
        version = row[0]
        if version not in self._inventories:
            sql = "SELECT content FROM inventory WHERE cycle = ?"
            inventory = stored_inventory.load(db.execute(sql, (version,)).fetchone()[0])
            self._inventories[version] = inventory, build_graph(inventory)
        return self._inventories[version]
