"""What changed in the network between two moments, such as since a conference went well. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from console.analysis.rooms import Severity, severity_of
from console.model.advice import Change, ChangeKind
from console.model.readiness import Assessment
from console.model.snapshot import DeviceView, LinkView, RoomView, Snapshot
from console.model.states import RoomState

_WELL = (RoomState.IDLE, RoomState.STANDBY, RoomState.IN_CALL)
View = TypeVar("View")
Told = Callable[[View], str]


def changes(
    before: Snapshot,
    after: Snapshot,
    judged_before: Assessment | None = None,
    judged_after: Assessment | None = None,
) -> tuple[Change, ...]:
    """Return every difference that may matter to a conference, in the order of the kinds.

    Ways are compared where both assessments are given. What is not known at either moment is no
    difference.
    """
    found = [
        *_links(before.links, after.links),
        *_devices(before.devices, after.devices),
        *_rooms(before.rooms, after.rooms),
        *_room_states(before.bridges, after.bridges, ChangeKind.BRIDGE_STATE),
    ]
    if judged_before is not None and judged_after is not None:
        found += _paths(judged_before, judged_after)
    kinds = list(ChangeKind)
    return tuple(sorted(found, key=lambda change: kinds.index(change.kind)))


def _links(before: Mapping[str, LinkView], after: Mapping[str, LinkView]) -> Iterator[Change]:
    yield from _came_and_went(before, after, ChangeKind.LINK_NEW, ChangeKind.LINK_GONE)
    yield from _differ(before, after, ChangeKind.LINK_STATE, _state)
    yield from _differ(before, after, ChangeKind.LINK_CAPACITY, _capacity)


def _devices(before: Mapping[str, DeviceView], after: Mapping[str, DeviceView]) -> Iterator[Change]:
    yield from _came_and_went(before, after, ChangeKind.DEVICE_NEW, ChangeKind.DEVICE_GONE)
    yield from _differ(before, after, ChangeKind.DEVICE_STATE, _state)
    yield from _differ(before, after, ChangeKind.DEVICE_SOFTWARE, _device_software)
    yield from _differ(before, after, ChangeKind.DEVICE_SERIAL, _device_serial)


def _rooms(before: Mapping[str, RoomView], after: Mapping[str, RoomView]) -> Iterator[Change]:
    yield from _came_and_went(before, after, ChangeKind.ROOM_NEW, ChangeKind.ROOM_GONE)
    yield from _room_states(before, after, ChangeKind.ROOM_STATE)
    yield from _differ(before, after, ChangeKind.ROOM_SOFTWARE, _room_software)
    yield from _differ(before, after, ChangeKind.ROOM_SERIAL, _room_serial)


def _came_and_went(
    before: Mapping[str, View], after: Mapping[str, View], new: ChangeKind, gone: ChangeKind
) -> Iterator[Change]:
    yield from (Change(new, subject) for subject in after if subject not in before)
    yield from (Change(gone, subject) for subject in before if subject not in after)


def _differ(
    before: Mapping[str, View], after: Mapping[str, View], kind: ChangeKind, told: Told[View]
) -> Iterator[Change]:
    for subject, view in after.items():
        if subject not in before:
            continue
        was, now = told(before[subject]), told(view)
        if was and now and was != now:
            yield Change(kind, subject, (was,), (now,))


def _room_states(
    before: Mapping[str, RoomView], after: Mapping[str, RoomView], kind: ChangeKind
) -> Iterator[Change]:
    """Yield rooms that are well and were not, or not and were, or not for another reason."""
    for subject, view in after.items():
        if subject not in before:
            continue
        was, now = _room_state(before[subject]), _room_state(view)
        well = was[0] in _WELL and now[0] in _WELL
        if "" not in (was[0], now[0]) and was != now and not well:
            yield Change(kind, subject, was, now)


def _room_state(view: RoomView) -> tuple[str, ...]:
    state = _state(view)
    if not state or view.state in _WELL:
        return (state,)
    codes = (f"{x.code}:{x.argument}" if x.argument else x.code for x in view.reasons)
    return (state, *(code for code in codes if severity_of(code) is Severity.ERROR))


def _state(view: LinkView | DeviceView | RoomView) -> str:
    return "" if view.state.value == "unknown" else view.state.value


def _capacity(view: LinkView) -> str:
    return "" if view.capacity_bps is None else f"{view.capacity_bps:.0f}"


def _device_software(view: DeviceView) -> str:
    """Return the versions a device tells of, else its description, in which they stand."""
    told = (view.chassis.firmware, view.chassis.software) if view.chassis else ()
    return " / ".join(version for version in told if version) or view.sys_descr or ""


def _device_serial(view: DeviceView) -> str:
    return view.chassis.serial if view.chassis else ""


def _room_software(view: RoomView) -> str:
    return (view.facts.software if view.facts else None) or ""


def _room_serial(view: RoomView) -> str:
    return (view.facts.serial if view.facts else None) or ""


def _paths(before: Assessment, after: Assessment) -> Iterator[Change]:
    ways = {one.room: one.path for one in before.participants}
    rooms = {one.room for one in after.participants}
    for one in after.participants:
        if one.room not in ways:
            yield Change(ChangeKind.PARTICIPANT_NEW, one.room)
        elif set(ways[one.room] or ()) != set(one.path or ()):
            yield Change(ChangeKind.PATH, one.room, ways[one.room] or (), one.path or ())
    yield from (Change(ChangeKind.PARTICIPANT_GONE, room) for room in ways if room not in rooms)
