"""Puts together what became of a conference that is over, from what was measured meanwhile."""

import sqlite3
from collections.abc import Mapping
from math import ceil
from zoneinfo import ZoneInfo

from console.analysis.conference_report import Held, Windows, quality, report
from console.analysis.evidence import Measured
from console.analysis.occurrences import occurrences
from console.history import incidents
from console.history.evidence_rows import measured_windows
from console.history.frozen_rows import read_frozen, read_report
from console.history.load import down_spans
from console.history.moment import Moment
from console.model.inventory import Inventory, Link
from console.model.observation import Frozen
from console.model.plan import Occurrence, Plan
from console.model.report import (
    GATES,
    WINDOW_S,
    CheckPoint,
    ConferenceReport,
    ConferenceStory,
    Quality,
)
from console.model.series import Incident
from console.model.snapshot import Snapshot
from console.model.states import RoomState

_SILENT = (RoomState.DOWN, RoomState.UNREACHABLE)
SETTLED_S = 30.0  # so long after the end everything that was measured is stored


def story(
    db: sqlite3.Connection,
    moment: Moment,
    snapshot: Snapshot,
    asked: tuple[str, float],
    numbers: Mapping[str, int],
) -> ConferenceStory:
    """Return the check points of an occurrence, asked by conference and start, and its report.

    Raises KeyError where there is none such.
    """
    conference, start_s = asked
    inventory = snapshot.inventory
    plan = next((plan for plan in snapshot.plans if plan.id == conference), None)
    kept = read_frozen(db, moment, conference, start_s)
    told = read_report(db, moment, conference, start_s)
    occurrence = _occurrence(snapshot, plan, start_s, kept, told)
    over = moment.at_s >= occurrence.end_s + SETTLED_S
    if told is None and over and inventory is not None and plan is not None:
        told = _report(db, moment, (inventory, plan, occurrence), kept, numbers)
    assessments = {one.gate: one.assessment for one in kept}
    points = tuple(
        CheckPoint(
            *(gate.name, occurrence.start_s - gate.before_s),
            missed=gate.name not in assessments
            and moment.at_s > occurrence.start_s - gate.before_s + gate.late_s,
            kept=assessments.get(gate.name),
        )
        for gate in GATES
    )
    return ConferenceStory(conference, occurrence, points, told)


def _occurrence(
    snapshot: Snapshot,
    plan: Plan | None,
    start_s: float,
    kept: tuple[Frozen, ...],
    told: ConferenceReport | None,
) -> Occurrence:
    """Return the occurrence, also of a conference that is not planned any more."""
    if told is not None:
        return told.occurrence
    if plan is not None and snapshot.inventory is not None:
        zone = ZoneInfo(snapshot.inventory.timezone)
        for one in occurrences(plan, zone, start_s, start_s):
            if one.start_s == start_s:
                return one
    if kept:
        return Occurrence(start_s, kept[-1].assessment.end_s)
    raise KeyError(start_s)


def _report(
    db: sqlite3.Connection,
    moment: Moment,
    held: tuple[Inventory, Plan, Occurrence],
    kept: tuple[Frozen, ...],
    numbers: Mapping[str, int],
) -> ConferenceReport | None:
    """Make the report; None where nobody was there to see anything."""
    inventory, plan, occurrence = held
    sites = {
        room.id: room.site
        for room in inventory.rooms
        if plan.entry.rooms == "all" or room.id in plan.entry.rooms
    }
    quorum = plan.entry.quorum
    last = kept[-1] if kept else None
    made = report(
        Held(
            conference=plan.id,
            occurrence=occurrence,
            at_s=moment.at_s,
            needed=len(sites) if quorum == "all" else quorum,
            sites=sites,
            windows=_windows(db, moment, (inventory, plan, occurrence), numbers),
            last=last,
            incidents=_causes(db, inventory, plan, occurrence, last),
        )
    )
    seen = made.gate is not None or any(room.worst_share is not None for room in made.rooms)
    return made if seen else None


def _windows(
    db: sqlite3.Connection,
    moment: Moment,
    held: tuple[Inventory, Plan, Occurrence],
    numbers: Mapping[str, int],
) -> dict[str, Windows]:
    """Judge the windows of every room one after the other.

    A window is red in which the room or the bridge was down, however well the way there was.
    """
    inventory, plan, occurrence = held
    count = max(1, round((occurrence.end_s - occurrence.start_s) / WINDOW_S))
    slots: dict[str, list[list[Measured]]] = {
        room.id: [[] for _ in range(count)] for room in inventory.rooms
    }
    span = occurrence.start_s, occurrence.end_s
    for room, at_s, measured in measured_windows(db, moment, inventory, numbers, span):
        if room in slots:  # else it is a bridge
            place = min(count - 1, int((at_s - occurrence.start_s) // WINDOW_S))
            slots[room][place].append(measured)
    silent = {name: _silent(db, name, occurrence) for name in (*slots, plan.entry.bridge)}
    everyone = silent[plan.entry.bridge]
    return {
        room: [
            Quality.RED if place in silent[room] or place in everyone else quality(slot)
            for place, slot in enumerate(of_room)
        ]
        for room, of_room in slots.items()
    }


def _silent(db: sqlite3.Connection, subject: str, occurrence: Occurrence) -> set[int]:
    """Return the places of the windows all through which a room or bridge was down."""
    spans = down_spans(db, subject, occurrence.start_s, occurrence.end_s, _SILENT)
    return {
        place
        for began_s, ended_s in spans
        for place in range(
            ceil((began_s - occurrence.start_s) / WINDOW_S),
            int((ended_s - occurrence.start_s) // WINDOW_S),
        )
    }


def _causes(
    db: sqlite3.Connection,
    inventory: Inventory,
    plan: Plan,
    occurrence: Occurrence,
    last: Frozen | None,
) -> tuple[Incident, ...]:
    """Return what was not well meanwhile on the way that was expected, or anywhere without one."""
    found = incidents.read(db, occurrence.start_s, occurrence.end_s)
    if last is None:
        return found
    on_way = {plan.entry.bridge}
    for participant in last.assessment.participants:
        on_way.add(participant.room)
        for name in participant.path or ():
            link = inventory.by_id.get(name)
            if isinstance(link, Link):
                on_way |= {name, link.a.device, link.b.device}
    return tuple(one for one in found if one.subject in on_way)
