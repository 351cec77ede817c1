"""What calling the simulated rooms and bridges would have brought in the past."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from console.analysis.judge import probe_name
from console.analysis.states import MISSES
from console.collector.vigil import OFTEN_S
from console.demo.fabric import Outage
from console.demo.incidents import Kind
from console.demo.noise import stream
from console.demo.past_moments import Bools, Floats, Stretch, inside
from console.demo.room_systems import KINDS, facts, moment_when
from console.demo.simulation import Simulation
from console.demo.watched import Spans, watched
from console.model.inventory import Bridge, Room
from console.model.observation import ProbeResult, RoomFacts
from console.model.states import Outcome

RECHECK_S = 10.0  # after a miss the collector asks again so soon
SETTLES = MISSES + 1  # outcomes after which one more of the same changes nothing
ANSWERS_S = 0.002
_SIMULATED = ("sip", "icmp", *KINDS)


@dataclass(slots=True)
class _Asked:
    """A probe and its place in the round."""

    subject: Room | Bridge
    name: str
    kind: str
    offset_s: float
    last: tuple[Outcome, object] | None = None  # outcome, and how the room said it stands
    same: int = 0  # times in a row that the outcome repeated the one before


class PastCalls:
    """All probes of rooms and bridges, stretch after stretch."""

    def __init__(self, simulation: Simulation, patience_s: float) -> None:
        self._simulation = simulation
        self._patience_s = patience_s
        polling = simulation.inventory.polling
        self._every_s = max(polling.rooms_s, polling.interfaces_s)
        self._pause_s = min(RECHECK_S, polling.rooms_s) + patience_s
        self._often_s = min(OFTEN_S, self._every_s)
        subjects: list[Room | Bridge] = [*simulation.inventory.rooms, *simulation.inventory.bridges]
        pairs = [(s, p) for s in subjects for p in s.probes if p.protocol in _SIMULATED]
        self._asked = [
            _Asked(
                *(subject, probe_name(probe.protocol, probe.target), probe.protocol),
                self._every_s * number / len(pairs),
            )
            for number, (subject, probe) in enumerate(pairs)
        ]
        site_devices: dict[str, set[str]] = {}
        for device in simulation.inventory.devices:
            site_devices.setdefault(device.site, set()).add(device.id)
        self._site_devices = site_devices

    def results(self, over: Stretch) -> Iterator[tuple[ProbeResult, bool]]:
        """Return every result of a stretch, in order of probes, and whether it can change a
        judgement."""
        calls = self._conference_spans(over)
        lost = self._lost_spans(over)
        often = watched(self._simulation, float(over.at_s[0]), over.end_s)
        for asked in self._asked:
            times_s = self._times(over, asked.offset_s, often.get(asked.subject.id, []))
            silent = self._silent(over, asked, times_s, lost)
            talking = inside(times_s, calls.get(asked.subject.id, []))
            yield from self._of_probe(over, asked, times_s, silent, talking)

    def _times(self, over: Stretch, offset_s: float, often: Spans) -> Floats:
        """Return when a probe is asked: with all others, and in the spans with the watched ones."""
        seldom_s = _round(over, self._every_s, offset_s)
        often_s = _round(over, self._often_s, offset_s * self._often_s / self._every_s)
        parts = seldom_s[~inside(seldom_s, often)], often_s[inside(often_s, often)]
        return np.sort(np.concatenate(parts))

    def _conference_spans(self, over: Stretch) -> dict[str, list[tuple[float, float]]]:
        found: dict[str, list[tuple[float, float]]] = {}
        demands = self._simulation.demands
        for plan in demands.plans:
            calls = demands.calls(plan, over.at_s[0], over.end_s)
            for room, span in calls:
                found.setdefault(room, []).append(span)
        return found

    def _lost_spans(self, over: Stretch) -> dict[str, list[tuple[float, float]]]:
        found: dict[str, list[tuple[float, float]]] = {}
        for incident in self._simulation.script.between(float(over.at_s[0]), over.end_s):
            if incident.kind is Kind.ROOM_LOST:
                found.setdefault(incident.subject, []).extend(incident.spans)
        return found

    def _silent(
        self,
        over: Stretch,
        asked: _Asked,
        times_s: Floats,
        lost: dict[str, list[tuple[float, float]]],
    ) -> Bools:
        if asked.kind == "icmp":
            return np.zeros(len(times_s), dtype=np.bool_)
        devices = self._site_devices.get(asked.subject.site, set())

        def cut_off(outage: Outage) -> bool:
            alive = self._simulation.fabric.routed(outage).alive
            return bool(devices) and alive.isdisjoint(devices)

        spans = lost.get(asked.subject.id, [])
        return over.true_at(times_s, cut_off) | inside(times_s, spans)

    def _of_probe(
        self, over: Stretch, asked: _Asked, times_s: Floats, silent: Bools, talking: Bools
    ) -> Iterator[tuple[ProbeResult, bool]]:
        shift = stream(self._simulation.seed, "call", asked.name)
        is_room = isinstance(asked.subject, Room)
        known_s = times_s + ANSWERS_S
        places = np.searchsorted(over.at_s, known_s, side="right") - 1
        at_ms = np.round((known_s - over.at_s[places]) * 1000).astype(np.int64)
        rtt_us = 700 + (shift + times_s.astype(np.int64) * 7919) % 900
        columns = (times_s, silent, talking & is_room, places, at_ms, rtt_us)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        free_s = 0.0  # until then it is still being asked again
        for at_s, is_silent, is_busy, place, at, rtt in rows:
            if at_s < free_s:
                continue
            if is_silent:
                again = 1 if asked.last is not None and asked.last[0] is Outcome.TIMEOUT else MISSES
                free_s = at_s + (again - 1) * self._pause_s + self._patience_s
                yield from self._misses(over, asked, at_s, again)
            elif asked.kind in KINDS:
                now = moment_when(self._simulation, asked.subject, at_s, is_busy)
                told = facts(asked.kind, now)
                yield self._result(asked, over.first_cycle + place, at, Outcome.OK, rtt, told)
            else:
                outcome = Outcome.BUSY if is_busy else Outcome.OK
                yield self._result(asked, over.first_cycle + place, at, outcome, rtt)

    def _misses(
        self, over: Stretch, asked: _Asked, at_s: float, count: int
    ) -> Iterator[tuple[ProbeResult, bool]]:
        """Return a miss, and the others that follow soon after the first."""
        for time in range(count):
            known_s = at_s + self._patience_s + time * self._pause_s
            if known_s < over.end_s:
                place = int(np.searchsorted(over.at_s, known_s, side="right")) - 1
                at_ms = round((known_s - float(over.at_s[place])) * 1000)
                yield self._result(asked, over.first_cycle + place, at_ms, Outcome.TIMEOUT, None)

    def _result(
        self,
        asked: _Asked,
        cycle: int,
        at_ms: int,
        outcome: Outcome,
        rtt_us: int | None,
        told: RoomFacts | None = None,
    ) -> tuple[ProbeResult, bool]:
        seen = outcome, None if told is None else (told.in_call, told.standby)
        asked.same = asked.same + 1 if seen == asked.last else 0
        asked.last = seen
        detail = None
        if outcome is Outcome.TIMEOUT:
            detail = "http_timeout" if asked.kind in KINDS else "sip_timeout"
        result = ProbeResult(
            *(asked.subject.id, asked.name, cycle, at_ms, outcome, rtt_us, detail, told)
        )
        return result, asked.same < SETTLES


def _round(over: Stretch, every_s: float, offset_s: float) -> Floats:
    """Return the moments of a stretch that lie `offset_s` after a multiple of `every_s`."""
    first = np.ceil((over.at_s[0] - offset_s) / every_s)
    last = np.ceil((over.end_s - offset_s) / every_s)
    return np.asarray(np.arange(first, last) * every_s + offset_s)
