"""The text of an inventory file to an Inventory, or everything that is wrong with it at once."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from console.errors import OperatorError
from console.language import _
from console.model import inventory_check, inventory_messages, marked_yaml
from console.model.inventory import Inventory
from console.model.marked_yaml import Marked, NotYaml, Problem

MAX_SHOWN = 500


class InventoryError(OperatorError):
    """The file is not an inventory; `problems` in the order of the file, one line of text each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        shown = list(problems[:MAX_SHOWN])
        if len(problems) > MAX_SHOWN:
            shown.append(_("… and {count} more").format(count=len(problems) - MAX_SHOWN))
        super().__init__("\n".join(shown), exit_code=2)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a file: the inventory, or None and `problems`. `hints` forbid nothing."""

    inventory: Inventory | None
    problems: tuple[str, ...]
    hints: tuple[str, ...]


def parse(text: str, source_name: str) -> Inventory:
    """Return the inventory; raise InventoryError naming every problem as `file:line: …`."""
    examined = examine(text, source_name)
    if examined.inventory is None:
        raise InventoryError(examined.problems)
    return examined.inventory


def examine(text: str, source_name: str) -> Examined:
    """Read the text and look at it as a whole."""
    try:
        marked = marked_yaml.read(text)
    except NotYaml as error:
        return Examined(None, _in_order([error.problem], source_name), ())
    inventory, problems = _validated(marked)
    problems += marked.problems
    hints: list[Problem] = []
    for finding in inventory_check.findings(marked.data):
        name = inventory_messages.name_of(finding.place, marked.data)
        problem = Problem(marked.line_of(finding.place), name + finding.text)
        (hints if finding.hint else problems).append(problem)
    return Examined(
        None if problems else inventory,
        _in_order(problems, source_name),
        _in_order(hints, source_name),
    )


def _validated(marked: Marked) -> tuple[Inventory | None, list[Problem]]:
    if not isinstance(marked.data, dict):
        text = _("an inventory consists of “key: value”, beginning with “network: …”")
        return None, [Problem(marked.line, text)]
    try:
        return Inventory.model_validate(_without_empty_sections(marked.data)), []
    except ValidationError as error:
        return None, inventory_messages.problems_of(error, marked)


def _without_empty_sections(data: dict[str, Any]) -> dict[str, Any]:
    """A section whose entries are all commented out is as good as left out."""
    return {
        key: value
        for key, value in data.items()
        if value is not None or key not in Inventory.model_fields
    }


def _in_order(problems: list[Problem], source_name: str) -> tuple[str, ...]:
    lines = sorted({(problem.line, problem.text): None for problem in problems})
    return tuple(f"{source_name}:{line}: {text}" for line, text in lines)
