"""Where axes carry a number or a time, in the network's time zone and the language's way. No Qt."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel import dates

from console.language import format_moment, format_number, language, local
from widgets import times

_DAY_S = 86400
_MONTH_S = 30 * _DAY_S
_STEPS_S = (
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 3 * 3600, 4 * 3600, 6 * 3600, 12 * 3600),
    *(_DAY_S, 2 * _DAY_S, 7 * _DAY_S, 14 * _DAY_S),
    *(_MONTH_S, 2 * _MONTH_S, 3 * _MONTH_S, 6 * _MONTH_S, 12 * _MONTH_S),
)
_UNITS = ((1e12, "Tbit/s"), (1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"), (1.0, "bit/s"))


@dataclass(frozen=True, slots=True)
class TimeTick:
    """One mark of the time axis; `strong` where a day, or with months a year, begins."""

    at_s: float
    label: str
    strong: bool


def time_ticks(from_s: float, to_s: float, labels: int) -> list[TimeTick]:
    """Return at most about `labels` marks, at round local times."""
    wanted_s = (to_s - from_s) / max(1, labels)
    step_s = next((step for step in _STEPS_S if step >= 0.9 * wanted_s), _STEPS_S[-1])
    found: list[TimeTick] = []
    for moment in _round_moments(local(from_s), step_s):
        at_s = moment.timestamp()
        if at_s > to_s:
            return found
        if at_s >= from_s and not (found and at_s <= found[-1].at_s):
            shown = local(at_s)  # not `moment`: clocks may have skipped it
            found.append(TimeTick(at_s, _label(shown, step_s), _is_strong(shown, step_s)))
    return found


def _round_moments(start: datetime, step_s: int) -> Iterator[datetime]:
    """Yield local moments that are whole multiples of the step, from just before `start` on."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if step_s >= _MONTH_S:
        months = step_s // _MONTH_S
        first = day.year * 12 + (day.month - 1) // months * months
        for number in range(first, first + 1000, months):
            yield day.replace(year=number // 12, month=number % 12 + 1, day=1)
    if step_s >= _DAY_S:
        number = day.toordinal() - 1  # a Monday is a multiple of seven
        day -= timedelta(days=number % (step_s // _DAY_S))
        for count in range(1000):
            yield day + timedelta(days=count * step_s // _DAY_S)
    for count in range(1000):
        seconds = int((start - day).total_seconds()) // step_s * step_s + count * step_s
        yield (day + timedelta(seconds=seconds)).replace(fold=0)


def _is_strong(moment: datetime, step_s: int) -> bool:
    if step_s >= _MONTH_S:
        return moment.month == 1
    return step_s < _DAY_S and (moment.hour, moment.minute) == (0, 0)


def _label(moment: datetime, step_s: int) -> str:
    if step_s >= _MONTH_S:
        return _skeleton("y" if moment.month == 1 else "MMM", moment)
    if step_s > _DAY_S:
        return format_moment(moment.timestamp(), "d. MMM" if language() == "de" else "d MMM")
    if step_s == _DAY_S or _is_strong(moment, step_s):
        return times.day_short(moment.timestamp())
    return f"{moment:%H:%M}"


def _skeleton(skeleton: str, moment: datetime) -> str:
    return str(dates.format_skeleton(skeleton, moment, locale=language()))


def step_moment(at_s: float, step_s: float) -> str:
    """Say what one step of a curve covers: Sun 22 Nov · 14:35–14:40, or a day."""
    day = times.day_month(at_s)
    if step_s >= _DAY_S:
        return day
    pattern = "HH:mm:ss" if step_s < 60 else "HH:mm"
    span = format_moment(at_s, pattern)
    if step_s >= 60:
        span += f"–{format_moment(at_s + step_s, pattern)}"
    return f"{day} · {span}"


@dataclass(frozen=True, slots=True)
class RateScale:
    """A decimal unit that fits a whole axis or table, and its digits after the point."""

    size: float
    unit: str
    digits: int

    def text(self, rate_bps: float | None) -> str:
        """Format the number alone, without the unit."""
        return format_number(None if rate_bps is None else rate_bps / self.size, self.digits)


def rate_scale(largest_bps: float | None) -> RateScale:
    """Return the unit in which `largest_bps` has three figures."""
    rate = abs(largest_bps or 0.0)
    size, unit = next(((s, u) for s, u in _UNITS if rate >= s), _UNITS[-1])
    value = rate / size
    digits = 0 if value >= 100 or size == 1.0 else 1 if value >= 10 else 2
    return RateScale(size, unit, digits)


def rate_step(span_bps: float, marks: int) -> float:
    """Return the distance of marks on a rate axis: 1, 2, 2.5 or 5 times a power of ten."""
    wanted = max(span_bps, 1.0) / max(1, marks)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * x for x in (1, 2, 2.5, 5, 10) if power * x >= wanted * 0.999)


def axis_scale(step_bps: float, largest_bps: float) -> RateScale:
    """Return the unit of an axis whose marks are `step_bps` apart: no more digits than needed."""
    scale = rate_scale(largest_bps)
    step = step_bps / scale.size
    digits = next((d for d in range(4) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 3)
    return RateScale(scale.size, scale.unit, digits)
