"""The last finished windows of a reflector's own paths to others, and who is told of them.

Knows no sockets and no inventory.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from console.analysis.echoes import PathNumbers
from console.stamp.far_windows import (
    MOST,
    WINDOWS_TLV,
    Answer,
    FarWindow,
    answer_octets,
    read_question,
)


@dataclass(frozen=True, slots=True)
class _Kept:
    number: int
    began_s: float  # by the clock
    lasts_s: float
    numbers: PathNumbers


class Finished:
    """Keeps the last MOST windows of every path by name; `clock` is monotonic seconds."""

    def __init__(
        self, names: Iterable[str], dscp: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._kept: dict[str, deque[_Kept]] = {name: deque(maxlen=MOST) for name in names}
        self._dscp = dscp
        self._clock = clock
        self._run = secrets.randbits(63) + 1
        self._number = 0

    def add(self, name: str, began_s: float, lasts_s: float, numbers: PathNumbers) -> None:
        """Keep a window that is finished."""
        self._number += 1
        self._kept[name].append(_Kept(self._number, began_s, lasts_s, numbers))

    def fill(self, kind: int, value: bytes) -> bytes | None:
        """Answer a TLV; None where it asks nothing that is known here."""
        question = read_question(value) if kind == WINDOWS_TLV else None
        if question is None:
            return None
        kept = self._kept.get(question.name)
        if kept is None:
            return answer_octets(Answer(question.nonce, self._run, None), value)
        after = question.after if question.run == self._run else 0
        now_s = self._clock()
        windows = tuple(
            FarWindow(one.number, now_s - one.began_s, one.lasts_s, one.numbers)
            for one in kept
            if one.number > after
        )
        return answer_octets(Answer(question.nonce, self._run, self._dscp, windows), value)
