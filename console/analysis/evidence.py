"""What was measured on the way to a room or bridge, put together by the contract's rule 5. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from console.model.observation import PathWindow
from console.model.situation import Evidence

LOSS_S = 300  # so far back results count
_FEWEST_TRIPS = 3  # jitter is not told from fewer


@dataclass(frozen=True, slots=True)
class Measured:
    """What one probe or path told in the last LOSS_S seconds; times are means in microseconds.

    `trips` are round trips, `pairs` successive ones that differ by `jitter_us` on average.
    `remote` is True of a reflector: where nothing at all comes back it may be switched off.
    """

    sent: int
    lost: int
    trips: int
    rtt_us: float | None
    pairs: int
    jitter_us: float | None
    age_s: float
    fresh: bool
    remote: bool = False


def of_trips(sent: int, lost: int, rtts_us: Sequence[int], age_s: float, fresh: bool) -> Measured:
    """Return what a probe told: how often it asked, and its round trips in order."""
    steps = [abs(after - before) for before, after in pairwise(rtts_us)]
    return Measured(
        sent=sent,
        lost=lost,
        trips=len(rtts_us),
        rtt_us=_mean(rtts_us),
        pairs=len(steps),
        jitter_us=_mean(steps),
        age_s=age_s,
        fresh=fresh,
    )


def of_windows(
    windows: Sequence[PathWindow], age_s: float, fresh: bool, remote: bool = False
) -> Measured:
    """Return what the windows of one path told."""
    back = [(w.rtt_us, w.sent - w.lost) for w in windows if w.rtt_us is not None]
    pairs = [(w.jitter_us, w.pairs) for w in windows if w.jitter_us is not None]
    return Measured(
        sent=sum(w.sent for w in windows),
        lost=sum(w.lost for w in windows),
        trips=sum(count for _rtt, count in back),
        rtt_us=_weighted(back),
        pairs=sum(count for _jitter, count in pairs),
        jitter_us=_weighted(pairs),
        age_s=age_s,
        fresh=fresh,
        remote=remote,
    )


def evidence(measured: Sequence[Measured]) -> Evidence:
    """Return what all probes and paths of one room or bridge told together.

    A reflector from which nothing came back is left out where anything else answered.
    """
    if any(one.trips for one in measured):
        measured = [one for one in measured if one.trips or not one.remote]
    sent, trips = sum(one.sent for one in measured), sum(one.trips for one in measured)
    rtt_us = _weighted([(m.rtt_us, m.trips) for m in measured if m.rtt_us is not None])
    jitter_us = _weighted([(m.jitter_us, m.pairs) for m in measured if m.jitter_us is not None])
    return Evidence(
        rtt_ms=None if rtt_us is None else rtt_us / 1000,
        jitter_ms=None if jitter_us is None or trips < _FEWEST_TRIPS else jitter_us / 1000,
        loss=sum(one.lost for one in measured) / sent if sent else None,
        age_s=min((one.age_s for one in measured), default=None),
        fresh=any(one.fresh for one in measured),
    )


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None


def _weighted(values: Sequence[tuple[float, int]]) -> float | None:
    count = sum(weight for _value, weight in values)
    return sum(value * weight for value, weight in values) / count if count else None
