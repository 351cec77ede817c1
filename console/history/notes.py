"""notes.db: what the window writes for the collector. One writer, the window; others only read."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from console.errors import OperatorError
from console.history.place import refuse_network_share
from console.language import _
from console.model.inventory import Conference
from console.model.wishes import Wish
from console.system_errors import in_words

APPLICATION_ID = 0x4C53_4E54  # "LSNT"
_BUSY_S = 5.0
_WISHES_S = 86400.0  # older wishes are nobody's any more

_FIRST = (
    # What was entered in the window; content: a conference of the inventory as JSON. A deleted one
    # stays until its id is used again.
    """CREATE TABLE conference(id TEXT PRIMARY KEY, content TEXT NOT NULL, changed_at REAL NOT NULL,
       deleted INT NOT NULL DEFAULT 0) STRICT""",
    # What the collector is asked to do; content: JSON that the kind explains.
    """CREATE TABLE wish(id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL,
       content TEXT NOT NULL, cancelled_at REAL) STRICT""",
)
_STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)  # step n leads to version n + 1
VERSION = len(_STEPS)


def notes_file(history: Path) -> Path:
    """Return where the notes to a history lie unless told otherwise."""
    return history.with_name(f"{history.stem}.notes.db")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the notes hold. `unreadable`: ids of conferences that this version cannot read."""

    conferences: tuple[Conference, ...] = ()
    wishes: tuple[Wish, ...] = ()
    unreadable: tuple[str, ...] = ()


class Notes:
    """The notes, open for writing: for one thread. Raises OperatorError for what a person can mend.

    Use as a context manager, or close.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _in_words(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            refuse_network_share(path)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S)
            try:
                _refuse_others(self._db, path)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                _migrate(self._db)
            except BaseException:
                self._db.close()
                raise

    def __enter__(self) -> "Notes":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def put_conference(self, entry: Conference, at_s: float) -> None:
        """Enter a conference, or put it in the place of the one with its id."""
        content = entry.model_dump_json(by_alias=True, exclude_defaults=True)
        with _in_words(self._path):
            self._db.execute(
                "INSERT INTO conference(id, content, changed_at) VALUES (?, ?, ?) "
                "ON CONFLICT(id) DO UPDATE SET content = excluded.content, "
                "changed_at = excluded.changed_at, deleted = 0",
                (entry.id, content, at_s),
            )

    def delete_conference(self, conference: str, at_s: float) -> None:
        """Take a conference out of what is planned."""
        with _in_words(self._path):
            self._db.execute(
                "UPDATE conference SET deleted = 1, changed_at = ? WHERE id = ?",
                (at_s, conference),
            )

    def add_wish(self, kind: str, content: object, at_s: float) -> int:
        """Write a wish down and return its number; `content` becomes JSON."""
        with _in_words(self._path):
            row = self._db.execute(
                "INSERT INTO wish(at, kind, content) VALUES (?, ?, ?)",
                (at_s, kind, json.dumps(content)),
            )
        assert row.lastrowid is not None
        return row.lastrowid

    def cancel_wish(self, wish: int, at_s: float) -> None:
        """Take a wish back."""
        with _in_words(self._path):
            self._db.execute(
                "UPDATE wish SET cancelled_at = ? WHERE id = ? AND cancelled_at IS NULL",
                (at_s, wish),
            )

    def read(self, at_s: float) -> Noted:
        """Return what is noted."""
        with _in_words(self._path):
            return _read(self._db, at_s)


class NotesReader:
    """Follows notes that another process writes; they may come into being later. For one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._seen: int | None = None

    def news(self, at_s: float) -> Noted | None:
        """Return what is noted where it may have changed since the last call, else None."""
        with _in_words(self._path):
            if self._db is None:
                if not self._path.exists():
                    return None
                self._db = _opened_to_read(self._path)
            version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
            if version == self._seen:
                return None
            found = _read(self._db, at_s)
            self._seen = version
            return found

    def close(self) -> None:
        """Close the file, if it is open; the next look opens it again."""
        if self._db is not None:
            self._db.close()
            self._db, self._seen = None, None


def _opened_to_read(path: Path) -> sqlite3.Connection:
    refuse_network_share(path)
    uri = f"{path.absolute().as_uri()}?mode=ro"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_S)
    try:
        _refuse_others(db, path)
        if not _version(db):
            raise sqlite3.OperationalError("not complete yet")
    except BaseException:
        db.close()
        raise
    return db


def _refuse_others(db: sqlite3.Connection, path: Path) -> None:
    application = int(db.execute("PRAGMA application_id").fetchone()[0])
    tables = int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if application != APPLICATION_ID and (application or tables or _version(db)):
        sentence = _("{path} holds something else than notes of Leitstand; name another file.")
        raise OperatorError(sentence.format(path=path))
    if _version(db) > VERSION:
        sentence = _("{path} was written by a newer Leitstand; open it with that version.")
        raise OperatorError(sentence.format(path=path))


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: sqlite3.Connection) -> None:
    for number in range(_version(db), VERSION):
        db.execute("BEGIN IMMEDIATE")
        try:
            if _version(db) == number:  # nobody else was faster
                for statement in _STEPS[number]:
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {number + 1}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _read(db: sqlite3.Connection, at_s: float) -> Noted:
    rows = db.execute("SELECT id, content FROM conference WHERE NOT deleted ORDER BY id").fetchall()
    wishes = db.execute(
        "SELECT id, at, kind, content, cancelled_at FROM wish WHERE at >= ? ORDER BY id",
        (at_s - _WISHES_S,),
    ).fetchall()
    conferences, unreadable = [], []
    for number, content in rows:
        try:
            conferences.append(Conference.model_validate_json(content))
        except ValidationError:
            unreadable.append(str(number))
    return Noted(tuple(conferences), tuple(Wish(*row) for row in wishes), tuple(unreadable))


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except (OSError, sqlite3.Error) as error:
        sentence = _(
            "The notes {path} cannot be used ({error}); see to that, or name another file."
        )
        raise OperatorError(sentence.format(path=path, error=in_words(error))) from error
