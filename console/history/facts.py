"""What devices and ports are, as of any of their polls. Kept in memory: facts rarely change."""

import sqlite3
from bisect import bisect_right
from dataclasses import dataclass, field

from console.analysis.ports import find_port
from console.model.observation import PortFacts, SystemFacts

_KEPT_VERSIONS = 4096
Identity = tuple[int, str, int, str, str | None, int | None, float | None]


@dataclass(slots=True)
class DevicePorts:
    """The ports of a device from one poll to the next change, in ifIndex order.

    `identities` are the fields of PortView up to speed_bps.
    """

    facts: tuple[PortFacts, ...]
    numbers: tuple[int, ...]
    identities: tuple[Identity, ...]
    _ends: dict[str, tuple[int, float | None] | None] = field(default_factory=dict)

    def end(self, interface: str) -> tuple[int, float | None] | None:
        """Return number and speed of the port that a link's end names, None where there is none."""
        if interface not in self._ends:
            found = find_port(self.facts, interface)
            self._ends[interface] = (
                None if found is None else (self.numbers[self.facts.index(found)], found.speed_bps)
            )
        return self._ends[interface]


NO_PORTS = DevicePorts((), (), ())


@dataclass(slots=True)
class _Changes:
    cycles: list[int] = field(default_factory=list)  # ascending; one entry per changed row
    rows: list[tuple[int, PortFacts | None]] = field(default_factory=list)


class FactsCache:
    """All facts of one file, read once and then only what was added."""

    def __init__(self) -> None:
        self._changes: dict[int, _Changes] = {}
        self._systems: dict[int, tuple[list[int], list[SystemFacts]]] = {}
        self._built: dict[tuple[int, int], DevicePorts] = {}
        self._last_port = 0
        self._last_system = 0
        self._ports: dict[int, tuple[int, str]] = {}
        self.subjects: dict[str, int] = {}
        self._last_subject = 0

    def refresh(self, db: sqlite3.Connection) -> None:
        """Read what was added since the last look."""
        rows = db.execute("SELECT id, name FROM subject WHERE id > ?", (self._last_subject,))
        for number, name in rows.fetchall():
            self.subjects[name] = self._last_subject = number
        self._refresh_ports(db)
        for number, device, cycle, *facts in db.execute(
            "SELECT id, device, cycle, name, descr, object_id, location, booted_at"
            " FROM system_facts WHERE id > ? ORDER BY id",
            (self._last_system,),
        ).fetchall():
            cycles, systems = self._systems.setdefault(device, ([], []))
            cycles.append(cycle)
            systems.append(SystemFacts(*facts))
            self._last_system = number

    def _refresh_ports(self, db: sqlite3.Connection) -> None:
        for number, device, key, port, cycle, if_index, *facts in db.execute(
            "SELECT f.id, p.device, p.key, f.port, f.cycle, f.if_index, f.name, f.descr, f.alias,"
            " f.type, f.speed_bps FROM port_facts f JOIN port p ON p.id = f.port"
            " WHERE f.id > ? ORDER BY f.id",
            (self._last_port,),
        ).fetchall():
            changes = self._changes.setdefault(device, _Changes())
            changes.cycles.append(cycle)
            known = None if if_index is None else PortFacts(key, if_index, *facts)
            changes.rows.append((port, known))
            self._last_port = number

    def system(self, device: int, cycle: int) -> SystemFacts | None:
        """Return the system group as of the device's poll in `cycle`."""
        cycles, systems = self._systems.get(device, ([], []))
        newest = bisect_right(cycles, cycle)
        return systems[newest - 1] if newest else None

    def ports(self, device: int, name: str, cycle: int) -> DevicePorts:
        """Return the ports of a device, whose id is `name`, as of its poll in `cycle`."""
        changes = self._changes.get(device)
        if changes is None:
            return NO_PORTS
        newest = bisect_right(changes.cycles, cycle)
        found = self._built.get((device, newest))
        if found is None:
            if len(self._built) >= _KEPT_VERSIONS:
                self._built.clear()
            found = self._built[device, newest] = _build(changes, newest, name)
        return found


def _build(changes: _Changes, newest: int, device: str) -> DevicePorts:
    current: dict[int, PortFacts] = {}
    for port, facts in changes.rows[:newest]:
        if facts is None:
            current.pop(port, None)
        else:
            current[port] = facts
    listed = sorted(current.items(), key=_by_index)
    return DevicePorts(
        tuple(facts for _port, facts in listed),
        tuple(port for port, _facts in listed),
        tuple(
            (port, device, f.if_index, f.name, f.alias, f.type, f.speed_bps) for port, f in listed
        ),
    )


def _by_index(item: tuple[int, PortFacts]) -> tuple[int, int]:
    port, facts = item
    return facts.if_index, port
