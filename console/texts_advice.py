"""Advice and changes in sentences that need no network knowledge."""

from collections.abc import Iterable, Sequence

from console.language import N_, _, format_rate, format_ratio, ngettext
from console.model.advice import BridgeSite, Change, ChangeKind, Quality, Relief
from console.model.readiness import Finding
from console.model.states import RoomState, State
from console.names import Names
from console.texts import reason_of, sentence, state_word
from console.texts_readiness import to_do

# `{0}` is what was before, `{1}` what is now.
_CHANGES = {
    ChangeKind.LINK_STATE: N_("The link {subject} is {1}; it was {0}."),
    ChangeKind.LINK_CAPACITY: N_("The link {subject} carries {1}; it carried {0}."),
    ChangeKind.LINK_NEW: N_("The link {subject} is new."),
    ChangeKind.LINK_GONE: N_("The link {subject} is no longer in the inventory."),
    ChangeKind.DEVICE_STATE: N_("The network device {subject} is {1}; it was {0}."),
    ChangeKind.DEVICE_NEW: N_("The network device {subject} is new."),
    ChangeKind.DEVICE_GONE: N_("The network device {subject} is no longer in the inventory."),
    ChangeKind.DEVICE_SOFTWARE: N_(
        "The network device {subject} runs other software: {1} instead of {0}."
    ),
    ChangeKind.DEVICE_SERIAL: N_(
        "The network device {subject} was replaced: serial number {1} instead of {0}."
    ),
    ChangeKind.ROOM_STATE: N_("The video room {subject} is {1}; it was {0}."),
    ChangeKind.ROOM_NEW: N_("The video room {subject} is new."),
    ChangeKind.ROOM_GONE: N_("The video room {subject} is no longer in the inventory."),
    ChangeKind.ROOM_SOFTWARE: N_(
        "The video room {subject} runs other software: {1} instead of {0}."
    ),
    ChangeKind.ROOM_SERIAL: N_(
        "The equipment of the video room {subject} was replaced: serial number {1} instead of {0}."
    ),
    ChangeKind.BRIDGE_STATE: N_("The conference bridge {subject} is {1}; it was {0}."),
    ChangeKind.PATH: N_("Picture and sound of {subject} take another way: {1}; it was {0}."),
    ChangeKind.PARTICIPANT_NEW: N_("{subject} takes part for the first time since then."),
    ChangeKind.PARTICIPANT_GONE: N_("{subject} does not take part any more."),
}
_OF_ROOMS = (ChangeKind.ROOM_STATE, ChangeKind.BRIDGE_STATE)
_STATES = (ChangeKind.LINK_STATE, ChangeKind.DEVICE_STATE, *_OF_ROOMS)


def what_to_do(
    finding: Finding, names: Names, reliefs: Iterable[Relief], most: int | None = None
) -> str:
    """Return what to do about a reason; about an overload which rooms to take down, if that helps.

    At most so many rooms are named; None: all. "" for a code this version does not know.
    """
    failed = {"overload": "", "failure_overloads": finding.subject}.get(finding.code)
    found = next((one for one in reliefs if one.failed == failed), None)
    return (relief_sentence(found, names, most) if found else "") or to_do(finding)


def relief_sentence(relief: Relief, names: Names, most: int | None = None) -> str:
    """Return which rooms to take down and whether that suffices; "" where nothing is overloaded."""
    left = ", ".join(dict.fromkeys(names.name(one.link) for one in relief.left))
    if not relief.steps:
        return (
            _("Move other traffic off {links}: no room can relieve it.").format(links=left)
            if left
            else ""
        )
    if left:
        enough = _("{links} stays overloaded all the same").format(links=left)
    else:
        enough = _("that is enough again") if relief.failed else _("then it is enough")
    return f"{_taken_down(relief, names, most)}: {enough}."


def _taken_down(relief: Relief, names: Names, most: int | None) -> str:
    rooms = {
        quality: _listed([names.name(x.room) for x in relief.steps if x.quality is quality], most)
        for quality in Quality
    }
    told = _WHEN_FAILED if relief.failed else _NOW
    which = tuple(quality for quality in Quality if rooms[quality])
    return _(told[which]).format(hd=rooms[Quality.HD720], audio=rooms[Quality.AUDIO])


def _listed(rooms: Sequence[str], most: int | None) -> str:
    between = "; " if any("," in room for room in rooms) else ", "
    if most is None or len(rooms) <= most:
        return between.join(rooms)
    more = len(rooms) - most
    counted = ngettext("{n} more", "{n} more", more).format(n=more)
    return between.join([*rooms[:most], counted])


_WHEN_FAILED = {
    (Quality.HD720,): N_("Then take {hd} down to 720p"),
    (Quality.AUDIO,): N_("Then take {audio} down to sound only"),
    (Quality.HD720, Quality.AUDIO): N_("Then take {hd} down to 720p and {audio} to sound only"),
}
_NOW = {
    (Quality.HD720,): N_("Take {hd} down to 720p"),
    (Quality.AUDIO,): N_("Take {audio} down to sound only"),
    (Quality.HD720, Quality.AUDIO): N_("Take {hd} down to 720p and {audio} to sound only"),
}


def bridge_site_sentence(site: BridgeSite, names: Names) -> str:
    """Return how a conference would fare with its bridge at a site."""
    if site.cut_off:
        cut_off = ngettext(
            "{site}: a single failure cuts off at most {n} room",
            "{site}: a single failure cuts off at most {n} rooms",
            site.cut_off,
        )
    else:
        cut_off = _("{site}: no single failure cuts off a room")
    said = cut_off.format(site=names.name(site.site), n=site.cut_off)
    if site.worst_load is None:
        return f"{said}."
    full = _("the fullest link is then at {load}").format(load=format_ratio(site.worst_load))
    return f"{said}; {full}."


def change_sentence(change: Change, names: Names) -> str:
    """Return a difference between two moments."""
    told = [_told(change.kind, values, names) for values in (change.before, change.after)]
    said = _(_CHANGES[change.kind]).format(*told, subject=names.name(change.subject))
    if change.kind not in _OF_ROOMS:
        return said
    why = [f"{sentence(reason_of(code)).removesuffix('.')}." for code in change.after[1:]]
    return " ".join([said, *why])


def _told(kind: ChangeKind, values: tuple[str, ...], names: Names) -> str:
    if kind is ChangeKind.PATH:
        return ", ".join(names.name(link) for link in values) or _("no way")
    if not values:
        return ""
    if kind in _STATES:
        return state_word(RoomState(values[0]) if kind in _OF_ROOMS else State(values[0]))
    return format_rate(float(values[0])) if kind is ChangeKind.LINK_CAPACITY else values[0]
