"""What needs attention, from a snapshot: causes first, what follows from them below. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from console.language import _, ngettext
from console.model.snapshot import DeviceView, LinkView, Reason, RoomView, Snapshot
from console.model.states import RoomState, State
from console.texts import sentence
from widgets.wording import device_entry, link_name, site_name

_SEVERITY = {"down": 0, "unreachable": 1, "degraded": 2, "unknown": 3}
_KINDS = ("device", "link", "room")
_NAMED = 3  # so many consequences are named, the others counted
_BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """One thing that is not well. `kind` is what a selection calls it: link, device, room, site.

    `below`: it follows from the row above it. `id` is "" for a row that only counts others.
    """

    kind: str
    id: str
    state: str
    name: str
    title: str
    detail: str
    since_s: float | None
    below: bool = False


def attention_rows(snapshot: Snapshot) -> tuple[AttentionRow, ...]:
    """Return what is not well: the worst and newest first, consequences under their cause."""
    found = [*_links(snapshot), *_devices(snapshot), *_rooms(snapshot)]
    unknown = [row for row in found if row.state == "unknown"]
    causes = {row.id: row for row in found if row.state != "unknown"}
    cause_of = {row: _cause(snapshot, row, causes) for row in causes.values()}
    top = sorted((row for row in causes.values() if cause_of[row] is None), key=_rank)
    rows: list[AttentionRow] = []
    for row in top:
        below = sorted((x for x, cause in cause_of.items() if cause == row.id), key=_rank_below)
        rows.append(_with_consequences(row, below))
        rows += [replace(x, below=True) for x in below]
    return (*rows, *_unknown_rows(unknown))


def _rank(row: AttentionRow) -> tuple[int, float, str]:
    newest = -(row.since_s if row.since_s is not None else float("-inf"))
    return _SEVERITY[row.state], newest, row.id


def _rank_below(row: AttentionRow) -> tuple[int, str]:
    return _KINDS.index(row.kind), row.name


def _row(kind: str, view: LinkView | DeviceView | RoomView, name: str, title: str) -> AttentionRow:
    """A row about `name`; `title` is a sentence with a place for it."""
    detail = " · ".join(sentence(reason) for reason in view.reasons)
    title = title.format(name=name)
    return AttentionRow(kind, view.id, str(view.state), name, title, detail, view.since_s)


def _links(snapshot: Snapshot) -> Iterable[AttentionRow]:
    titles = {
        State.DOWN: _("Link {name} interrupted"),
        State.DEGRADED: _("Link {name} impaired"),
        State.UNKNOWN: _("{name} unknown"),
    }
    for link in snapshot.links.values():
        if link.state in titles:
            yield _row("link", link, link_name(snapshot, link), titles[link.state])
        elif link.wiring.state.contradicts:
            title = _("Link {name} contradicts LLDP")
            row = _row("link", link, link_name(snapshot, link), title)
            yield replace(row, state=str(State.DEGRADED), since_s=None)


def _devices(snapshot: Snapshot) -> Iterable[AttentionRow]:
    titles = {
        State.DOWN: _("{name} does not answer"),
        State.UNREACHABLE: _("{name} cannot be reached"),
        State.DEGRADED: _("{name} impaired"),
        State.UNKNOWN: _("{name} unknown"),
    }
    for device in snapshot.devices.values():
        if device.state in titles:
            yield _row("device", device, _device_name(snapshot, device.id), titles[device.state])


def _device_name(snapshot: Snapshot, device: str) -> str:
    entry = device_entry(snapshot, device)
    return f"{site_name(snapshot, entry.site)} ({device})" if entry else device


def _rooms(snapshot: Snapshot) -> Iterable[AttentionRow]:
    titles = {
        RoomState.DOWN: _("{name} does not answer"),
        RoomState.UNREACHABLE: _("{name} cannot be reached"),
        RoomState.DEGRADED: _("{name} impaired"),
        RoomState.UNKNOWN: _("{name} unknown"),
    }
    for room in (*snapshot.rooms.values(), *snapshot.bridges.values()):
        if room.state in titles:
            name = f"{site_name(snapshot, room.site)} · {room.name}"
            yield _row("room", room, name, titles[room.state])


def _cause(snapshot: Snapshot, row: AttentionRow, known: dict[str, AttentionRow]) -> str | None:
    """Return the id of the cause behind all causes; None where there is none, or they go round."""
    seen = [row.id]
    while (before := _direct_cause(snapshot, known[seen[-1]], known)) is not None:
        if before in seen:
            return None
        seen.append(before)
    return seen[-1] if len(seen) > 1 else None


def _direct_cause(
    snapshot: Snapshot, row: AttentionRow, known: dict[str, AttentionRow]
) -> str | None:
    if row.kind == "device" and row.state == "unreachable":
        return _behind(snapshot.devices[row.id].reasons, known)
    if row.kind == "link":
        link = snapshot.links[row.id]
        ends = [known[x] for x in (link.a_device, link.b_device) if x in known]
        return next((end.id for end in ends if end.state == "down"), None)
    if row.kind == "room" and row.state == "unreachable":
        return _room_cause(snapshot, row.id, known)
    return None


def _behind(reasons: tuple[Reason, ...], known: dict[str, AttentionRow]) -> str | None:
    named = (reason.argument for reason in reasons if reason.code == _BEHIND)
    return next((argument for argument in named if argument in known), None)


def _room_cause(snapshot: Snapshot, room: str, known: dict[str, AttentionRow]) -> str | None:
    view = snapshot.rooms.get(room) or snapshot.bridges[room]
    inventory = snapshot.inventory
    here = [d.id for d in inventory.devices if d.site == view.site] if inventory else []
    devices = (known[x] for x in here if x in known)
    at_site = next((x.id for x in devices if x.state in ("down", "unreachable")), None)
    return _behind(view.reasons, known) or at_site


def _with_consequences(row: AttentionRow, below: list[AttentionRow]) -> AttentionRow:
    """Name what follows from a cause in its own line, behind the reasons."""
    if not below:
        return row
    hits = _("Affects {names}").format(names=_names(below))
    return replace(row, detail=f"{row.detail} · {hits}" if row.detail else hits)


def _names(rows: list[AttentionRow]) -> str:
    """The first names, and how many more there are."""
    names, more = ", ".join(row.name for row in rows[:_NAMED]), len(rows) - _NAMED
    if more <= 0:
        return names
    return names + ngettext(" and {n} more", " and {n} more", more).format(n=more)


def _unknown_rows(unknown: list[AttentionRow]) -> Iterable[AttentionRow]:
    """One row a kind for all that nothing is known of, or the thing itself if it is alone."""
    for kind in _KINDS:
        rows = [row for row in unknown if row.kind == kind]
        if len(rows) == 1:
            yield rows[0]
        elif rows:
            title = _UNKNOWN_TITLES[kind](len(rows))
            yield AttentionRow(kind, "", "unknown", "", title, _names(rows), None)


def _unknown_devices(count: int) -> str:
    return ngettext("{n} device unknown", "{n} devices unknown", count).format(n=count)


def _unknown_links(count: int) -> str:
    return ngettext("{n} link unknown", "{n} links unknown", count).format(n=count)


def _unknown_room_count(count: int) -> str:
    return ngettext("{n} room unknown", "{n} rooms unknown", count).format(n=count)


_UNKNOWN_TITLES = {
    "device": _unknown_devices,
    "link": _unknown_links,
    "room": _unknown_room_count,
}
