"""Writes days of a simulated past through the collector's own writer and judgement."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Protocol

import numpy as np

from console.analysis.judge import Judge
from console.demo.past_calls import PastCalls
from console.demo.past_moments import Floats, Stretch, stretch
from console.demo.past_paths import PastPaths
from console.demo.past_polls import PastDevice, PollColumns
from console.demo.simulation import Simulation
from console.model.observation import (
    DevicePoll,
    Fault,
    PastBucket,
    PortChange,
    PortFacts,
    ProbeResult,
    Surroundings,
    SystemFacts,
    Transition,
)
from console.model.plan import Plan

SLOTS = 10
LONGEST = 2880  # cycles worked out at once

Seen = tuple[int, int, int, DevicePoll | ProbeResult]  # cycle, at_ms, a number, what


class Writer(Protocol):
    """What writing a past needs of the history's writer."""

    def next_past_cycle(self) -> int:
        """Return the number the first cycle may have."""

    def past_port_facts(
        self, device: str, system: SystemFacts, facts: tuple[PortFacts, ...]
    ) -> None:
        """Store what a device is from the next bucket on."""

    def past_plans(self, plans: tuple[Plan, ...], at_s: float) -> None:
        """Store what is planned from the next bucket on."""

    def write_past(self, bucket: PastBucket) -> None:
        """Store ten cycles."""


