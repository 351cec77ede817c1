"""When a conference is held: its start and rule in the network's time zone. Pure.

Calendar files are not read here: a conference that names one has no occurrences.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from console.model.inventory import Conference

Span = tuple[float, float]  # from, to in UTC seconds


def occurrences(
    conference: Conference, zone: ZoneInfo, from_s: float, to_s: float
) -> tuple[Span, ...]:
    """Return the occurrences that touch from_s..to_s, oldest first.

    The rule is followed by the clock on the wall: ten o'clock stays ten o'clock in summer.
    """
    if conference.start is None:
        return ()
    lasts = timedelta(minutes=conference.duration_min)
    after = _wall(from_s, zone) - lasts - timedelta(hours=2)
    starts = _starts(conference, zone, after, _wall(to_s, zone) + timedelta(hours=2))
    spans = (_span(start, lasts, zone) for start in starts)
    return tuple(span for span in spans if span[1] > from_s and span[0] <= to_s)


def current_or_next(
    conference: Conference, zone: ZoneInfo, at_s: float, within_s: float = 400 * 86400
) -> Span | None:
    """Return the occurrence that is on at `at_s`, else the next one, None where there is none."""
    return next(iter(occurrences(conference, zone, at_s, at_s + within_s)), None)


def _starts(
    conference: Conference, zone: ZoneInfo, after: datetime, before: datetime
) -> list[datetime]:
    first = conference.start
    assert first is not None
    if first.tzinfo is not None:
        first = first.astimezone(zone).replace(tzinfo=None)
    if conference.repeat is None:
        return [first] if after <= first <= before else []
    rule = rrulestr(conference.repeat, dtstart=first)
    return list(rule.between(after, before, inc=True))


def _wall(at_s: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at_s, zone).replace(tzinfo=None)


def _span(start: datetime, lasts: timedelta, zone: ZoneInfo) -> Span:
    began = start.replace(tzinfo=zone).astimezone(UTC)
    return began.timestamp(), (began + lasts).timestamp()
