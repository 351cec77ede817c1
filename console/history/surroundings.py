"""What devices told of their neighbours and chassis: written when it changed, read as of a moment.

A version is a row of `surroundings`, its neighbours are rows of `neighbour`.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from console.history.link_wiring import Wirings
from console.history.memory import Memory, Told
from console.history.moment import Moment
from console.history.recording import stored_ms
from console.history.units import to_ms
from console.model.observation import ChassisFacts, Neighbour, Surroundings
from console.model.snapshot import NeighbourView

_NO_CHASSIS = (None,) * 6


def store_surroundings(
    db: sqlite3.Connection, memory: Memory, told: Iterable[Surroundings], stored_at_s: float
) -> None:
    """Write what differs from the newest version of the same device."""
    for now in told:
        device = memory.subject(db, now.device)
        content = now.neighbours, now.chassis
        if _newest(db, memory, device) != content:
            at_s = memory.at_of(db, now.cycle)
            shown_ms = to_ms(at_s) + stored_ms(at_s, now.at_ms, stored_at_s)
            _insert(db, memory, device, now, shown_ms / 1000)
            memory.surroundings[device] = content


def _newest(db: sqlite3.Connection, memory: Memory, device: int) -> Told | None:
    """Return what is stored of a device, None where nothing is; looked up once a device."""
    if device not in memory.surroundings:
        newest = db.execute(
            f"SELECT id, {_CHASSIS} FROM surroundings WHERE device = ? ORDER BY id DESC LIMIT 1",
            (device,),
        ).fetchone()
        if newest is None:
            return None
        keys = {number: key for key, number in memory.ports.get(device, {}).items()}
        heard = tuple(
            Neighbour(*(row[0], keys.get(row[1]), *row[2:8], tuple(json.loads(row[8]))))
            for row in db.execute(_HEARD, (newest[0],)).fetchall()
        )
        memory.surroundings[device] = heard, _chassis(newest[1:])
    return memory.surroundings[device]


def _insert(
    db: sqlite3.Connection, memory: Memory, device: int, now: Surroundings, stored_at_s: float
) -> None:
    c = now.chassis
    chassis = (c.descr, c.model, c.serial, c.hardware, c.firmware, c.software) if c else _NO_CHASSIS
    version = db.execute(
        "INSERT INTO surroundings(device, cycle, stored_at, descr, model, serial, hardware,"
        " firmware, software) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (device, now.cycle, stored_at_s, *chassis),
    ).lastrowid
    db.executemany(
        "INSERT INTO neighbour VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(version, place, n.protocol),
                None if n.port_key is None else memory.port(db, device, n.port_key),
                *(n.port, n.name, n.chassis, n.remote_port, n.remote_port_descr, n.descr),
                json.dumps(n.addresses),
            )
            for place, n in enumerate(now.neighbours)
        ],
    )


_CHASSIS = "descr, model, serial, hardware, firmware, software"
_HEARD = (
    "SELECT protocol, port, port_name, name, chassis, remote_port, remote_port_descr, descr,"
    " addresses FROM neighbour WHERE version = ? ORDER BY place"
)


def _chassis(cells: Iterable[str | None]) -> ChassisFacts | None:
    texts = [cell for cell in cells if cell is not None]
    return ChassisFacts(*texts) if texts else None


@dataclass(frozen=True, slots=True)
class Version:
    """What a device told from some moment on. `at_port` is `heard` by the port's number."""

    cycle: int
    stored_at_ms: int
    chassis: ChassisFacts | None
    heard: tuple[NeighbourView, ...]
    at_port: dict[int, list[NeighbourView]]


class SurroundingsCache:
    """All versions of one file, read once and then only what was added."""

    def __init__(self) -> None:
        self._versions: dict[int, list[Version]] = {}
        self._last = 0
        self.wirings = Wirings()

    def refresh(self, db: sqlite3.Connection) -> None:
        """Read what was added since the last look."""
        heard: dict[int, list[NeighbourView]] = {}
        for version, *cells, addresses in db.execute(
            "SELECT n.version, d.name, n.port, n.port_name, n.protocol,"
            " CASE n.name WHEN '' THEN n.chassis ELSE n.name END, n.remote_port,"
            " n.remote_port_descr, n.chassis, n.descr, n.addresses FROM neighbour n"
            " JOIN surroundings s ON s.id = n.version JOIN subject d ON d.id = s.device"
            " WHERE n.version > ? ORDER BY n.version, n.place",
            (self._last,),
        ).fetchall():
            view = NeighbourView(*(*cells, tuple(json.loads(addresses))))
            heard.setdefault(version, []).append(view)
        for number, device, cycle, stored_at_s, *chassis in db.execute(
            f"SELECT id, device, cycle, stored_at, {_CHASSIS} FROM surroundings WHERE id > ?"
            " ORDER BY id",
            (self._last,),
        ).fetchall():
            version = _version(cycle, stored_at_s, chassis, heard.get(number, []))
            self._versions.setdefault(device, []).append(version)
            self._last = number

    def at(self, device: int | None, moment: Moment) -> Version | None:
        """Return what a device had told by a moment, None where nothing."""
        if device is None or moment.cycle is None:
            return None
        newest = moment.cycle.id
        for version in reversed(self._versions.get(device, ())):
            seen = moment.live or version.cycle < moment.era
            if version.cycle <= newest and (seen or version.stored_at_ms <= moment.at_ms):
                return version
        return None


def _version(
    cycle: int, stored_at_s: float, chassis: list[str | None], heard: list[NeighbourView]
) -> Version:
    at_port: dict[int, list[NeighbourView]] = {}
    for view in heard:
        if view.port is not None:
            at_port.setdefault(view.port, []).append(view)
    return Version(cycle, to_ms(stored_at_s), _chassis(chassis), tuple(heard), at_port)
