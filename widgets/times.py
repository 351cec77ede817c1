"""Moments and lengths of time as the window words them, in the network's time zone."""

from datetime import datetime, timedelta

from console.language import _, format_moment, format_number, format_span, language, local
from widgets import wording

_DAY_S = 86400.0
_WEEK_S = 6 * _DAY_S  # within it a day's name is enough
_STEPS_S = (60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_LONG_STEPS_D = (1, 2, 7, 14, 28, 56, 112, 224)


def full(at_s: float) -> str:
    """Return day and time to the second: Mo 16.11.2026 · 09:12:00."""
    day = "ccc dd.MM.yyyy" if language() == "de" else "ccc d MMM yyyy"
    return format_moment(at_s, f"{day} · HH:mm:ss")


def minute(at_s: float) -> str:
    """Return day and time to the minute: Mo 16.11.2026 09:12."""
    day = "ccc dd.MM.yyyy" if language() == "de" else "ccc d MMM yyyy"
    return format_moment(at_s, f"{day} HH:mm")


def day_name(at_s: float) -> str:
    """Return the day in full: Montag, 16. November 2026."""
    return format_moment(at_s, "EEEE, d. MMMM yyyy" if language() == "de" else "EEEE, d MMMM yyyy")


def weekday(at_s: float) -> str:
    """Return the name of the day: Donnerstag."""
    return format_moment(at_s, "EEEE")


def day_short(at_s: float) -> str:
    """Return the day as an axis names it: Mo 16."""
    return format_moment(at_s, "ccc d." if language() == "de" else "ccc d")


def day_month(at_s: float) -> str:
    """Return day and month: Do 3. Dez."""
    return format_moment(at_s, "ccc d. MMM" if language() == "de" else "ccc d MMM")


def clock(at_s: float) -> str:
    """Return the time of day to the minute."""
    return format_moment(at_s, "HH:mm")


def recent(at_s: float, now_s: float) -> str:
    """Return the time of day to the second, with its day where that is not today."""
    same_day = local(at_s).date() == local(now_s).date()
    return format_moment(at_s, "HH:mm:ss" if same_day else "ccc HH:mm:ss")


def since(at_s: float | None, now_s: float) -> str:
    """Return since when, as short as it can be told: since 09:12."""
    if at_s is None:
        return _("since an unknown time")
    young = now_s - at_s < _WEEK_S
    told = wording.since_text(at_s, now_s) if young else day_month(at_s)
    return _("since {time}").format(time=told)


def ago(seconds: float | None) -> str:
    """Return how long ago: 2 s ago."""
    if seconds is None:
        return _("never")
    return _("{span} ago").format(span=format_span(max(0.0, seconds)))


def until(seconds: float) -> str:
    """Return how long until: in 40 min, in 11 days."""
    if seconds >= 2 * _DAY_S:
        return _("in {n} days").format(n=format_number(seconds // _DAY_S))
    return _("in {span}").format(span=format_span(max(0.0, seconds)))


def axis_ticks(from_s: float, to_s: float, most: int) -> list[tuple[float, str]]:
    """Return at most about `most` (moment, label) on round local times between the two."""
    span_s = max(1.0, to_s - from_s)
    step_s = next((step for step in _STEPS_S if span_s / step <= most), None)
    if step_s is not None:
        step = timedelta(seconds=step_s)
    else:
        days = next((d for d in _LONG_STEPS_D if span_s / 86400 / d <= most), _LONG_STEPS_D[-1])
        step = timedelta(days=days)
    moment = local(from_s).replace(hour=0, minute=0, second=0, microsecond=0)
    moment -= timedelta(days=(moment.toordinal() - 1) % max(1, step.days))  # weeks begin on Mondays
    ticks = []
    while moment.timestamp() <= to_s:
        if moment.timestamp() >= from_s:
            ticks.append((moment.timestamp(), _tick_label(moment)))
        moment += step
    return ticks


def _tick_label(moment: datetime) -> str:
    midnight = moment.hour == 0 and moment.minute == 0
    return day_short(moment.timestamp()) if midnight else clock(moment.timestamp())


def day_heading(at_s: float) -> str:
    """Return the day as a heading names it: Fr 20. November."""
    return format_moment(at_s, "ccc d. MMMM" if language() == "de" else "ccc d MMMM")
