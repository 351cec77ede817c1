"""What the process that sends a load is asked and what it tells, each as one line of JSON."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from console.analysis.echoes import PathNumbers
from console.analysis.media_load import Stream


@dataclass(frozen=True, slots=True)
class LoadTarget:
    """A reflector at a numeric address and what is sent to it, at most `bound_bps` with IP."""

    host: str
    port: int
    streams: tuple[Stream, ...]
    bound_bps: float
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LoadOrder:
    """What to send, and for how long."""

    seconds: float
    targets: tuple[LoadTarget, ...]


@dataclass(frozen=True, slots=True)
class LoadWindow:
    """What the packets of one stream to the target of that number saw; `at_s`: UTC seconds."""

    target: int
    dscp: int
    at_s: float
    lasts_s: float
    numbers: PathNumbers


@dataclass(frozen=True, slots=True)
class LoadEnd:
    """What became of one target: `reason` is a code of analysis.rehearsal, "" for none."""

    numbers: PathNumbers
    rate_there_bps: float | None
    rate_back_bps: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class LoadTold:
    """Told every second, and once more with `ended`, by target.

    `lost` is out of what has had its time.
    """

    elapsed_s: float
    sent: int
    lost: int
    windows: tuple[LoadWindow, ...] = ()
    ended: tuple[LoadEnd, ...] | None = None


ORDERS = TypeAdapter(LoadOrder)
TOLD = TypeAdapter(LoadTold)
