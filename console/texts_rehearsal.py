"""What a rehearsal will do and what became of it, in sentences."""

from console.analysis.rehearsal import counted
from console.language import N_, UNKNOWN, _, format_number, format_span, ngettext
from console.model.rehearsal import (
    ANOTHER_RUNS,
    COLLECTOR_ENDED,
    LINK_FULL,
    LOST,
    NO_PROFILE,
    NO_REFLECTOR,
    NO_REFLECTORS,
    NOT_SENT,
    SILENT,
    SLOW,
    UNKNOWN_CONFERENCE,
    UNSENT,
    Leg,
    LegVerdict,
    Rehearsal,
    RehearsalState,
)
from console.names import Names

_LEAST_PERCENT = 0.01
VERDICTS = {
    LegVerdict.WITHIN: N_("within the limits"),
    LegVerdict.BEYOND: N_("beyond the limits"),
    LegVerdict.UNKNOWN: N_("not measured"),
}
_REASONS = {
    NO_REFLECTOR: N_("no reflector at this site"),
    UNSENT: N_("nothing could be sent"),
    SILENT: N_("the reflector does not answer"),
    LOST: N_("the answers ended"),
    SLOW: N_("less was sent than planned"),
}
_LIMITS = {"loss": N_("loss"), "rtt": N_("delay"), "jitter": N_("jitter")}
_REFUSALS = {
    NO_PROFILE: N_("Nothing was sent: the inventory has no media profile “{subject}”."),
    NO_REFLECTORS: N_(
        "Nothing was sent: no room's site has a reflector. Start one there"
        " (“python main.py reflect”) and name it in the inventory."
    ),
    LINK_FULL: N_(
        "Nothing was sent: the link {subject} on the way is above 90 % already. Try again when"
        " there is less traffic."
    ),
    UNKNOWN_CONFERENCE: N_("Nothing was sent: the collector does not know this conference."),
    ANOTHER_RUNS: N_("Nothing was sent: the rehearsal of {subject} is on. Wait for its end."),
    NOT_SENT: N_("The load could not be sent; the collector's log says why."),
    COLLECTOR_ENDED: N_("The rehearsal ended with the collector."),
}


def leg_word(leg: Leg) -> str:
    """Return the verdict on a leg in a few words."""
    word = _(VERDICTS[leg.verdict])
    if leg.beyond:
        word = _("beyond: {limits}").format(limits=", ".join(_(_LIMITS[x]) for x in leg.beyond))
    reason = _(_REASONS[leg.reason]) if leg.reason in _REASONS else ""
    if reason and (leg.verdict is LegVerdict.UNKNOWN or (not leg.beyond and leg.reason == LOST)):
        return reason
    return f"{word} · {reason}" if reason else word


def result_sentence(rehearsal: Rehearsal, names: Names) -> str:
    """Return what became of a rehearsal that is over, in one sentence."""
    if rehearsal.reason in _REFUSALS:
        subject = names.name(rehearsal.subject)
        return _(_REFUSALS[rehearsal.reason]).format(subject=subject)
    if rehearsal.state is RehearsalState.CANCELLED:
        return _("Cancelled after {span}.").format(span=format_span(rehearsal.elapsed_s))
    return _measured(rehearsal)


def _measured(rehearsal: Rehearsal) -> str:
    found = counted(rehearsal)
    if not found.tested:
        return _("Nothing came back: nobody can tell how the ways bear the load.")
    said = ngettext(
        "{within} of {tested} room bears the load of the conference within the limits.",
        "{within} of {tested} rooms bear the load of the conference within the limits.",
        found.tested,
    ).format(within=found.within, tested=found.tested)
    left, slow = found.rooms - found.tested, any(leg.reason == SLOW for leg in rehearsal.legs)
    more = ngettext("{left} room was not measured.", "{left} rooms were not measured.", left)
    told = [said, more.format(left=left) if left else ""]
    if slow:
        told.append(_("But this computer could not send all of it; the table says to whom."))
    return " ".join(sentence for sentence in told if sentence)


def short_line(rehearsal: Rehearsal, at_s: float) -> str:
    """Return one line for the readiness panel, "" where there is nothing to say."""
    if rehearsal.state is RehearsalState.RUNNING:
        return _("Rehearsal: {span} left").format(span=format_span(rehearsal.left_s))
    found = counted(rehearsal)
    if rehearsal.state is not RehearsalState.DONE or rehearsal.ended_s is None or not found.tested:
        return ""
    span = format_span(max(0.0, at_s - rehearsal.ended_s))
    if found.within < found.tested:
        said = _("Rehearsed {span} ago: {count} of {tested} within the limits")
        return said.format(span=span, count=found.within, tested=found.tested)
    said = _("Rehearsed {span} ago: {count} of {tested} without loss")
    return said.format(span=span, count=found.lossless, tested=found.tested)


def share_text(lost: int | None, sent: int) -> str:
    """Return lost packets as a share: none is 0, few are never called none."""
    if lost is None or not sent:
        return UNKNOWN
    percent = 100 * lost / sent
    if 0 < percent < _LEAST_PERCENT:
        return f"< {format_number(_LEAST_PERCENT, 2)} %"
    return f"{format_number(percent, 2 if 0 < percent < 10 else 0)} %"
