"""Real history files of the demo network for window tests, written by the real writer."""

from pathlib import Path

from console import __version__
from console import inventory as inventories
from console.demo.past import write_past
from console.demo.simulation import Simulation
from console.history.writer import HistoryWriter
from console.model.inventory import Inventory
from tests.builders import DEMO_INVENTORY

SEED = 7


def demo_inventory() -> Inventory:
    """The shipped network."""
    return inventories.load(DEMO_INVENTORY)


def write_demo_history(path: Path, hours: float, end_s: float) -> Path:
    """Write so many hours of the demo network that end at `end_s`."""
    inventory = demo_inventory()
    begin_s = end_s - hours * 3600
    with HistoryWriter.open(path, __version__) as writer:
        writer.record_inventory(inventory)
        simulation = Simulation(inventory, SEED, begin_s)
        write_past(simulation, writer, begin_s, end_s, _quietly)
    return path


def _quietly(_part: float) -> None:
    """Nobody waits for the progress of a test."""
