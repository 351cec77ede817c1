"""When a planned conference is held: by its calendar, else by its start and rule. Pure.

Rules are followed in the network's time zone. Calendars are not read here: what they said is in
the plan.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from console.model.inventory import Conference
from console.model.plan import Occurrence, Plan

AHEAD_S = 400 * 86400  # so far a plan is looked at, both ways


def occurrences(plan: Plan, zone: ZoneInfo, from_s: float, to_s: float) -> tuple[Occurrence, ...]:
    """Return the occurrences that touch from_s..to_s, oldest first.

    The rule is followed by the clock on the wall: ten o'clock stays ten o'clock in summer.
    """
    found = _ruled(plan.entry, zone, from_s, to_s) if plan.read is None else plan.read
    return tuple(one for one in found if one.end_s > from_s and one.start_s <= to_s)


def current_or_next(
    plan: Plan, zone: ZoneInfo, at_s: float, within_s: float = AHEAD_S
) -> Occurrence | None:
    """Return the occurrence that is on at `at_s`, else the next one, None where there is none."""
    return next(iter(occurrences(plan, zone, at_s, at_s + within_s)), None)


def latest_past(
    plan: Plan, zone: ZoneInfo, at_s: float, within_s: float = AHEAD_S
) -> Occurrence | None:
    """Return the occurrence that was over last at `at_s`, None where there was none."""
    over = (one for one in occurrences(plan, zone, at_s - within_s, at_s) if one.end_s <= at_s)
    return max(over, key=_end_s, default=None)


def _end_s(one: Occurrence) -> float:
    return one.end_s


def _ruled(entry: Conference, zone: ZoneInfo, from_s: float, to_s: float) -> list[Occurrence]:
    if entry.start is None:
        return []
    lasts = timedelta(minutes=entry.duration_min)
    after = _wall(from_s, zone) - lasts - timedelta(hours=2)
    starts = _starts(entry, zone, after, _wall(to_s, zone) + timedelta(hours=2))
    return [_occurrence(start, lasts, zone) for start in starts]


def _starts(entry: Conference, zone: ZoneInfo, after: datetime, before: datetime) -> list[datetime]:
    first = entry.start
    assert first is not None
    if first.tzinfo is not None:
        first = first.astimezone(zone).replace(tzinfo=None)
    if entry.repeat is None:
        return [first] if after <= first <= before else []
    rule = rrulestr(entry.repeat, dtstart=first)
    return list(rule.between(after, before, inc=True))


def _wall(at_s: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_s, zone).replace(tzinfo=None)


def _occurrence(start: datetime, lasts: timedelta, zone: ZoneInfo) -> Occurrence:
    began = start.replace(tzinfo=zone).astimezone(UTC)
    return Occurrence(began.timestamp(), (began + lasts).timestamp())
