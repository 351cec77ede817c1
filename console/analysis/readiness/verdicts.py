"""The verdict on a conference, by the contract's eight rules. Pure."""

from collections.abc import Callable, Iterator

from console.analysis.readiness.failures import single_failures, single_points, tried
from console.analysis.readiness.findings import finding, in_order
from console.analysis.readiness.judged import Judged, Tally
from console.analysis.readiness.media import Media
from console.model.readiness import Assessment, Finding, SingleFailure, Verdict
from console.model.situation import Situation


def assess(situation: Situation, cancelled: Callable[[], bool] | None = None) -> Assessment:
    """Judge one occurrence of a conference.

    `cancelled` is asked between the failures that are tried; Cancelled is raised when it says so.
    """
    media = Media(situation)
    picture = media.picture()
    judged = Judged(situation, media, picture)
    tally = judged.tally()
    alone = single_points(media, situation)
    failures = tuple(single_failures(media, tally, tried(media, alone), cancelled))
    return Assessment(
        conference=situation.plan.id,
        start_s=situation.occurrence.start_s,
        end_s=situation.occurrence.end_s,
        assessed_at_s=situation.snapshot.at_s,
        verdict=_verdict(tally, failures),
        reasons=in_order(_reasons(situation, judged, tally, failures, alone)),
        participants=judged.participants,
        links=media.loaded(picture.demand),
        single_failures=failures,
    )


def _verdict(tally: Tally, failures: tuple[SingleFailure, ...]) -> Verdict:
    if tally.verdict is not Verdict.READY:
        return tally.verdict
    hit = any(failure.verdict is Verdict.NOT_READY for failure in failures)
    return Verdict.READY_NOT_N1 if hit else Verdict.READY


def _reasons(
    situation: Situation,
    judged: Judged,
    tally: Tally,
    failures: tuple[SingleFailure, ...],
    alone: tuple[str, ...],
) -> Iterator[Finding]:
    yield from judged.general
    if not judged.participants:
        yield finding("no_rooms", situation.plan.id)
    elif tally.verdict is Verdict.NOT_READY and situation.plan.entry.quorum != "all":
        yield finding("quorum_missed", situation.plan.id, f"{tally.possible}/{tally.needed}")
    for participant in judged.participants:
        yield from participant.reasons
    for failure in failures:
        if failure.verdict is Verdict.NOT_READY and tally.verdict is not Verdict.NOT_READY:
            yield _failure_finding(failure)
    for device in alone:
        yield finding("single_point", device)


def _failure_finding(failure: SingleFailure) -> Finding:
    if failure.cut_off:
        return finding("failure_cuts_off", failure.failed, str(len(failure.cut_off)))
    return finding("failure_overloads", failure.failed, str(len(failure.overloaded)))
