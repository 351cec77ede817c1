"""Sums of what several sessions or spans of packets along a path saw. Pure."""

from collections.abc import Iterable, Sequence

from console.analysis.echoes import PathNumbers


def summed(parts: Iterable[PathNumbers]) -> PathNumbers:
    """Return the sums, and means weighted by what they are means of; unknown stays unknown."""
    known = [part for part in parts if part.sent]
    lost = sum(part.lost for part in known)
    trips = [part.sent - part.lost for part in known]
    pairs = [part.pairs for part in known]
    return PathNumbers(
        sent=sum(part.sent for part in known),
        lost=lost,
        lost_there=_total([part.lost_there for part in known]),
        lost_back=_total([part.lost_back for part in known]),
        rtt_us=_mean([part.rtt_us for part in known], trips),
        rtt_max_us=max((p.rtt_max_us for p in known if p.rtt_max_us is not None), default=None),
        pairs=sum(pairs),
        jitter_us=_mean([part.jitter_us for part in known], pairs),
        jitter_there_us=_mean([part.jitter_there_us for part in known], pairs),
        jitter_back_us=_mean([part.jitter_back_us for part in known], pairs),
    )


def _total(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _mean(values: Sequence[int | None], weights: Sequence[int]) -> int | None:
    told = [(v, w) for v, w in zip(values, weights, strict=True) if v is not None and w]
    whole = sum(weight for _value, weight in told)
    return round(sum(value * weight for value, weight in told) / whole) if whole else None
