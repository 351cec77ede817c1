"""What the sites want to send to each other: who, how much at most, in which rhythm. Pure."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from console.analysis.occurrences import occurrences
from console.demo import week
from console.demo.fabric import ALL_WELL, Fabric, capacity_of, hub_of, line_sums
from console.demo.noise import smooth, stream
from console.model.inventory import Inventory, Link, Room
from console.model.plan import Plan

CALMEST, BUSIEST = 0.25, 0.76  # loads of county lines in the busiest hour of a healthy week
ROUNDS, GROWTH = 12, 1.25
FAST = 4.0  # a link so many times the median capacity belongs to the backbone

Floats = NDArray[np.float64]
Joined = tuple[Link, str, str]


@dataclass(frozen=True, slots=True)
class Flow:
    """Traffic from place to place (a site, or a device of it).

    `shape` None: not by rhythm, only conferences and incidents fill it.
    """

    name: str
    source: str
    target: str
    peak_bps: float
    shape: week.Shape | None


class Demands:
    """All flows of an inventory; `rates` evaluates them at knots."""

    def __init__(
        self, inventory: Inventory, seed: int, plans: tuple[Plan, ...] | None = None
    ) -> None:
        self.inventory = inventory
        self.seed = seed
        own = tuple(Plan(entry) for entry in inventory.conferences)
        self.plans = own if plans is None else plans
        self._zone = ZoneInfo(inventory.timezone)
        self._links = places(inventory)
        hub = hub_of(inventory)
        flows = [*_hub_flows(inventory, hub, seed), *_neighbour_flows(self._links, seed)]
        flows = _scaled(inventory, seed, flows)
        flows += _backbone_flows(self._links, seed)
        self._rhythmic = len(flows)
        flows += _empty_flows(inventory, self._links)
        self.flows = tuple(flows)
        self.index = {flow.name: number for number, flow in enumerate(self.flows)}
        self._streams = np.asarray(
            [stream(seed, "flow", flow.name) for flow in self.flows[: self._rhythmic]],
            dtype=np.uint64,
        )
        self._room_site = {room.id: room.site for room in inventory.rooms}
        self._centre = {bridge.id: bridge.site for bridge in inventory.bridges}

    @property
    def ends(self) -> list[tuple[str, str]]:
        """Source and target place of every flow."""
        return [(flow.source, flow.target) for flow in self.flows]

    def rates(self, knots: NDArray[np.int64]) -> Floats:
        """Return what is offered in bit/s at rising multiples of KNOT_S, (flows, knots)."""
        rates = np.zeros((len(self.flows), len(knots)))
        shapes = {id(flow.shape): flow.shape for flow in self.flows if flow.shape is not None}
        factors = {key: week.factor(shape, knots, self._zone) for key, shape in shapes.items()}
        for number, flow in enumerate(self.flows[: self._rhythmic]):
            rates[number] = flow.peak_bps * factors[id(flow.shape)]
        rates[: self._rhythmic] *= np.maximum(1.0 + smooth(self._streams, knots), 0.1)
        for plan in self.plans:
            self._add_conference(plan, knots, rates)
        return rates

    def _add_conference(self, plan: Plan, knots: NDArray[np.int64], rates: Floats) -> None:
        profile = self.inventory.profiles[plan.entry.profile]
        centre = self._centre[plan.entry.bridge]
        for room, (began, ended) in self.calls(plan, int(knots[0]), int(knots[-1])):
            talking = (knots >= began) & (knots < ended)
            site = self._room_site[room]
            for name, rate_bps in (
                (_up(site, centre), profile.up_bps),
                (_down(site, centre), profile.down_bps),
            ):
                if name in self.index:
                    rates[self.index[name], talking] += 0.85 * rate_bps

    def calls(
        self, plan: Plan, from_s: float, to_s: float
    ) -> list[tuple[str, tuple[float, float]]]:
        """Return room by room from when to when it is in the conference; people come early."""
        spans = occurrences(plan, self._zone, from_s - 900, to_s + 900)
        rooms = plan.entry.rooms if plan.entry.rooms != "all" else tuple(self._room_site)
        found = []
        for began, ended, _title in spans:
            for room in rooms:
                early = stream(self.seed, "early", plan.id, room, began) % 420
                late = stream(self.seed, "late", plan.id, room, began) % 240
                found.append((room, (began - early, ended + late)))
        return found

    def surge(self, link: str, a_to_b: bool) -> int | None:
        """Return the number of the flow that an incident may use to fill a link."""
        return self.index.get(f"surge {link} {'ab' if a_to_b else 'ba'}")


def _up(site: str, centre: str) -> str:
    return f"media {site} to {centre}"


def _down(site: str, centre: str) -> str:
    return f"media {centre} to {site}"


def places(inventory: Inventory) -> list[Joined]:
    """Return every link with what it joins: two sites, or two devices of one site."""
    site_of = {device.id: device.site for device in inventory.devices}
    found = []
    for link in inventory.links:
        a, b = site_of[link.a.device], site_of[link.b.device]
        found.append((link, a, b) if a != b else (link, link.a.device, link.b.device))
    return [joined for joined in found if joined[1] != joined[2]]


def _weight(seed: int, *names: object) -> float:
    """Return a size between 0.55 and 1.6 that belongs to a name; most are small."""
    return 0.55 + 1.05 * float(np.power(stream(seed, *names) / 2**32, 1.7))


def _hub_flows(inventory: Inventory, hub: str, seed: int) -> list[Flow]:
    flows = []
    for site in sorted({device.site for device in inventory.devices} - {hub}):
        weight = _weight(seed, "site", site)
        flows.append(Flow(f"web {site}", hub, site, 1.0 * weight, week.OFFICE))
        flows.append(Flow(f"sent {site}", site, hub, 0.42 * weight, week.OFFICE))
        flows.append(Flow(f"backup {site}", site, hub, 0.75 * weight, week.BACKUP))
    return flows


def _neighbour_flows(links: list[Joined], seed: int) -> list[Flow]:
    flows = []
    for link, a, b in links:
        for name, source, target in ((f"{link.id} ab", a, b), (f"{link.id} ba", b, a)):
            peak = 0.3 * _weight(seed, "neighbour", name)
            flows.append(Flow(f"neighbour {name}", source, target, peak, week.OFFICE))
    return flows


def _backbone_flows(links: list[Joined], seed: int) -> list[Flow]:
    """Return transit over fast links: what else a state's network carries between its cores."""
    if not links:
        return []
    usual_bps = float(np.median([capacity_of(link) for link, _, _ in links]))
    flows = []
    for link, a, b in links:
        if capacity_of(link) < FAST * usual_bps:
            continue
        for name, source, target in ((f"{link.id} ab", a, b), (f"{link.id} ba", b, a)):
            part = 0.18 + 0.32 * stream(seed, "transit", name) / 2**32
            peak_bps = part * capacity_of(link)
            flows.append(Flow(f"transit {name}", source, target, peak_bps, week.TRANSIT))
    return flows


