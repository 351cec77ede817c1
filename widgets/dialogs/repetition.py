"""How a conference repeats, in words of its first day. Knows no widget."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from console.language import N_, _, format_moment, local

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NTH = (
    N_("Every month on the first {day}"),
    N_("Every month on the second {day}"),
    N_("Every month on the third {day}"),
    N_("Every month on the fourth {day}"),
)
_UNTIL = ";UNTIL="
_SAFE_DAY = 28  # later days are not in every month


@dataclass(frozen=True, slots=True)
class Repetition:
    """One way to repeat; `rule` is an RRULE without an end, None for once."""

    key: str
    text: str
    rule: str | None


def choices(first: date) -> tuple[Repetition, ...]:
    """Return the ways in which what is held on `first` may repeat."""
    return tuple(_choices(first))


def _choices(first: date) -> Iterator[Repetition]:
    day, short = _day_name(first), _DAYS[first.weekday()]
    yield Repetition("once", _("Once"), None)
    if first.weekday() < 5:
        rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        yield Repetition("working days", _("Every working day"), rule)
    text = _("Every week on {day}").format(day=day)
    yield Repetition("weekly", text, f"RRULE:FREQ=WEEKLY;BYDAY={short}")
    text = _("Every two weeks on {day}").format(day=day)
    yield Repetition("fortnightly", text, f"RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY={short}")
    number = (first.day - 1) // 7
    if number < len(_NTH):
        text = _(_NTH[number]).format(day=day)
        yield Repetition("monthly", text, f"RRULE:FREQ=MONTHLY;BYDAY={number + 1}{short}")
    if (first + timedelta(days=7)).month != first.month:
        text = _("Every month on the last {day}").format(day=day)
        yield Repetition("monthly, last", text, f"RRULE:FREQ=MONTHLY;BYDAY=-1{short}")
    if first.day <= _SAFE_DAY:
        text = _("Every month on day {number}").format(number=first.day)
        yield Repetition("day of month", text, f"RRULE:FREQ=MONTHLY;BYMONTHDAY={first.day}")


def _day_name(day: date) -> str:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=local(0.0).tzinfo)
    return format_moment(noon.timestamp(), "EEEE")


def with_end(rule: str | None, until: date | None) -> str | None:
    """Return the rule with its last day."""
    if rule is None or until is None:
        return rule
    return f"{rule}{_UNTIL}{until:%Y%m%d}T235959"


def split(rule: str | None) -> tuple[str | None, date | None]:
    """Return a rule without its last day, and that day."""
    if rule is None or _UNTIL not in rule:
        return rule, None
    before, _mark, rest = rule.partition(_UNTIL)
    written, _semicolon, after = rest.partition(";")
    plain = f"{before};{after}" if after else before
    return plain, datetime.strptime(written[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day
