"""What could be done for a conference, and what has changed since one that went well."""

from dataclasses import dataclass
from enum import StrEnum

from console.model.readiness import Overload


class Quality(StrEnum):
    """What a room sends and receives when it is taken down from the profile's."""

    HD720 = "720p"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Reduction:
    """A room that is taken down to a lower quality."""

    room: str
    quality: Quality


@dataclass(frozen=True, slots=True)
class Relief:
    """Which rooms to take down, in this order, so that a failure overloads nothing.

    `failed` is a link or device, "" for the network as it is. `left` is what stays above 1.0
    whatever the rooms do; where it is empty the steps suffice.
    """

    failed: str
    steps: tuple[Reduction, ...]
    left: tuple[Overload, ...]


@dataclass(frozen=True, slots=True)
class BridgeSite:
    """How a conference would fare with its bridge at a site, under the worst single failure.

    `cut_off`: how many rooms at most one failure cuts off. `worst_load` is the highest load of
    any link with media, with everything up too; None where no load is known. `failed` is the
    failure that brings it, "" for none; `unknown` is how many loads are not known.
    """

    site: str
    cut_off: int
    worst_load: float | None
    failed: str
    unknown: int


class ChangeKind(StrEnum):
    """What changed between two moments."""

    LINK_STATE = "link_state"
    LINK_CAPACITY = "link_capacity"
    LINK_NEW = "link_new"
    LINK_GONE = "link_gone"
    DEVICE_STATE = "device_state"
    DEVICE_NEW = "device_new"
    DEVICE_GONE = "device_gone"
    DEVICE_SOFTWARE = "device_software"
    DEVICE_SERIAL = "device_serial"
    ROOM_STATE = "room_state"
    ROOM_NEW = "room_new"
    ROOM_GONE = "room_gone"
    ROOM_SOFTWARE = "room_software"
    ROOM_SERIAL = "room_serial"
    BRIDGE_STATE = "bridge_state"
    PATH = "path"
    PARTICIPANT_NEW = "participant_new"
    PARTICIPANT_GONE = "participant_gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are states, text, bit/s or link ids; () without any.

    A state of a room or bridge that is not well is followed by its reasons, each code:argument.
    """

    kind: ChangeKind
    subject: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedChange:
    """A difference and when it came about, UTC seconds; None where that is not known."""

    change: Change
    at_s: float | None


@dataclass(frozen=True, slots=True)
class Held:
    """A conference that was held, by its start in UTC seconds."""

    conference: str
    start_s: float


@dataclass(frozen=True, slots=True)
class Lookback:
    """What has changed by `at_s` since the last conference that went well.

    `good` is None where none is known since `from_s`, when recording began (None: never).
    """

    conference: str
    at_s: float
    good: Held | None
    from_s: float | None
    changes: tuple[DatedChange, ...]
