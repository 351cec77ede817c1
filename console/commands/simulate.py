"""`simulate`: answers for the devices, rooms and bridges of an inventory, on loopback."""

import asyncio
import time
from functools import partial
from pathlib import Path

import click

from console import inventory as inventories
from console.calendars.plans import plans_from_files
from console.collector.stopping import Wishes
from console.commands.numbers import seconds
from console.demo.serve import Endpoints, endpoints_of, serve
from console.demo.simulation import DEFAULT_SEED, Simulation
from console.language import N_, _, ngettext


def simulate(
    path: Path,
    for_s: float | None,
    seed: int,
    opening_s: float | None = None,
    with_parent: bool = False,
) -> None:
    """Answer until told to stop (SIGTERM, SIGINT), or for `for_s` seconds.

    Once everything listens one line on standard output says so. `opening_s` is the start of a
    demo, in whose first minutes something small happens; `with_parent` ends it when standard
    input does.
    """
    inventory = inventories.load(path)
    now_s = time.time()
    plans = plans_from_files(inventory.conferences, path.parent, inventory.timezone, now_s)
    simulation = Simulation(inventory, seed, now_s, opening_s, plans)
    endpoints = endpoints_of(simulation)
    _warm(simulation)
    asyncio.run(_run(endpoints, for_s, with_parent))


def _warm(simulation: Simulation) -> None:
    """Work out what the first answers need, so that none is late."""
    for device in simulation.fabric.devices:
        simulation.device(device, time.time())


async def _run(endpoints: Endpoints, for_s: float | None, with_parent: bool) -> None:
    wishes = Wishes()
    if for_s is not None:
        asyncio.get_running_loop().call_later(for_s, wishes.stop.set)
    with wishes.heard(with_parent):
        await serve(endpoints, wishes.stop, partial(_say_ready, endpoints))


def _say_ready(endpoints: Endpoints) -> None:
    devices = sum(map(len, endpoints.agents.values()))
    rooms = len(endpoints.rooms)
    reflectors = len(endpoints.reflectors)
    parts = [
        ngettext("{count} device", "{count} devices", devices).format(count=devices),
        ngettext("{count} room or bridge", "{count} rooms and bridges", rooms).format(count=rooms),
    ]
    if reflectors:
        words = ngettext("{count} reflector", "{count} reflectors", reflectors)
        parts.append(words.format(count=reflectors))
    if endpoints.left_out:
        sentence = _("Not simulated in full (SNMPv3; probes by TLS, bridges and others): {names}.")
        click.echo(sentence.format(names=", ".join(endpoints.left_out)), err=True)
    click.echo(_("Answering on loopback: {parts}.").format(parts=", ".join(parts)))


@click.command(
    "simulate",
    help=N_("Answer as the devices, rooms and bridges of an inventory would; loopback only."),
    epilog=N_("Example: python main.py simulate data/kommunalnetz-rlp.yaml --for 60"),
)
@click.argument("inventory", type=click.Path(path_type=Path))
@click.option("--for", "for_s", type=seconds(0), help=N_("End after so many seconds."))
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, help=N_("Which of many possible courses to play.")
)
@click.option("--opening", "opening_s", type=float, hidden=True)
@click.option("--with-parent", is_flag=True, hidden=True)
def command(
    inventory: Path, for_s: float | None, seed: int, opening_s: float | None, with_parent: bool
) -> None:
    """Run on the command line."""
    simulate(inventory, for_s, seed, opening_s, with_parent)
