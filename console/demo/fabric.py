"""The simulated network as rows of lines and routed flows. Pure; knows no time.

A line is one direction of a link (two rows a link: a to b, b to a) or a device's local side (two
rows a device: what comes in from the site, what goes out to it).
"""

from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from console.analysis import routing
from console.model.inventory import Inventory, Link

DEFAULT_CAPACITY_BPS = 1e9
FULL = 0.97  # of a capacity is all that a line carries; what is offered beyond is held back
HOLD_BACK_ABOVE = 0.9  # of a capacity: queues overflow from here on


@dataclass(frozen=True, slots=True)
class Outage:
    """What does not work at a moment, by id."""

    links: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()


ALL_WELL = Outage()


@dataclass(frozen=True, slots=True)
class Routed:
    """Where the flows go under an outage: element i says `share[i]` of `flow[i]` is on `row[i]`.

    Sorted by row. `alive` are the devices that work and that the hub reaches.
    """

    row: NDArray[np.int64]
    flow: NDArray[np.int64]
    share: NDArray[np.float64]
    alive: frozenset[str]


class Fabric:
    """Topology of an inventory; routes flows (source, target) for any outage.

    Source and target are sites or devices.
    """

    def __init__(self, inventory: Inventory, flows: list[tuple[str, str]]) -> None:
        self.inventory = inventory
        self.flows = flows
        self.links = [link for link in inventory.links if link.a.device != link.b.device]
        self.devices = [device.id for device in inventory.devices]
        self.capacity_bps = np.repeat([capacity_of(link) for link in self.links], 2)
        self.hub = hub_of(inventory)
        self.graph = graph_of(inventory, self.links)
        self._rows = {
            hop: 2 * index + turned
            for index, link in enumerate(self.links)
            for turned, hop in enumerate(((link.id, link.a.device), (link.id, link.b.device)))
        }
        self._head = {(link.id, link.a.device): link.b.device for link in self.links}
        self._head |= {(link.id, link.b.device): link.a.device for link in self.links}
        self._place = {device: index for index, device in enumerate(self.devices)}
        self._members: dict[str, list[str]] = {}
        for device in inventory.devices:
            self._members.setdefault(device.site, []).append(device.id)
            self._members[device.id] = [device.id]
        self._healthy: list[routing.Shares] = self._route(self.graph, range(len(flows)))
        self._known: dict[Outage, Routed] = {}

    @property
    def line_rows(self) -> int:
        """How many rows lines have: two a link, then two a device."""
        return 2 * (len(self.links) + len(self.devices))

    def local_row(self, device: str) -> int:
        """Return the row of what comes in from the site; the next row is what goes out to it."""
        return 2 * (len(self.links) + self._place[device])

    def shares_between(self, source: str, target: str, outage: Outage) -> dict[int, float] | None:
        """Return what part of a flow between two sites each row carries, None without any way."""
        graph = routing.without(self.graph, outage.links, outage.devices)
        to_target = routing.distances(graph, self._members.get(target, ()))
        found = routing.shares_along(graph, to_target, self._members.get(source, ()))
        return None if found is None else {self._rows[hop]: part for hop, part in found.items()}

    def routed(self, outage: Outage) -> Routed:
        """Return the routes under an outage."""
        if outage not in self._known:
            self._known[outage] = self._assemble(outage)
        return self._known[outage]

    def _assemble(self, outage: Outage) -> Routed:
        graph = routing.without(self.graph, outage.links, outage.devices).copy()
        shares = list(self._healthy)
        touched = [i for i, carried in enumerate(shares) if self._touches(carried, i, outage)]
        for index, carried in zip(touched, self._route(graph, touched), strict=True):
            shares[index] = carried
        entries = sorted(
            entry for i, carried in enumerate(shares) for entry in self._lines(i, carried)
        )
        row, flow, share = zip(*entries, strict=True) if entries else ((), (), ())
        return Routed(
            np.asarray(row, dtype=np.int64),
            np.asarray(flow, dtype=np.int64),
            np.asarray(share, dtype=np.float64),
            frozenset(routing.distances(graph, self._members.get(self.hub, ()))),
        )

    def _touches(self, carried: routing.Shares, flow: int, outage: Outage) -> bool:
        """Tell if a flow's healthy way, or its nearest device, is hit by the outage."""
        source, target = self.flows[flow]
        ends = (*self._members.get(source, ()), *self._members.get(target, ()))
        return any(device in outage.devices for device in ends) or any(
            link in outage.links or device in outage.devices for link, device in carried
        )

    def _route(self, graph: nx.MultiGraph, indices: "range | list[int]") -> list[routing.Shares]:
        to_target: dict[str, dict[str, int]] = {}
        found = []
        for index in indices:
            source, target = self.flows[index]
            if target not in to_target:
                to_target[target] = routing.distances(graph, self._members.get(target, ()))
            sources = self._members.get(source, ())
            found.append(routing.shares_along(graph, to_target[target], sources) or {})
        return found

    def _lines(self, flow: int, carried: routing.Shares) -> "list[tuple[int, int, float]]":
        """Return (row, flow, share) of a flow's hops and of where it starts and ends."""
        entries = [(self._rows[hop], flow, share) for hop, share in carried.items()]
        left_over: dict[str, float] = {}
        for hop, share in carried.items():
            left_over[hop[1]] = left_over.get(hop[1], 0.0) + share
            head = self._head[hop]
            left_over[head] = left_over.get(head, 0.0) - share
        for device, share in left_over.items():
            if abs(share) > 1e-12:
                entries.append((self.local_row(device) + (share < 0), flow, abs(share)))
        return entries


