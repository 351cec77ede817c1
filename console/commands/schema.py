"""`schema`: the inventory's JSON Schema, so that editors complete and check while one types."""

import json
from typing import Any

import click

from console.language import N_
from console.model.inventory import Inventory


def schema() -> dict[str, Any]:
    """Return the schema with the keys as they are written in the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Inventory.model_json_schema(by_alias=True),
        "title": "Leitstand inventory",
    }


@click.command(
    "schema",
    help=N_("Print the inventory's JSON Schema, for editors."),
    epilog=N_("Example: python main.py schema > inventory.schema.json"),
)
def command() -> None:
    """Run on the command line."""
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