def write_past(
    simulation: Simulation,
    writer: Writer,
    from_s: float,
    to_s: float,
    progress: Callable[[float], None],
) -> None:
    """Write the past from about `from_s` to exactly `to_s`; `progress` gets the part done, 0..1.

    The inventory must be recorded already. Pings of devices are left out.
    """
    past = _Past(simulation, writer, to_s)
    interval_s = simulation.inventory.polling.interfaces_s
    buckets = int((to_s - from_s) // (SLOTS * interval_s))
    at_s: Floats = to_s - interval_s * np.arange(buckets * SLOTS, 0, -1, dtype=np.float64)
    size = int(np.clip(86400 / interval_s // SLOTS * SLOTS, SLOTS, LONGEST))
    first_cycle = writer.next_past_cycle()
    writer.past_plans(simulation.demands.plans, float(at_s[0]) if len(at_s) else from_s)
    for start in range(0, len(at_s), size):
        part = at_s[start : start + size]
        for done in past.write(stretch(simulation, first_cycle + start, part, interval_s)):
            progress((start + done) / len(at_s))


class _Past:
    """Goes through the past stretch by stretch."""

    def __init__(self, simulation: Simulation, writer: Writer, to_s: float) -> None:
        polling = simulation.inventory.polling
        patience_s = polling.timeout_s * (1 + polling.retries)
        self._writer = writer
        self._judge = Judge(simulation.inventory)
        devices = simulation.inventory.devices
        self._devices = [PastDevice(simulation, n, patience_s) for n in range(len(devices))]
        self._calls = PastCalls(simulation, patience_s)
        self._paths = PastPaths(simulation, to_s)
        self._script = simulation.script
        self._heard: set[str] = set()  # whose neighbours are written
        self._known_s: float | None = None  # up to when the devices' facts are written
        self._ports = tuple((d.device.id, key) for d in self._devices for key in d.keys)
        starts = np.cumsum([0, *(len(d.ports) for d in self._devices)])
        self._first_port = [int(start) for start in starts[:-1]]

    def write(self, over: Stretch) -> Iterator[int]:
        """Write a stretch; yield after each bucket how many of its cycles are done."""
        polls = [device.poll(over) for device in self._devices]
        changes = [
            device.state_changes(columns)
            for device, columns in zip(self._devices, polls, strict=True)
        ]
        seen, probes = self._called(over)
        seen += self._polled(over, polls, changes)
        transitions = self._judged(seen)
        windows = self._paths.windows(over, SLOTS)
        states = self._states(over, changes)
        faults = self._faults(over, polls)
        came = self._last_changes(over, polls, changes)
        told = self._surroundings(over, polls)
        tables = [
            np.stack([getattr(columns, name) for columns in polls], axis=1)
            for name in ("at_ms", "outcome", "rtt_us")
        ]
        rates = [
            np.hstack([getattr(columns, name) for columns in polls])
            for name in ("in_bps", "out_bps")
        ]
        for start in range(0, len(over.at_s), SLOTS):
            part, bucket = slice(start, start + SLOTS), (over.first_cycle + start) // SLOTS
            self._write_facts(float(over.at_s[start]))
            self._writer.write_past(
                PastBucket(
                    first_cycle=over.first_cycle + start,
                    cycle_at_s=over.at_s[part],
                    devices=tuple(device.device.id for device in self._devices),
                    at_ms=tables[0][part],
                    outcome=tables[1][part],
                    rtt_us=tables[2][part],
                    ports=self._ports,
                    in_bps=rates[0][part],
                    out_bps=rates[1][part],
                    faults=tuple(faults[bucket]),
                    port_states=tuple(states[bucket]),
                    changes=tuple(came[bucket]),
                    surroundings=tuple(told[bucket]),
                    probes=tuple(probes[bucket]),
                    transitions=tuple(transitions[bucket]),
                    windows=tuple(windows.get(bucket, ())),
                )
            )
            yield start + SLOTS

    def _write_facts(self, at_s: float) -> None:
        """Store what devices are, at first and when they came up since the bucket before."""
        for device in self._devices:
            known_s = self._known_s
            if known_s is None or self._script.restarts(device.device.id, known_s, at_s):
                self._writer.past_port_facts(
                    device.device.id, device.system(at_s), device.facts(at_s)
                )
        self._known_s = at_s

    def _called(self, over: Stretch) -> tuple[list[Seen], dict[int, list[ProbeResult]]]:
        seen: list[Seen] = []
        probes: dict[int, list[ProbeResult]] = defaultdict(list)
        for result, news in self._calls.results(over):
            probes[result.cycle // SLOTS].append(result)
            if news:
                seen.append((result.cycle, result.at_ms, len(seen), result))
        return seen, probes

    def _polled(
        self,
        over: Stretch,
        polls: list[PollColumns],
        changes: list[list[tuple[int, int, int]]],
    ) -> list[Seen]:
        seen: list[Seen] = []
        for number, (device, columns) in enumerate(zip(self._devices, polls, strict=True)):
            for place in np.flatnonzero(device.judged(columns, changes[number])).tolist():
                cycle = over.first_cycle + place
                poll = device.one_poll(columns, place, cycle, first=self._known_s is None)
                seen.append((cycle, poll.at_ms, -1 - number, poll))
        return seen

    def _judged(self, seen: list[Seen]) -> dict[int, list[Transition]]:
        transitions: dict[int, list[Transition]] = defaultdict(list)
        for cycle, _, _, what in sorted(seen, key=itemgetter(0, 1, 2)):
            ask = (
                self._judge.poll(what) if isinstance(what, DevicePoll) else self._judge.probe(what)
            )
            transitions[cycle // SLOTS] += ask
        return transitions

    def _states(
        self, over: Stretch, changes: list[list[tuple[int, int, int]]]
    ) -> dict[int, list[tuple[int, int, int, int]]]:
        states: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for first_port, changed in zip(self._first_port, changes, strict=True):
            for place, port, status in changed:
                cycle = over.first_cycle + place
                row = (cycle, first_port + port, status // 10, status % 10)
                states[cycle // SLOTS].append(row)
        return states

    def _last_changes(
        self,
        over: Stretch,
        polls: list[PollColumns],
        changes: list[list[tuple[int, int, int]]],
    ) -> dict[int, list[tuple[int, int, PortChange]]]:
        found: dict[int, list[tuple[int, int, PortChange]]] = defaultdict(list)
        for number, device in enumerate(self._devices):
            for place, change in device.last_changes(over, polls[number], changes[number]):
                cycle = over.first_cycle + place
                found[cycle // SLOTS].append((cycle, number, change))
        return found

    def _surroundings(
        self, over: Stretch, polls: list[PollColumns]
    ) -> dict[int, list[Surroundings]]:
        """Return what devices told when they answered first, and after each of their boots."""
        found: dict[int, list[Surroundings]] = defaultdict(list)
        for device, columns in zip(self._devices, polls, strict=True):
            asked_s = over.at_s + columns.at_ms / 1000
            answered = np.flatnonzero(columns.ok)
            unheard = device.device.id not in self._heard
            for since_s in (*([0.0] if unheard else []), *device.restarts(asked_s)):
                for place in answered[asked_s[answered] >= since_s][:1].tolist():
                    cycle, at_s = over.first_cycle + place, float(asked_s[place])
                    told = device.surroundings(cycle, int(columns.at_ms[place]), at_s)
                    found[cycle // SLOTS].append(told)
                    self._heard.add(device.device.id)
        return found

    def _faults(self, over: Stretch, polls: list[PollColumns]) -> dict[int, list[Fault]]:
        faults: dict[int, list[Fault]] = defaultdict(list)
        for first_port, columns in zip(self._first_port, polls, strict=True):
            found: Floats = np.nan_to_num(columns.faults)
            for place, port in zip(*np.nonzero(found.any(axis=0)), strict=True):
                cycle = over.first_cycle + int(place)
                rates = map(float, found[:, place, port])
                faults[cycle // SLOTS].append(Fault(cycle, first_port + int(port), *rates))
        return faults
