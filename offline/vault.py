# SPDX-License-Identifier: Apache-2.0
"""The encrypted database: SQLite through SQLCipher, spoken to with sqlite-utils; one connection, one thread.

`synchronous=FULL` with the write-ahead log: a commit is on disk when it returns. Whatever the spool holds can be
rebuilt, so a damaged vault is set aside and a new one begun.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3

from offline.errors import DiskFull, DiskReadOnly, OfflineError, VaultDamaged

# sqlite-utils looks for pysqlite3 first; this makes it speak (and catch the exceptions of) SQLCipher's module.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger(__name__)
VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  id TEXT PRIMARY KEY, sequence INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL, tracking_code TEXT NOT NULL,
  item TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL,
  confirmed_at TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', received_at TEXT, case_number TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_code ON records (tracking_code);
CREATE INDEX IF NOT EXISTS records_waiting ON records (sequence) WHERE state IN ('waiting', 'sending');
CREATE INDEX IF NOT EXISTS records_parked ON records (sequence) WHERE state = 'parked';
CREATE TABLE IF NOT EXISTS attachments (
  record_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, segment INTEGER NOT NULL,
  offset INTEGER NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (record_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attachments_waiting ON attachments (record_id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS attachments_by_digest ON attachments (digest);
CREATE TABLE IF NOT EXISTS summaries (
  tracking_code TEXT PRIMARY KEY, person TEXT NOT NULL, applicant TEXT NOT NULL, item_name TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS summaries_by_person ON summaries (person);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, tracking_code TEXT NOT NULL, statement TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_code ON events (tracking_code, seq);
CREATE TABLE IF NOT EXISTS drafts (
  id TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE, saved_at TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (digest TEXT PRIMARY KEY, data BLOB NOT NULL, kept_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, pin TEXT NOT NULL, failures INTEGER NOT NULL DEFAULT 0,
  locked_until TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS staff_cards (key TEXT PRIMARY KEY, staff_id TEXT NOT NULL) WITHOUT ROWID;
"""


class Vault:
    """The open database. `db` is sqlite-utils' Database; `rows` and `row` read, `run` writes.

    Writing raises DiskFull and DiskReadOnly, and has then changed nothing.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        from sqlite_utils import Database

        self._connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=True)
        try:
            self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY"):
                self._connection.execute(f"PRAGMA {setting}")
            if self._connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise VaultDamaged("the encrypted database is damaged")
            self._connection.executescript(_SCHEMA)
            self._connection.execute(f"PRAGMA user_version = {VERSION}")
        except sqlcipher3.dbapi2.DatabaseError as fault:
            self._connection.close()
            if _of_the_disk(fault):
                raise _disk_error(fault) from fault
            raise VaultDamaged("the encrypted database is damaged, or belongs to another key") from fault
        except VaultDamaged:
            self._connection.close()
            raise
        self.db: Database = Database(self._connection)

    def close(self) -> None:
        """Writes the log back and closes."""
        self._connection.close()

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        return list(self.db.query(sql, values))

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> None:
        """One statement, committed, unless inside `atomic`."""
        with _told():
            self._connection.execute(sql, values)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All of the block's writes, or none. Raises DiskFull and DiskReadOnly."""
        with _told(), self.db.atomic():
            yield

    def fact(self, name: str) -> str | None:
        """A single remembered value."""
        found = self.row("SELECT value FROM facts WHERE name = ?", name)
        return None if found is None else str(found["value"])

    def remember(self, name: str, value: str) -> None:
        """Sets a single value."""
        self.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)

    def document(self, name: str) -> bytes | None:
        """A stored document."""
        found = self.row("SELECT body FROM documents WHERE name = ?", name)
        return None if found is None else bytes(found["body"])

    def keep_document(self, name: str, body: bytes) -> None:
        """Replaces a stored document."""
        self.run(
            "INSERT INTO documents VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body", name, body
        )


# SQLite's primary result codes (sqlite.org/rescode.html) that speak of the disk, not of what is in the file. A limit
# on a file's size, and some network disks when full, show as an I/O error.
_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_FAILED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


def _code(fault: Exception) -> int:
    return int(getattr(fault, "sqlite_errorcode", 0)) & 0xFF


def _of_the_disk(fault: Exception) -> bool:
    return _code(fault) in _FULL + _FAILED


def _disk_error(fault: Exception) -> OfflineError:
    if _code(fault) in _FULL:
        return DiskFull("the disk is full; nothing was changed. Free some space.")
    return DiskReadOnly(f"the disk cannot be written ({fault}); nothing was changed. Have the disk looked at.")


@contextmanager
def _told() -> Iterator[None]:
    """The disk's faults as ours."""
    try:
        yield
    except sqlcipher3.dbapi2.OperationalError as fault:
        if not _of_the_disk(fault):
            raise
        raise _disk_error(fault) from fault


def open_vault(path: Path, key: bytes) -> tuple[Vault, bool]:
    """The vault, and whether a damaged one was set aside for a new one. Raises DiskFull, DiskReadOnly: a full disk
    is no damage."""
    try:
        return Vault(path, key), False
    except VaultDamaged:
        log.warning("the vault is damaged; it is set aside and rebuilt from the spool")
    number = 1
    while path.with_name(f"{path.name}.damaged-{number}").exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(path.with_name(f"{path.name}.damaged-{number}{suffix}"))
    return Vault(path, key), True
