"""Whether a repetition rule (RFC 5545 RRULE) is one a conference can follow."""

import re
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from console.language import N_, _

# A new year's day; within so long every rule that can be followed at all has come up.
_START = datetime(2001, 1, 1)  # noqa: DTZ001 - rules follow the clock on the wall
_LONG = timedelta(days=40 * 366)
_DAY = r"(?:MO|TU|WE|TH|FR|SA|SU)"
_MONTHDAY = r"-?(?:[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:[1-9]|1[0-2])"
_NUMBER = r"[1-9][0-9]{0,3}"
_PARTS = {
    "FREQ": (r"DAILY|WEEKLY|MONTHLY|YEARLY", N_("DAILY, WEEKLY, MONTHLY or YEARLY")),
    "INTERVAL": (_NUMBER, N_("a number from 1")),
    "COUNT": (_NUMBER, N_("a number from 1")),
    "UNTIL": (r"[0-9]{8}(?:T[0-9]{6})?", N_("a day such as 20271231")),
    "BYDAY": (
        rf"(?:[-+]?[1-5]?{_DAY})(?:,[-+]?[1-5]?{_DAY})*",
        N_("days such as MO,TH, 1TH (the first Thursday) or -1FR (the last Friday)"),
    ),
    "BYMONTHDAY": (rf"{_MONTHDAY}(?:,{_MONTHDAY})*", N_("days of the month such as 1,15 or -1")),
    "BYMONTH": (rf"{_MONTH}(?:,{_MONTH})*", N_("months from 1 to 12")),
    "BYSETPOS": (r"-?[1-9][0-9]{0,2}(?:,-?[1-9][0-9]{0,2})*", N_("positions such as 1 or -1")),
    "WKST": (_DAY, N_("a day such as MO")),
}


def rule_problem(text: str) -> str | None:
    """Return what is wrong with a rule and what is allowed, None where all is well."""
    parts = text.removeprefix("RRULE:").split(";")
    seen: dict[str, str] = {}
    for part in parts:
        key, _equals, value = part.partition("=")
        if key not in _PARTS or key in seen:
            sentence = _("“{part}” has no place here; each of {allowed} may stand there once")
            return sentence.format(part=part, allowed=", ".join(_PARTS))
        pattern, allowed = _PARTS[key]
        if not re.fullmatch(pattern, value):
            return _("“{part}” is not allowed; {key} is {allowed}").format(
                part=part, key=key, allowed=_(allowed)
            )
        seen[key] = value
    return _together(text, seen)


def _together(text: str, parts: dict[str, str]) -> str | None:
    if "FREQ" not in parts:
        return _("FREQ is missing; a rule looks like RRULE:FREQ=MONTHLY;BYDAY=1TH")
    if "COUNT" in parts and "UNTIL" in parts:
        return _("COUNT and UNTIL exclude each other")
    try:
        rule = rrulestr(text, dtstart=_START)
    except ValueError:
        return _("this rule cannot be; one looks like RRULE:FREQ=MONTHLY;BYDAY=1TH")
    if next(iter(rule.replace(count=None, until=_START + _LONG)), None) is None:
        return _("this rule never comes up")
    return None
