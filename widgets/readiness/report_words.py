"""A conference that is over: what was predicted, what happened, and why. No Qt."""

from console.language import _, format_number, ngettext
from console.model.readiness import Verdict
from console.model.report import ConferenceReport
from console.model.states import State
from console.names import Names
from console.texts_readiness import short_verdict
from widgets import times
from widgets.readiness import words
from widgets.readiness.gates import gate_name

_NAMED = 5


def report_state(report: ConferenceReport) -> State:
    """Return the shape of what happened."""
    return words.STATES[report.happened]


def report_headline(report: ConferenceReport) -> str:
    """Return what happened as a heading."""
    if report.happened is Verdict.UNKNOWN:
        return _("Nobody knows how it went")
    if report.happened is Verdict.NOT_READY:
        return _("Too few rooms had good picture and sound")
    if report.affected_sites:
        return _("It went well, not everywhere")
    return _("It went well")


def report_sentence(report: ConferenceReport, names: Names) -> str:
    """Return where it went badly, how it was predicted, and what else was wrong meanwhile."""
    return "\n".join(
        text
        for text in (
            f"{affected(report)} {_where(report, names)}",
            predicted(report),
            _causes(report, names),
        )
        if text
    )


def affected(report: ConferenceReport) -> str:
    """Return how many counties had bad picture or sound for a while."""
    text = ngettext(
        "{bad} of {count} county was affected.",
        "{bad} of {count} counties were affected.",
        report.sites,
    )
    return text.format(bad=len(report.affected_sites), count=report.sites)


def _where(report: ConferenceReport, names: Names) -> str:
    bad = sorted((room for room in report.rooms if room.red), key=lambda room: -room.red)
    if not bad:
        return _("Picture and sound were good in all rooms that were measured.")
    listed = [
        _("{room} ({n} min)").format(room=names.name(room.room), n=format_number(room.bad_min, 1))
        for room in bad[:_NAMED]
    ]
    if len(bad) > _NAMED:
        more = len(bad) - _NAMED
        listed.append(ngettext("{n} more", "{n} more", more).format(n=more))
    return _("Bad picture and sound: {rooms}.").format(rooms=", ".join(listed))


def predicted(report: ConferenceReport) -> str:
    """Return what the last check point said, and whether that was right."""
    if report.predicted is None or report.gate is None:
        return _("Nothing was kept that predicted it.")
    told = _("Predicted {gate} before: {verdict}.").format(
        gate=gate_name(report.gate), verdict=short_verdict(report.predicted)
    )
    if report.right is None:
        return told
    then = _("That was right.") if report.right else _("That was wrong.")
    return f"{told} {then}"


def _causes(report: ConferenceReport, names: Names) -> str:
    told = [
        _("{name} from {time}").format(
            name=names.name(cause.subject), time=times.clock(cause.began_s)
        )
        for cause in report.causes[:_NAMED]
    ]
    return _("Not in order meanwhile: {names}.").format(names=", ".join(told)) if told else ""
