"""`readiness`: whether a conference will work, for people and for scripts."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from console.commands import options
from console.language import N_

if TYPE_CHECKING:
    from console.history.reader import HistoryReader
    from console.model.situation import Situation

EXIT_CODES = {"ready": 0, "ready_not_n1": 10, "not_ready": 20, "unknown": 30}


@click.command(
    "readiness",
    help=N_(
        "Whether a conference will work: the one that is on, else the next. The exit code is 0"
        " where it is ready, 10 where it is not under every single failure, 20 where it is not"
        " ready and 30 where that cannot be told."
    ),
    epilog=N_("Example: python main.py readiness landraetekonferenz --json"),
)
@click.argument("conference")
@options.history
@options.at
@options.as_json
def command(conference: str, history: Path | None, at: str | None, as_json: bool) -> None:
    """Run on the command line."""
    import json

    from console.analysis.readiness import assess
    from console.analysis.readiness.relief import reliefs
    from console.commands import instants
    from console.commands.past import opened
    from console.commands.readiness_text import readiness_text
    from console.model.readiness_json import relief_to_json, to_json
    from console.names import Names
    from console.texts_advice import relief_sentence
    from console.texts_readiness import sentences

    with opened(history) as reader:
        situation = _situation(reader, conference, None if at is None else instants.parse(at))
    assessment = assess(situation)
    helps = reliefs(situation, assessment)
    if as_json:
        names = Names(situation.snapshot.inventory)
        told = to_json(assessment, sentences(names))
        told["advice"] = [relief_to_json(one, relief_sentence(one, names)) for one in helps]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(readiness_text(situation, assessment, helps))
    click.get_current_context().exit(EXIT_CODES[assessment.verdict.value])


def _situation(reader: "HistoryReader", conference: str, at_s: float | None) -> "Situation":
    from console.commands.similar import refuse
    from console.errors import OperatorError
    from console.language import _

    try:
        return reader.situation(conference, at_s)
    except KeyError:
        known = [plan.id for plan in reader.snapshot_at(at_s).plans]
        sentence = _("There is no conference “{asked}” at that time; similar ones are: {known}.")
        raise refuse(sentence, conference, known) from None
    except LookupError:
        snapshot, situations = reader.situations(at_s)
        known = [one.plan.id for one in situations] or [plan.id for plan in snapshot.plans]
        sentence = _("“{asked}” has no date from then on; those with one are: {known}.")
        raise OperatorError(
            sentence.format(asked=conference, known=", ".join(known)), exit_code=2
        ) from None
