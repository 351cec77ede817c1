"""Assessments made by hand on the demo network: one of each verdict, with its situation."""

import dataclasses
from functools import cache

from console import inventory as inventories
from console.analysis.readiness import assess
from console.model.advice import Change, ChangeKind, DatedChange, Held, Lookback
from console.model.plan import Occurrence, Plan
from console.model.readiness import Assessment, Direction, Verdict
from console.model.report import (
    GATES,
    CheckPoint,
    ConferenceReport,
    ConferenceStory,
    RoomReport,
)
from console.model.situation import Evidence, Situation
from console.model.snapshot import Reason, Snapshot
from console.model.states import RoomState, State
from tests.builders import DEMO_INVENTORY, NOON_S, healthy_snapshot, with_link, with_room

CONFERENCE = "landraetekonferenz"
START_S = NOON_S + 11 * 86400  # 2026-12-03T09:00:00Z
GOOD = Evidence(rtt_ms=8.0, jitter_ms=0.9, loss=0.0, age_s=40.0, fresh=True)
Made = tuple[Assessment, Situation]


@cache
def demo_inventory():
    """The shipped network, read once."""
    return inventories.load(DEMO_INVENTORY)


def situation(snapshot: Snapshot | None = None, **entry: object) -> Situation:
    """All is well; `entry` changes the conference."""
    seen = snapshot or healthy_snapshot(demo_inventory())
    inventory = seen.inventory
    planned = next(x for x in inventory.conferences if x.id == CONFERENCE)
    plan = Plan(planned.model_copy(update=entry))
    plans = tuple(plan if other.id == CONFERENCE else other for other in seen.plans)
    return Situation(
        snapshot=dataclasses.replace(seen, plans=plans),
        plan=plan,
        occurrence=Occurrence(START_S, START_S + 7200),
        others=(),
        baselines={(link.id, way): 2e8 for link in inventory.links for way in Direction},
        evidence={room.id: GOOD for room in inventory.rooms},
    )


def made(of: Situation) -> Made:
    """The assessment and what it rests on."""
    return assess(of), of


def ready() -> Made:
    """Every room is ready, and enough remain whatever fails."""
    return made(situation(quorum=20))


def ready_not_n1() -> Made:
    """Every room is needed: no failure that cuts one off may happen; one link is nearly full."""
    of = situation(quorum="all")
    of = with_baseline(of, "ps-kl", 9.2e8)
    return made(of)


def tight() -> Made:
    """Should the link from Mainz to Kaiserslautern fail, the way round is too full."""
    return made(with_baseline(situation(quorum=22), "tr-kus", 9.85e8))


def not_ready() -> Made:
    """A link is down, two rooms do not answer, one way loses too much."""
    seen = healthy_snapshot(demo_inventory())
    seen = with_link(seen, "kh-bir", state=State.DOWN, a_to_b_load=None, b_to_a_load=None)
    seen = with_room(seen, "bir-saal", state=RoomState.UNREACHABLE)
    seen = with_room(seen, "aw-saal", state=RoomState.DOWN, reasons=(Reason("sip_timeout"),))
    of = situation(seen, quorum=22)
    evidence = {**of.evidence, "kus-saal": dataclasses.replace(GOOD, loss=0.034)}
    return made(dataclasses.replace(of, evidence=evidence))


def unknown() -> Made:
    """Of some rooms nothing is known, of one link no usual load."""
    seen = with_room(healthy_snapshot(demo_inventory()), "ems-saal", state=RoomState.UNKNOWN)
    of = with_baseline(situation(seen, quorum="all"), "ko-nr", None)
    old = Evidence(None, None, None, age_s=260.0, fresh=False)
    return made(dataclasses.replace(of, evidence={**of.evidence, "ems-saal": old}))


def with_baseline(of: Situation, link: str, rate_bps: float | None) -> Situation:
    """The same with another usual load of a link in both directions."""
    changed = {(link, way): rate_bps for way in Direction}
    return dataclasses.replace(of, baselines={**of.baselines, **changed})


def moved(of: Made, at_s: float) -> Made:
    """The same seen from another moment."""
    assessment, was = of
    now = dataclasses.replace(was, snapshot=dataclasses.replace(was.snapshot, at_s=at_s))
    return dataclasses.replace(assessment, assessed_at_s=at_s), now


def lookback() -> Lookback:
    """Since the conference of the week before a link and a room failed and software changed."""
    held = Held("it-leiter", NOON_S - 5 * 86400)
    found = (
        (Change(ChangeKind.LINK_STATE, "kh-bir", ("up",), ("down",)), 300.0),
        (Change(ChangeKind.DEVICE_SOFTWARE, "kl-r1", ("7.2",), ("7.4",)), 86400.0),
        (Change(ChangeKind.ROOM_STATE, "aw-saal", ("idle",), ("down", "sip_timeout")), 7200.0),
        (Change(ChangeKind.PATH, "kus-saal", ("kus-kl", "mz-kl"), ("tr-kus", "mz-tr")), None),
    )
    dated = tuple(DatedChange(one, NOON_S - ago_s if ago_s else None) for one, ago_s in found)
    return Lookback(CONFERENCE, NOON_S, held, NOON_S - 14 * 86400, dated)


def running() -> Made:
    """One that is on: it has been for half an hour."""
    return moved(ready_not_n1(), START_S + 1800)


def story(happened: Verdict = Verdict.NOT_READY, reported: bool = True) -> ConferenceStory:
    """All check points but the first were kept; three rooms were bad for a while."""
    verdicts = (None, Verdict.READY_NOT_N1, Verdict.READY_NOT_N1, Verdict.UNKNOWN, Verdict.READY)
    kept = dict(zip((gate.name for gate in GATES), verdicts, strict=True))
    base = ready()[0]
    points = tuple(
        CheckPoint(
            *(gate.name, START_S - gate.before_s, kept[gate.name] is None),
            None if kept[gate.name] is None else dataclasses.replace(base, verdict=kept[gate.name]),
        )
        for gate in GATES
    )
    rooms = tuple(
        RoomReport(one.room, one.site, 480 - bad, 0, bad, 0, bad / 20, START_S + 600)
        for one, bad in zip(base.participants, (14, 10, 4) + (0,) * 21, strict=True)
    )
    report = ConferenceReport(
        conference=CONFERENCE,
        occurrence=Occurrence(START_S, START_S + 7200),
        made_at_s=START_S + 7260,
        gate="5m",
        predicted=Verdict.READY,
        happened=happened,
        right=happened is Verdict.READY,
        rooms=rooms,
        sites=24,
        affected_sites=tuple(room.site for room in rooms if room.red),
        causes=(),
    )
    return ConferenceStory(
        CONFERENCE, Occurrence(START_S, START_S + 7200), points, report if reported else None
    )


VALUES = {
    "ready": ready,
    "ready_not_n1": ready_not_n1,
    "tight": tight,
    "not_ready": not_ready,
    "unknown": unknown,
    "running": running,
}
