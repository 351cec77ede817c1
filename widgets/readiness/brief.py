"""All that is told of a conference, as texts: what the panel shows and what is printed. No Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.language import _, format_span, ngettext
from console.model.advice import Relief
from console.model.inventory import Conference
from console.model.plan import Occurrence
from console.model.readiness import Assessment, Finding, Participant, Severity
from console.model.snapshot import Snapshot
from console.model.states import State
from console.names import Names
from console.texts_readiness import contact, summary, verdict_sentence, verdict_word
from widgets import times, wording
from widgets.readiness import words
from widgets.readiness.points import Point, points_of


@dataclass(frozen=True, slots=True)
class RoomText:
    """A room as it is told: `sign` is its shape, `word` what stands beside it."""

    room: str
    name: str
    sign: State
    word: str
    why: tuple[str, ...]
    contact: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A conference and its verdict. `points` need attention, `notes` are worth knowing."""

    conference: str
    title: str
    when: str
    sign: State
    headline: str
    sentence: str
    assessed: str
    points: tuple[Point, ...]
    notes: tuple[Point, ...]
    rooms: tuple[RoomText, ...]


def brief_of(
    assessment: Assessment,
    entry: Conference,
    snapshot: Snapshot,
    reliefs: Sequence[Relief] = (),
) -> Brief:
    """Return what is told of an assessment at the snapshot's moment."""
    weighty = [x for x in assessment.reasons if x.severity is not Severity.INFO]
    names = Names(snapshot.inventory)
    span = Occurrence(assessment.start_s, assessment.end_s)
    return Brief(
        conference=assessment.conference,
        title=entry.name or entry.id,
        when=when_line(entry, span, snapshot),
        sign=words.STATES[assessment.verdict],
        headline=verdict_word(assessment.verdict),
        sentence=f"{verdict_sentence(assessment.verdict)}\n{summary(assessment)}",
        assessed=_assessed(assessment, snapshot.at_s),
        points=points_of(weighty, names, reliefs),
        notes=points_of(_infos(assessment.reasons), names),
        rooms=tuple(_rooms(assessment.participants, snapshot, names)),
    )


def when_line(entry: Conference, span: Occurrence | None, snapshot: Snapshot) -> str:
    """Return when it is, on which bridge, with how many rooms, of which how many are needed."""
    bridge = snapshot.bridges.get(entry.bridge)
    where = wording.site_name(snapshot, bridge.site) if bridge else entry.bridge
    rooms = len(snapshot.rooms) if entry.rooms == "all" else len(entry.rooms)
    counted = ngettext("{n} room", "{n} rooms", rooms).format(n=rooms)
    quorum = _("all needed") if entry.quorum == "all" else _("{n} needed").format(n=entry.quorum)
    told = [_("Bridge {site}").format(site=where), f"{counted}, {quorum}"]
    if span is None:
        return " · ".join([_("No time is planned"), *told])
    day = f"{times.day_name(span.start_s)}, {times.clock(span.start_s)} – {times.clock(span.end_s)}"
    return " · ".join([day, soon(span, snapshot.at_s), *told])


def soon(span: Occurrence, at_s: float) -> str:
    """Return how far away an occurrence is."""
    if at_s < span.start_s:
        return times.until(span.start_s - at_s)
    if at_s < span.end_s:
        return _("running, {span} left").format(span=format_span(span.end_s - at_s))
    return _("ended {span} ago").format(span=format_span(at_s - span.end_s))


def _infos(reasons: Iterable[Finding]) -> list[Finding]:
    return [reason for reason in reasons if reason.severity is Severity.INFO]


def _assessed(assessment: Assessment, at_s: float) -> str:
    """Return when it was assessed and how old the oldest measurement was by now."""
    ago_s = max(0.0, at_s - assessment.assessed_at_s)
    told = [_("Assessed {ago}").format(ago=times.ago(ago_s))]
    ages = [x.evidence_age_s for x in assessment.participants]
    known = [age_s for age_s in ages if age_s is not None]
    if known:
        oldest = format_span(max(known) + ago_s)
        told.append(_("oldest measurement {age}").format(age=oldest))
    return " · ".join(told)


def _rooms(
    participants: tuple[Participant, ...], snapshot: Snapshot, names: Names
) -> list[RoomText]:
    """Return the rooms by name; sites with several rooms name each."""
    found = [(_room_name(one, snapshot), one) for one in participants]
    sites = [one.site for one in participants]
    told = []
    for (site, room), one in found:
        name = f"{site} · {room}" if sites.count(one.site) > 1 else site
        why = tuple(point.text for point in points_of(one.reasons, names))
        whom = contact(one.room, names)
        told.append(
            RoomText(
                *(one.room, name, words.room_state(one), words.room_word(one), why),
                whom.text if whom else "",
            )
        )
    return sorted(told, key=lambda room: wording.sort_key(room.name))


def _room_name(one: Participant, snapshot: Snapshot) -> tuple[str, str]:
    view = snapshot.rooms.get(one.room)
    return wording.site_name(snapshot, one.site) if one.site else one.room, (
        view.name if view else one.room
    )
