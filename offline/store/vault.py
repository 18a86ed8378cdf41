# SPDX-License-Identifier: Apache-2.0
"""The encrypted database: SQLite through SQLCipher, spoken to with sqlite-utils; one connection, one thread.

`synchronous=FULL` with the write-ahead log: a commit is on disk when it returns. Whatever the spool holds can be
rebuilt, so a damaged vault is set aside and a new one begun.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3

from offline.errors import DiskReadOnly, OfflineError, VaultDamaged
from offline.store.rescue import DAMAGED_NAME, files_aside, rescue_all, set_aside
from offline.store.schema import bring_up_to_date
from offline.store.sqlite_faults import code_of, disk_error, faults_told, is_of_the_disk

# sqlite-utils looks for pysqlite3 first; this makes it speak (and catch the exceptions of) SQLCipher's module.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger(__name__)
_CHECKED = b"\x00checked\x00"  # how a document begins whose SHA-256 follows; no CBOR and no JSON begins like this


class _State(Enum):
    GOOD = "good"
    CLOSED = "closed"  # the damaged file is still where it was
    ASIDE = "aside"  # it is set aside, the new one is not whole yet


class Vault:
    """The open database. `db` is sqlite-utils' Database; `rows` and `row` read, `run` writes.

    Every page has its own authentication code, which is checked whenever the page is read: damage is found where it
    is, not by reading everything at each start. All methods raise VaultDamaged then; writing also raises DiskFull and
    DiskReadOnly, and has then changed nothing.
    """

    def __init__(self, path: Path, key: bytes, own: int = 0) -> None:
        self._path = path
        self._key = key
        self._own = own
        self._state = _State.GOOD
        self._open()

    def _open(self) -> None:
        self._writer: Database | None = None
        self._connection = sqlcipher3.connect(str(self._path), isolation_level=None, check_same_thread=True)
        try:
            self._connection.execute("PRAGMA cipher_log_level = NONE")  # it would go to stderr; we tell it ourselves
            self._connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            for setting in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "secure_delete = ON",
                "temp_store = MEMORY",
                "cache_size = -16000",
            ):
                self._connection.execute(f"PRAGMA {setting}")
            bring_up_to_date(self._connection, self._path, self._own)
        except MemoryError as fault:
            self._connection.close()
            raise VaultDamaged("the encrypted database is damaged") from fault
        except sqlcipher3.dbapi2.DatabaseError as fault:
            self._connection.close()
            if is_of_the_disk(fault):
                raise disk_error(fault) from fault
            raise VaultDamaged("the encrypted database is damaged, or belongs to another key") from fault
        except OfflineError:
            self._connection.close()
            raise

    @property
    def db(self) -> Database:
        """sqlite-utils' view of the database. Loading it takes longer than opening the file, and a start only reads."""
        if self._writer is None:
            from sqlite_utils import Database

            self._writer = Database(self._connection)
        return self._writer

    def renew(self) -> None:
        """Sets the damaged file aside and begins a new one with all rows of it that can still be read; the spool
        knows the rest. Raises DiskFull, DiskReadOnly: then every use raises VaultDamaged until this was done."""
        with suppress(sqlcipher3.dbapi2.Error):
            self._connection.close()
        if self._state is not _State.ASIDE:
            self._state = _State.CLOSED
            set_aside(self._path)
            self._state = _State.ASIDE
        self._open()
        rescue_all(self._path, self._key, self._connection)
        self._state = _State.GOOD

    def rescue(self) -> None:
        """See `rescue_all`."""
        rescue_all(self._path, self._key, self._connection)

    def close(self) -> None:
        """Writes the log back and closes."""
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self._state is not _State.GOOD:
            raise VaultDamaged("the encrypted database was damaged and could not be begun anew yet")
        try:
            with faults_told():
                yield
        except DiskReadOnly as fault:
            cause = fault.__cause__
            if isinstance(cause, Exception) and code_of(cause) == sqlite3.SQLITE_READONLY and _writable(self._path):
                # so SQLCipher refuses everything through a connection that has met a bad page
                raise VaultDamaged("the encrypted database is damaged") from fault
            raise

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        with self._told():
            cursor = self._connection.execute(sql, values)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    @property
    def changes(self) -> object:
        """Equal to what it was before as long as nothing was written. Raises VaultDamaged."""
        with self._told():
            return id(self._connection), self._connection.total_changes

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> None:
        """One statement, committed, unless inside `atomic`."""
        with self._told():
            self._connection.execute(sql, values)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All of the block's writes, or none. Raises DiskFull and DiskReadOnly."""
        with self._told(), self.db.atomic():
            yield

    def fact(self, name: str) -> str | None:
        """A single remembered value."""
        found = self.row("SELECT value FROM facts WHERE name = ?", name)
        return None if found is None else str(found["value"])

    def remember(self, name: str, value: str) -> None:
        """Sets a single value."""
        self.run(
            "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )

    def document(self, name: str) -> bytes | None:
        """A stored document; None as well where the disk has lost a part of it: of a long value the last page may
        come as zeros without a word."""
        found = self.row("SELECT body FROM documents WHERE name = ?", name)
        if found is None:
            return None
        body = bytes(found["body"])
        if not body.startswith(_CHECKED):
            return body  # kept by a version of this program that did not check
        digest, body = body[len(_CHECKED) :][:32], body[len(_CHECKED) + 32 :]
        if hashlib.sha256(body).digest() == digest:
            return body
        log.warning("the document %s is damaged and is left out", name)
        self.run("DELETE FROM documents WHERE name = ?", name)
        return None

    def keep_document(self, name: str, body: bytes) -> None:
        """Replaces a stored document."""
        self.run(
            "INSERT INTO documents (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            *(name, _CHECKED + hashlib.sha256(body).digest() + body),
        )


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK)


def open_vault(path: Path, key: bytes, own: int = 0) -> tuple[Vault, bool]:
    """The vault, and whether a damaged one was set aside for a new one. `own` is this terminal's number, 0 before it
    has one. Raises DiskFull, DiskReadOnly: a full disk is no damage; OfflineError vault-newer."""
    try:
        vault = Vault(path, key, own)
    except VaultDamaged:
        log.warning("the vault is damaged; it is set aside and rebuilt from the spool")
        set_aside(path)
        vault = Vault(path, key, own)
    rebuilt = bool(files_aside(path, DAMAGED_NAME))
    vault.rescue()
    return vault, rebuilt