def _empty_flows(inventory: Inventory, links: list[Joined]) -> list[Flow]:
    """Return the flows that only conferences and incidents fill."""
    flows = []
    for centre in sorted({bridge.site for bridge in inventory.bridges}):
        for site in sorted({room.site for room in inventory.rooms} - {centre}):
            flows.append(Flow(_up(site, centre), site, centre, 0.0, None))
            flows.append(Flow(_down(site, centre), centre, site, 0.0, None))
    for link, a, b in links:
        flows.append(Flow(f"surge {link.id} ab", a, b, 0.0, None))
        flows.append(Flow(f"surge {link.id} ba", b, a, 0.0, None))
    return flows


def _scaled(inventory: Inventory, seed: int, flows: list[Flow]) -> list[Flow]:
    """Return the flows with peaks in bit/s such that every line comes near a load of its own.

    Each round every flow grows or shrinks by what its tightest line bears.
    """
    fabric = Fabric(inventory, [(flow.source, flow.target) for flow in flows])
    if not fabric.links:
        return [replace(flow, peak_bps=flow.peak_bps * 100e6) for flow in flows]
    routed = fabric.routed(ALL_WELL)
    share = [stream(seed, "load", row) / 2**32 for row in range(len(fabric.capacity_bps))]
    target_bps = fabric.capacity_bps * (CALMEST + (BUSIEST - CALMEST) * np.asarray(share))
    by_day = np.asarray([flow.shape is week.OFFICE for flow in flows])
    peak = np.asarray([flow.peak_bps for flow in flows]) * 100e6
    on_link = routed.row < len(target_bps)
    row, owner = routed.row[on_link], routed.flow[on_link]
    for _ in range(ROUNDS):
        offered = np.stack([peak * by_day, peak * ~by_day], axis=1)
        lines = line_sums(fabric, routed, offered)[: len(target_bps)].max(axis=1)
        bears = np.full(len(flows), GROWTH)
        np.minimum.at(bears, owner, (target_bps / np.maximum(lines, 1.0))[row])
        peak *= np.maximum(bears, 1 / GROWTH)
    return [replace(flow, peak_bps=float(p)) for flow, p in zip(flows, peak, strict=True)]


def in_call(demands: Demands, room: Room, at_s: float) -> bool:
    """Tell if a room is in a conference."""
    return any(
        room.id == called and began <= at_s < ended
        for plan in demands.plans
        for called, (began, ended) in demands.calls(plan, at_s, at_s)
    )
