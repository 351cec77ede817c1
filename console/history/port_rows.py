"""Views of all ports at a moment: what they are, carry, lose, and whether they are up."""

import sqlite3

from console.history.facts import DevicePorts
from console.history.moment import Moment
from console.history.poll_rows import DevicePolls
from console.history.schema import DUMP_CYCLES, PORT_UP, SLOTS
from console.model.snapshot import PortView
from console.model.states import PortStatus

_WORDS = {0: "unknown", **{int(status): status.mib_name for status in PortStatus}}
_STATUS = {10 * a + o: (_WORDS[a], _WORDS[o]) for a in _WORDS for o in _WORDS}
_UNKNOWN = ("unknown", "unknown")
_NO_RATES = (None,) * 6
_ZERO = (0.0, 0.0)

Rates = dict[int, tuple[int | None, ...]]  # by port: in and out of each wanted cycle, kbit/s
Faults = tuple[float | None, ...]


class PortRows:
    """What the port tables hold for the polls of one moment."""

    def __init__(
        self, db: sqlite3.Connection, moment: Moment, polls: dict[int, DevicePolls]
    ) -> None:
        counted = sorted({p.counted for p in polls.values() if p.counted is not None})
        self._rates: dict[int, tuple[Rates, int]] = {}  # by cycle: rows of its bucket, offset
        for bucket in sorted({cycle // SLOTS for cycle in counted}):
            wanted = [cycle for cycle in counted if cycle // SLOTS == bucket]
            rows = _read_bucket(db, bucket, wanted)
            for number, cycle in enumerate(wanted):
                self._rates[cycle] = rows, 1 + 2 * number
        self._faults = _read_faults(db, counted)
        self._states = _read_states(db, moment, polls)

    def views(
        self, ports: DevicePorts, polls: DevicePolls | None, moment: Moment
    ) -> tuple[PortView, ...]:
        """Return the views of one device's ports, in ifIndex order."""
        age_s = None
        if polls is not None and polls.counted_at_ms is not None:
            age_s = moment.age_s(polls.counted_at_ms)
        if polls is None or polls.answered is None:
            unknown = (*_UNKNOWN, *_NO_RATES, age_s)
            return tuple([PortView._make(identity + unknown) for identity in ports.identities])
        if polls.counted is None:
            return tuple(
                [
                    PortView._make(
                        (*identity, *self._status(identity[0], polls.answered), *_NO_RATES, age_s)
                    )
                    for identity in ports.identities
                ]
            )
        return self._counted(ports, polls.counted, polls.answered, age_s)

    def _status(self, port: int, answered: int) -> tuple[str, str]:
        for cycle, state in reversed(self._states.get(port, ())):
            if cycle <= answered:
                return _STATUS.get(state, _UNKNOWN)
        return _STATUS[PORT_UP]

    def _counted(
        self, ports: DevicePorts, counted: int, answered: int, age_s: float | None
    ) -> tuple[PortView, ...]:
        rows, offset = self._rates[counted]
        faults = self._faults.get(counted, {})
        states, make, up = self._states, PortView._make, _STATUS[PORT_UP]
        views = []
        for identity in ports.identities:
            port = identity[0]
            row = rows.get(port)
            inward = outward = None
            if row is not None:
                kbit_in, kbit_out = row[offset], row[offset + 1]
                inward = None if kbit_in is None else kbit_in * 1000.0
                outward = None if kbit_out is None else kbit_out * 1000.0
            status = self._status(port, answered) if port in states else up
            fault = faults.get(port) if faults else None
            if fault is None:
                lost_in = None if inward is None else 0.0
                lost_out = None if outward is None else 0.0
                fault = (lost_in, lost_out, lost_in, lost_out)
            views.append(make((*identity, *status, inward, outward, *fault, age_s)))
        return tuple(views)


def _read_bucket(db: sqlite3.Connection, bucket: int, cycles: list[int]) -> Rates:
    slots = [cycle % SLOTS for cycle in cycles]
    names = ", ".join(f"i{slot}, o{slot}" for slot in slots)
    rows = db.execute(f"SELECT port, {names} FROM traffic WHERE bucket = ?", (bucket,))
    return {row[0]: row for row in rows.fetchall()}


def _read_faults(db: sqlite3.Connection, cycles: list[int]) -> dict[int, dict[int, Faults]]:
    found: dict[int, dict[int, Faults]] = {}
    for wanted in cycles:
        rows = db.execute(
            "SELECT port, in_err, out_err, in_disc, out_disc FROM port_fault WHERE cycle = ?",
            (wanted,),
        ).fetchall()
        found[wanted] = {row[0]: row[1:] for row in rows}
    return found


def _read_states(
    db: sqlite3.Connection, moment: Moment, polls: dict[int, DevicePolls]
) -> dict[int, list[tuple[int, int]]]:
    """Return by port its states (cycle, state) since the last full dump; none: it is up."""
    answered = [p.answered for p in polls.values() if p.answered is not None]
    if not answered or moment.cycle is None:
        return {}
    states: dict[int, list[tuple[int, int]]] = {}
    for cycle, port, state in db.execute(
        "SELECT cycle, port, state FROM port_state WHERE cycle BETWEEN ? AND ? ORDER BY cycle",
        (min(answered) // DUMP_CYCLES * DUMP_CYCLES, moment.cycle.id),
    ).fetchall():
        states.setdefault(port, []).append((cycle, state))
    return states
