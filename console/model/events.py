"""What devices told by themselves (traps, informs), and what became of everything they sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a notification. All but STORED are counted only."""

    STORED = "stored"
    KERNEL = "kernel"  # came faster than it was read
    QUEUE = "queue"  # read, and too many of this sender waited
    WITHHELD = "withheld"  # one sender's share of the history was used up
    HISTORY = "history"  # too many waited for the disk
    GARBLED = "garbled"
    REFUSED = "refused"  # no community or user of ours
    REPEATED = "repeated"  # an inform sent again that is known already


LOST = (Fate.KERNEL, Fate.QUEUE, Fate.WITHHELD, Fate.HISTORY)


@dataclass(frozen=True, slots=True)
class Event:
    """A notification on its way into the history.

    `device` is None where no device of the inventory, or more than one, has the address.
    `trap` and the OIDs in `variables` are dotted decimal; values are safe text, `left_out`
    counts those that were too many.
    """

    cycle: int
    at_ms: int
    device: str | None
    source: str
    trap: str
    variables: tuple[tuple[str, str], ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class EventCount:
    """So many notifications met this fate until then; `device` None: from nobody known."""

    cycle: int
    at_ms: int
    fate: Fate
    count: int
    device: str | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as it is read back."""

    at_s: float
    device: str | None
    source: str
    trap: str
    variables: tuple[tuple[str, str], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class EventLog:
    """The newest events of a span, newest first, and the fates of all that came in it."""

    from_s: float
    to_s: float
    events: tuple[EventView, ...]
    counts: Mapping[Fate, int]

    @property
    def stored(self) -> int:
        """How many events the span holds, shown or not."""
        return self.counts.get(Fate.STORED, 0)

    @property
    def lost(self) -> int:
        """How many notifications of the span were not stored though nothing was wrong with them."""
        return sum(self.counts.get(fate, 0) for fate in LOST)
