"""The events of iCalendar texts (RFC 5545) as occurrences.

What is cancelled is left out, and so are events of whole days: a day does not say when rooms are
in a conference. Slow or greedy on a hostile text: only for a process that can be ended.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from console.calendars.question import (
    MOST_OCCURRENCES,
    PARTLY,
    TOO_LARGE,
    UNREADABLE,
    Answer,
    CalendarError,
    Question,
)
from console.model.plan import Occurrence
from console.model.text import clean_text

_BEGIN = b"BEGIN:VCALENDAR"
_MARGIN = timedelta(days=2)  # clocks of all zones, and what began before


def answer(texts: Iterable[bytes], question: Question) -> Answer:
    """Return the occurrences of all the texts; raise CalendarError."""
    reading = _Reading(question)
    found = {one for text in texts for one in reading.occurrences(text)}
    if len(found) > MOST_OCCURRENCES:
        raise CalendarError(TOO_LARGE)
    return Answer(tuple(sorted(found)), PARTLY if reading.left_out else None)


class _Reading:
    def __init__(self, question: Question) -> None:
        self._question = question
        self._zone = ZoneInfo(question.timezone)
        self.left_out = 0  # series that cannot be followed

    def occurrences(self, text: bytes) -> Iterator[Occurrence]:
        """Yield those that touch the question's span."""
        for event in self._events(text):
            one = self._occurrence(event)
            if one is not None and self._wanted(one):
                yield one

    def _wanted(self, one: Occurrence) -> bool:
        return one.end_s > self._question.from_s and one.start_s <= self._question.to_s

    def _events(self, text: bytes) -> Iterator[Event]:
        calendar = _parsed(text)
        self.left_out += sum(bool(event.errors) for event in calendar.walk("VEVENT"))
        begin = datetime.fromtimestamp(self._question.from_s, UTC) - _MARGIN
        end = datetime.fromtimestamp(self._question.to_s, UTC) + _MARGIN
        try:
            query = recurring_ical_events.of(calendar)
        except Exception:  # noqa: BLE001 - libraries raise whatever a text makes them
            self.left_out += 1
            query = recurring_ical_events.of(calendar, skip_bad_series=True)
        for series in query.series:
            try:
                held = list(islice(series.between(begin, end), MOST_OCCURRENCES + 1))
                yield from [one.as_component(False) for one in held]
            except Exception:  # noqa: BLE001
                self.left_out += 1

    def _occurrence(self, event: Event) -> Occurrence | None:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            return None
        start = event.start
        if not isinstance(start, datetime):
            return None
        start_s, end_s = self._second(start), self._second(event.end)
        if end_s <= start_s:
            end_s = start_s + self._question.lasts_s
        return Occurrence(start_s, end_s, clean_text(str(event.get("SUMMARY", "")).strip()))

    def _second(self, moment: date) -> float:
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        return moment.timestamp()


def _parsed(text: bytes) -> Calendar:
    """Return the calendar; what is not UTF-8 becomes U+FFFD in its texts."""
    if _BEGIN not in text[:1000].upper():
        raise CalendarError(UNREADABLE)
    try:
        calendar = Calendar.from_ical(text.decode("utf-8-sig", "replace"))
    except Exception as error:
        raise CalendarError(UNREADABLE) from error
    if not isinstance(calendar, Calendar):
        raise CalendarError(UNREADABLE)
    return calendar
