"""What the writer remembers between commits, so that only changes are written. Read from the file
when it opens and again after a commit that failed.
"""

import sqlite3
from dataclasses import dataclass, field

from console.history.schema import DUMP_CYCLES
from console.model.observation import ChassisFacts, Neighbour
from console.model.states import Outcome

LOOK_BACK = 300  # cycles in which a device that is still polled has its newest poll
DEFAULT_INTERVAL_S = 30.0

Told = tuple[tuple[Neighbour, ...], ChassisFacts | None]  # of neighbours and chassis
Facts = tuple[object, ...]  # the value columns of port_facts or system_facts
ToldFacts = tuple[str, float | None]  # of a room: JSON, and when it was started, UTC seconds


@dataclass(slots=True)
class Memory:
    """Identities and newest values; keys are ids of the file unless they are text."""

    subjects: dict[str, int] = field(default_factory=dict)
    ports: dict[int, dict[str, int]] = field(default_factory=dict)  # device → port key → port
    probes: dict[tuple[str, str], int] = field(default_factory=dict)
    paths: dict[tuple[str, str], int] = field(default_factory=dict)
    port_facts: dict[int, Facts] = field(default_factory=dict)
    system_facts: dict[int, Facts] = field(default_factory=dict)
    states: dict[int, int] = field(default_factory=dict)
    looked: dict[int, dict[int, int]] = field(default_factory=dict)  # device → port → state
    dumped: dict[int, int] = field(default_factory=dict)  # device → day of its last full dump
    answered_at: dict[int, float] = field(default_factory=dict)
    repeated: dict[int, list[int]] = field(default_factory=dict)  # cycles answered from a cache
    began_at: dict[int, float | None] = field(default_factory=dict)  # subject not well since
    stands: dict[int, tuple[str, float]] = field(default_factory=dict)  # its state, and since when
    changes: dict[int, tuple[int | None, float | None]] = field(default_factory=dict)  # of ports
    surroundings: dict[int, Told] = field(default_factory=dict)  # device → newest, once needed
    room_facts: dict[int, ToldFacts] = field(default_factory=dict)  # probe → newest, once needed
    plans: str | None = None  # newest, once needed
    cycle_at: dict[int, float] = field(default_factory=dict)
    newest: int = 0
    events: int = 0  # number of the newest event
    latest_s: float = 0.0  # the newest moment stored since the clock was last set back
    interval_s: float = DEFAULT_INTERVAL_S

    def subject(self, db: sqlite3.Connection, name: str) -> int:
        """Return the number of anything that has an id in the inventory."""
        found = self.subjects.get(name)
        if found is None:
            found = _insert(db, "INSERT INTO subject(name) VALUES (?)", (name,))
            self.subjects[name] = found
        return found

    def port(self, db: sqlite3.Connection, device: int, key: str) -> int:
        """Return the number of a device's port."""
        of_device = self.ports.setdefault(device, {})
        found = of_device.get(key)
        if found is None:
            found = _insert(db, "INSERT INTO port(device, key) VALUES (?, ?)", (device, key))
            of_device[key] = found
        return found

    def probe(self, db: sqlite3.Connection, subject: str, name: str) -> int:
        """Return the number of a subject's probe."""
        found = self.probes.get((subject, name))
        if found is None:
            values = (self.subject(db, subject), name)
            found = _insert(db, "INSERT INTO probe(subject, name) VALUES (?, ?)", values)
            self.probes[subject, name] = found
        return found

    def path(self, db: sqlite3.Connection, subject: str, name: str) -> int:
        """Return the number of a path to a subject."""
        found = self.paths.get((subject, name))
        if found is None:
            values = (self.subject(db, subject), name)
            found = _insert(db, "INSERT INTO path(subject, name) VALUES (?, ?)", values)
            self.paths[subject, name] = found
        return found

    def at_of(self, db: sqlite3.Connection, cycle: int) -> float:
        """Return when a cycle began, UTC seconds; KeyError when there is none such."""
        if cycle not in self.cycle_at:
            row = db.execute("SELECT at FROM cycle WHERE id = ?", (cycle,)).fetchone()
            if row is None:
                raise KeyError(cycle)
            return float(row[0])
        return self.cycle_at[cycle]

    def add_cycle(self, cycle: int, at_s: float) -> None:
        """Remember the newest cycle and a few before it."""
        self.newest = cycle
        self.latest_s = at_s
        self.cycle_at[cycle] = at_s
        self.cycle_at.pop(cycle - 100, None)


