"""Which series the detail panel would like to see, and when to ask again. No Qt, no clock."""

from dataclasses import dataclass
from typing import Literal

from console.language import N_

PIXELS = 400  # a graph is about so wide: less movement than one pixel is not worth a read
QUIET_S = 0.25  # between two questions for the same subject
PATIENCE_S = 2.0  # then an unanswered question is asked again


@dataclass(frozen=True, slots=True)
class Range:
    """A length of time to look at, ending at the cursor."""

    key: str
    length_s: float
    label: str


RANGES = (
    Range("1h", 3600.0, N_("1 h")),
    Range("6h", 6 * 3600.0, N_("6 h")),
    Range("24h", 24 * 3600.0, N_("24 h")),
    Range("7d", 7 * 86400.0, N_("7 d")),
    Range("30d", 30 * 86400.0, N_("30 d")),
    Range("1y", 365 * 86400.0, N_("1 y")),
)
RANGE_BY_KEY = {row.key: row for row in RANGES}
DEFAULT_RANGE = "24h"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose load: a link by its id, or a port by its number in the history."""

    kind: Literal["link", "port"]
    id: str | int


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """A wish for a series. `id` is a link's id (str) or a port's number in the history (int)."""

    kind: Literal["link", "port"]
    id: str | int
    from_s: float
    to_s: float
    range_key: str

    @property
    def subject(self) -> Subject:
        """Whose load is wished for."""
        return Subject(self.kind, self.id)


class WishDesk:
    """Keeps count of what was asked and answered; one question is under way at a time."""

    def __init__(self) -> None:
        self._asked: SeriesWish | None = None
        self._asked_s = 0.0
        self._answered = True

    def next(
        self, subject: Subject, range_key: str, at_s: float, now_s: float
    ) -> SeriesWish | None:
        """Return the wish to send now, if any; `now_s` is any steady clock."""
        length_s = RANGE_BY_KEY[range_key].length_s
        if self._same(subject, range_key) and self._waits(at_s, now_s, length_s / PIXELS):
            return None
        self._asked = SeriesWish(subject.kind, subject.id, at_s - length_s, at_s, range_key)
        self._asked_s = now_s
        self._answered = False
        return self._asked

    def _same(self, subject: Subject, range_key: str) -> bool:
        asked = self._asked
        return asked is not None and (asked.subject, asked.range_key) == (subject, range_key)

    def _waits(self, at_s: float, now_s: float, fraction_s: float) -> bool:
        assert self._asked is not None
        if not self._answered:
            return now_s - self._asked_s < PATIENCE_S
        moved = abs(at_s - self._asked.to_s) >= fraction_s
        return not moved or now_s - self._asked_s < QUIET_S

    def accepts(self, wish: SeriesWish) -> bool:
        """Return whether an answer to `wish` is the one waited for; any other is outdated."""
        if wish != self._asked or self._answered:
            return False
        self._answered = True
        return True

    def forget(self) -> None:
        """Expect nothing more: the next call of `next` asks anew."""
        self._asked = None
        self._answered = True
