"""The commands of Leitstand; no logic."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from console.commands.entry import Commands, run
from console.language import N_

if TYPE_CHECKING:
    from console.commands.demo import Window

PROGRAM_HELP = N_(
    "Operations console for a county network: live map, load, rooms, replay. Without a command:"
    " the window on the network configured last."
)


class Program(Commands):
    """Every command that needs no window, by module."""

    modules: ClassVar = {
        "demo": ("console.commands.demo", N_("The simulated county network, live.")),
        "collect": ("console.commands.collect", N_("Poll a network into its history.")),
        "secret": ("console.commands.secret", N_("Secrets in the system's keyring.")),
        "discover": ("console.commands.discover", N_("Find a network by its neighbours.")),
        "simulate": ("console.commands.simulate", N_("Answer for the devices of an inventory.")),
        "check": ("console.commands.check", N_("Check an inventory.")),
        "schema": ("console.commands.schema", N_("Print the inventory's JSON Schema.")),
        "status": ("console.commands.status", N_("The network at any moment.")),
        "readiness": (
            "console.commands.readiness",
            N_("Whether a conference will work, and why not."),
        ),
        "impact": ("console.commands.impact", N_("What the failure of a link or device would do.")),
        "series": ("console.commands.series", N_("Load of a link over time.")),
        "reflect": ("console.commands.reflect", N_("Answer path measurements at a site.")),
    }


@click.group(cls=Program, invoke_without_command=True, help=PROGRAM_HELP)
@click.pass_context
def program(context: click.Context) -> None:
    """Open the window where no command is given."""
    context.obj = _demo_window
    if context.invoked_subcommand is None:
        from widgets.application import run_window

        context.exit(run_window())


def _demo_window() -> "Window":
    """Return the window for the demo, which itself may not know any."""
    from console.commands.demo import Window
    from widgets.application import require_display, run_demo

    return Window(require_display, run_demo)


@program.command(
    help=N_("The window on a history: no collector, no sockets."),
    epilog=N_("Example: python main.py review history.db"),
)
@click.argument("history", type=click.Path(path_type=Path))
def review(history: Path) -> None:
    """Open the window on a history."""
    from widgets.application import run_review

    click.get_current_context().exit(run_review(history))


def cli() -> None:
    """Run the command line and end the process."""
    sys.exit(run(program))


if __name__ == "__main__":
    cli()
