"""Options that several commands share."""

from pathlib import Path

import click

from console.language import N_

history = click.option(
    "--history",
    type=click.Path(dir_okay=False, path_type=Path),
    help=N_("The file to read; by default history.db in the program's folder."),
)
at = click.option("--at", metavar="T", help=N_("2026-11-22T08:00:00Z, local time, or -2h."))
as_json = click.option("--json", "as_json", is_flag=True, help=N_("For scripts."))