def capacity_of(link: Link) -> float:
    """Return a link's capacity in bit/s; where the inventory says none the simulation decides."""
    return link.capacity_bps or DEFAULT_CAPACITY_BPS


def graph_of(inventory: Inventory, links: list[Link]) -> nx.MultiGraph:
    """Return the graph that routing works on."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(device.id for device in inventory.devices)
    for link in links:
        cost = link.cost or routing.cost_of(capacity_of(link))
        graph.add_edge(link.a.device, link.b.device, key=link.id, cost=cost)
    return graph


def hub_of(inventory: Inventory) -> str:
    """Return the site where everything comes together: of the bridge, else of most services.

    Failing both it is the site of the device with most links. The collector stands there.
    """
    manned = {device.site for device in inventory.devices}
    votes = [bridge.site for bridge in inventory.bridges]
    votes += [service.provider for service in inventory.services]
    ends = [end.device for link in inventory.links for end in (link.a, link.b)]
    site_of = {device.id: device.site for device in inventory.devices}
    votes += [site_of[end] for end in sorted(ends, key=ends.count, reverse=True)]
    votes += [device.site for device in inventory.devices]
    return next(vote for vote in votes if vote in manned)


def carry(fabric: Fabric, routed: Routed, offered_bps: NDArray[np.float64]) -> "Carried":
    """Put the flows on the lines; a full line holds its flows back as TCP would.

    `offered_bps` has the shape (flows, times).
    """
    wanted = line_sums(fabric, routed, offered_bps)
    load = wanted[: len(fabric.capacity_bps)] / fabric.capacity_bps[:, None]
    excess = np.maximum(load - HOLD_BACK_ABOVE, 0.0)
    if not (load > FULL).any():
        return Carried(wanted, excess)
    room = FULL / np.maximum(load, FULL)
    on_link = routed.row < len(room)
    allowed = np.ones_like(offered_bps)
    np.minimum.at(allowed, routed.flow[on_link], room[routed.row[on_link]])
    return Carried(line_sums(fabric, routed, offered_bps * allowed), excess)


@dataclass(frozen=True, slots=True)
class Carried:
    """What the lines carry, bit/s (lines, times), and by what share of its capacity each
    direction of a link is asked for more than its queues bear (hops, times)."""

    lines_bps: NDArray[np.float64]
    excess: NDArray[np.float64]


def line_sums(fabric: Fabric, routed: Routed, rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the flows' rates (flows, times) on the lines (lines, times)."""
    total = np.zeros((fabric.line_rows, rates.shape[1]))
    if len(routed.row):
        rows, first = np.unique(routed.row, return_index=True)
        parts = rates[routed.flow] * routed.share[:, None]
        total[rows] = np.add.reduceat(parts, first, axis=0)
    return total
