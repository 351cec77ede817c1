"""Verdicts, findings and advice in sentences that need no network knowledge. No ids in them.

For commands, panels and printed briefs alike. `{subject}` is what a finding is about, `{0}` its
argument as a person reads it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from console.language import N_, _, format_number, format_ratio, local, ngettext
from console.model.inventory import Bridge, Conference, Device, Link, Room, Service, Site
from console.model.readiness import Assessment, Finding, Severity, Verdict
from console.names import Names
from console.texts import reason_of, sentence

_VERDICTS = {
    Verdict.READY: N_("Ready"),
    Verdict.READY_NOT_N1: N_("Ready – but not under every failure"),
    Verdict.NOT_READY: N_("Not ready"),
    Verdict.UNKNOWN: N_("Unknown"),
}
_SHORT_VERDICTS = {
    Verdict.READY: N_("ready"),
    Verdict.READY_NOT_N1: N_("ready, not under every failure"),
    Verdict.NOT_READY: N_("not ready"),
    Verdict.UNKNOWN: N_("not known"),
}
_VERDICT_SENTENCES = {
    Verdict.READY: N_("The conference can take place, even if a single link or device fails."),
    Verdict.READY_NOT_N1: N_(
        "The conference can take place as things stand, but a single failure could prevent it."
    ),
    Verdict.NOT_READY: N_("As things stand the conference cannot take place with enough rooms."),
    Verdict.UNKNOWN: N_("Too little is known at the moment to say whether it will work."),
}
_SENTENCES = {
    "room_down": N_("The video room {subject} does not answer."),
    "room_unreachable": N_("The video room {subject} cannot be reached: its site is cut off."),
    "room_unknown": N_("Nothing is known of the video room {subject} at the moment."),
    "room_degraded": N_("The video room {subject} is not fully in order."),
    "room_standby": N_("The video room {subject} is in standby."),
    "room_in_call": N_("The video room {subject} is in a call."),
    "room_missing": N_("The room {subject} is not in the inventory any more."),
    "no_path": N_("No way leads from {subject} to the conference bridge at the moment."),
    "rtt_high": N_("Picture and sound of {subject} take too long: {0} there and back."),
    "jitter_high": N_("Picture and sound of {subject} arrive unevenly: {0} of jitter."),
    "loss_high": N_("Too much is lost on the way to {subject}: {0}."),
    "evidence_missing": N_("The way to {subject} has not been measured yet."),
    "evidence_old": N_("The last measurement of the way to {subject} is too old."),
    "bridge_down": N_("The bridge “{subject}” does not answer."),
    "bridge_unknown": N_("Nothing is known of the bridge “{subject}” at the moment."),
    "bridge_degraded": N_("The bridge “{subject}” is not fully in order."),
    "bridge_not_asked": N_("Nobody checks whether the bridge “{subject}” works."),
    "bridge_missing": N_("The bridge of {subject} is not in the inventory."),
    "profile_missing": N_("What a room needs in {subject} is not in the inventory."),
    "calendar_problem": N_("The calendar of {subject} cannot be read; the last known date counts."),
    "no_rooms": N_("No room takes part in {subject}."),
    "quorum_missed": N_("Only {0} of the {1} rooms needed can take part in {subject}."),
    "overload": N_("The link {subject} is overloaded: {0} of its capacity with the conference."),
    "load_high": N_("The link {subject} is nearly full: {0} of its capacity with the conference."),
    "baseline_unknown": N_("How full the link {subject} usually is at this time is not known."),
    "capacity_unknown": N_("How much the link {subject} can carry is not known."),
    "link_unknown": N_("Whether the link {subject} works is not known at the moment."),
    "device_unknown": N_("Whether the network device at {subject} works is not known."),
    "single_point": N_("{subject} depends on a single network device."),
}
_TO_DO = {
    "room_down": N_("Have someone switch the room on and check its network cable."),
    "room_unreachable": N_("Have the connection of the site repaired."),
    "room_unknown": N_("Check in the room whether the equipment is on."),
    "room_degraded": N_("Have the equipment in the room checked before the conference."),
    "room_standby": N_("Nothing; it wakes up with the call."),
    "room_in_call": N_("Make sure that the call ends before the conference begins."),
    "room_missing": N_("Take the room out of the conference or add it to the inventory."),
    "no_path": N_("Have the connection of the site repaired."),
    "rtt_high": N_("Have the network operator look at the way to the site."),
    "jitter_high": N_("Have the network operator look at the way to the site."),
    "loss_high": N_("Have the network operator look for the loss on the way to the site."),
    "evidence_missing": N_("Wait a few minutes; if nothing comes, check how the room is asked."),
    "evidence_old": N_("Check whether the collector runs and the room answers it."),
    "bridge_down": N_("Have the conference bridge started; without it no room can take part."),
    "bridge_unknown": N_("Check whether the conference bridge works."),
    "bridge_degraded": N_("Have the conference bridge checked before the conference."),
    "bridge_not_asked": N_("Try the bridge with a call, or give it a probe in the inventory."),
    "bridge_missing": N_("Name a bridge of the inventory in the conference."),
    "profile_missing": N_("Name a profile of the inventory in the conference."),
    "calendar_problem": N_("Confirm the date by other means and have the calendar checked."),
    "no_rooms": N_("Enter the rooms that take part."),
    "quorum_missed": N_("See to the rooms that are not ready."),
    "overload": N_("Lower the picture quality of some rooms, or move other traffic off the link."),
    "load_high": N_("Avoid large transfers over this link during the conference."),
    "baseline_unknown": N_("Wait until the link has been measured, or look at it by hand."),
    "capacity_unknown": N_("Enter the link's capacity in the inventory."),
    "link_unknown": N_("Check why the devices at both ends do not tell of the link."),
    "device_unknown": N_("Check why the device does not answer."),
    "single_point": N_("Know whom to call there; in the long run a second device helps."),
    "failure_cuts_off": N_("Avoid work on it before and during the conference."),
    "failure_overloads": N_("Avoid work on it; have rooms ready to lower their picture quality."),
}
_MS = ("rtt_high", "jitter_high")


def verdict_word(verdict: Verdict) -> str:
    """Return a verdict in a word or two."""
    return _(_VERDICTS[verdict])


def short_verdict(verdict: Verdict) -> str:
    """Return a verdict as it stands among other words: on cards, in rows and sentences."""
    return _(_SHORT_VERDICTS[verdict])


def verdict_sentence(verdict: Verdict) -> str:
    """Return what a verdict means."""
    return _(_VERDICT_SENTENCES[verdict])


def finding_sentence(finding: Finding, names: Names) -> str:
    """Return a reason as a sentence; a code this version does not know is shown as it is."""
    subject = names.name(finding.subject)
    if finding.code.startswith("failure_") and finding.argument.isdigit():
        is_link = isinstance(names.entry(finding.subject), Link)
        count = int(finding.argument)
        text = _link_fails(finding, count) if is_link else _device_fails(finding, count)
        return text.format(count=count, subject=subject)
    known = _SENTENCES.get(finding.code)
    if known is None:
        return f"{finding.code} {subject} {finding.argument}".strip()
    said = _(known).format(*_arguments(finding), subject=subject)
    why = _cause(finding)
    return f"{said} {why}" if why else said


def to_do(finding: Finding) -> str:
    """Return what to do about it now; "" for a code this version does not know."""
    known = _TO_DO.get(finding.code)
    return _(known) if known else ""


def _link_fails(finding: Finding, count: int) -> str:
    if finding.code == "failure_cuts_off":
        return ngettext(
            "If the link {subject} fails, {count} room loses the conference.",
            "If the link {subject} fails, {count} rooms lose the conference.",
            count,
        )
    return ngettext(
        "If the link {subject} fails, {count} other link is overloaded.",
        "If the link {subject} fails, {count} other links are overloaded.",
        count,
    )


def _device_fails(finding: Finding, count: int) -> str:
    if finding.code == "failure_cuts_off":
        return ngettext(
            "If the network device {subject} fails, {count} room loses the conference.",
            "If the network device {subject} fails, {count} rooms lose the conference.",
            count,
        )
    return ngettext(
        "If the network device {subject} fails, {count} link is overloaded.",
        "If the network device {subject} fails, {count} links are overloaded.",
        count,
    )


def _arguments(finding: Finding) -> tuple[str, ...]:
    if finding.code == "quorum_missed":
        possible, _slash, needed = finding.argument.partition("/")
        return possible, needed
    try:
        value = float(finding.argument)
    except ValueError:
        return ("?",)
    if finding.code in _MS:
        return (f"{format_number(value)} ms",)
    return (format_ratio(value) if value >= 0.1 else f"{format_number(value * 100, 1)} %",)


def _cause(finding: Finding) -> str:
    """Return why a room, a bridge or a calendar is as it is, as its own sentence."""
    if not finding.argument or not finding.code.startswith(("room_", "bridge_", "calendar_")):
        return ""
    if finding.code in ("bridge_missing", "room_missing"):
        return ""
    return sentence(reason_of(finding.argument)).removesuffix(".") + "."


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: who it is (a room, site or bridge by name) and how, as the inventory says."""

    name: str
    text: str


