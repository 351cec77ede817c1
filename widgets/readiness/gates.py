"""The check points of a conference: what was kept at each, and when the next ones come. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from console.language import N_, _
from console.model.observation import Frozen
from console.model.readiness import Verdict
from console.model.states import State
from console.texts_readiness import verdict_word
from widgets import times
from widgets.readiness import words

GATES = (
    ("7d", 7 * 86400.0, N_("7 days")),
    ("1d", 86400.0, N_("1 day")),
    ("60m", 3600.0, N_("60 minutes")),
    ("15m", 900.0, N_("15 minutes")),
    ("5m", 300.0, N_("5 minutes")),
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A check point as it is shown. `sign` is None where nothing is kept of it.

    `passed`: it lies in the past; `hint` is told on hover and to screen readers.
    """

    name: str
    below: str
    sign: State | None
    passed: bool
    hint: str


def gates_of(
    start_s: float, end_s: float, at_s: float, frozen: Iterable[Frozen]
) -> tuple[Gate, ...]:
    """Return the row of check points at a moment."""
    kept = {one.gate: one for one in frozen}
    next_s = next((start_s - before for _k, before, _n in GATES if start_s - before > at_s), None)
    row = []
    for key, before_s, name in GATES:
        due_s = start_s - before_s
        row.append(_gate(_(name), due_s, at_s, kept.get(key), due_s == next_s))
    row.append(_held(start_s, end_s, at_s))
    row.append(_report(start_s, end_s, at_s, kept))
    return tuple(row)


def _gate(name: str, due_s: float, at_s: float, kept: Frozen | None, is_next: bool) -> Gate:
    when = times.minute(due_s)
    if kept is not None:
        word = _SHORT[kept.assessment.verdict]
        hint = _("{when}: {verdict}").format(
            when=when, verdict=verdict_word(kept.assessment.verdict)
        )
        return Gate(name, _(word), words.STATES[kept.assessment.verdict], True, hint)
    if due_s > at_s:
        below = times.until(due_s - at_s) if is_next else ""
        return Gate(name, below, None, False, when)
    hint = _("{when}: nothing was kept").format(when=when)
    return Gate(name, _("nothing kept"), None, True, hint)


_SHORT = {
    Verdict.READY: N_("ready"),
    Verdict.READY_NOT_N1: N_("ready, with a risk"),
    Verdict.NOT_READY: N_("not ready"),
    Verdict.UNKNOWN: N_("not known"),
}


def _held(start_s: float, end_s: float, at_s: float) -> Gate:
    span = f"{times.clock(start_s)} – {times.clock(end_s)}"
    below = _("running now") if start_s <= at_s < end_s else span
    return Gate(_("Conference"), below, None, at_s >= start_s, f"{times.minute(start_s)}, {span}")


def _report(start_s: float, end_s: float, at_s: float, kept: dict[str, Frozen]) -> Gate:
    if at_s < end_s:
        return Gate(_("Report"), "", None, False, _("Comes when the conference has ended"))
    before = [kept[key] for key, _before, _name in GATES if key in kept]
    hint = _("What was predicted, and what happened")
    sign = words.STATES[before[-1].assessment.verdict] if before else None
    return Gate(_("Report"), "", sign, True, hint)
