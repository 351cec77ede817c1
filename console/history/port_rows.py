"""Views of all ports at a moment: what they are, carry, lose, and whether they are up.

Two thousand of them are made for one snapshot: the loops here are written for speed.
"""

import sqlite3
from collections.abc import Mapping

from console.history.facts import DevicePorts, Identity
from console.history.look_rows import states_since
from console.history.moment import Moment
from console.history.poll_rows import DevicePolls
from console.history.schema import DUMP_CYCLES, PORT_UP, SLOTS
from console.history.units import to_bps
from console.model.snapshot import PortView
from console.model.states import PortStatus

_WORDS = {0: "unknown", **{int(status): status.mib_name for status in PortStatus}}
_STATUS = {10 * a + o: (_WORDS[a], _WORDS[o]) for a in _WORDS for o in _WORDS}
_UNKNOWN = ("unknown", "unknown")
_UP = _STATUS[PORT_UP]
_NO_RATES = (None,) * 6
_LOSSLESS = (0.0,) * 4
_NO_ROW = (None,) * (1 + 2 * SLOTS)

Rates = dict[int, tuple[int | None, ...]]  # by port: in and out of each wanted cycle, kbit/s
Faults = dict[int, tuple[float | None, ...]]


class PortRows:
    """What the port tables hold for the polls of one moment."""

    def __init__(
        self, db: sqlite3.Connection, moment: Moment, polls: dict[int, DevicePolls]
    ) -> None:
        counted = sorted({p.counted for p in polls.values() if p.counted is not None})
        self._rates: dict[int, tuple[Rates, int]] = {}  # by cycle: rows of its bucket, place in
        for bucket in sorted({cycle // SLOTS for cycle in counted}):
            wanted = [cycle for cycle in counted if cycle // SLOTS == bucket]
            rows = _read_bucket(db, bucket, wanted)
            for number, cycle in enumerate(wanted):
                self._rates[cycle] = rows, 1 + 2 * number
        self._faults = {cycle: _read_faults(db, cycle) for cycle in counted}
        self._status = _read_status(db, moment, polls)

    def views(
        self,
        ports: DevicePorts,
        polls: DevicePolls | None,
        moment: Moment,
        changes: Mapping[int, float | None],
    ) -> tuple[PortView, ...]:
        """Return the views of one device's ports, in ifIndex order; `changes` see PortChanges."""
        age_s = None
        if polls is not None and polls.counted_at_ms is not None:
            age_s = moment.age_s(polls.counted_at_ms)
        if polls is None or polls.answered is None:
            unknown = (*_UNKNOWN, *_NO_RATES, age_s, None)
            return tuple([PortView._make(identity + unknown) for identity in ports.identities])
        if polls.counted is None:
            rates = (*_NO_RATES, age_s)
            status = self._status
            return tuple(
                [
                    PortView._make((*i, *status.get(i[0], _UP), *rates, changes.get(i[0])))
                    for i in ports.identities
                ]
            )
        return self._counted(ports.identities, polls.counted, age_s, changes)

    def _counted(
        self,
        identities: tuple[Identity, ...],
        counted: int,
        age_s: float | None,
        changes: Mapping[int, float | None],
    ) -> tuple[PortView, ...]:
        rows, place = self._rates[counted]
        faults, status, after, new = self._faults[counted], self._status, place + 1, tuple.__new__
        lossless = (*_LOSSLESS, age_s)
        views = []
        for identity in identities:
            port = identity[0]
            row = rows.get(port, _NO_ROW)
            kbit_in, kbit_out = row[place], row[after]
            if kbit_in is None or kbit_out is None or port in faults:
                load = (*_partly_known(kbit_in, kbit_out, faults.get(port)), age_s)
            else:
                load = (kbit_in * 1000.0, kbit_out * 1000.0, *lossless)
            state = status.get(port, _UP)
            views.append(new(PortView, (*identity, *state, *load, changes.get(port))))
        return tuple(views)


def _partly_known(
    kbit_in: int | None, kbit_out: int | None, faults: tuple[float | None, ...] | None
) -> tuple[float | None, ...]:
    """Return rates and faults; without a row there were no faults where the rate is known."""
    if faults is None:
        lost_in = None if kbit_in is None else 0.0
        lost_out = None if kbit_out is None else 0.0
        faults = (lost_in, lost_out, lost_in, lost_out)
    return (to_bps(kbit_in), to_bps(kbit_out), *faults)


def _read_bucket(db: sqlite3.Connection, bucket: int, cycles: list[int]) -> Rates:
    slots = [cycle % SLOTS for cycle in cycles]
    names = ", ".join(f"i{slot}, o{slot}" for slot in slots)
    rows = db.execute(f"SELECT port, {names} FROM traffic WHERE bucket = ?", (bucket,))
    return {row[0]: row for row in rows.fetchall()}


def _read_faults(db: sqlite3.Connection, cycle: int) -> Faults:
    rows = db.execute(
        "SELECT port, in_err, out_err, in_disc, out_disc FROM port_fault WHERE cycle = ?", (cycle,)
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def _read_status(
    db: sqlite3.Connection, moment: Moment, polls: dict[int, DevicePolls]
) -> dict[int, tuple[str, str]]:
    """Return admin and oper of the ports of devices that answer; a port without: it is up."""
    answered = {d: p.answered for d, p in polls.items() if p.answered is not None}
    if not answered or moment.cycle is None:
        return {}
    settled = min(answered.values())  # all devices answered in this cycle or later
    day = settled // DUMP_CYCLES * DUMP_CYCLES
    states = dict(
        db.execute(
            "SELECT port, state FROM port_state WHERE cycle BETWEEN ? AND ? ORDER BY cycle",
            (day, settled),
        ).fetchall()
    )
    for cycle, device, port, state in db.execute(
        "SELECT s.cycle, p.device, s.port, s.state FROM port_state s JOIN port p ON p.id = s.port"
        " WHERE s.cycle BETWEEN ? AND ? ORDER BY s.cycle",
        (settled + 1, moment.cycle.id),
    ).fetchall():
        if cycle <= answered.get(device, -1):
            states[port] = state
    for look, port, state in states_since(db, moment, settled):
        polled = polls.get(look.device)
        if polled is None or polled.answered is None:
            continue
        if (look.cycle, look.at_ms) > (polled.answered, polled.answered_ms):
            states[port] = state
    return {port: _STATUS.get(state, _UNKNOWN) for port, state in states.items()}
