"""Events in words: what devices tell by traps, as a person says it. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from console.language import N_, _, format_number, ngettext
from console.model.events import EventLog, EventView, Fate
from console.model.snapshot import Snapshot
from widgets import times
from widgets.wording import device_entry, site_name

_SNMP_TRAPS = "1.3.6.1.6.3.1.1.5."
LINK_DOWN, LINK_UP = _SNMP_TRAPS + "3", _SNMP_TRAPS + "4"
_WORDS = {
    _SNMP_TRAPS + "1": N_("Restarted (cold start)"),
    _SNMP_TRAPS + "2": N_("Restarted (warm start)"),
    LINK_DOWN: N_("Port down"),
    LINK_UP: N_("Port up"),
    _SNMP_TRAPS + "5": N_("Somebody was refused access"),
    _SNMP_TRAPS + "6": N_("Neighbour lost (EGP)"),
}
_PORT_WORDS = {LINK_DOWN: N_("Port {port} down"), LINK_UP: N_("Port {port} up")}
_IF, _IFX = "1.3.6.1.2.1.2.2.1.", "1.3.6.1.2.1.31.1.1.1."
# Columns that events carry, by the MIB's names: these are the words of the trade.
_COLUMNS = {
    **{_IF + "1": "ifIndex", _IF + "2": "ifDescr", _IF + "3": "ifType"},
    **{_IF + "7": "ifAdminStatus", _IF + "8": "ifOperStatus"},
    **{_IFX + "1": "ifName", _IFX + "18": "ifAlias"},
    "1.3.6.1.6.3.1.1.4.3": "enterprise",
    "1.3.6.1.6.3.18.1.3": "agent",
    "1.3.6.1.2.1.1.5": "sysName",
}
_PORT_NAMES = ("ifIndex", "ifName", "ifDescr")
_STATUS = ("ifAdminStatus", "ifOperStatus")
_STATUS_WORDS = ("", "up", "down", "testing", "unknown", "dormant", "notPresent", "lowerLayerDown")
_FATES = {
    Fate.KERNEL: N_("{n} came faster than they could be read"),
    Fate.QUEUE: N_("{n} found too many before them"),
    Fate.WITHHELD: N_("{n} beyond what one device may store"),
    Fate.HISTORY: N_("{n} waited for the disk too long"),
    Fate.REFUSED: N_("{n} with an unknown community or user"),
    Fate.GARBLED: N_("{n} could not be read"),
    Fate.REPEATED: N_("{n} repeated, stored once"),
}


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as the table shows it. `key` tells it apart; `device` is "" where unknown."""

    key: tuple[object, ...]
    view: EventView
    time: str
    device: str
    place: str
    words: str
    variables: str


def event_rows(snapshot: Snapshot, log: EventLog) -> list[EventRow]:
    """Return a row for each event of the log."""
    seen: dict[tuple[float, str, str], count[int]] = {}
    rows = []
    for view in reversed(log.events):  # so that the newest changes no older one's number
        key = (view.at_s, view.source, view.trap)
        number = next(seen.setdefault(key, count()))
        named = [(_name(oid), oid, text) for oid, text in view.variables]
        rows.append(
            EventRow(
                (*key, number),
                view,
                times.recent(view.at_s, snapshot.at_s),
                view.device or "",
                _place(snapshot, view),
                *_told(snapshot, view, named),
            )
        )
    return rows


def _place(snapshot: Snapshot, view: EventView) -> str:
    entry = device_entry(snapshot, view.device) if view.device else None
    if entry is None:
        return view.device or view.source
    return f"{site_name(snapshot, entry.site)} · {entry.id}"


def _name(oid: str) -> str:
    """Return the MIB's name of a known column's instance, "" of any other."""
    return _COLUMNS.get(oid.rpartition(".")[0], "")


def _told(
    snapshot: Snapshot, view: EventView, named: list[tuple[str, str, str]]
) -> tuple[str, str]:
    """Return what happened, and what else the event tells."""
    port = _port(snapshot, view, {name: text for name, _oid, text in named if name})
    if port and view.trap in _PORT_WORDS:
        rest = [part for part in named if part[0] not in _PORT_NAMES]
        return _(_PORT_WORDS[view.trap]).format(port=port), _variables(rest, view.left_out)
    known = _WORDS.get(view.trap)
    return _(known) if known else view.trap, _variables(named, view.left_out)


def _port(snapshot: Snapshot, view: EventView, told: dict[str, str]) -> str:
    """Return the port's name: as the event tells it, else as the device's ports are known."""
    index = told.get("ifIndex", "")
    ports = snapshot.ports.get(view.device or "", ())
    known = (port.name for port in ports if str(port.if_index) == index)
    return told.get("ifName") or next(known, "") or told.get("ifDescr") or index


def _variables(named: Iterable[tuple[str, str, str]], left_out: int) -> str:
    found = [f"{name or oid} {_value(name, text)}".rstrip() for name, oid, text in named]
    if left_out:
        found.append(ngettext("{n} more", "{n} more", left_out).format(n=left_out))
    return " · ".join(found)


def _value(name: str, text: str) -> str:
    if name in _STATUS and text.isdecimal() and 0 < int(text) < len(_STATUS_WORDS):
        return _STATUS_WORDS[int(text)]
    return text


def total_words(log: EventLog) -> str:
    """Return how many events there are in the span: 3,021 events in 24 h."""
    number = format_number(log.stored, 0)
    return ngettext("{n} event in 24 h", "{n} events in 24 h", log.stored).format(n=number)


def lost_words(log: EventLog) -> str:
    """Return how many were not stored, "" where all were."""
    if not log.lost:
        return ""
    return _("{n} not stored").format(n=format_number(log.lost, 0))


def fate_words(log: EventLog) -> str:
    """Return what became of everything that is not in the table, a line each."""
    fates = ((fate, log.counts.get(fate, 0)) for fate in _FATES)
    return "\n".join(_(_FATES[f]).format(n=format_number(n, 0)) for f, n in fates if n)