def contact(subject: str, names: Names, bridge: str = "") -> Contact | None:
    """Return whom to call about anything: the room's contact, else its site's, else the bridge's.

    A link is looked after by the site of its end a. None where the inventory names nobody.
    """
    for entry_id in (*_responsible(subject, names), bridge):
        entry = names.entry(entry_id)
        if isinstance(entry, Room | Bridge | Service | Site) and entry.contact:
            return Contact(names.name(entry_id), entry.contact)
    return None


def _responsible(subject: str, names: Names) -> tuple[str, ...]:
    entry = names.entry(subject)
    if isinstance(entry, Link):
        return _responsible(entry.a.device, names)
    if isinstance(entry, Conference):
        return _responsible(entry.bridge, names)
    if isinstance(entry, Service):
        return (subject, entry.provider)
    if isinstance(entry, Room | Bridge | Device):
        return (subject, entry.site)
    return (subject,)


def places(assessment: Assessment) -> int:
    """Return how many rooms, links and devices need attention."""
    return len({r.subject for r in assessment.reasons if r.severity is not Severity.INFO})


def summary(assessment: Assessment) -> str:
    """Return in one line how many rooms are ready and how many places need attention."""
    total = len(assessment.participants)
    ready = sum(1 for one in assessment.participants if one.verdict is Verdict.READY)
    text = ngettext(
        "{ready} of {count} room is ready.", "{ready} of {count} rooms are ready.", total
    )
    said = text.format(ready=ready, count=total)
    count = places(assessment)
    if not count:
        return said
    return f"{said} {_attention(assessment, count)}"


