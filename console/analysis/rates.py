"""Interface rates from two readings of the counters: a gap where unsure, never a spike.

Pure: no clock. Columns and not ports are the unit of work, because a poll is made of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from console.model.reading import Counters, Rates, Reading

Column: TypeAlias = list[float | None]

TICKS_PER_S = 100
TICKS = 1 << 32  # sysUpTime starts again after 497 days
_TWO_32 = 1 << 32
# A caching agent (net-snmp: 3 s) shifts octets between samples: at 30 s by a tenth.
SPEED_TOLERANCE = 1.1
SMALLEST_FRAME_BITS = 512  # Ethernet: no port can see more frames than speed / 512 a second
# Where a wrap and a reset look the same, only a rate like the one before speaks for a wrap.
_WRAP_GROWTH = 2.0
_WRAP_ALLOWANCE = 0.05  # of the link's speed
_NO_LIMIT = float("inf")
# IANAifType whose ifSpeed is a formality: softwareLoopback, tunnel.
_SPEEDLESS_TYPES = frozenset((24, 131))


def speed_limit_bps(if_type: int | None, speed_bps: float | None) -> float | None:
    """Return the speed nothing on this port can exceed, None where there is no such speed.

    ifHighSpeed is rounded to 1 Mbit/s, so half of one is added (RFC 2863).
    """
    return None if speed_bps is None or if_type in _SPEEDLESS_TYPES else speed_bps + 5e5


def clock_restarted(ticks_before: int | None, ticks: int | None, elapsed_s: float) -> bool:
    """Tell from two values of sysUpTime whether the device rebooted; a wrap is no reboot."""
    if ticks_before is None or ticks is None:
        return False
    tolerance = (5.0 + 0.05 * elapsed_s) * TICKS_PER_S
    behind = ticks_before + elapsed_s * TICKS_PER_S - ticks
    return behind > tolerance and abs(behind - TICKS) > tolerance


def repeated(before: Reading, now: Reading) -> bool:
    """Tell whether the agent answered from its cache: there are counters, and not one moved."""
    if before.keys != now.keys or before.counters != now.counters:
        return False
    return any(value is not None for column in now.counters for value in column)


def unknown_rates(count: int) -> Rates:
    """Return rates of `count` ports of which nothing is known."""
    nothing: Column = [None] * count
    return Rates(nothing, nothing, nothing, nothing, nothing, nothing)


def rates_between(
    before: Reading,
    now: Reading,
    limits_bps: Sequence[float | None],
    rates_before: Rates | None = None,
) -> Rates:
    """Return the mean rates from `before` to `now`.

    `limits_bps` are the speeds of the ports of `now`; `rates_before`, over the ports of `before`,
    decide whether a 32-bit counter that fell has wrapped or was reset.
    """
    elapsed_s = now.at_s - before.at_s
    if elapsed_s <= 0 or clock_restarted(before.uptime_ticks, now.uptime_ticks, elapsed_s):
        return unknown_rates(len(now.keys))
    if before.keys != now.keys:
        before, rates_before = _aligned(before, now.keys), None
    frames = [_NO_LIMIT if x is None else x / SMALLEST_FRAME_BITS for x in limits_bps]
    found = Rates(
        *_octet_rates(before, now, limits_bps, rates_before),
        _column(before.errors_in, now.errors_in, 1 / elapsed_s, frames),
        _column(before.errors_out, now.errors_out, 1 / elapsed_s, frames),
        _column(before.discards_in, now.discards_in, 1 / elapsed_s, frames),
        _column(before.discards_out, now.discards_out, 1 / elapsed_s, frames),
    )
    if before.discontinuities == now.discontinuities:
        return found
    return _without_discontinuous(before, now, found)


def _column(before: Counters, now: Counters, per_count: float, limits: Sequence[float]) -> Column:
    """Rates of one kind of counter: `per_count` of the unit for each count between."""
    if before == now:
        return [None if value is None else 0.0 for value in now]
    return [
        None
        if old is None or new is None or new < old or (new - old) * per_count > limit
        else (new - old) * per_count
        for old, new, limit in zip(before, now, limits, strict=True)
    ]


def _octet_rates(
    before: Reading, now: Reading, limits_bps: Sequence[float | None], rates: Rates | None
) -> tuple[Column, Column]:
    elapsed_s = now.at_s - before.at_s
    bits = 8 / elapsed_s
    most = [_NO_LIMIT if x is None else x * SPEED_TOLERANCE for x in limits_bps]
    found_in = _column(before.octets_in, now.octets_in, bits, most)
    found_out = _column(before.octets_out, now.octets_out, bits, most)
    if before.octet_bits != now.octet_bits:  # another counter than the one read before
        same = [a == b for a, b in zip(before.octet_bits, now.octet_bits, strict=True)]
        return _only(found_in, same), _only(found_out, same)
    if 32 in now.octet_bits:
        last_in = rates.in_bps if rates else [None] * len(now.keys)
        last_out = rates.out_bps if rates else [None] * len(now.keys)
        _mend_narrow(before, now, limits_bps, (found_in, found_out), (last_in, last_out))
    return found_in, found_out


def _mend_narrow(
    before: Reading,
    now: Reading,
    limits_bps: Sequence[float | None],
    found: tuple[Column, Column],
    last: tuple[Sequence[float | None], Sequence[float | None]],
) -> None:
    """Put right what 32-bit counters of octets need: wraps, and speeds too high for them."""
    elapsed_s = now.at_s - before.at_s
    for port, bits in enumerate(now.octet_bits):
        if bits != 32:
            continue
        limit_bps = limits_bps[port]
        reset = _errors_fell(before, now, port)
        columns = ((before.octets_in, now.octets_in), (before.octets_out, now.octets_out))
        for (olds, news), rates, last_rates in zip(columns, found, last, strict=True):
            if limit_bps is not None and limit_bps * elapsed_s / 8 >= _TWO_32:
                rates[port] = None  # may have wrapped more than once
                continue
            old, new = olds[port], news[port]
            if not reset and old is not None and new is not None and new < old:
                rates[port] = _wrapped(old, new, elapsed_s, limit_bps, last_rates[port])


def _errors_fell(before: Reading, now: Reading, port: int) -> bool:
    pairs = zip(before.counters[2:], now.counters[2:], strict=True)
    values = ((old[port], new[port]) for old, new in pairs)
    return any(old is not None and new is not None and new < old for old, new in values)


def _wrapped(
    old: int, new: int, elapsed_s: float, limit_bps: float | None, last_bps: float | None
) -> float | None:
    """Return the rate of a 32-bit counter that fell, if it wrapped, and None if it was reset."""
    if limit_bps is None or last_bps is None:
        return None
    rate_bps = (new + _TWO_32 - old) * 8 / elapsed_s
    believed = min(limit_bps, last_bps * _WRAP_GROWTH + limit_bps * _WRAP_ALLOWANCE)
    return rate_bps if rate_bps <= believed else None


def _without_discontinuous(before: Reading, now: Reading, found: Rates) -> Rates:
    pairs = zip(before.discontinuities, now.discontinuities, strict=True)
    same = [old == new or old is None or new is None for old, new in pairs]
    return Rates(
        *(_only(found.in_bps, same), _only(found.out_bps, same)),
        *(_only(found.in_errors_ps, same), _only(found.out_errors_ps, same)),
        *(_only(found.in_discards_ps, same), _only(found.out_discards_ps, same)),
    )


def _only(column: Sequence[float | None], kept: Sequence[bool]) -> Column:
    return [value if keep else None for value, keep in zip(column, kept, strict=True)]


def _aligned(reading: Reading, keys: tuple[str, ...]) -> Reading:
    """Return the reading over other ports: None for those it did not have."""
    place = {key: position for position, key in enumerate(reading.keys)}
    places = [place.get(key) for key in keys]

    def moved(column: Counters) -> list[int | None]:
        return [None if position is None else column[position] for position in places]

    return replace(
        reading,
        keys=keys,
        octet_bits=[0 if p is None else reading.octet_bits[p] for p in places],
        octets_in=moved(reading.octets_in),
        octets_out=moved(reading.octets_out),
        errors_in=moved(reading.errors_in),
        errors_out=moved(reading.errors_out),
        discards_in=moved(reading.discards_in),
        discards_out=moved(reading.discards_out),
        discontinuities=moved(reading.discontinuities),
    )
