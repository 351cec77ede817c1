"""A second way to the same numbers: parcels sent hop by hop as exact fractions, no graph library.

Distances come from repeated relaxation over all links, a failure is a network written anew
without what failed.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

Link = tuple[str, str, str, int]  # id, a, b, cost
HopName = tuple[str, str]  # link, device entered from


@dataclass
class Web:
    """Links and devices that are up."""

    devices: list[str]
    links: list[Link]

    def without(self, name: str) -> "Web":
        return Web(
            [device for device in self.devices if device != name],
            [link for link in self.links if name not in link[:3]],
        )


def far_from(web: Web, targets: Collection[str]) -> dict[str, int]:
    far = {device: 0 for device in web.devices if device in targets}
    for _ in web.devices:
        for _link, a, b, cost in web.links:
            for here, there in ((a, b), (b, a)):
                if there in far and far[there] + cost < far.get(here, 10**9):
                    far[here] = far[there] + cost
    return far


def onward_from(web: Web, far: dict[str, int], here: str) -> Iterator[tuple[str, str]]:
    for link, a, b, cost in web.links:
        for one, other in ((a, b), (b, a)):
            if one == here != other and far.get(other, 10**9) + cost == far[here]:
                yield link, other


def send(
    web: Web, starts: Collection[str], targets: Collection[str]
) -> dict[HopName, Fraction] | None:
    """Send one parcel from the nearest starts; at every hop it is cut into equal parts."""
    far = far_from(web, targets)
    reach = [start for start in starts if start in far]
    if not reach:
        return None
    least = min(far[start] for start in reach)
    near = [start for start in reach if far[start] == least]
    carried: dict[HopName, Fraction] = {}
    parcels = [(start, Fraction(1, len(near))) for start in near]
    while parcels:
        here, part = parcels.pop()
        if far[here] == 0:
            continue
        onward = list(onward_from(web, far, here))
        for link, other in onward:
            share = part / len(onward)
            carried[link, here] = carried.get((link, here), Fraction(0)) + share
            parcels.append((other, share))
    return carried


@dataclass
class Flows:
    """Rooms with their devices, the devices at which media end and start."""

    rooms: dict[str, list[str]]
    towards: list[str]
    back: list[str]
    up: int = 4
    down: int = 8


@dataclass
class Carried:
    demand: dict[HopName, Fraction] = field(default_factory=dict)
    users: dict[HopName, set[str]] = field(default_factory=dict)
    cut_off: set[str] = field(default_factory=set)


def carry(web: Web, flows: Flows) -> Carried:
    found = Carried()
    for room, starts in flows.rooms.items():
        up, down = send(web, starts, flows.towards), send(web, flows.back, starts)
        if up is None or down is None:
            found.cut_off.add(room)
            continue
        for way, rate in ((up, flows.up), (down, flows.down)):
            for hop, share in way.items():
                found.demand[hop] = found.demand.get(hop, Fraction(0)) + share * rate
                found.users.setdefault(hop, set()).add(room)
    return found