def _attention(assessment: Assessment, count: int) -> str:
    day = _WEEKDAYS[local(assessment.start_s).weekday()]
    days = (assessment.start_s - assessment.assessed_at_s) / 86400
    if assessment.start_s <= assessment.assessed_at_s or days >= 6:
        text = ngettext("{count} place needs attention.", "{count} places need attention.", count)
        return _capital(text.format(count=_count_word(count)))
    if local(assessment.start_s).date() == local(assessment.assessed_at_s).date():
        text = ngettext(
            "{count} place needs attention before the conference.",
            "{count} places need attention before the conference.",
            count,
        )
        return _capital(text.format(count=_count_word(count)))
    text = ngettext(
        "{count} place needs attention before {day}.",
        "{count} places need attention before {day}.",
        count,
    )
    return _capital(text.format(count=_count_word(count), day=_(day)))


_COUNTS = (
    *(N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six")),
    *(N_("seven"), N_("eight"), N_("nine"), N_("ten"), N_("eleven"), N_("twelve")),
)
_WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday")),
    *(N_("Saturday"), N_("Sunday")),
)


def _count_word(count: int) -> str:
    return _(_COUNTS[count - 1]) if 1 <= count <= len(_COUNTS) else format_number(count)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentences(names: Names) -> Callable[[Finding], str]:
    """Return how findings are said, for whoever writes many."""
    return lambda finding: finding_sentence(finding, names)
