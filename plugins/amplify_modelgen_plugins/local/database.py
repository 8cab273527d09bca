"""The SQLite file behind the store: one connection, one lock, whole transactions."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import finalize

from amplify_modelgen import BackendError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

# "AMGB" as a big-endian number, so that another program's file is never written into.
APPLICATION_ID = 0x414D4742
LAYOUT_VERSION = 1
BUSY_SECONDS = 10.0

TABLES = (
    "CREATE TABLE app (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE environment (
        app_id TEXT NOT NULL REFERENCES app (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        flags TEXT NOT NULL,
        PRIMARY KEY (app_id, name)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE definition (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest TEXT NOT NULL UNIQUE,
        sdl TEXT NOT NULL,
        flags TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE resource (
        app_id TEXT NOT NULL,
        environment TEXT NOT NULL,
        name TEXT NOT NULL,
        definition_id INTEGER REFERENCES definition (id),
        config TEXT NOT NULL,
        PRIMARY KEY (app_id, environment, name),
        FOREIGN KEY (app_id, environment) REFERENCES environment (app_id, name) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE models (
        app_id TEXT NOT NULL,
        environment TEXT NOT NULL,
        resource TEXT NOT NULL,
        definition_id INTEGER NOT NULL REFERENCES definition (id),
        datastore TEXT NOT NULL,
        introspection TEXT NOT NULL,
        PRIMARY KEY (app_id, environment, resource),
        FOREIGN KEY (app_id, environment, resource)
            REFERENCES resource (app_id, environment, name) ON DELETE CASCADE
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE job (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        app_id TEXT NOT NULL,
        environment TEXT,
        resource TEXT,
        operation TEXT NOT NULL,
        definition_id INTEGER,
        work TEXT NOT NULL,
        plan TEXT NOT NULL,
        created REAL NOT NULL,
        updated REAL NOT NULL,
        ends REAL,
        status TEXT,
        error TEXT
    )
    """,
    "CREATE INDEX job_due ON job (ends) WHERE status IS NULL",
    "CREATE INDEX job_place ON job (app_id, environment, number)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {LAYOUT_VERSION}",
)


class Database:
    """A database at `path`, or in memory for `:memory:`, safe to share between threads.

    A file survives restarts, and may be open in two processes. When nobody holds the database
    any more, it is closed. Raises `UsageError` where the file cannot be opened or belongs to
    something else, `BackendError` where it fails later.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = RLock()
        self._connection = _open(path)
        # A backend in process has nobody to close it.
        self._end = finalize(self, self._connection.close)

    def close(self) -> None:
        """Close the database; nothing else may be called afterwards."""
        with self._lock:
            self._end()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the database alone, and keep all changes made inside or, if it raises, none.

        A transaction inside another one is part of it.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            with _failures_named():
                self._connection.execute("BEGIN IMMEDIATE")
                with self._connection:
                    yield

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo the changes made inside if it raises, and only those."""
        with self.transaction():
            self._connection.execute("SAVEPOINT here")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK TO here")
                raise
            finally:
                self._connection.execute("RELEASE here")

    def change(self, statement: str, *values: object) -> None:
        """Run a statement that changes something."""
        with self.transaction():
            self._connection.execute(statement, values)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query; their types are those of the tables."""
        with self._lock, _failures_named():
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(query, *values)), None)


@contextmanager
def _failures_named() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"the embedded backend's database failed: {error}"
        raise BackendError(
            message, hint="check that its file is writable, on a disk with room"
        ) from error


def _open(path: str) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _unusable(path, str(error)) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        owner, version, tables = connection.execute(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
            " FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        if not tables:
            for statement in TABLES:
                connection.execute(statement)
        elif owner != APPLICATION_ID:
            raise _unusable(path, "it belongs to another program")
        elif version != LAYOUT_VERSION:
            raise _unusable(
                path, f"its layout is {version}, and this version knows {LAYOUT_VERSION}"
            )


def _unusable(path: str, why: str) -> UsageError:
    return UsageError(
        f"cannot keep the embedded backend in {path}: {why}",
        hint="name a new file with --database, or one that serve made",
    )
