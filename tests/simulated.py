"""The shipped network, simulated at a fixed time: shared by the tests of the demo."""

from functools import cache

from console import inventory as inventories
from console.calendars.plans import plans_from_files
from console.demo.simulation import Simulation
from console.model.inventory import Inventory
from console.model.plan import Plan
from tests.builders import DEMO_INVENTORY

WORKDAY_S = 1_795_510_800.0  # Tuesday 2026-11-24, 09:00 UTC


@cache
def shipped() -> Inventory:
    """The demo's inventory."""
    return inventories.load(DEMO_INVENTORY)


@cache
def shipped_plans() -> tuple[Plan, ...]:
    """The demo's conferences with what its calendar says."""
    inventory = shipped()
    folder = DEMO_INVENTORY.parent
    return plans_from_files(inventory.conferences, folder, inventory.timezone, WORKDAY_S)


@cache
def simulation(seed: int = 1, opening_s: float | None = None) -> Simulation:
    """The demo's simulation, live from WORKDAY_S."""
    return Simulation(shipped(), seed, WORKDAY_S, opening_s, shipped_plans())
