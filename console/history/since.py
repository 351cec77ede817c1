"""What has changed since the last conference that went well, found in a history. No SQL here.

Works in small steps: whoever runs it may do something else in between, or stop.
"""

from collections.abc import Generator
from dataclasses import replace
from zoneinfo import ZoneInfo

from console.analysis.occurrences import occurrences
from console.analysis.readiness import assess
from console.analysis.readiness.changes import changes
from console.history.reader import HistoryReader
from console.model.advice import Change, ChangeKind, DatedChange, Held, Lookback
from console.model.readiness import Assessment
from console.model.report import ConferenceReport
from console.model.situation import Situation
from console.model.snapshot import Snapshot

BACK_S = 35 * 86400.0  # so far back calendars are read
_TRIED = 12  # conferences of each list whose reports are looked at, the newest first
_CLOSE_S = 60.0  # so exactly a moment is looked for
_SETTLED_S = 30.0
Steps = Generator[None, None, Lookback]
_Judged = tuple[Assessment, Situation]


def lookback(reader: HistoryReader, conference: str, at_s: float | None) -> Steps:
    """Compare a moment (None: the newest) with the last conference that went well before it.

    That is the newest of this conference whose report says so, else the newest of any other on
    the same bridge.
    """
    now = reader.snapshot_at(at_s)
    span = reader.span()
    from_s = span[0] if span else None
    good = yield from _good(reader, now, conference, from_s)
    if good is None:
        return Lookback(conference, now.at_s, None, from_s, ())
    search = _Search(reader, now, conference, good.start_s)
    found = yield from search.found()
    dated = []
    for change in found:
        moment_s = yield from search.began(change)
        dated.append(DatedChange(change, moment_s))
    return Lookback(conference, now.at_s, good, from_s, tuple(dated))


def finished(steps: Steps) -> Lookback:
    """Return the result of all steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Lookback = end.value
            return found


def _good(
    reader: HistoryReader, now: Snapshot, conference: str, from_s: float | None
) -> Generator[None, None, Held | None]:
    for held in _held(now, conference, from_s):
        yield
        report = _report(reader, held, now.at_s)
        if report is not None and report.went_well:
            return held
    return None


def _report(reader: HistoryReader, held: Held, at_s: float) -> ConferenceReport | None:
    try:
        return reader.report(held.conference, held.start_s, at_s)
    except KeyError:
        return None


def _held(now: Snapshot, conference: str, from_s: float | None) -> list[Held]:
    """Return the conferences that are over: this one's first, then others' on its bridge."""
    plan = next((plan for plan in now.plans if plan.id == conference), None)
    if now.inventory is None or plan is None or from_s is None:
        return []
    zone = ZoneInfo(now.inventory.timezone)
    back_s = max(from_s, now.at_s - BACK_S)
    own: list[Held] = []
    others: list[Held] = []
    for other in now.plans:
        if other.entry.bridge == plan.entry.bridge:
            over = [
                Held(other.id, one.start_s)
                for one in occurrences(other, zone, back_s, now.at_s)
                if one.start_s >= back_s and one.end_s + _SETTLED_S <= now.at_s
            ]
            (own if other.id == conference else others).extend(over)
    newest = [sorted(of, key=lambda held: -held.start_s)[:_TRIED] for of in (own, others)]
    return newest[0] + newest[1]


class _Search:
    """The differences between two moments of a history, and when each came about."""

    def __init__(self, reader: HistoryReader, now: Snapshot, conference: str, from_s: float):
        self._reader, self._now = reader, now
        self._conference, self._from_s = conference, from_s
        self._before: tuple[Snapshot, Assessment | None] | None = None
        self._after: _Judged | None = None
        self._seen: dict[tuple[float, bool], frozenset[Change]] = {}

    def found(self) -> Generator[None, None, tuple[Change, ...]]:
        """Return what differs and matters to the conference."""
        before = self._reader.snapshot_at(self._from_s)
        yield
        judged = self._judged(self._from_s)
        self._before = (before, judged[0] if judged else None)
        yield
        self._after = self._judged(self._now.at_s)
        yield
        every = self._changes(self._now, self._after[0] if self._after else None)
        rooms = self._rooms(judged, self._after)
        return tuple(change for change in every if _matters(change, rooms, self._now))

    def _changes(self, seen: Snapshot, judged: Assessment | None) -> tuple[Change, ...]:
        assert self._before is not None
        before, was = self._before
        return changes(before, seen, was, judged)

    def _judged(self, at_s: float) -> _Judged | None:
        try:
            situation = self._reader.situation(self._conference, at_s)
        except LookupError:  # not planned then, or without a time
            return None
        return assess(situation), situation

    @staticmethod
    def _rooms(*judged: _Judged | None) -> frozenset[str]:
        """Return the rooms and bridges of the conference, then and now."""
        found: set[str] = set()
        for one in judged:
            if one is not None:
                found |= {participant.room for participant in one[0].participants}
                found.add(one[1].plan.entry.bridge)
        return frozenset(found)

    def began(self, change: Change) -> Generator[None, None, float | None]:
        """Return when a difference came about, a minute exactly; states know it themselves."""
        if change.kind in _STATES:
            return self._since(change)
        ways = change.kind in _WAYS
        low_s, high_s = self._from_s, self._now.at_s
        while high_s - low_s > _CLOSE_S:
            middle_s = (low_s + high_s) / 2
            if (middle_s, ways) not in self._seen:
                yield
                self._seen[middle_s, ways] = self._differed(middle_s, ways)
            if change in self._seen[middle_s, ways]:
                high_s = middle_s
            else:
                low_s = middle_s
        return high_s

    def _differed(self, at_s: float, ways: bool) -> frozenset[Change]:
        seen = self._reader.snapshot_at(at_s)
        judged = None
        if ways and self._after is not None:
            plans = {plan.id: plan for plan in seen.plans}
            situation = self._after[1]
            plan = plans.get(self._conference, situation.plan)
            judged = assess(replace(situation, snapshot=seen, plan=plan))
        return frozenset(self._changes(seen, judged))

    def _since(self, change: Change) -> float | None:
        """Return since when a state holds; None where it held before, for another reason."""
        now = self._now
        for views in (now.links, now.devices, now.rooms, now.bridges):
            view = views.get(change.subject)
            if view is not None:
                since_s: float | None = view.since_s
                return since_s if since_s is None or since_s > self._from_s else None
        return None


_STATES = frozenset(kind for kind in ChangeKind if kind.value.endswith("_state"))
_WAYS = frozenset((ChangeKind.PATH, ChangeKind.PARTICIPANT_NEW, ChangeKind.PARTICIPANT_GONE))


def _matters(change: Change, rooms: frozenset[str], now: Snapshot) -> bool:
    """Tell whether a change can concern a conference in which these rooms take part."""
    is_room = change.subject in now.rooms or change.subject in now.bridges
    return not rooms or not is_room or change.subject in rooms
