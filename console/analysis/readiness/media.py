"""The media of a conference, and of others at the same time, on the network: demand and load. Pure.

Rooms whose media take the same way are one group. What a failure does is worked out for the
groups that cross what has failed only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from console.analysis.readiness.findings import FULL
from console.analysis.readiness.flows import Ends, Meeting, Router, Way, meeting, room_ends
from console.analysis.readiness.network import Failed, Network, build
from console.model.inventory import Bridge, Inventory, MediaProfile, Room
from console.model.plan import Plan
from console.model.readiness import Direction, LoadedLink
from console.model.situation import Situation


@dataclass(frozen=True, slots=True)
class Need:
    """What one room sends and receives, bit/s."""

    up_bps: float
    down_bps: float


@dataclass(slots=True, eq=False)
class Group:
    """Rooms that share a way. `rooms` are the assessed conference's own."""

    router: int
    ends: Ends
    up_bps: float = 0.0
    down_bps: float = 0.0
    rooms: list[str] = field(default_factory=list)
    way: Way | None = None

    def rates(self, way: Way | None) -> Iterator[tuple[int, float]]:
        """Yield what the group brings to each hop of a way, bit/s."""
        if way is not None:
            for hop, share in way.up.items():
                yield hop, share * self.up_bps
            for hop, share in way.down.items():
                yield hop, share * self.down_bps


@dataclass(frozen=True, slots=True, eq=False)
class Rerouted:
    """The media after a failure: new ways of the groups it touched, rates on the hops it changed.

    A hop without media any more is None in `demand`.
    """

    ways: Mapping[int, Way | None]
    demand: Mapping[int, float | None]
    over: frozenset[int]  # hops above 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Where the media are at one time: each group's way, and what every hop carries, bit/s."""

    ways: Sequence[Way | None]
    demand: Mapping[int, float]