def _insert(db: sqlite3.Connection, sql: str, values: tuple[object, ...]) -> int:
    number = db.execute(sql, values).lastrowid
    assert number is not None
    return number


def load(db: sqlite3.Connection) -> Memory:
    """Read everything that the writer needs to go on where the file ends."""
    memory = Memory(subjects=dict(db.execute("SELECT name, id FROM subject")))
    for number, device, key in db.execute("SELECT id, device, key FROM port"):
        memory.ports.setdefault(device, {})[key] = number
    for number, subject, name in db.execute(
        "SELECT p.id, s.name, p.name FROM probe p JOIN subject s ON s.id = p.subject"
    ):
        memory.probes[subject, name] = number
    for number, subject, name in db.execute(
        "SELECT p.id, s.name, p.name FROM path p JOIN subject s ON s.id = p.subject"
    ):
        memory.paths[subject, name] = number
    for row in db.execute(
        "SELECT port, if_index, name, descr, alias, type, speed_bps FROM port_facts ORDER BY id"
    ):
        memory.port_facts[row[0]] = row[1:]
    for row in db.execute(
        "SELECT device, name, descr, object_id, location, booted_at FROM system_facts ORDER BY id"
    ):
        memory.system_facts[row[0]] = row[1:]
    for port, ticks, at_s in db.execute("SELECT port, ticks, at FROM port_change ORDER BY id"):
        memory.changes[port] = ticks, at_s
    _load_newest(db, memory)
    return memory


def _load_newest(db: sqlite3.Connection, memory: Memory) -> None:
    for cycle, at_s in db.execute("SELECT id, at FROM cycle ORDER BY id DESC LIMIT 10").fetchall():
        memory.cycle_at[cycle] = at_s
    memory.newest = max(memory.cycle_at, default=0)
    beat_s = db.execute("SELECT last_at FROM heartbeat ORDER BY id DESC LIMIT 1").fetchone()
    memory.latest_s = max(memory.cycle_at.get(memory.newest, 0.0), beat_s[0] if beat_s else 0.0)
    day = memory.newest // DUMP_CYCLES * DUMP_CYCLES
    memory.states = dict(
        db.execute("SELECT port, state FROM port_state WHERE cycle >= ? ORDER BY cycle", (day,))
    )
    for device, at_s, outcome, answered_at in db.execute(
        "SELECT p.device, c.at + p.at_ms / 1000.0, p.outcome, p.answered_at"
        " FROM poll p JOIN cycle c ON c.id = p.cycle WHERE p.cycle > ? ORDER BY p.cycle",
        (memory.newest - LOOK_BACK,),
    ):
        memory.answered_at[device] = at_s if outcome == Outcome.OK else answered_at
    for subject, began_at, state, since in db.execute(
        "SELECT subject, began_at, state, since FROM transition ORDER BY subject, cycle, at_ms"
    ):
        memory.began_at[subject] = began_at
        memory.stands[subject] = state, since
    row = db.execute("SELECT number FROM event ORDER BY cycle DESC, number DESC LIMIT 1").fetchone()
    memory.events = row[0] if row else 0
    memory.interval_s = interval_s(db)


def interval_s(db: sqlite3.Connection) -> float:
    """Return the polling interval of the newest inventory."""
    row = db.execute(
        "SELECT json_extract(content, '$.polling.interfaces_s') FROM inventory"
        " ORDER BY cycle DESC LIMIT 1"
    ).fetchone()
    return float(row[0]) if row and row[0] else DEFAULT_INTERVAL_S
