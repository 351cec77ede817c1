"""What polling one simulated device would have seen in the past, as columns over the cycles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.analysis.ports import port_keys
from console.demo.fabric import Outage
from console.demo.lldp import descr_of
from console.demo.mib import OBJECT_ID
from console.demo.noise import stream, uniform
from console.demo.past_moments import Bools, Floats, Stretch
from console.demo.ports import IN_BITS, OUT_BITS, SimulatedPort
from console.demo.simulation import Simulation
from console.model.observation import (
    DevicePoll,
    PortChange,
    PortFacts,
    PortSample,
    Surroundings,
    SystemFacts,
)
from console.model.states import Outcome

SETTLES = 4  # polls after a change that may still change the judgement
FAULTS_LAST = 12  # polls for which faults count in the judgement, and two to be sure
FAULT_COUNTERS = slice(2, 6)  # of ports.COUNTERS, in the order of observation.Fault

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PollColumns:
    """One device over the cycles of a stretch, (cycles,) or (cycles, ports).

    `status` is 10 × admin + oper, 0 where not answered; `faults` (4, cycles, ports) per second.
    """

    at_ms: Ints
    outcome: Ints
    rtt_us: Ints
    in_bps: Floats
    out_bps: Floats
    faults: Floats
    status: Ints

    @property
    def ok(self) -> Bools:
        """Where the device answered."""
        return np.asarray(self.outcome == Outcome.OK)


class PastDevice:
    """Polls one device stretch after stretch; remembers its newest counters in between."""

    def __init__(self, simulation: Simulation, number: int, patience_s: float) -> None:
        self._simulation = simulation
        self.device = simulation.inventory.devices[number]
        self._have = simulation.ports[self.device.id]
        interval_ms = simulation.inventory.polling.interfaces_s * 1000
        self._offset_ms = round(interval_ms * number / len(simulation.inventory.devices))
        self._patience_ms = round(patience_s * 1000)
        self._stream = np.asarray([stream(simulation.seed, "rtt", self.device.id)], dtype=np.uint64)
        self._before_s = np.nan
        self._before = np.zeros(len(self._have.rows))
        self._status: Ints | None = None
        self.keys = port_keys((port.numbers[0], port.name, port.name) for port in self.ports)

    @property
    def ports(self) -> tuple[SimulatedPort, ...]:
        """The ports, in the order of all columns."""
        return self._have.ports

    def poll(self, over: Stretch) -> PollColumns:
        """Return the device's polls over the next stretch."""
        cycles = over.first_cycle + np.arange(len(over.at_s))
        rtt_us = (1150 + 240 * (1 + uniform(self._stream, cycles)[0]) ** 2).astype(np.int64)
        asked_s = over.at_s + (self._offset_ms + 3) / 1000
        ok = over.true_at(asked_s, self._answers)
        at_ms = self._offset_ms + np.where(ok, 3 + rtt_us // 1000, self._patience_ms)
        rates = self._rates(over, over.at_s + at_ms / 1000, ok)
        return PollColumns(
            at_ms=at_ms.astype(np.int64),
            outcome=np.where(ok, Outcome.OK, Outcome.TIMEOUT).astype(np.int64),
            rtt_us=np.where(ok, rtt_us, -1),
            in_bps=rates[IN_BITS],
            out_bps=rates[OUT_BITS],
            faults=rates[FAULT_COUNTERS],
            status=self._statuses(over, asked_s, ok),
        )

    def _answers(self, outage: Outage) -> bool:
        return self.device.id in self._simulation.fabric.routed(outage).alive

    def _rates(self, over: Stretch, at_s: Floats, ok: Bools) -> Floats:
        """Return mean rates since the poll before, (counters, cycles, ports); NaN if unknown."""
        rates = np.full((len(self._have.weights), len(ok), len(self.ports)), np.nan)
        rows = self._have.rows
        if not ok.any():
            self._before = self._before - over.curves.total[rows, -1]
            return rates
        answered_s = at_s[ok]
        totals = over.curves.integral(rows, answered_s)
        steps = np.diff(np.hstack((self._before[:, None], totals)), axis=1)
        since_s = np.concatenate(([self._before_s], answered_s[:-1]))
        found = self._have.weights @ (steps / (answered_s - since_s))
        for restart_s in self._restarts(since_s[0], answered_s):
            found[:, :, (since_s < restart_s) & (restart_s <= answered_s)] = np.nan
        rates[:, ok] = found.transpose(0, 2, 1)
        self._before = totals[:, -1] - over.curves.total[rows, -1]
        self._before_s = float(answered_s[-1])
        return rates

    def _restarts(self, before_s: float, answered_s: Floats) -> list[float]:
        from_s = float(answered_s[0]) if np.isnan(before_s) else before_s
        return self._simulation.script.restarts(self.device.id, from_s, float(answered_s[-1]))

    def _statuses(self, over: Stretch, asked_s: Floats, ok: Bools) -> Ints:
        codes = np.stack([self._status_codes(outage) for outage in over.outages])
        return np.where(ok[:, None], codes[over.numbers(asked_s)], 0)

    def _status_codes(self, outage: Outage) -> Ints:
        pairs = (port.status(outage) for port in self.ports)
        return np.asarray([10 * admin + oper for admin, oper in pairs], dtype=np.int64)

    def state_changes(self, columns: PollColumns) -> list[tuple[int, int, int]]:
        """Return (place in the stretch, port, status) where a port differs from the poll before."""
        answered = np.flatnonzero(columns.ok)
        if not len(answered):
            return []
        status = columns.status[answered]
        start = -np.ones_like(status[0]) if self._status is None else self._status
        before = np.vstack((start[None], status[:-1]))
        self._status = status[-1]
        return [
            (int(answered[place]), int(port), int(status[place, port]))
            for place, port in zip(*np.nonzero(before != status), strict=True)
        ]

    def last_changes(
        self, over: Stretch, columns: PollColumns, changes: list[tuple[int, int, int]]
    ) -> list[tuple[int, PortChange]]:
        """Return (place in the stretch, what the poll tells) of ports that changed or booted."""
        answered = np.flatnonzero(columns.ok)
        asked_s = over.at_s + columns.at_ms / 1000
        found = {(place, port) for place, port, _status in changes}
        for restart_s in self.restarts(asked_s):
            back = answered[asked_s[answered] >= restart_s][:1].tolist()
            found |= {(place, port) for place in back for port in range(len(self.ports))}
        return [(place, self._change(port, float(asked_s[place]))) for place, port in sorted(found)]

    def restarts(self, asked_s: Floats) -> list[float]:
        """Return when the device came up before one of these moments, at which it is asked."""
        before_s = float(asked_s[0]) - self._simulation.inventory.polling.interfaces_s
        return self._simulation.script.restarts(self.device.id, before_s, float(asked_s[-1]))

    def _change(self, port: int, at_s: float) -> PortChange:
        booted_at_s, _layout = self._simulation.script.boot(self.device.id, at_s)
        changed_at_s = self._simulation.last_changes.at(self.device.id, at_s)[port]
        ticks = 0 if changed_at_s is None else int((changed_at_s - booted_at_s) * 100)
        return PortChange(self.keys[port], ticks, changed_at_s)

    def judged(self, columns: PollColumns, changes: list[tuple[int, int, int]]) -> Bools:
        """Return which polls can change a judgement; the others repeat what was known."""
        silent = ~columns.ok
        moved = np.zeros(len(silent), dtype=np.bool_)
        moved[[place for place, _, _ in changes]] = True
        moved |= silent != np.concatenate(([False], silent[:-1]))
        faulty = np.asarray((np.nan_to_num(columns.faults) > 0).any(axis=(0, 2)))
        faulty[0] = True  # what the stretch before left unsettled
        return _lasting(moved, SETTLES) | _lasting(faulty, FAULTS_LAST)

    def system(self, at_s: float) -> SystemFacts:
        """Return the system group as it was at a moment."""
        site = next((s for s in self._simulation.inventory.sites if s.id == self.device.site), None)
        booted_at_s, _ = self._simulation.script.boot(self.device.id, at_s)
        object_id = ".".join(map(str, OBJECT_ID))
        location = site.name if site else ""
        return SystemFacts(self.device.id, descr_of(self.device), object_id, location, booted_at_s)

    def facts(self, at_s: float) -> tuple[PortFacts, ...]:
        """Return what the ports were at a moment, in ifIndex order of that layout."""
        _, layout = self._simulation.script.boot(self.device.id, at_s)
        found = [
            PortFacts(
                *(key, port.numbers[layout], port.name, port.name, port.alias),
                *(port.type, port.speed_bps or None),
            )
            for key, port in zip(self.keys, self.ports, strict=True)
        ]
        return tuple(sorted(found, key=_if_index))

    def surroundings(self, cycle: int, at_ms: int, at_s: float) -> Surroundings:
        """Return what the device told of its neighbours and itself at a moment."""
        _, layout = self._simulation.script.boot(self.device.id, at_s)
        told = self._simulation.announcements
        heard, chassis = told.heard(self.device.id, layout), told.chassis(self.device.id)
        return Surroundings(self.device.id, cycle, at_ms, heard, chassis)

    def one_poll(self, columns: PollColumns, place: int, cycle: int, first: bool) -> DevicePoll:
        """Return one poll as the collector would have handed it on."""
        outcome, at_ms = Outcome(int(columns.outcome[place])), int(columns.at_ms[place])
        if outcome is not Outcome.OK:
            return DevicePoll(self.device.id, cycle, at_ms, outcome, detail="snmp_timeout")
        rates = (columns.in_bps[place], columns.out_bps[place], *columns.faults[:, place])
        samples = tuple(
            PortSample(key, status // 10, status % 10, *(_known(rate[port]) for rate in rates))
            for port, (key, status) in enumerate(
                zip(self.keys, columns.status[place].tolist(), strict=True)
            )
        )
        facts = self.facts(0.0) if first else None
        return DevicePoll(self.device.id, cycle, at_ms, outcome, port_facts=facts, ports=samples)


def _known(rate: float) -> float | None:
    return None if np.isnan(rate) else float(rate)


def _if_index(port: PortFacts) -> int:
    return port.if_index


def _lasting(marks: Bools, length: int) -> Bools:
    """Return the marks, each lasting for `length` elements."""
    result = marks.copy()
    for shift in range(1, min(length, len(marks))):
        result[shift:] |= marks[:-shift]
    return result
