"""`check`: an inventory as a person wrote it, and everything that is wrong with it."""

from pathlib import Path

import click

from console import inventory as inventories
from console.language import N_, _, ngettext
from console.model.inventory import Inventory
from console.model.inventory_file import InventoryError


def check(path: Path) -> None:
    """Print what the inventory holds, and hints; raise InventoryError naming all problems."""
    examined = inventories.examine(path)
    missing = _missing_calendars(path, examined.inventory)
    for hint in (*examined.hints, *missing):
        click.echo(_("{hint} (a hint, no error)").format(hint=hint), err=True)
    if examined.inventory is None:
        raise InventoryError(examined.problems)
    click.echo(f"{path}: {_summary(examined.inventory)}")


def _missing_calendars(path: Path, found: Inventory | None) -> list[str]:
    """Name calendars that are not where the inventory says; they may come later."""
    named = [(entry.id, entry.calendar) for entry in found.conferences] if found else []
    sentence = _("{path}: conferences[{id}].calendar: there is no file {file}")
    return [
        sentence.format(path=path, id=entry, file=calendar)
        for entry, calendar in named
        if calendar is not None
        and not calendar.startswith(("http://", "https://"))
        and not (path.parent / calendar).is_file()
    ]


def _summary(found: Inventory) -> str:
    sites, devices = len(found.sites), len(found.devices)
    links, rooms = len(found.links), len(found.rooms)
    parts = (
        ngettext("{count} site", "{count} sites", sites).format(count=sites),
        ngettext("{count} device", "{count} devices", devices).format(count=devices),
        ngettext("{count} link", "{count} links", links).format(count=links),
        ngettext("{count} room", "{count} rooms", rooms).format(count=rooms),
    )
    return _("“{network}” is in order: {parts}").format(
        network=found.network, parts=", ".join(parts)
    )


@click.command(
    "check",
    help=N_("Check an inventory; every error as file:line: what is wrong and what is allowed."),
    epilog=N_("Example: python main.py check data/kommunalnetz-rlp.yaml"),
)
@click.argument("inventory", type=click.Path(path_type=Path))
def command(inventory: Path) -> None:
    """Run on the command line."""
    check(inventory)
