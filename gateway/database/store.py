# SPDX-License-Identifier: Apache-2.0
"""The gateway's database: SQLite in its data directory, or PostgreSQL by URL. A commit is on disk before it returns."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import insert as _insert_postgresql
from sqlalchemy.dialects.sqlite import insert as _insert_sqlite
from sqlalchemy.exc import ArgumentError, OperationalError

from gateway.errors import DatabaseUnusableError
from gateway.migrations.upgrade import Standing, bring_up_to_date, standing

if TYPE_CHECKING:
    import psycopg

_PREFIXES = ("postgresql://", "postgres://")
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 10,
    "tcp_user_timeout": 30_000,
}  # s and ms: a server behind a dead line is away


class Store:
    """Connections to the database, which is brought up to date first unless `up_to_date` is False.

    Raises DatabaseUnusableError when it cannot be used.
    """

    def __init__(self, data: Path, database: str = "", *, up_to_date: bool = True) -> None:
        self.data = data
        self.database = database
        self.postgresql = bool(database)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.engine = _postgresql(database) if database else _sqlite(data / "gateway.db")
        alone = {"isolation_level": "AUTOCOMMIT"} if self.postgresql else {}
        self._readers = self.engine.execution_options(reading=True, **alone)
        self._alone = self.engine.execution_options(**alone)
        self._closed = False
        event.listen(self.engine, "checkin", self._came_back)
        try:
            if up_to_date:
                self.bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def bring_up_to_date(self) -> list[str]:
        """The steps that were taken; see `migrations.upgrade`. Raises DatabaseUnusableError."""
        with self._must_answer():
            return bring_up_to_date(self)

    def standing(self) -> Standing:
        """Where the database stands. Raises DatabaseUnusableError."""
        with self._must_answer():
            return standing(self)

    @contextmanager
    def _must_answer(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as fault:
            raise DatabaseUnusableError(f"the database cannot be used: {str(fault.orig).strip()}") from fault

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing; on disk when the block ends."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Without waiting for writers; each question sees what is there when it is asked."""
        with self._readers.begin() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """For a single statement that is a transaction by itself: a third of the conversation with the server."""
        with self._alone.begin() as connection:
            yield connection

    def lock(self, db: Connection, name: str) -> None:
        """Until the transaction ends, nobody else holds this name. In SQLite a writer is alone anyway."""
        if self.postgresql:
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": zlib.crc32(name.encode())})

    def insert_new(self, table: Table) -> Any:
        """INSERT that leaves what is there as it is."""
        insert = _insert_postgresql(table) if self.postgresql else _insert_sqlite(table)
        return insert.on_conflict_do_nothing()

    def upsert(self, table: Table) -> Any:
        """INSERT to which `on_conflict_do_update` can be added."""
        return _insert_postgresql(table) if self.postgresql else _insert_sqlite(table)

    def skipping_locked(self, select: Any) -> Any:
        """A SELECT that locks its rows and passes over those that another worker has locked."""
        return select.with_for_update(skip_locked=True) if self.postgresql else select

    def raw_sqlite(self) -> sqlite3.Connection:
        """A connection of one's own, for one thread at a time."""
        connection = sqlite3.connect(
            self.data / "gateway.db", timeout=30, isolation_level=None, check_same_thread=False
        )
        _configure(connection)
        return connection

    def raw_postgresql(self) -> psycopg.Connection[Any]:
        """A connection of one's own; every statement is a transaction. Raises psycopg.OperationalError."""
        import psycopg

        connection = psycopg.connect(self.database, autocommit=True, prepare_threshold=2, **_PATIENCE)
        connection.execute("SET synchronous_commit = on")
        return connection

    async def raw_postgresql_async(self) -> psycopg.AsyncConnection[Any]:
        """The same for the event loop."""
        import psycopg

        connection = await psycopg.AsyncConnection.connect(
            self.database, autocommit=True, prepare_threshold=2, **_PATIENCE
        )
        await connection.execute("SET synchronous_commit = on")
        return connection

    def close(self) -> None:
        """Closes every connection, and those that are still in use when they come back."""
        self._closed = True
        self.engine.dispose()

    def _came_back(self, connection: Any, _record: Any) -> None:
        if self._closed and connection is not None:  # to a pool that nobody will ever close again
            connection.close()


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "isolation_level": None})
    event.listen(engine, "connect", lambda connection, _record: _configure(connection))
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any) -> None:
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _begin(connection: Connection) -> None:
    """A writer takes its turn before it reads: what it saw cannot change under it."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(database: str) -> Engine:
    prefix = next((p for p in _PREFIXES if database.startswith(p)), None)
    if prefix is None:
        raise DatabaseUnusableError("a database is given as postgresql://USER@HOST/NAME; without one, SQLite is used")
    try:
        address = "postgresql+psycopg://" + database.removeprefix(prefix)
        engine = create_engine(address, pool_size=10, max_overflow=30, connect_args=_PATIENCE)
    except (ArgumentError, ImportError, ValueError) as fault:
        raise DatabaseUnusableError(f"the database's address cannot be read: {fault}") from fault
    event.listen(engine, "connect", _durable)
    return engine


def _durable(connection: Any, _record: Any) -> None:
    """Whatever the server's default is: a commit is on disk before it is answered."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    connection.commit()
