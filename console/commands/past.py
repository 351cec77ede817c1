"""Opens a history for a command, and speaks the language of its network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console import language, paths
from console.history.reader import HistoryReader
from console.model.inventory import Inventory


@contextmanager
def opened(history: Path | None) -> Iterator[HistoryReader]:
    """Give a reader of the history, of the default one where none is named."""
    reader = HistoryReader(history or paths.history_file())
    try:
        inventory = reader.inventory_at(None)
        if inventory is not None:
            speak(inventory)
        yield reader
    finally:
        reader.close()


def speak(inventory: Inventory) -> None:
    """Use the network's language and clock."""
    language.use(inventory.language, inventory.timezone)
