"""How long a conference takes to assess with every single failure, and against plain networkx.

The plain way routes every room anew on a copy of the graph for every failure; its cut off rooms
and overloaded links must be the same. In the large network it is given some of the failures only.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import TypeVar

from console.analysis import routing
from console.analysis.readiness import assess, impact
from console.analysis.readiness.bridge_sites import bridge_sites
from console.model.inventory import Inventory
from console.model.readiness import Assessment, Direction
from console.model.situation import Situation
from tests.situations import LinkWords, network, situation

SIZES = ((60, 24), (500, 500))
PLAIN = 20  # failures worked out the plain way, about
UP_BPS, DOWN_BPS = 4e6, 8e6
Result = TypeVar("Result")


def run() -> Iterator[str]:
    """Yield one line for each size of network."""
    for sites, rooms in SIZES:
        made = situation(_inventory(sites, rooms), baseline_bps=5e8)
        ours_s, found = _fastest(lambda made=made: assess(made), 3)  # type: ignore[misc]
        tried = found.single_failures[:: 1 + len(found.single_failures) // PLAIN]
        began = time.perf_counter()
        plain = {one.failed: _one(made, one.failed) for one in tried}
        each_s = (time.perf_counter() - began) / len(tried)
        same = plain == {one.failed: (set(one.cut_off), set(one.overloaded)) for one in tried}
        felt = sum(1 for one in found.single_failures if one.cut_off or one.overloaded)
        times = each_s * len(found.single_failures) / ours_s
        yield (
            f"{sites} sites, {len(made.snapshot.links)} links, {rooms} rooms,"
            f" {len(found.single_failures)} failures tried ({felt} cut off or overload):"
            f" {ours_s * 1e3:.0f} ms; plain networkx {each_s * 1e3:.0f} ms for each failure"
            f" ({len(tried)} of them), {times:.0f} times as long;"
            f" {'the same results' if same else 'RESULTS DIFFER'}"
        )
        yield _impact(made, found)
    few = situation(_inventory(*SIZES[0]), baseline_bps=5e8)
    took_s, sites_tried = _fastest(lambda: bridge_sites(few), 1)
    yield f"a bridge tried at {len(sites_tried)} sites, every failure: {took_s * 1e3:.0f} ms"


def _impact(made: Situation, found: Assessment) -> str:
    names = [one.failed for one in found.single_failures][:20]
    took_s, _ = _fastest(lambda: [impact(name, made.snapshot, [made]) for name in names], 1)
    return f"  impact of one failure: {took_s / len(names) * 1e3:.1f} ms"


def _fastest(work: Callable[[], Result], times: int) -> tuple[float, Result]:
    took: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - began)
    return min(took), found


def _inventory(sites: int, rooms: int) -> Inventory:
    """Return a random network: every third site has two devices, every fifth hangs on one link."""
    random = Random(7)
    devices = {f"s{n}": [f"d{n}", f"e{n}"] if n % 3 == 0 else [f"d{n}"] for n in range(sites)}
    links: list[LinkWords] = []
    for number in range(sites):
        if number:
            near = random.choice([n for n in range(max(0, number - 20), number) if n % 5 or not n])
            links.append((f"t{number}", f"d{number}", f"d{near}", 1e9, None))
        if number % 3 == 0:
            links.append((f"h{number}", f"d{number}", f"e{number}", 1e10, None))
    ends = [device for n in range(sites) if n % 5 for device in devices[f"s{n}"]]
    while len(links) < 2 * sites:
        a, b = random.sample(ends, 2)
        links.append((f"x{len(links)}", a, b, random.choice((1e9, 1e10)), None))
    return network(
        devices,
        links,
        {f"r{number}": f"s{number % sites}" for number in range(1, rooms + 1)},
        "s0",
    )


def _one(made: Situation, failed: str) -> tuple[set[str], set[str]]:
    inventory = made.snapshot.inventory
    assert inventory is not None
    assert made.snapshot.graph is not None
    left = made.snapshot.graph.copy()
    left.remove_edges_from([edge for edge in left.edges(keys=True) if edge[2] == failed])
    left.remove_nodes_from({failed} & set(left))
    for *_ends, facts in left.edges(data=True):
        facts["cost"] = facts["cost"] or routing.cost_of(facts["capacity_bps"])
    devices: dict[str, list[str]] = {}
    for device in inventory.devices:
        devices.setdefault(device.site, []).append(device.id)
    meeting = devices[inventory.bridges[0].site]
    to_meeting = routing.distances(left, meeting)
    cut_off: set[str] = set()
    demand: dict[routing.Hop, float] = {}
    for room in inventory.rooms:
        if room.site == inventory.bridges[0].site:
            continue
        up = routing.shares_along(left, to_meeting, devices[room.site])
        down = routing.shares(left, meeting, devices[room.site])
        if up is None or down is None:
            cut_off.add(room.id)
            continue
        for shares, rate_bps in ((up, UP_BPS), (down, DOWN_BPS)):
            for hop, share in shares.items():
                demand[hop] = demand.get(hop, 0.0) + share * rate_bps
    return cut_off, _overloaded(made, demand)


def _overloaded(made: Situation, demand: Mapping[routing.Hop, float]) -> set[str]:
    over = set()
    for (link, device), rate_bps in demand.items():
        view = made.snapshot.links[link]
        way = Direction.A_TO_B if device == view.a_device else Direction.B_TO_A
        assert view.capacity_bps is not None
        if ((made.baselines[link, way] or 0.0) + rate_bps) / view.capacity_bps > 1.0 + 1e-9:
            over.add(link)
    return over
