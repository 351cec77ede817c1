"""An assessment for people at a terminal: the verdict, what to do and whom to call, the rooms."""

from collections.abc import Iterator, Sequence

from console.commands.tables import table
from console.language import (
    UNKNOWN,
    _,
    format_moment,
    format_number,
    format_rate,
    format_ratio,
    format_span,
)
from console.model.advice import Relief
from console.model.readiness import (
    Assessment,
    Direction,
    Finding,
    LoadedLink,
    Participant,
    Severity,
)
from console.model.situation import Situation
from console.model.snapshot import Collector
from console.model.states import CollectorState
from console.names import Names
from console.texts_advice import what_to_do
from console.texts_readiness import (
    contact,
    finding_sentence,
    summary,
    verdict_sentence,
    verdict_word,
)

_MARKS = {Severity.BLOCKER: "✖", Severity.RISK: "▲", Severity.INFO: "·"}
_MOST_LINKS = 10


def readiness_text(
    situation: Situation, assessment: Assessment, reliefs: Sequence[Relief] = ()
) -> str:
    """Return what `readiness` prints."""
    return "\n\n".join(_sections(situation, assessment, reliefs))


def _sections(
    situation: Situation, assessment: Assessment, reliefs: Sequence[Relief]
) -> Iterator[str]:
    names = Names(situation.snapshot.inventory)
    yield _head(situation, assessment)
    if assessment.reasons:
        bridge = situation.plan.entry.bridge
        yield "\n".join(_reasons(assessment, names, bridge, reliefs))
    if assessment.participants:
        yield _participants(assessment, names)
    if assessment.links:
        yield _links(assessment, names)


def _head(situation: Situation, assessment: Assessment) -> str:
    entry = situation.plan.entry
    start = format_moment(assessment.start_s, "EEE dd.MM.yyyy · HH:mm")
    end = format_moment(assessment.end_s, "HH:mm")
    assessed = _("assessed {0}").format(format_moment(assessment.assessed_at_s))
    lines = [
        f"{entry.name or entry.id} · {start}–{end} · {assessed}",
        f"{verdict_word(assessment.verdict)}. {verdict_sentence(assessment.verdict)}",
        summary(assessment),
        *_silence(situation.snapshot.collector),
    ]
    return "\n".join(lines)


def _silence(collector: Collector) -> Iterator[str]:
    """Yield that nobody measures: then all else that is unknown follows from it."""
    silent = format_span(collector.heartbeat_age_s)
    if collector.state is CollectorState.SILENT:
        text = _("The collector has been silent for {span}: everything is shown as unknown")
        yield f"{text.format(span=silent)}."
    elif collector.state is CollectorState.STOPPED:
        text = _("The collector was stopped {span} ago: everything is shown as unknown")
        yield f"{text.format(span=silent)}."


def _reasons(
    assessment: Assessment, names: Names, bridge: str, reliefs: Sequence[Relief]
) -> Iterator[str]:
    alone = [reason for reason in assessment.reasons if reason.code == "single_point"]
    for reason in assessment.reasons:
        if reason not in alone:
            yield from _reason(reason, names, bridge, what_to_do(reason, names, reliefs))
    if alone:
        places = ", ".join(names.name(reason.subject) for reason in alone)
        yield f"· {_('With a single network device: {0}.').format(places)}"


def _reason(reason: Finding, names: Names, bridge: str, advice: str) -> Iterator[str]:
    yield f"{_MARKS[reason.severity]} {finding_sentence(reason, names)}"
    called = contact(reason.subject, names, bridge)
    call = (
        _("Call {name}: {contact}.").format(name=called.name, contact=called.text) if called else ""
    )
    if reason.severity is not Severity.INFO and (advice or call):
        yield f"  {advice} {call}".rstrip()


def _participants(assessment: Assessment, names: Names) -> str:
    def row(one: Participant) -> tuple[str, ...]:
        return (
            *(names.name(one.room), verdict_word(one.verdict), _ms(one.rtt_ms)),
            *(_ms(one.jitter_ms), format_ratio(one.loss), format_span(one.evidence_age_s)),
            _way(one),
        )

    headers = (
        *(_("Room"), _("Verdict"), _("Round trip"), _("Jitter"), _("Loss"), _("Age"), _("Way")),
    )
    return table(headers, [row(one) for one in assessment.participants], "llrrrrl")


def _way(one: Participant) -> str:
    if one.path is None:
        return _("no way")
    return " ".join(one.path) or _("at the bridge's site")


def _links(assessment: Assessment, names: Names) -> str:
    """Return the fullest links, unknown ones first."""

    def row(link: LoadedLink) -> tuple[str, ...]:
        return (
            *(names.name(link.id), _WAYS[link.direction], format_rate(link.capacity_bps)),
            *(format_rate(link.baseline_bps), format_rate(link.demand_bps)),
            format_ratio(link.load),
        )

    headers = (
        *(_("Link"), _("Direction"), _("Capacity"), _("Usually"), _("Conference"), _("Load")),
    )
    fullest: Sequence[LoadedLink] = sorted(assessment.links, key=_emptiness)[:_MOST_LINKS]
    return table(headers, [row(link) for link in fullest], "llrrrr")


_WAYS = {Direction.A_TO_B: "a → b", Direction.B_TO_A: "b → a"}


def _emptiness(link: LoadedLink) -> float:
    return float("-inf") if link.load is None else -link.load


def _ms(value_ms: float | None) -> str:
    return UNKNOWN if value_ms is None else f"{format_number(value_ms, 1)} ms"
