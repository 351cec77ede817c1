"""`impact`: what the failure of a link or device would do, for people and for scripts."""

from pathlib import Path

import click

from console.commands import options
from console.language import N_


@click.command(
    "impact",
    help=N_("What the failure of a link or device would do to sites, services and conferences."),
    epilog=N_("Example: python main.py impact mz-ko --json"),
)
@click.argument("link_or_device")
@options.history
@options.at
@options.as_json
def command(link_or_device: str, history: Path | None, at: str | None, as_json: bool) -> None:
    """Run on the command line."""
    import json

    from console.analysis.readiness import impact
    from console.commands import instants
    from console.commands.impact_text import impact_text
    from console.commands.past import opened
    from console.commands.similar import refuse
    from console.language import _
    from console.model.readiness_json import impact_to_json

    with opened(history) as reader:
        moment_s = None if at is None else instants.parse(at)
        snapshot, situations = reader.situations(moment_s)
    try:
        told = impact(link_or_device, snapshot, situations)
    except KeyError:
        sentence = _(
            "There is no link or device “{asked}” at that time; similar ones are: {known}."
        )
        raise refuse(sentence, link_or_device, [*snapshot.links, *snapshot.devices]) from None
    if as_json:
        click.echo(json.dumps(impact_to_json(told), ensure_ascii=False, indent=1))
    else:
        click.echo(impact_text(told, snapshot))
