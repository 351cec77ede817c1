"""A rehearsal: the media load of a conference, sent as a test on request, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

LASTS_S = 60.0  # so long a rehearsal sends
WISH = "rehearsal"  # kind of the wish; its content is a RehearsalWish
# Reasons of a leg: its site has no reflector, nothing could be sent, no answer came, answers ended,
# less was sent than wanted.
NO_REFLECTOR, UNSENT, SILENT, LOST, SLOW = "no_reflector", "unsent", "silent", "lost", "slow"
# Reasons of a whole rehearsal: why it was refused or ended early.
NO_PROFILE, NO_REFLECTORS, LINK_FULL = "no_profile", "no_reflectors", "link_full"
UNKNOWN_CONFERENCE, ANOTHER_RUNS = "unknown_conference", "another_runs"
NOT_SENT, COLLECTOR_ENDED = "not_sent", "collector_ended"


@dataclass(frozen=True, slots=True)
class RehearsalWish:
    """What a wish of that kind says."""

    conference: str
    seconds: float = LASTS_S


class RehearsalState(StrEnum):
    """How far a rehearsal is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"

    @property
    def over(self) -> bool:
        """Tell whether nothing more becomes of it."""
        return self not in (RehearsalState.WAITING, RehearsalState.RUNNING)


class LegVerdict(StrEnum):
    """What was measured, against the limits of the conference's profile."""

    WITHIN = "within"
    BEYOND = "beyond"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Leg:
    """Rooms of one site, and the load to the reflector there and back.

    `reflector` is None where the site has none. `wanted_bps` is what the profile asks for all the
    rooms, each way; the rates are what left here and what came back, with IP and UDP headers.
    `lost_there` and `lost_back` are None where they cannot be told apart, times where nothing came
    back. `reason` is a code (see texts_rehearsal), `beyond` names the limits that were broken:
    loss, rtt, jitter.
    """

    site: str
    rooms: tuple[str, ...]
    reflector: str | None
    wanted_bps: float
    sent: int = 0
    lost: int = 0
    lost_there: int | None = None
    lost_back: int | None = None
    rtt_ms: float | None = None
    jitter_ms: float | None = None
    jitter_there_ms: float | None = None
    jitter_back_ms: float | None = None
    rate_there_bps: float | None = None
    rate_back_bps: float | None = None
    verdict: LegVerdict = LegVerdict.UNKNOWN
    beyond: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One rehearsal as it stood at a moment; instants are UTC seconds.

    `wish` is the number of the wish for it. `sent` and `lost` are packets whose answers have had
    their time. `reason` says why it was refused or ended early, `subject` what that is about.
    """

    conference: str
    wish: int
    state: RehearsalState
    began_s: float
    lasts_s: float = LASTS_S
    elapsed_s: float = 0.0
    ended_s: float | None = None
    sent: int = 0
    lost: int = 0
    legs: tuple[Leg, ...] = ()
    reason: str = ""
    subject: str = ""

    @property
    def left_s(self) -> float:
        """How long it still sends."""
        return max(0.0, self.lasts_s - self.elapsed_s)
