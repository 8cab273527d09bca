"""The SQLite database behind the store: one connection, one lock, atomic transactions."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any
from weakref import finalize

from amplify_modelgen.plugin import BackendError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = ":memory:"
# "AMGB" as a big-endian number. A database of another program is never written to.
APPLICATION_ID = 0x414D4742
SCHEMA_VERSION = 2
BUSY_TIMEOUT = 10.0

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
    CREATE TABLE version (
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
        version_id INTEGER REFERENCES version (id),
        config TEXT NOT NULL,
        models_version_id INTEGER REFERENCES version (id),
        datastore TEXT,
        introspection TEXT,
        PRIMARY KEY (app_id, environment, name),
        FOREIGN KEY (app_id, environment) REFERENCES environment (app_id, name) ON DELETE CASCADE
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
        version_id INTEGER,
        payload TEXT NOT NULL,
        behavior TEXT NOT NULL,
        created REAL NOT NULL,
        updated REAL NOT NULL,
        ends REAL,
        status TEXT,
        error TEXT
    )
    """,
    "CREATE INDEX job_due ON job (ends) WHERE status IS NULL",
    "CREATE INDEX job_environment ON job (app_id, environment, number)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


class Database:
    """A database at `path`, or in memory for `:memory:`, safe to share between threads.

    A file survives restarts, and may be open in two processes. The database is closed when it is
    garbage-collected.

    Raises:
        UsageError: the file cannot be opened or belongs to another program.
        BackendError: an operation failed later.
    """

    def __init__(self, path: str = MEMORY) -> None:
        self._lock = RLock()
        self._connection = _open(path)
        self._finalizer = finalize(self, self._connection.close)

    def close(self) -> None:
        """Close the database; no other method may be called afterwards."""
        with self._lock:
            self._finalizer()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Lock the database; commit all changes of the block or, if it raises, none.

        A transaction inside another one is part of it.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            with _database_errors():
                self._connection.execute("BEGIN IMMEDIATE")
                with self._connection:
                    yield

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo the changes of the block, and only those, if it raises."""
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
        """Execute a statement that changes the database."""
        with self.transaction():
            self._connection.execute(statement, values)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._lock, _database_errors():
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(query, *values)), None)


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BackendError(
            f"the database of serve failed: {error}",
            hint="check that its file is writable and the disk is not full",
        ) from error


def _open(path: str) -> sqlite3.Connection:
    if path != MEMORY and not _is_regular_or_missing(path):
        raise _unusable(path, "it is not a regular file")
    try:
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise _unusable(path, str(error)) from error
    return connection


def _is_regular_or_missing(path: str) -> bool:
    # SQLite would wait for the other end of a FIFO. It reports all other errors itself.
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except OSError:
        return True


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
        elif version != SCHEMA_VERSION:
            raise _unusable(path, f"it has format {version} instead of {SCHEMA_VERSION}")


def _unusable(path: str, reason: str) -> UsageError:
    return UsageError(
        f"cannot use the database {path}: {reason}",
        hint="pass a new file to --database, or one that serve created",
    )
