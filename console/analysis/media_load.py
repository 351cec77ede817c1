"""The packets that stand for a room's media, and their pace. Pure; time is an argument.

Sizes are those of whole IP packets, so that a rate is what the network carries. Audio is 200 octets
every 20 ms, video and sharing are packets of 1,200 octets; a quarter of what audio leaves is
sharing. DSCP: EF, AF41, AF21.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

AUDIO_DSCP, VIDEO_DSCP, SHARING_DSCP = 46, 34, 18
SPAN_S = 0.1  # in no span so long more is sent than the rate allows
_AUDIO_OCTETS, _AUDIO_PS = 200, 50.0
_PICTURE_OCTETS = 1200
_SHARING = 0.25
_LATE_S = 0.05  # what is later than that is left out and not made up for


@dataclass(frozen=True, slots=True)
class Stream:
    """Packets of one kind: so many octets of IP, so many a second."""

    dscp: int
    octets: int
    per_s: float

    @property
    def rate_bps(self) -> float:
        """What the network carries of it."""
        return self.octets * 8 * self.per_s


def streams(rate_bps: float, rooms: int = 1) -> tuple[Stream, ...]:
    """Return what so many rooms send together at `rate_bps` each."""
    audio_bps = min(rate_bps, _AUDIO_OCTETS * 8 * _AUDIO_PS)
    left_bps = rate_bps - audio_bps
    shares = (
        (AUDIO_DSCP, _AUDIO_OCTETS, audio_bps),
        (VIDEO_DSCP, _PICTURE_OCTETS, left_bps * (1 - _SHARING)),
        (SHARING_DSCP, _PICTURE_OCTETS, left_bps * _SHARING),
    )
    return tuple(
        Stream(dscp, octets, rooms * bps / (8 * octets)) for dscp, octets, bps in shares if bps > 0
    )


class Pacer:
    """Tells what is due of some streams that share a rate; `bound_bps` is never exceeded.

    In any SPAN_S of what it gave out there are at most `bound_bps` times SPAN_S bits, or a single
    packet where that is more.
    """

    def __init__(self, of: tuple[Stream, ...], bound_bps: float, now_s: float) -> None:
        self._streams = of
        largest = max((stream.octets for stream in of), default=0)
        self._most_octets = max(bound_bps * SPAN_S / 8, largest)
        self._lately: deque[tuple[float, int]] = deque()
        self._octets = 0
        # Spread, so that streams do not begin together.
        self._due_s = [now_s + number / len(of) / stream.per_s for number, stream in enumerate(of)]

    def due(self, now_s: float) -> Iterator[int]:
        """Yield the number of the stream whose packet is to be sent now, for each such packet."""
        self._forget(now_s)
        for number, stream in enumerate(self._streams):
            every_s = 1 / stream.per_s
            self._due_s[number] = max(self._due_s[number], now_s - max(_LATE_S, every_s))
            while self._due_s[number] <= now_s:
                if self._octets + stream.octets > self._most_octets:
                    break
                self._lately.append((now_s, stream.octets))
                self._octets += stream.octets
                self._due_s[number] += every_s
                yield number

    def _forget(self, now_s: float) -> None:
        while self._lately and self._lately[0][0] <= now_s - SPAN_S:
            self._octets -= self._lately.popleft()[1]
