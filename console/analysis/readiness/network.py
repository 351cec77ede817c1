"""The routing graph as lists for quick loops: who is next to whom, and how far it is. Pure.

Built once from the snapshot's networkx graph without what is down. Devices and links are numbers
here; a hop is 2 x link, plus 1 from the link's end b to its end a.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from console.analysis.routing import cost_of
from console.model.readiness import Direction
from console.model.snapshot import LinkView, Snapshot
from console.model.states import State

FAR = 1 << 60  # the distance of what cannot be reached
MAX_COST = 65535  # the largest an interface can have (RFC 2328, C.3)
LEFT_OUT = (State.DOWN, State.UNREACHABLE)
_DIRECTIONS = (Direction.A_TO_B, Direction.B_TO_A)

Step = tuple[int, int, int]  # neighbour, hop to it, cost


@dataclass(frozen=True, slots=True)
class Failed:
    """One link or one device that has failed, by number; -1 for none."""

    link: int = -1
    device: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """What can carry flows. `steps` of each device are in the inventory's order of links."""

    devices: tuple[str, ...]
    links: tuple[str, ...]
    device_number: Mapping[str, int]
    link_number: Mapping[str, int]
    at_site: Mapping[str, tuple[int, ...]]  # devices, those left out too
    left_out: frozenset[int]  # devices
    steps: tuple[tuple[Step, ...], ...]
    ends: tuple[tuple[int, ...], ...]  # of each link; () where it is left out

    def hop_name(self, hop: int) -> tuple[str, Direction]:
        """Return the link and the direction of a hop."""
        return self.links[hop >> 1], _DIRECTIONS[hop & 1]

    def failed(self, name: str) -> Failed | None:
        """Return a link or device as failed; None for neither."""
        if name in self.link_number:
            return Failed(link=self.link_number[name])
        if name in self.device_number:
            return Failed(device=self.device_number[name])
        return None


def build(snapshot: Snapshot) -> Network:
    """Return the network of a snapshot; links and devices that are down carry nothing."""
    graph: nx.MultiGraph = snapshot.graph if snapshot.graph is not None else nx.MultiGraph()
    devices = {name: number for number, name in enumerate(graph)}
    out = frozenset(
        number
        for name, number in devices.items()
        if name in snapshot.devices and snapshot.devices[name].state in LEFT_OUT
    )
    sites: dict[str, tuple[int, ...]] = {}
    for name, site in graph.nodes(data="site"):
        sites[site] = (*sites.get(site, ()), devices[name])
    links: dict[str, int] = {}
    steps: list[list[Step]] = [[] for _ in devices]
    joined: list[tuple[int, ...]] = []
    for a, b, link, facts in graph.edges(keys=True, data=True):
        view = snapshot.links.get(link)
        number = links[link] = len(links)
        ends = (devices[a], devices[b])
        joined.append(())
        if a == b or out.intersection(ends) or (view and view.state in LEFT_OUT):
            continue
        if view and view.a_device == b:
            ends = ends[::-1]
        joined[number] = ends
        cost = _cost(facts.get("cost"), view)
        steps[ends[0]].append((ends[1], 2 * number, cost))
        steps[ends[1]].append((ends[0], 2 * number + 1, cost))
    return Network(
        *(tuple(devices), tuple(links), devices, links, sites, out),
        *(tuple(tuple(of) for of in steps), tuple(joined)),
    )


def _cost(named: int | None, view: LinkView | None) -> int:
    """Return the cost; of a link whose capacity nobody knows either, the largest."""
    if named is not None:
        return named
    return cost_of(view.capacity_bps) if view and view.capacity_bps else MAX_COST


class Field:
    """The cost from every device to the nearest of some: `far[device]`, FAR where no way leads."""

    def __init__(self, network: Network, roots: Iterable[int]) -> None:
        self._network, self._steps = network, network.steps
        self.roots = frozenset(roots) - network.left_out
        self.far = [FAR] * len(network.devices)
        for root in self.roots:
            self.far[root] = 0
        self._settle(self.far, [(0, root) for root in self.roots], -1)

    def after(self, failed: Failed) -> list[int]:
        """Return `far` without what has failed. Only devices that lose their way are looked at."""
        lost = self._lost(failed)
        if not lost:
            return self.far
        far = self.far.copy()
        for device in lost:
            far[device] = FAR
        edge: list[tuple[int, int]] = []
        for device in lost:
            if device == failed.device:
                continue
            ways = [
                far[near] + cost
                for near, hop, cost in self._steps[device]
                if hop >> 1 != failed.link
            ]
            best = min(ways, default=FAR)
            if best < FAR:
                edge.append((best, device))
        for best, device in edge:
            far[device] = best
        self._settle(far, edge, failed.link, failed.device)
        return far

    def _settle(
        self, far: list[int], edge: list[tuple[int, int]], no_link: int, no_device: int = -1
    ) -> None:
        """Dijkstra from the edge outwards; entries of the edge stand in `far` already."""
        heapq.heapify(edge)
        while edge:
            reached, device = heapq.heappop(edge)
            if reached > far[device]:
                continue
            for near, hop, cost in self._steps[device]:
                if reached + cost < far[near] and hop >> 1 != no_link and near != no_device:
                    far[near] = reached + cost
                    heapq.heappush(edge, (reached + cost, near))

    def _lost(self, failed: Failed) -> set[int]:
        """Return the devices all of whose shortest ways lead over what has failed."""
        waiting = self._first_hit(failed)
        heapq.heapify(waiting)
        lost = {failed.device} if failed.device >= 0 else set()
        while waiting:
            distance, device = heapq.heappop(waiting)
            if device in lost or self._holds(device, lost, failed.link):
                continue
            lost.add(device)
            self._behind(device, distance, waiting)
        return lost

    def _first_hit(self, failed: Failed) -> list[tuple[int, int]]:
        if failed.device < 0:
            return [(self.far[end], end) for end in self._network.ends[failed.link]]
        waiting: list[tuple[int, int]] = []
        if self.far[failed.device] < FAR:
            self._behind(failed.device, self.far[failed.device], waiting)
        return waiting

    def _holds(self, device: int, lost: set[int], no_link: int) -> bool:
        distance = self.far[device]
        if distance in (0, FAR):
            return True
        return any(
            self.far[near] + cost == distance and hop >> 1 != no_link and near not in lost
            for near, hop, cost in self._steps[device]
        )

    def _behind(self, device: int, distance: int, waiting: list[tuple[int, int]]) -> None:
        """Add the devices for which a shortest way leads over this one."""
        for near, _hop, cost in self._steps[device]:
            if self.far[near] == distance + cost:
                heapq.heappush(waiting, (distance + cost, near))
