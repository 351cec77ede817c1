"""Puts together what an assessment of a conference rests on, as a moment saw it. No SQL here."""

import sqlite3
from zoneinfo import ZoneInfo

from console.analysis.occurrences import current_or_next, occurrences
from console.analysis.readiness.baseline import candidate_windows
from console.history.evidence_rows import read_evidence
from console.history.facts import FactsCache
from console.history.link_means import Asked, LinkMeans
from console.history.moment import Moment
from console.model.plan import Occurrence, Plan
from console.model.situation import Situation
from console.model.snapshot import Snapshot

_HELD_S = 30 * 86400  # conferences so long ago still lie in what a baseline is made of


def every_situation(
    db: sqlite3.Connection,
    moment: Moment,
    snapshot: Snapshot,
    kept: tuple[FactsCache, LinkMeans],
) -> list[Situation]:
    """Return the situation of every conference that has a running or next occurrence."""
    if snapshot.inventory is None:
        return []
    zone = ZoneInfo(snapshot.inventory.timezone)
    return [
        situation(db, moment, snapshot, (plan.id, None), kept)
        for plan in snapshot.plans
        if current_or_next(plan, zone, snapshot.at_s) is not None
    ]


def situation(
    db: sqlite3.Connection,
    moment: Moment,
    snapshot: Snapshot,
    asked: tuple[str, float | None],
    kept: tuple[FactsCache, LinkMeans],
) -> Situation:
    """Return the situation of a conference's occurrence that starts then; None: running or next.

    Raises KeyError for an unknown conference and LookupError where it has no occurrence.
    """
    inventory, facts = snapshot.inventory, kept[0]
    conference, start_s = asked
    plan = next((plan for plan in snapshot.plans if plan.id == conference), None)
    if inventory is None or plan is None:
        raise KeyError(conference)
    zone = ZoneInfo(inventory.timezone)
    occurrence = _occurrence(plan, zone, snapshot.at_s, start_s)
    if occurrence is None:
        raise LookupError(conference)
    held = _held(snapshot, plan, zone)
    candidates = candidate_windows(occurrence, zone, snapshot.at_s, held)
    links = Asked(moment, tuple(snapshot.links.values()), inventory.polling.interfaces_s)
    return Situation(
        snapshot=snapshot,
        plan=plan,
        occurrence=occurrence,
        others=tuple(_others(snapshot, plan, occurrence, zone)),
        baselines=kept[1].baselines(db, links, candidates),
        evidence=read_evidence(db, moment, inventory, facts.subjects),
    )


def _occurrence(
    plan: Plan, zone: ZoneInfo, at_s: float, start_s: float | None
) -> Occurrence | None:
    if start_s is None:
        return current_or_next(plan, zone, at_s)
    found = occurrences(plan, zone, start_s, start_s)
    return next((one for one in found if one.start_s == start_s), None)


def _held(snapshot: Snapshot, plan: Plan, zone: ZoneInfo) -> list[Occurrence]:
    """Return when conferences were held on the same bridge lately, or are."""
    at_s = snapshot.at_s
    return [
        one
        for other in snapshot.plans
        if other.entry.bridge == plan.entry.bridge
        for one in occurrences(other, zone, at_s - _HELD_S, at_s)
    ]


def _others(snapshot: Snapshot, plan: Plan, occurrence: Occurrence, zone: ZoneInfo) -> list[Plan]:
    """Return the other plans with an occurrence at the same time."""
    start_s, end_s, _title = occurrence
    return [
        other
        for other in snapshot.plans
        if other.id != plan.id
        and any(one.start_s < end_s for one in occurrences(other, zone, start_s, end_s))
    ]
