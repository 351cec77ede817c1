"""`series`: the load of a link over time."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.commands import options
from console.commands.numbers import seconds
from console.language import N_

if TYPE_CHECKING:
    from console.history.reader import HistoryReader
    from console.model.series import LinkSeries

WINDOW_S = 300  # coarser steps are made of 5-minute means
MOST_VALUES = 1_000_000  # nine years of these


@click.command(
    "series",
    help=N_("Load of a link over time, both directions; the last 24 hours unless told otherwise."),
    epilog=N_("Example: python main.py series mz-ko --from -7d --step 3600 --csv"),
)
@click.argument("link")
@options.history
@click.option(
    "--from", "from_text", metavar="T", default="-24h", help=N_("First moment; -24h by default.")
)
@click.option(
    "--to", "to_text", metavar="T", default="now", help=N_("Last moment; now by default.")
)
@click.option(
    "--step",
    "step_s",
    metavar="S",
    type=seconds(1),
    help=N_("Seconds between points; by default what fits the range."),
)
@click.option("--csv", "form", flag_value="csv", help=N_("Comma-separated values."))
@click.option("--json", "form", flag_value="json", help=N_("For scripts."))
def command(
    link: str,
    history: Path | None,
    from_text: str,
    to_text: str,
    step_s: float | None,
    form: str | None,
) -> None:
    """Run on the command line."""
    from console.commands import instants, series_output
    from console.commands.past import opened

    with opened(history) as reader:
        from_s, to_s = instants.parse(from_text), instants.parse(to_text)
        series = _read(reader, link, from_s, to_s, step_s)
    write = {"csv": series_output.csv_text, "json": series_output.json_text}
    click.echo(write.get(form or "", series_output.plain_text)(series))


def _read(
    reader: "HistoryReader", link: str, from_s: float, to_s: float, step_s: float | None
) -> "LinkSeries":
    import difflib

    from console.errors import OperatorError
    from console.language import _

    if from_s >= to_s:
        raise OperatorError(_("--from must be before --to."), exit_code=2)
    if (to_s - from_s) / min(step_s or WINDOW_S, WINDOW_S) > MOST_VALUES:
        raise OperatorError(
            _("That is more than a million values; choose a shorter range or a longer --step."),
            exit_code=2,
        )
    inventory = reader.inventory_at(to_s)
    known = [known.id for known in inventory.links] if inventory else []
    if link not in known:
        alike = difflib.get_close_matches(link, known, n=5, cutoff=0.5) or known[:5]
        raise OperatorError(
            _("There is no link “{link}” at that time; similar ones are: {known}.").format(
                link=link, known=", ".join(alike)
            )
            if known
            else _("No network is recorded up to that time; choose a later one with --to."),
            exit_code=2,
        )
    return reader.link_series(link, from_s, to_s, step_s, at_s=to_s)