class Media:
    """Everything routed once. `rooms` tells each own room's group, None at the bridge's site."""

    def __init__(
        self,
        situation: Situation,
        needs: Mapping[str, Need] | None = None,
        bridge: Bridge | None = None,
    ) -> None:
        """Route the media.

        `needs` replaces what the profile says for rooms named in it, `bridge` the conference's.
        """
        inventory = situation.snapshot.inventory
        assert inventory is not None
        self.network: Network = build(situation.snapshot)
        self.groups: list[Group] = []
        self.rooms: dict[str, int | None] = {}
        self._situation = situation
        self._routers: list[Router] = []
        self._places: dict[Meeting, int] = {}
        self._known: dict[tuple[int, Ends], int] = {}
        self._needs = needs or {}
        entry = bridge or inventory.by_id.get(situation.plan.entry.bridge)
        self._add(situation.plan, inventory, entry, own=True)
        for other in situation.others:
            self._add(other, inventory, inventory.by_id.get(other.entry.bridge), own=False)
        self.capacity, self.baseline = self._limits()
        self._route()

    def _add(self, plan: Plan, inventory: Inventory, bridge: object, own: bool) -> None:
        profile = inventory.profiles.get(plan.entry.profile)
        if not isinstance(bridge, Bridge) or profile is None:
            return
        place = meeting(self.network, bridge)
        for room in rooms_of(plan, inventory):
            group = None if room.site == bridge.site else self._group(place, room)
            if own:
                self.rooms[room.id] = group
            if group is not None:
                need = self._needs.get(room.id) if own else None
                self._join(self.groups[group], room, need or need_of(profile), own)

    def _group(self, place: Meeting, room: Room) -> int:
        if place not in self._places:
            self._places[place] = len(self._routers)
            self._routers.append(Router(self.network, place))
        key = (self._places[place], room_ends(self._situation.snapshot, self.network, room))
        if key not in self._known:
            self._known[key] = len(self.groups)
            self.groups.append(Group(*key))
        return self._known[key]

    @staticmethod
    def _join(group: Group, room: Room, need: Need, own: bool) -> None:
        group.up_bps += need.up_bps
        group.down_bps += need.down_bps
        if own:
            group.rooms.append(room.id)

    def _limits(self) -> tuple[list[float | None], list[float | None]]:
        links, baselines = self._situation.snapshot.links, self._situation.baselines
        capacity: list[float | None] = []
        baseline: list[float | None] = []
        for link in self.network.links:
            view = links.get(link)
            capacity += [view.capacity_bps if view else None] * 2
            baseline += [baselines.get((link, direction)) for direction in Direction]
        return capacity, baseline

    def _route(self) -> None:
        self.demand: dict[int, float] = {}
        self.users: dict[int, set[int]] = {}  # of a hop
        self.on_link: dict[int, set[int]] = {}
        self.at_device: dict[int, set[int]] = {}
        for number, group in enumerate(self.groups):
            group.way = way = self._routers[group.router].way(group.ends)
            if way is None:
                continue
            for hop, rate_bps in group.rates(way):
                self.demand[hop] = self.demand.get(hop, 0.0) + rate_bps
                self.users.setdefault(hop, set()).add(number)
            for link in way.links:
                self.on_link.setdefault(link, set()).add(number)
            for device in way.devices:
                self.at_device.setdefault(device, set()).add(number)
        self.over = frozenset(hop for hop, rate in self.demand.items() if self._full(hop, rate))

    def picture(self, rerouted: Rerouted | None = None) -> Picture:
        """Return all ways and demands, now or after a failure."""
        ways = [group.way for group in self.groups]
        demand: dict[int, float] = dict(self.demand)
        if rerouted is not None:
            for number, way in rerouted.ways.items():
                ways[number] = way
            for hop, rate_bps in rerouted.demand.items():
                demand.pop(hop, None)
                if rate_bps is not None:
                    demand[hop] = rate_bps
        return Picture(ways, demand)

    def load(self, hop: int, demand_bps: float) -> float | None:
        """Return baseline and demand over capacity; None where either is not known."""
        capacity, baseline = self.capacity[hop], self.baseline[hop]
        if capacity is None or baseline is None:
            return None
        return (baseline + demand_bps) / capacity

    def _full(self, hop: int, demand_bps: float | None) -> bool:
        load = None if demand_bps is None else self.load(hop, demand_bps)
        return load is not None and load > FULL

    def after(self, failed: Failed) -> Rerouted:
        """Route anew what crosses a link or device that fails."""
        where, key = (
            (self.on_link, failed.link) if failed.device < 0 else (self.at_device, failed.device)
        )
        ways = dict(self._new_ways(failed, where.get(key, set())))
        changed: dict[int, float] = {}
        carriers: dict[int, int] = {}
        for number, way in ways.items():
            group = self.groups[number]
            for sign, taken in ((-1, group.way), (1, way)):
                for hop, rate_bps in group.rates(taken):
                    changed[hop] = changed.get(hop, 0.0) + sign * rate_bps
                for hop in taken.hops if taken else ():
                    carriers[hop] = carriers.get(hop, 0) + sign
        demand = {
            hop: self.demand.get(hop, 0.0) + more
            if len(self.users.get(hop, ())) + carriers[hop] > 0
            else None
            for hop, more in changed.items()
        }
        over = {hop for hop, rate_bps in demand.items() if self._full(hop, rate_bps)}
        return Rerouted(ways, demand, frozenset(over | (self.over - demand.keys())))

    def _new_ways(self, failed: Failed, touched: Iterable[int]) -> Iterator[tuple[int, Way | None]]:
        by_router: dict[int, list[int]] = {}
        for number in sorted(touched):
            by_router.setdefault(self.groups[number].router, []).append(number)
        for router, numbers in by_router.items():
            ends = [self.groups[number].ends for number in numbers]
            yield from zip(numbers, self._routers[router].ways_after(failed, ends), strict=True)

    def loaded(self, demand: Mapping[int, float]) -> tuple[LoadedLink, ...]:
        """Return every link and direction that carries demand, in the inventory's order."""
        return tuple(self._loaded(hop, demand[hop]) for hop in sorted(demand))

    def _loaded(self, hop: int, demand_bps: float) -> LoadedLink:
        link, direction = self.network.hop_name(hop)
        limits = self.capacity[hop], self.baseline[hop]
        return LoadedLink(link, direction, *limits, demand_bps, self.load(hop, demand_bps))

    def crossing(self, hops: Iterable[int], rerouted: Rerouted) -> set[int]:
        """Return the groups whose media cross one of these hops after a failure."""
        found: set[int] = set()
        for hop in hops:
            found |= self.users.get(hop, set()) - rerouted.ways.keys()
        wanted = set(hops)
        for number, way in rerouted.ways.items():
            if way and not (wanted.isdisjoint(way.up) and wanted.isdisjoint(way.down)):
                found.add(number)
        return found


def need_of(profile: MediaProfile) -> Need:
    """Return what a profile says that a room needs."""
    return Need(profile.up_bps, profile.down_bps)


def rooms_of(plan: Plan, inventory: Inventory) -> list[Room]:
    """Return the rooms of a conference that are in the inventory."""
    if plan.entry.rooms == "all":
        return list(inventory.rooms)
    found = (inventory.by_id.get(room) for room in dict.fromkeys(plan.entry.rooms))
    return [room for room in found if isinstance(room, Room)]
