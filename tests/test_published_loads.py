"""Link loads against those published for real networks: equal-cost sharing at every hop.

Every node in turn is the bridge's site with a room at each other node: added up, every node sends
as much to every other, which is the published demand.
"""

import csv
from pathlib import Path

import pytest

from console.analysis.readiness import assess
from console.model.inventory import Inventory
from console.model.readiness import Direction
from tests.situations import network, situation

PUBLISHED = Path(__file__).parent / "data" / "published_link_loads.csv"
NAMES = ("topozoo/Abilene", "sndlib/nobel-germany", "sndlib/germany50", "topozoo/Dfn")


def published(name: str) -> list[tuple[str, str, float, float]]:
    with PUBLISHED.open(encoding="utf-8") as file:
        return [
            (row["a"], row["b"], float(row["a_to_b_percent"]), float(row["b_to_a_percent"]))
            for row in csv.DictReader(file)
            if row["network"] == name
        ]


def nodes_of(links: list[tuple[str, str, float, float]]) -> list[str]:
    return sorted({node for a, b, *_loads in links for node in (a, b)})


def inventory_of(links: list[tuple[str, str, float, float]], bridge: str) -> Inventory:
    nodes = nodes_of(links)
    return network(
        {f"s{node}": [f"d{node}"] for node in nodes},
        [(f"l{n}", f"d{a}", f"d{b}", 1e12, 1) for n, (a, b, *_loads) in enumerate(links)],
        {f"r{node}": f"s{node}" for node in nodes},
        f"s{bridge}",
        profiles={"hd": {"up": 1e6, "down": 1e6}},
    )


@pytest.mark.parametrize("name", NAMES)
def test_loads_of_a_real_network_are_as_published(name: str) -> None:
    links = published(name)
    demand: dict[tuple[str, Direction], float] = {}
    for node in nodes_of(links):
        here = inventory_of(links, node)
        for link in assess(situation(here)).links:
            key = link.id, link.direction
            demand[key] = demand.get(key, 0.0) + link.demand_bps
    most = max(demand.values())
    for number, (_a, _b, there, back) in enumerate(links):
        for way, percent in ((Direction.A_TO_B, there), (Direction.B_TO_A, back)):
            found = 100 * demand.get((f"l{number}", way), 0.0) / most
            assert found == pytest.approx(percent, abs=0.006)  # published with two decimals
