"""`collect`: the collector alone, as a service or as a window's child."""

from pathlib import Path

import click

from console.commands.numbers import seconds
from console.language import N_


@click.command(
    "collect",
    help=N_(
        "Poll a network and write what is seen into its history, until told to stop. Signals:"
        " SIGTERM ends it, SIGHUP reads the inventory again."
    ),
    epilog=N_("Example: python main.py collect data/kommunalnetz-rlp.yaml --history net.db"),
)
@click.argument("inventory", type=click.Path(path_type=Path))
@click.option(
    "--history",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("The file to write; by default history.db in the program's folder."),
)
@click.option(
    "--notes",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("What the window writes for the collector; by default beside the history."),
)
@click.option(
    "--for",
    "for_s",
    type=seconds(0),
    metavar="S",
    help=N_("End after so many seconds."),
)
@click.option("--with-parent", is_flag=True, hidden=True)
def command(
    inventory: Path,
    history: Path | None,
    notes: Path | None,
    for_s: float | None,
    with_parent: bool,
) -> None:
    """Run on the command line."""
    import asyncio

    from console import inventory as inventories
    from console import language, paths
    from console.collector.process import Order, collect, log_to_standard_error

    loaded = inventories.load(inventory)
    language.use(loaded.language, loaded.timezone)
    log_to_standard_error()
    order = Order(inventory, history or paths.history_file(), for_s, with_parent, notes)
    asyncio.run(collect(order, loaded))
