"""Which link of a conference is the critical one, and the figures that say why. No Qt."""

from dataclasses import dataclass

from console.model.readiness import Assessment, LoadedLink, Participant, Verdict


@dataclass(frozen=True, slots=True)
class Critical:
    """The critical element of a conference.

    `link` is the link, in its fuller direction; `failed` the link or device whose failure would
    do most harm, "" where every failure leaves enough rooms.
    """

    link: LoadedLink | None
    failed: str


def critical_of(assessment: Assessment) -> Critical:
    """Return what comes first: an overloaded link, else what may not fail, else the fullest."""
    fullest = max(assessment.links, key=_load, default=None)
    harmful = [x for x in assessment.single_failures if x.verdict is Verdict.NOT_READY]
    worst = max(harmful, key=lambda x: (len(x.cut_off), len(x.overloaded)), default=None)
    failed = worst.failed if worst else ""
    if fullest is not None and _load(fullest) <= 1 and worst is not None:
        of_failed = [link for link in assessment.links if link.id == failed]
        return Critical(max(of_failed, key=_load, default=fullest), failed)
    return Critical(fullest, failed)


def _load(link: LoadedLink) -> float:
    return -1.0 if link.load is None else link.load


def worst_way(assessment: Assessment) -> Participant | None:
    """Return the room whose way is worst by what was measured: loss, then delay, then jitter."""
    measured = [x for x in assessment.participants if x.rtt_ms is not None or x.loss is not None]
    return max(measured, key=_badness, default=None)


def _badness(one: Participant) -> tuple[float, float, float]:
    return one.loss or 0.0, one.rtt_ms or 0.0, one.jitter_ms or 0.0
