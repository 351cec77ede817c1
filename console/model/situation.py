"""What an assessment rests on: the network, the plan, the usual load and what paths were measured.

Read by the history as of a moment; judged by `analysis.readiness`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from console.model.plan import Occurrence, Plan
from console.model.readiness import Direction
from console.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured between the collector and a room or bridge in the last 5 minutes.

    `jitter_ms` is None below three round trips. `age_s` is that of the newest result, None where
    nothing was ever measured; `fresh` is False where it is too old for its probe's interval.
    """

    rtt_ms: float | None
    jitter_ms: float | None
    loss: float | None
    age_s: float | None
    fresh: bool


Baselines = Mapping[tuple[str, Direction], float | None]  # bit/s by link and direction


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that an assessment of one occurrence rests on, as it was at the snapshot's moment.

    `others` are plans with an occurrence at the same time; their media are added. `evidence` is
    by room and bridge, `baselines` of every link of the snapshot's inventory.
    """

    snapshot: Snapshot
    plan: Plan
    occurrence: Occurrence
    others: tuple[Plan, ...]
    baselines: Baselines
    evidence: Mapping[str, Evidence]
