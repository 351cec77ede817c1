"""iCalendar texts of our own writing: a zone with daylight saving, and events as needed."""

BERLIN_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE"""

# Thursdays at ten by Berlin's clock, across the end of daylight saving on 25 October 2026.
WEEKLY = """UID:weekly
DTSTART;TZID=Europe/Berlin:20261008T100000
DTEND;TZID=Europe/Berlin:20261008T113000
RRULE:FREQ=WEEKLY;UNTIL=20261112T235959Z
SUMMARY:Dezernenten"""


def event(lines: str) -> str:
    """An event of these lines."""
    return f"BEGIN:VEVENT\nDTSTAMP:20260901T080000Z\n{lines}\nEND:VEVENT"


def calendar(*events: str, zone: str = BERLIN_ZONE) -> str:
    """A calendar of events, each the lines of one."""
    parts = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", zone]
    parts += [event(lines) for lines in events]
    text = "\n".join([part for part in parts if part] + ["END:VCALENDAR", ""])
    return text.replace("\n", "\r\n")
