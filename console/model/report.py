"""What became of a conference: the check points before it and the report after it. Frozen values.

Made by `analysis.conference_report`; unknown is None.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from console.model.plan import Occurrence
from console.model.readiness import Assessment, Verdict
from console.model.series import Incident

WINDOW_S = 15  # so long are the windows in which media quality is judged


class Gate(NamedTuple):
    """A moment before the start at which an assessment is kept; at most `late_s` too late."""

    name: str
    before_s: int
    late_s: int


GATES = (
    Gate("7d", 7 * 86400, 3600),
    Gate("1d", 86400, 3600),
    Gate("60m", 3600, 120),
    Gate("15m", 900, 120),
    Gate("5m", 300, 120),
)


class Quality(StrEnum):
    """Of the media in one window, by round trip, jitter and loss."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class RoomReport:
    """How many windows of a conference were how good on the way to a room.

    `worst_share` is the largest share of red windows in any five minutes, which began at
    `worst_at_s`; None where nothing was measured.
    """

    room: str
    site: str
    green: int
    amber: int
    red: int
    unknown: int
    worst_share: float | None
    worst_at_s: float | None

    @property
    def bad_min(self) -> float:
        """Minutes that were red."""
        return self.red * WINDOW_S / 60


@dataclass(frozen=True, slots=True)
class ConferenceReport:
    """What the last check point predicted and what happened; instants are UTC seconds.

    `happened` is READY where enough rooms were reached well, else NOT_READY, or UNKNOWN where
    rooms that nobody measured decide. `right` compares it with the prediction, None where either
    is not known. `causes` are what was not well meanwhile, on the way to the rooms.
    """

    conference: str
    occurrence: Occurrence
    made_at_s: float
    gate: str | None
    predicted: Verdict | None
    happened: Verdict
    right: bool | None
    rooms: tuple[RoomReport, ...]
    sites: int
    affected_sites: tuple[str, ...]
    causes: tuple[Incident, ...]

    @property
    def went_well(self) -> bool:
        """Enough rooms had good picture and sound, and that had not been expected otherwise."""
        return self.happened is Verdict.READY and self.predicted is not Verdict.NOT_READY


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """A gate as it was; `kept` is None before it and where nobody was there to assess."""

    gate: str
    due_s: float
    missed: bool
    kept: Assessment | None


@dataclass(frozen=True, slots=True)
class ConferenceStory:
    """One occurrence from its first check point to its report, which is None until it is made."""

    conference: str
    occurrence: Occurrence
    points: tuple[CheckPoint, ...]
    report: ConferenceReport | None
