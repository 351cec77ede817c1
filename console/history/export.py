"""Copies a history, live or not, into one compact file that can be carried elsewhere."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from console.errors import OperatorError
from console.history.connection import connect
from console.language import _
from console.system_errors import in_words

_STEPS = 20_000  # of SQLite's machine between two looks at the progress


def export(path: Path, target: Path, progress: Callable[[float], bool] | None = None) -> bool:
    """Write the history as it is now to `target`; what was there is replaced when all is written.

    `progress` gets the part done, 0..1, and answers whether to go on. Returns False when it said
    no: then nothing is left behind. Raises OperatorError when the target cannot be written.
    """
    if target.absolute() == path.absolute():
        raise OperatorError(_("A history cannot be exported onto itself; choose another name."))
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(connect(path)) as db:
            done = _vacuum(db, part, progress)
        if done:
            part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(
            _("{path} cannot be written ({error}); choose another place.").format(
                path=target, error=in_words(error)
            )
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return done


def _vacuum(db: sqlite3.Connection, part: Path, progress: Callable[[float], bool] | None) -> bool:
    """Return False when interrupted by `progress`."""
    pages, page_octets, free = (
        db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "page_size", "freelist_count")
    )
    expected = max(1, (pages - free) * page_octets)
    stopped = False

    def look() -> bool:
        nonlocal stopped
        if progress is not None and not stopped:
            written = part.stat().st_size if part.exists() else 0
            stopped = not progress(min(1.0, written / expected))
        return stopped

    db.set_progress_handler(look, _STEPS)
    try:
        db.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.OperationalError:
        if not stopped:
            raise
    return not stopped
