"""Opens history files for reading, and refuses in words what is none or cannot be read."""

import sqlite3
from pathlib import Path

from console.errors import OperatorError
from console.history.place import refuse_network_share
from console.history.schema import APPLICATION_ID, VERSION
from console.language import _

_WAL = 2  # in octet 18 of the header: written through a write-ahead log


def connect(path: Path) -> sqlite3.Connection:
    """Open a history of this version read-only; raise OperatorError where that cannot be."""
    db = connect_any(path)
    if version_of(db) < VERSION:
        db.close()
        raise OperatorError(
            _("{path} was written by an older Leitstand; open it with `review`.").format(path=path)
        )
    return db


def connect_any(path: Path) -> sqlite3.Connection:
    """Open a history of this or an earlier version read-only."""
    if not path.exists():
        raise OperatorError(_("There is no history at {path}.").format(path=path))
    try:
        if _has_log(path):
            refuse_network_share(path)
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5.0
        )
        try:
            _check(db, path)
        except BaseException:
            db.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise OperatorError(
            _("{path} cannot be read as a history ({error}).").format(path=path, error=error)
        ) from error
    return db


def version_of(db: sqlite3.Connection) -> int:
    """Return the version of the schema."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _check(db: sqlite3.Connection, path: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise OperatorError(_("{path} is not a history of Leitstand.").format(path=path))
    if version_of(db) > VERSION:
        raise OperatorError(
            _("{path} was written by a newer Leitstand; open it with that version.").format(
                path=path
            )
        )


def _has_log(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(20)[18:19] == bytes([_WAL])
