"""Opens history files for reading, and refuses in words what is none or cannot be read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from pathlib import Path

from pydantic import ValidationError

from console.errors import OperatorError
from console.history.place import refuse_network_share
from console.history.schema import APPLICATION_ID, VERSION
from console.language import _
from console.system_errors import in_words

_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT", "SQLITE_NOMEM")
# Also what stands where other text was: the texts are read as UTF-8, JSON and an inventory.
_DAMAGED = (sqlite3.DatabaseError, UnicodeError, JSONDecodeError, ValidationError)
# What opening a file with a log ends in where nothing can be written, as on a read-only disk.
_NO_LOG = ("SQLITE_CANTOPEN", "SQLITE_READONLY")
_WAL = 2  # in octet 18 of the header: written through a write-ahead log


@contextmanager
def told_in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite cannot read inside into an OperatorError; a misuse of it stays a bug."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except _DAMAGED as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> OperatorError:
    if getattr(error, "sqlite_errorname", "") in _PASSING:
        sentence = _("{path} cannot be read just now ({error}); try again.")
    else:
        sentence = _(
            "{path} is damaged ({error}); use a copy of it, or move it away, so that the"
            " collector begins a new one."
        )
    words = "UTF-8" if isinstance(error, UnicodeError) else str(error).partition("\n")[0]
    return OperatorError(sentence.format(path=path, error=words))


def connect(path: Path) -> sqlite3.Connection:
    """Open a history of this version read-only; raise OperatorError where that cannot be."""
    db = connect_any(path)
    with told_in_words(path):
        version = version_of(db)
    if version < VERSION:
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
        try:
            return _opened(path, "mode=ro")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith(_NO_LOG):
                raise
            _refuse_unread_log(path)
            return _opened(path, "mode=ro&immutable=1")
    except (OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_CORRUPT":
            raise _unreadable(path, error) from error
        sentence = _("{path} cannot be read as a history ({error}); choose another file.")
        raise OperatorError(sentence.format(path=path, error=in_words(error))) from error


def _opened(path: Path, how: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=5.0
    )
    try:
        _check(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _refuse_unread_log(path: Path) -> None:
    """Raise OperatorError where part of the history is in a log that cannot be opened."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        sentence = _(
            "{path} lies where nothing can be written and {log} must be read with it; copy both"
            " to a folder of yours, or open it with `review`."
        )
        raise OperatorError(sentence.format(path=path, log=log.name))


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
