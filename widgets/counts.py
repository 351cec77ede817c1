"""The counts of the top bar: how many are well, how many are not. No Qt."""

from collections import Counter
from dataclasses import dataclass

from console.language import _, ngettext
from console.model.snapshot import Snapshot
from console.model.states import RoomState, State

_BAD_ROOMS = (RoomState.DOWN, RoomState.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Count:
    """One pill: a state's shape and a few words; `hint` says more, `short` is the number alone."""

    state: State
    text: str
    hint: str
    short: str


def counts(snapshot: Snapshot) -> tuple[Count, ...]:
    """Return what the top bar counts; what is zero and would be bad is left out."""
    if snapshot.inventory is None:
        return ()
    pills = [_sites(snapshot), _links(snapshot), _rooms(snapshot), _warnings(snapshot)]
    return tuple(pill for pill in pills if pill is not None)


def _sites(snapshot: Snapshot) -> Count:
    assert snapshot.inventory is not None
    entries = snapshot.inventory.sites
    counties = [site.id for site in entries if site.ags]
    of = counties or [site.id for site in entries]
    states = Counter(snapshot.sites[site].state for site in of if site in snapshot.sites)
    up = states[State.UP] + states[State.DEGRADED]
    if counties:
        text = ngettext("{up} of {n} county", "{up} of {n} counties", len(of))
    else:
        text = ngettext("{up} of {n} site", "{up} of {n} sites", len(of))
    worst = _worst(states)
    return Count(worst, text.format(up=up, n=len(of)), _("reachable"), f"{up}/{len(of)}")


def _worst(states: Counter[State]) -> State:
    order = (State.DOWN, State.UNREACHABLE, State.UNKNOWN)
    return next((state for state in order if states[state]), State.UP)


def _links(snapshot: Snapshot) -> Count | None:
    states = Counter(link.state for link in snapshot.links.values())
    down, unknown = states[State.DOWN], states[State.UNKNOWN]
    if down:
        text = ngettext("{n} link", "{n} links", down).format(n=down)
        return Count(State.DOWN, text, _("down"), str(down))
    if unknown:
        text = ngettext("{n} link", "{n} links", unknown).format(n=unknown)
        return Count(State.UNKNOWN, text, _("unknown"), str(unknown))
    whole, impaired = len(snapshot.links), states[State.DEGRADED]
    text = ngettext("{n} link", "{n} links", whole).format(n=whole)
    if impaired:
        hint = ngettext("{n} of them impaired", "{n} of them impaired", impaired)
        return Count(State.DEGRADED, text, hint.format(n=impaired), str(whole))
    return Count(State.UP, text, _("in operation"), str(whole)) if whole else None


def _rooms(snapshot: Snapshot) -> Count | None:
    gone = sum(room.state in _BAD_ROOMS for room in snapshot.rooms.values())
    if not gone:
        return None
    text = ngettext("{n} room", "{n} rooms", gone).format(n=gone)
    return Count(State.DOWN, text, _("down or unreachable"), str(gone))


def _warnings(snapshot: Snapshot) -> Count | None:
    warned = sum(link.state == State.DEGRADED for link in snapshot.links.values())
    warned += sum(device.state == State.DEGRADED for device in snapshot.devices.values())
    warned += sum(room.state == RoomState.DEGRADED for room in snapshot.rooms.values())
    if not warned:
        return None
    hint = ngettext("{n} warning", "{n} warnings", warned).format(n=warned)
    return Count(State.DEGRADED, str(warned), hint, str(warned))
