"""Reads inventory files from disk."""

from pathlib import Path

from console.errors import OperatorError
from console.language import _
from console.model import inventory_file
from console.model.inventory import Inventory
from console.model.inventory_file import Examined, InventoryError
from console.model.marked_yaml import MAX_CHARACTERS


def load(path: Path) -> Inventory:
    """Return the inventory in `path`; raise InventoryError or, unreadable, OperatorError."""
    examined = examine(path)
    if examined.inventory is None:
        raise InventoryError(examined.problems)
    return examined.inventory


def examine(path: Path) -> Examined:
    """Return all that is to be said about the file; raise OperatorError if it cannot be read."""
    text = text_of(path)
    return inventory_file.examine(text, str(path))


def text_of(path: Path) -> str:
    """Return the text of the file; raise OperatorError where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(4 * MAX_CHARACTERS + 1)
    except OSError as error:
        sentence = _("The inventory {path} cannot be read: {reason}.")
        reason = (error.strerror or str(error)).rstrip(".")
        raise OperatorError(sentence.format(path=path, reason=reason)) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = _("not UTF-8; save the file in that encoding")
        raise InventoryError((f"{path}:{line}: {text}",)) from error
