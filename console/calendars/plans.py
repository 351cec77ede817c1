"""Plans of conferences from their calendars: where a calendar lies, and how far it is read."""

from collections.abc import Iterable
from pathlib import Path

from console.calendars.question import Question
from console.calendars.reading import read
from console.model.inventory import Conference
from console.model.plan import Plan, PlanSource

DAY_S = 86400
BACK_S, AHEAD_S = 35 * DAY_S, 400 * DAY_S  # the baseline looks four weeks back


def question_of(
    entry: Conference, folder: Path, timezone: str, at_s: float, back_s: float = BACK_S
) -> Question:
    """Return what to ask the calendar of `entry`; a path in it is relative to `folder`.

    The span begins and ends with a day (UTC): answers of one day can be compared.
    """
    assert entry.calendar is not None, "only entries with a calendar are asked"
    is_url = entry.calendar.startswith(("http://", "https://"))
    today_s = at_s // DAY_S * DAY_S
    return Question(
        place=entry.calendar if is_url else str((folder / entry.calendar).absolute()),
        timezone=timezone,
        from_s=today_s - back_s,
        to_s=today_s + AHEAD_S,
        lasts_s=entry.duration_min * 60.0,
    )


def plans_from_files(
    entries: Iterable[Conference],
    folder: Path,
    timezone: str,
    at_s: float,
    back_s: float = BACK_S,
) -> tuple[Plan, ...]:
    """Return the plans of an inventory's conferences; servers are not asked. Blocks."""
    return tuple(_plan(entry, folder, timezone, at_s, back_s) for entry in entries)


def _plan(entry: Conference, folder: Path, timezone: str, at_s: float, back_s: float) -> Plan:
    if entry.calendar is None:
        return Plan(entry)
    question = question_of(entry, folder, timezone, at_s, back_s)
    if question.is_url:
        return Plan(entry, PlanSource.CALENDAR, ())
    told = read(question)
    return Plan(entry, PlanSource.CALENDAR, told.occurrences or (), told.problem)
