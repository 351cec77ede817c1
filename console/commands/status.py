"""`status`: the network at any moment, for people and for scripts."""

from pathlib import Path

import click

from console.commands import options
from console.language import N_


@click.command(
    "status",
    help=N_("The network at a moment; without --at as it is now."),
    epilog=N_("Example: python main.py status --at -2h --json"),
)
@options.history
@options.at
@options.as_json
def command(history: Path | None, at: str | None, as_json: bool) -> None:
    """Run on the command line."""
    import json

    from console.commands import instants
    from console.commands.events_json import MOST, SPAN_S, events_json
    from console.commands.past import opened
    from console.commands.paths_json import paths_json
    from console.commands.status_json import status_json
    from console.commands.status_text import status_text

    with opened(history) as reader:
        moment_s = None if at is None else instants.parse(at)
        snapshot = reader.snapshot_at(moment_s)
        log = reader.events(snapshot.at_s - SPAN_S, moment_s, MOST)
        paths = reader.paths_at(moment_s)
    if as_json:
        told = status_json(snapshot) | {"paths": paths_json(paths), "events": events_json(log)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(status_text(snapshot))
