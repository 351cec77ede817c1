"""When the collector watched the rooms of conferences closely, in the past. Pure."""

from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.collector.vigil import BEFORE_S
from console.demo.simulation import Simulation

Spans = list[tuple[float, float]]


def watched(simulation: Simulation, from_s: float, to_s: float) -> dict[str, Spans]:
    """Return the spans that touch from_s..to_s, by room and bridge."""
    zone = ZoneInfo(simulation.inventory.timezone)
    every = tuple(room.id for room in simulation.inventory.rooms)
    found: dict[str, Spans] = {}
    for plan in simulation.demands.plans:
        rooms = every if plan.entry.rooms == "all" else plan.entry.rooms
        for start_s, end_s, _title in occurrences(plan, zone, from_s, to_s + BEFORE_S):
            for subject in (*rooms, plan.entry.bridge):
                found.setdefault(subject, []).append((start_s - BEFORE_S, end_s))
    return found
