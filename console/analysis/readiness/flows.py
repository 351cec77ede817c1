"""Media flows between rooms and bridge sites: the way each takes, now and without what failed.

Pure. Every direction is routed by itself and shares equally at every hop, parallel links being a
hop each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from console.analysis.readiness.network import FAR, Failed, Field, Network
from console.model.inventory import Bridge, Room
from console.model.snapshot import Snapshot
from console.model.states import State

_ALIVE = (State.UP, State.DEGRADED, State.MAINTENANCE)
NOTHING = Failed()


@dataclass(frozen=True, slots=True)
class Ends:
    """The devices at which the media of a room may start: the first of these that can be reached.

    Devices that are up come before those of which nothing is known.
    """

    first: tuple[int, ...]
    second: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where media meet: any device of the bridge's site, or the one named, from which they go."""

    towards: frozenset[int]
    back: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """The share, 0..1, of a flow on each hop: `up` to the bridge's site, `down` from it.

    `links` and `devices` are all on the way, those nearest to the room first.
    """

    up: Mapping[int, float]
    down: Mapping[int, float]
    links: tuple[int, ...]
    devices: tuple[int, ...]

    @property
    def hops(self) -> Set[int]:
        """Every hop that carries a share."""
        return self.up.keys() | self.down.keys()


Trace = list[tuple[int, list[tuple[int, int]]]]  # device, its onward (neighbour, hop); far first


def room_ends(snapshot: Snapshot, network: Network, room: Room) -> Ends:
    """Return where a room's media start: at its device, else at any of its site."""
    present = _present(network, room.site, room.device)
    if room.device is not None:
        return Ends(present)
    up = [n for n in present if is_up(snapshot, network.devices[n])]
    return Ends(tuple(up), tuple(n for n in present if n not in up))


def meeting(network: Network, bridge: Bridge) -> Meeting:
    """Return where media for a bridge end and start."""
    return Meeting(
        frozenset(_present(network, bridge.site, None)),
        frozenset(_present(network, bridge.site, bridge.device)),
    )


def _present(network: Network, site: str, device: str | None) -> tuple[int, ...]:
    numbers = network.at_site.get(site, ())
    if device is not None:
        numbers = tuple(n for n in (network.device_number.get(device),) if n is not None)
    return tuple(n for n in numbers if n not in network.left_out)


def is_up(snapshot: Snapshot, device: str) -> bool:
    """Tell whether a device is known to carry something."""
    view = snapshot.devices.get(device)
    return view is not None and view.state in _ALIVE


class Router:
    """Finds ways to one meeting. What has failed is routed round without starting anew."""

    def __init__(self, network: Network, place: Meeting) -> None:
        self._network = network
        self._to = Field(network, place.towards)
        self._from = self._to if place.back == place.towards else Field(network, place.back)

    def way(self, ends: Ends) -> Way | None:
        """Return the way with all that is up; None where there is none in either direction."""
        return self._way(ends, self._to.far, self._from.far, NOTHING)

    def ways_after(self, failed: Failed, of: Iterable[Ends]) -> Iterator[Way | None]:
        """Yield the ways without what has failed."""
        to = self._to.after(failed)
        back = to if self._from is self._to else self._from.after(failed)
        for ends in of:
            yield self._way(ends, to, back, failed)

    def _way(self, ends: Ends, to: list[int], back: list[int], failed: Failed) -> Way | None:
        starts = nearest(to, ends)
        going = _trace(self._network, to, starts, failed.link)
        coming = going
        if back is not to:
            coming = _trace(self._network, back, nearest(back, ends), failed.link)
        if not going or not coming:
            return None
        steps = going if coming is going else going + coming
        return Way(
            up=_poured(going, dict.fromkeys(starts, 1.0 / len(starts))),
            down=_from(coming, back),
            links=tuple(dict.fromkeys(hop >> 1 for _device, on in steps for _near, hop in on)),
            devices=tuple(dict.fromkeys(device for device, _on in steps)),
        )


def nearest(far: Sequence[int], ends: Ends) -> list[int]:
    """Return those of the ends that are equally nearest; none where no way leads."""
    for devices in (ends.first, ends.second):
        least = min((far[device] for device in devices), default=FAR)
        if least < FAR:
            return [device for device in devices if far[device] == least]
    return []


def _trace(network: Network, far: list[int], starts: list[int], no_link: int) -> Trace:
    """Return every device on a shortest way from the starts with its next hops."""
    trace: Trace = []
    found = set(starts)
    rings = {far[starts[0]]: list(starts)} if starts else {}
    while rings:
        distance = max(rings)
        for device in rings.pop(distance):
            onward = [
                (near, hop)
                for near, hop, cost in network.steps[device]
                if far[near] + cost == distance and hop >> 1 != no_link
            ]
            trace.append((device, onward))
            for near, _hop in onward:
                if near not in found:
                    found.add(near)
                    rings.setdefault(far[near], []).append(near)
    return trace


def _from(trace: Trace, far: list[int]) -> dict[int, float]:
    """Share the flow back: from the roots, at every device over the ways that lead on."""
    onward: dict[int, list[tuple[int, int]]] = {device: [] for device, _on in trace}
    for device, on in trace:
        for near, hop in on:
            onward[near].append((device, hop ^ 1))
    back = [(device, onward[device]) for device, _on in reversed(trace)]
    roots = [device for device, _on in back if far[device] == 0]
    return _poured(back, dict.fromkeys(roots, 1.0 / len(roots)))


def _poured(trace: Trace, waiting: dict[int, float]) -> dict[int, float]:
    carried: dict[int, float] = {}
    for device, onward in trace:
        if onward:
            part = waiting[device] / len(onward)
            for near, hop in onward:
                carried[hop] = part
                waiting[near] = waiting.get(near, 0.0) + part
    return carried
