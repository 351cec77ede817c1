"""Whether a conference will work, and why not: frozen values of the verdict and what it rests on.

The rules that make one from the other are in `analysis.readiness`. Unknown is None or UNKNOWN.
"""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Of a conference. A participant's and a single failure's know no READY_NOT_N1."""

    READY = "ready"
    READY_NOT_N1 = "ready_not_n1"  # but not under every single failure
    NOT_READY = "not_ready"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """What a reason does to the verdict."""

    BLOCKER = "blocker"
    RISK = "risk"
    INFO = "info"


class Direction(StrEnum):
    """Which way along a link: from its end a to its end b, or back."""

    A_TO_B = "a_to_b"
    B_TO_A = "b_to_a"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason: `subject` is the id of what it is about; `argument` fills the code's sentence."""

    code: str
    severity: Severity
    subject: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """A room in the conference. `path`: links that carry a share, nearest to the room first.

    `path` is () at the bridge's own site and None without any way to it. `loss` is 0..1.
    """

    room: str
    site: str
    verdict: Verdict
    path: tuple[str, ...] | None
    rtt_ms: float | None
    jitter_ms: float | None
    loss: float | None
    evidence_age_s: float | None
    reasons: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LoadedLink:
    """A link in one direction with the conference's media on it; `load` is 0..1 and above."""

    id: str
    direction: Direction
    capacity_bps: float | None
    baseline_bps: float | None
    demand_bps: float
    load: float | None


@dataclass(frozen=True, slots=True)
class SingleFailure:
    """What the failure of one link or device (`failed`) would do; READY or NOT_READY."""

    failed: str
    cut_off: tuple[str, ...]  # rooms
    overloaded: tuple[str, ...]  # links
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on one occurrence of a conference; instants are UTC seconds."""

    conference: str
    start_s: float
    end_s: float
    assessed_at_s: float
    verdict: Verdict
    reasons: tuple[Finding, ...]
    participants: tuple[Participant, ...]
    links: tuple[LoadedLink, ...]
    single_failures: tuple[SingleFailure, ...]


@dataclass(frozen=True, slots=True)
class Overload:
    """A link that would carry more than it can; `load` is above 1."""

    link: str
    direction: Direction
    load: float


@dataclass(frozen=True, slots=True)
class Impact:
    """What the failure of a link or device (`failed`) would do at `at_s`, UTC seconds.

    `services`: consumer sites cut off by service; `conferences`: the verdict of each under it;
    `flows`: the load that would follow on links that carry conference media.
    """

    failed: str
    at_s: float
    cut_off_sites: tuple[str, ...]
    rooms: tuple[str, ...]
    services: tuple[tuple[str, tuple[str, ...]], ...]
    conferences: tuple[tuple[str, Verdict], ...]
    overloaded: tuple[Overload, ...]
    flows: tuple[LoadedLink, ...]
