"""Brings a history file to this version: numbered steps, each whole or not at all."""

import sqlite3
from collections.abc import Callable

from sqlite_utils import Database

from console.errors import OperatorError
from console.history.connection import version_of
from console.history.schema import (
    APPLICATION_ID,
    CHANGE_TABLES,
    CONFERENCE_TABLES,
    EVENT_TABLES,
    SAMPLE_VIEW,
    SURROUNDINGS_TABLES,
    TABLES,
    VERSION,
)
from console.language import _


def _first(db: Database) -> None:
    for statement in TABLES:
        db.execute(statement)
    db.create_view("sample", SAMPLE_VIEW)


def _second(db: Database) -> None:
    for statement in EVENT_TABLES:
        db.execute(statement)


def _third(db: Database) -> None:
    for statement in SURROUNDINGS_TABLES:
        db.execute(statement)


def _fourth(db: Database) -> None:
    db.execute("DROP VIEW IF EXISTS sample")
    db.create_view("sample", SAMPLE_VIEW)


def _fifth(db: Database) -> None:
    for statement in CONFERENCE_TABLES:
        db.execute(statement)


def _sixth(db: Database) -> None:
    for statement in CHANGE_TABLES:
        db.execute(statement)


# Step n leads to version n + 1.
STEPS: tuple[Callable[[Database], None], ...] = (
    *(_first, _second, _third),
    *(_fourth, _fifth, _sixth),
)
assert len(STEPS) == VERSION


def _current(connection: sqlite3.Connection) -> int:
    """Return the schema's version, 0 for an empty file; refuse what is not a history or newer."""
    version = version_of(connection)
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if application != APPLICATION_ID and (tables or application or version):
        raise OperatorError(_("This file is not a history of Leitstand; choose another one."))
    if version > VERSION:
        raise OperatorError(
            _("This history was written by a newer Leitstand; open it with that version.")
        )
    return version


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the steps that are missing, each in its own transaction.

    The connection must be in autocommit mode (isolation_level None).
    """
    for number in range(_current(connection), VERSION):
        db = Database(connection, execute_plugins=False)
        connection.execute("BEGIN IMMEDIATE")
        try:
            STEPS[number](db)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
