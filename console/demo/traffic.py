"""The load of every line over time, and its exact integral: what counters count. Pure.

Rates are linear between knots (noise.KNOT_S) and jump only where an outage begins or ends, so the
integral is exact and a counter read live continues what the past was written with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.demo.demands import Demands
from console.demo.fabric import Fabric, carry
from console.demo.incidents import Kind, Script, ScriptedIncident
from console.demo.noise import KNOT_S, stream

Floats = NDArray[np.float64]

PACKET_BITS = 800 * 8
LOST_OF_EXCESS = 0.004  # TCP slows down: of what queues do not bear only so much is dropped
OWN_BPS = 1800.0
SURGE = (0.8, 0.95)  # of a link's capacity is what saturation adds


@dataclass(frozen=True, slots=True)
class Curves:
    """Rates of all rows over a window, as pieces that are linear in time.

    `at_s` (pieces + 1,); `begin`, `end` (rows, pieces): the rate at either end of a piece;
    `total` (rows, pieces + 1): the integral from the start of the window. Rates of lines are
    bit/s, those of faults per second.
    """

    at_s: Floats
    begin: Floats
    end: Floats
    total: Floats

    def integral(self, rows: NDArray[np.int64], at_s: Floats) -> Floats:
        """Return the integral of `rows` from the window's start to `at_s`, (rows, times)."""
        piece, part, width = self._place(at_s)
        begin, end = self.begin[rows][:, piece], self.end[rows][:, piece]
        inside = width * part * (begin + (end - begin) * part / 2)
        return np.asarray(self.total[rows][:, piece] + inside)

    def rates(self, rows: NDArray[np.int64], at_s: Floats) -> Floats:
        """Return the rates of `rows` at the moments `at_s`, (rows, times)."""
        piece, part, _ = self._place(at_s)
        begin, end = self.begin[rows][:, piece], self.end[rows][:, piece]
        return np.asarray(begin + (end - begin) * part)

    def _place(self, at_s: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        piece = np.searchsorted(self.at_s, at_s, side="right") - 1
        piece = np.clip(piece, 0, len(self.at_s) - 2)
        width = self.at_s[piece + 1] - self.at_s[piece]
        return piece, (at_s - self.at_s[piece]) / width, width


class Traffic:
    """Rates of lines and faults. Rows: first the fabric's lines, then per direction of a link
    the packets its sender discards, then the errors its receiver sees, then what every device
    says to itself."""

    def __init__(self, fabric: Fabric, demands: Demands, script: Script) -> None:
        self.fabric = fabric
        self._demands = demands
        self._script = script
        self._hops = len(fabric.capacity_bps)
        self._link_number = {link.id: number for number, link in enumerate(fabric.links)}
        self._site_links = {link.id: link for link in fabric.links}

    @property
    def rows(self) -> int:
        """How many rows the curves have."""
        return self.own_row + 1

    @property
    def own_row(self) -> int:
        """The row of what a device sends over its loopback port."""
        return self.fabric.line_rows + 2 * self._hops

    def discard_row(self, hop_row: int) -> int:
        """Return the row of what is discarded before it is sent in this direction."""
        return self.fabric.line_rows + hop_row

    def error_row(self, hop_row: int) -> int:
        """Return the row of the errors received from this direction."""
        return self.fabric.line_rows + self._hops + hop_row

    def curves(self, from_s: float, to_s: float) -> Curves:
        """Return the curves over a window.

        They are worked out from knot to knot and cut to the window afterwards: what a full line
        holds back is not linear, and must not depend on who asks.
        """
        knots = np.arange(from_s // KNOT_S, to_s // KNOT_S + 2).astype(np.int64) * KNOT_S
        incidents = self._script.between(float(knots[0]), float(knots[-1]))
        offered = self._demands.rates(knots)
        for incident in incidents:
            self._surge(incident, knots, offered)
        parts = []
        for began, ended, outage in self._script.outages(float(knots[0]), float(knots[-1])):
            inner = knots[(knots > began) & (knots < ended)]
            times = np.concatenate(([began], inner, [ended]))
            routed = self.fabric.routed(outage)
            carried = carry(self.fabric, routed, _between(knots, offered, times))
            lost = carried.excess * self.fabric.capacity_bps[:, None] / PACKET_BITS
            own = np.full((1, len(times)), OWN_BPS)
            faults = (lost * LOST_OF_EXCESS, np.zeros_like(lost))
            rates = np.vstack((carried.lines_bps, *faults, own))
            parts.append((times, rates))
        curves = _join(parts)
        for incident in incidents:
            self._add_errors(incident, curves)
        return _integrated(_cut(curves, from_s, to_s))

    def _surge(self, incident: ScriptedIncident, knots: NDArray[np.int64], offered: Floats) -> None:
        """Fill the link of a saturation; it swells and ebbs within five minutes."""
        if incident.kind is not Kind.SATURATION:
            return
        flow = self._demands.surge(incident.subject, incident.a_to_b)
        if flow is None:
            return
        number = self._link_number[incident.subject]
        low, high = SURGE
        size = low + (high - low) * stream(0, incident.subject, incident.began_s) / 2**32
        near = np.minimum(knots - incident.began_s, incident.ended_s - knots) / 300
        offered[flow] += np.clip(near, 0, 1) * size * self.fabric.capacity_bps[2 * number]

    def _add_errors(self, incident: ScriptedIncident, curves: Curves) -> None:
        if incident.kind is not Kind.ERRORS:
            return
        hop = 2 * self._link_number[incident.subject] + (not incident.a_to_b)
        rate = 3 + stream(0, "errors", incident.subject, incident.began_s) % 30
        row = self.error_row(hop)
        alive = (curves.begin[hop] > 0) | (curves.end[hop] > 0)
        inside = (curves.at_s[:-1] >= incident.began_s) & (curves.at_s[1:] <= incident.ended_s)
        curves.begin[row, inside & alive] += rate
        curves.end[row, inside & alive] += rate


def _between(knots: NDArray[np.int64], values: Floats, times: Floats) -> Floats:
    """Return values (rows, knots) interpolated at times."""
    left = np.clip(np.searchsorted(knots, times, side="right") - 1, 0, len(knots) - 2)
    part = (times - knots[left]) / KNOT_S
    return np.asarray(values[:, left] * (1.0 - part) + values[:, left + 1] * part)


def _join(parts: list[tuple[Floats, Floats]]) -> Curves:
    at_s = np.concatenate([times[:-1] for times, _ in parts] + [parts[-1][0][-1:]])
    begin = np.hstack([rates[:, :-1] for _, rates in parts])
    end = np.hstack([rates[:, 1:] for _, rates in parts])
    return Curves(at_s, begin, end, np.zeros((0, 0)))


def _cut(curves: Curves, from_s: float, to_s: float) -> Curves:
    """Return the pieces between two moments, the first and the last shortened."""
    first = int(np.searchsorted(curves.at_s, from_s, side="right")) - 1
    last = max(first + 1, int(np.searchsorted(curves.at_s, to_s, side="left")))
    at_s = curves.at_s[first : last + 1].copy()
    begin, end = curves.begin[:, first:last].copy(), curves.end[:, first:last].copy()
    slope = (end - begin) / np.diff(at_s)
    begin[:, 0] += slope[:, 0] * (from_s - at_s[0])
    end[:, -1] -= slope[:, -1] * (at_s[-1] - to_s)
    at_s[0], at_s[-1] = from_s, to_s
    return Curves(at_s, begin, end, curves.total)


def _integrated(curves: Curves) -> Curves:
    areas = (curves.begin + curves.end) / 2 * np.diff(curves.at_s)
    total = np.zeros((areas.shape[0], areas.shape[1] + 1))
    np.cumsum(areas, axis=1, out=total[:, 1:])
    return Curves(curves.at_s, curves.begin, curves.end, total)
