"""Opens a history of this or any earlier version, on any machine, without changing it."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from console.history.connection import connect_any, told_in_words, version_of
from console.history.schema import VERSION


@contextmanager
def open_for_review(path: Path) -> Iterator[Path]:
    """Give the path of a readable history: the file itself, or a copy in a temporary folder.

    An older file is copied and the copy migrated. So is one with a log in a folder that may not
    be written, where SQLite could not read the log. Raises OperatorError for a newer file and for
    what is no history.
    """
    with tempfile.TemporaryDirectory(prefix="leitstand-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name
        if path.exists() and not _writable(path.parent):
            path = _copied(path, copy)
        with closing(connect_any(path)) as source, told_in_words(path):
            if version_of(source) < VERSION:
                path = _migrated(source, Path(folder) / f"migrated-{path.name}")
        yield path


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


def _copied(path: Path, copy: Path) -> Path:
    """Copy a file that nobody here can write, with its log."""
    log = path.with_name(f"{path.name}-wal")
    shutil.copyfile(path, copy)
    if log.exists():
        shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
    return copy


def _migrated(source: sqlite3.Connection, copy: Path) -> Path:
    from console.history.migrations import migrate  # its library is slow to import

    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        source.backup(target)
        migrate(target)
    return copy
