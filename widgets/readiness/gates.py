"""The check points of a conference: what was kept at each, and when the next ones come. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from console.language import N_, _
from console.model.plan import Occurrence
from console.model.readiness import Verdict
from console.model.report import GATES, CheckPoint, ConferenceReport
from console.model.states import State
from console.texts_readiness import verdict_word
from widgets import times
from widgets.readiness import words

_NAMES = {
    "7d": N_("7 days"),
    "1d": N_("1 day"),
    "60m": N_("60 minutes"),
    "15m": N_("15 minutes"),
    "5m": N_("5 minutes"),
}
_SHORT = {
    Verdict.READY: N_("ready"),
    Verdict.READY_NOT_N1: N_("ready, with a risk"),
    Verdict.NOT_READY: N_("not ready"),
    Verdict.UNKNOWN: N_("not known"),
}


@dataclass(frozen=True, slots=True)
class GateText:
    """A check point as it is shown. `sign` is None where nothing is kept of it.

    `passed`: it lies in the past; `hint` is told on hover and to screen readers.
    """

    name: str
    below: str
    sign: State | None
    passed: bool
    hint: str


def gate_name(gate: str) -> str:
    """Return how long before the start a check point lies, in words."""
    return _(_NAMES[gate]) if gate in _NAMES else gate


def gates_of(
    span: Occurrence,
    at_s: float,
    points: Iterable[CheckPoint] = (),
    report: ConferenceReport | None = None,
) -> tuple[GateText, ...]:
    """Return the row of check points at a moment; what was kept later is left out."""
    kept = {point.gate: point.kept for point in points if point.due_s <= at_s}
    due = {gate.name: span.start_s - gate.before_s for gate in GATES}
    next_s = min((due_s for due_s in due.values() if due_s > at_s), default=None)
    row = []
    for name, due_s in due.items():
        assessment = kept.get(name)
        if assessment is not None:
            row.append(_kept(name, due_s, assessment.verdict))
        else:
            row.append(_empty(name, due_s, at_s, due_s == next_s))
    return (*row, _held(span, at_s), _report(span, at_s, report))


def _kept(name: str, due_s: float, verdict: Verdict) -> GateText:
    hint = f"{times.minute(due_s)}: {verdict_word(verdict)}"
    return GateText(gate_name(name), _(_SHORT[verdict]), words.STATES[verdict], True, hint)


def _empty(name: str, due_s: float, at_s: float, is_next: bool) -> GateText:
    when = times.minute(due_s)
    if due_s > at_s:
        below = times.until(due_s - at_s) if is_next else ""
        return GateText(gate_name(name), below, None, False, when)
    hint = _("{when}: nothing was kept").format(when=when)
    return GateText(gate_name(name), _("nothing kept"), None, True, hint)


def _held(span: Occurrence, at_s: float) -> GateText:
    told = f"{times.clock(span.start_s)}–{times.clock(span.end_s)}"  # no room for spaces
    below = _("running") if span.start_s <= at_s < span.end_s else told
    hint = f"{times.minute(span.start_s)}, {told}"
    return GateText(_("Conference"), below, None, at_s >= span.start_s, hint)


def _report(span: Occurrence, at_s: float, report: ConferenceReport | None) -> GateText:
    if report is None:
        hint = _("Is made when the conference is over")
        return GateText(_("Report"), "", None, at_s >= span.end_s, hint)
    hint = _("What was predicted, and what happened")
    sign = words.STATES[report.happened]
    return GateText(_("Report"), _(_HAPPENED[report.happened]), sign, True, hint)


_HAPPENED = {
    Verdict.READY: N_("went well"),
    Verdict.READY_NOT_N1: N_("went well"),
    Verdict.NOT_READY: N_("went badly"),
    Verdict.UNKNOWN: N_("not known"),
}
