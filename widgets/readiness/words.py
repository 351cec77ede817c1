"""A room's reasons in few words, and the shapes of verdicts and reasons. No Qt."""

from console.analysis.readiness.findings import UNKNOWN
from console.language import N_, _, format_number, format_ratio, format_span
from console.model.readiness import Finding, Participant, Severity, Verdict
from console.model.states import State
from console.texts_readiness import short_verdict

STATES = {
    Verdict.READY: State.UP,
    Verdict.READY_NOT_N1: State.DEGRADED,
    Verdict.NOT_READY: State.DOWN,
    Verdict.UNKNOWN: State.UNKNOWN,
}
_SEVERITIES = {
    Severity.BLOCKER: State.DOWN,
    Severity.RISK: State.DEGRADED,
    Severity.INFO: State.UP,
}
# A room's reason in few words; `{0}` stands for the argument as a person reads it.
_SHORT = {
    "room_down": N_("does not answer"),
    "room_unreachable": N_("unreachable"),
    "room_unknown": N_("silent"),
    "room_degraded": N_("not in order"),
    "room_standby": N_("standby"),
    "room_in_call": N_("in a call"),
    "room_missing": N_("not in the inventory"),
    "no_path": N_("no way to the bridge"),
    "rtt_high": N_("delay of {0}"),
    "jitter_high": N_("jitter of {0}"),
    "loss_high": N_("loss of {0}"),
    "evidence_missing": N_("not measured yet"),
    "evidence_old": N_("no new measurement"),
    "bridge_down": N_("bridge does not answer"),
    "bridge_unknown": N_("bridge silent"),
    "bridge_missing": N_("bridge unknown"),
    "profile_missing": N_("demand unknown"),
    "overload": N_("way at {0}"),
    "load_high": N_("way at {0}"),
    "baseline_unknown": N_("usual load unknown"),
    "capacity_unknown": N_("capacity unknown"),
    "link_unknown": N_("way uncertain"),
    "device_unknown": N_("way uncertain"),
}
_MS = frozenset(("rtt_high", "jitter_high"))
_RATIOS = frozenset(("loss_high", "overload", "load_high"))


def severity_state(finding: Finding) -> State:
    """Return the state whose shape and colour a reason has; where nobody can say, unknown's."""
    return State.UNKNOWN if finding.code in UNKNOWN else _SEVERITIES[finding.severity]


def short_reason(finding: Finding) -> str:
    """Return a room's reason in a few words; "" for one that needs a sentence."""
    known = _SHORT.get(finding.code)
    return _(known).format(_argument(finding)) if known else ""


def _argument(finding: Finding) -> str:
    try:
        value = float(finding.argument)
    except ValueError:
        return finding.argument
    if finding.code in _RATIOS:
        return format_ratio(value) if value >= 0.1 else f"{format_number(value * 100, 1)} %"
    return f"{format_number(value)} ms" if finding.code in _MS else finding.argument


def room_state(participant: Participant) -> State:
    """Return the shape of a participant: ready with a risk is a warning."""
    if participant.verdict is not Verdict.READY:
        return STATES[participant.verdict]
    risky = any(reason.severity is Severity.RISK for reason in participant.reasons)
    return State.DEGRADED if risky else State.UP


def room_word(participant: Participant) -> str:
    """Return what stands on a participant's tile beside the shape."""
    told = [text for text in map(short_reason, participant.reasons) if text]
    if participant.verdict is Verdict.UNKNOWN and participant.evidence_age_s is not None:
        old = any(x.code in ("room_unknown", "evidence_old") for x in participant.reasons)
        if old:
            return _("silent for {span}").format(span=format_span(participant.evidence_age_s))
    if participant.verdict is Verdict.READY and room_state(participant) is State.UP:
        return " · ".join([short_verdict(Verdict.READY), *told[:1]])
    return told[0] if told else short_verdict(participant.verdict)
