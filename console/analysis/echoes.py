"""Packets sent along a path and what came back: loss by direction, round trips, jitter. Pure.

A stateful reflector (RFC 8762, section 4) numbers its answers. Where its numbers run on without a
hole, what is missing never reached it; a hole is an answer that was lost on the way back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Echo:
    """One packet, and its answer if there was one.

    `reflected` is the answer's own number; `there_us` and `back_us` are one-way times between
    clocks that may differ, so that only their differences mean anything.
    """

    number: int
    sent_s: float  # monotonic
    answered: bool = False
    rtt_us: int | None = None
    there_us: int | None = None
    back_us: int | None = None
    reflected: int | None = None


@dataclass(frozen=True, slots=True)
class PathNumbers:
    """What some packets along a path saw; names and units as in PathWindow."""

    sent: int
    lost: int
    lost_there: int | None = None
    lost_back: int | None = None
    rtt_us: int | None = None
    rtt_max_us: int | None = None
    pairs: int = 0
    jitter_us: int | None = None
    jitter_there_us: int | None = None
    jitter_back_us: int | None = None


class EchoLog:
    """The packets of one session, the numbers rising from 1.

    Number 0 is never sent: so the answers of a reflector that counts for itself bear other
    numbers than the questions, and those of one that does not bear the same.
    """

    def __init__(self) -> None:
        self.next_number = 1
        self.answers = 0  # how many packets were answered
        self.furthest = (0, -1)  # the answer that the reflector numbered highest: number, reflected
        self._echoes: dict[int, Echo] = {}
        self._stateful = False
        self._anchor: tuple[int, int] | None = (0, -1)  # last answer forgotten: number, reflected

    @property
    def stateful(self) -> bool:
        """Tell whether the reflector is known to count for itself."""
        return self._stateful

    def sent(self, at_s: float) -> int:
        """Note a packet that is sent now; return its number."""
        number = self.next_number
        self.next_number += 1
        self._echoes[number] = Echo(number, at_s)
        return number

    def waits_for(self, number: int) -> bool:
        """Tell whether a packet has not been answered yet, and may be."""
        echo = self._echoes.get(number)
        return echo is not None and not echo.answered

    def sent_s(self, number: int) -> float:
        """Return when a packet was sent."""
        return self._echoes[number].sent_s

    def answered(
        self,
        number: int,
        rtt_us: int | None,
        there_us: int | None = None,
        back_us: int | None = None,
        reflected: int | None = None,
    ) -> None:
        """Note the answer to a packet for which `waits_for` is true."""
        sent_s = self._echoes[number].sent_s
        self._echoes[number] = Echo(number, sent_s, True, rtt_us, there_us, back_us, reflected)
        self.answers += 1
        self._stateful |= reflected is not None and reflected != number
        if reflected is not None and reflected > self.furthest[1]:
            self.furthest = (number, reflected)

    def numbers(self, first: int, after: int, settled_s: float | None = None) -> PathNumbers:
        """Sum up packets `first` up to before `after`.

        With `settled_s` those that were sent later and are not answered are left out: their answer
        may be on its way.
        """
        echoes = [
            echo
            for number in range(first, after)
            if (echo := self._echoes.get(number)) is not None
            and (echo.answered or settled_s is None or echo.sent_s <= settled_s)
        ]
        lost = sum(not echo.answered for echo in echoes)
        there, back = (0, 0) if not lost else self._directions(echoes)
        return _summed(echoes, lost, there, back)

    def forget(self, before: int) -> None:
        """Drop packets that no window needs any more; the last answer is remembered."""
        for number in sorted(number for number in self._echoes if number < before):
            echo = self._echoes.pop(number)
            if echo.answered:
                known = echo.reflected
                self._anchor = None if known is None else (number, known)

    def _directions(self, echoes: list[Echo]) -> tuple[int | None, int | None]:
        """Return how many of the lost ones were lost there and back; None: cannot be told."""
        if not self._stateful:
            return None, None
        lost = {echo.number for echo in echoes if not echo.answered}
        seen = {e.reflected for e in self._echoes.values() if e.reflected is not None}
        there = back = 0
        for (number, reflected), (next_number, next_reflected) in pairwise(self._answers()):
            gap = range(number + 1, next_number)
            inside = sum(missing in lost for missing in gap)
            if not inside:
                continue
            found = _split(len(gap), reflected, next_reflected, seen)
            if found is None or (0 not in found and inside < len(gap)):
                return None, None
            there += inside if found[1] == 0 else found[0] if found[0] else 0
            back += inside if found[0] == 0 else found[1] if found[1] else 0
        return (there, back) if there + back == len(lost) else (None, None)

    def _answers(self) -> Iterator[tuple[int, int]]:
        if self._anchor is not None:
            yield self._anchor
        for number in sorted(self._echoes):
            reflected = self._echoes[number].reflected
            if reflected is not None:
                yield number, reflected


def _split(
    missing: int, reflected: int, next_reflected: int, seen: set[int]
) -> tuple[int, int] | None:
    """Return how many packets between two answers were lost there and back.

    None where the reflector began anew, or the network made one packet into two.
    """
    if next_reflected < reflected or next_reflected - reflected > 2 * missing + len(seen) + 2:
        return None
    back = sum(number not in seen for number in range(reflected + 1, next_reflected))
    return None if back > missing else (missing - back, back)


def _summed(echoes: list[Echo], lost: int, there: int | None, back: int | None) -> PathNumbers:
    came = [echo for echo in echoes if echo.rtt_us is not None]
    trips = [echo.rtt_us for echo in came if echo.rtt_us is not None]
    steps = [abs(b - a) for a, b in pairwise(trips)]
    return PathNumbers(
        *(len(echoes), lost, there, back),
        *(_mean(trips), max(trips, default=None), len(steps), _mean(steps)),
        _mean(_one_way_steps(came, back=False)),
        _mean(_one_way_steps(came, back=True)),
    )


def _one_way_steps(came: list[Echo], *, back: bool) -> Iterator[int]:
    """Yield by how much one-way times differed from packet to packet.

    No way takes longer than its round trip: a greater difference is a clock that was set.
    """
    for a, b in pairwise(came):
        before, after = (a.back_us, b.back_us) if back else (a.there_us, b.there_us)
        if before is None or after is None or a.rtt_us is None or b.rtt_us is None:
            continue
        step = abs(after - before)
        if step <= max(a.rtt_us, b.rtt_us):
            yield step


def _mean(values: Iterable[int]) -> int | None:
    found = list(values)
    return round(sum(found) / len(found)) if found else None
