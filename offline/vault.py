# SPDX-License-Identifier: Apache-2.0
"""The encrypted database: SQLite through SQLCipher, spoken to with sqlite-utils; one connection, one thread.

`synchronous=FULL` with the write-ahead log: a commit is on disk when it returns. Whatever the spool holds can be
rebuilt, so a damaged vault is set aside and a new one begun.
"""

from __future__ import annotations

import logging
import resource
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3

from offline.errors import DiskFull, DiskReadOnly, OfflineError, VaultDamaged, disk_fault

# sqlite-utils looks for pysqlite3 first; this makes it speak (and catch the exceptions of) SQLCipher's module.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger(__name__)
VERSION = 3
_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  id TEXT PRIMARY KEY, terminal INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
  tracking_code TEXT NOT NULL, item TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
  size INTEGER NOT NULL, digest TEXT NOT NULL, confirmed_at TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', received_at TEXT, case_number TEXT, files_due INTEGER NOT NULL DEFAULT 0,
  UNIQUE (terminal, sequence)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_code ON records (tracking_code);
CREATE INDEX IF NOT EXISTS records_by_sequence ON records (sequence);
CREATE INDEX IF NOT EXISTS records_by_segment ON records (segment);
CREATE INDEX IF NOT EXISTS records_waiting ON records (sequence) WHERE state IN ('waiting', 'sending');
CREATE INDEX IF NOT EXISTS records_oldest ON records (confirmed_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX IF NOT EXISTS records_sending ON records (id) WHERE state = 'sending';
CREATE INDEX IF NOT EXISTS records_parked ON records (sequence) WHERE state = 'parked';
CREATE INDEX IF NOT EXISTS records_with_files ON records (sequence) WHERE state = 'delivered' AND files_due > 0;
CREATE TABLE IF NOT EXISTS attachments (
  record_id TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL, segment INTEGER NOT NULL,
  offset INTEGER NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (record_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attachments_waiting ON attachments (record_id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS attachments_by_segment ON attachments (segment);
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
CREATE TABLE IF NOT EXISTS tallies (
  terminal INTEGER NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (terminal, what)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS record_came AFTER INSERT ON records BEGIN
  INSERT OR IGNORE INTO tallies VALUES (NEW.terminal, NEW.state, 0, 0);
  UPDATE tallies SET n = n + 1, bytes = bytes + NEW.size WHERE terminal = NEW.terminal AND what = NEW.state;
END;
CREATE TRIGGER IF NOT EXISTS record_moved AFTER UPDATE OF state ON records WHEN OLD.state != NEW.state BEGIN
  UPDATE tallies SET n = n - 1, bytes = bytes - OLD.size WHERE terminal = OLD.terminal AND what = OLD.state;
  INSERT OR IGNORE INTO tallies VALUES (NEW.terminal, NEW.state, 0, 0);
  UPDATE tallies SET n = n + 1, bytes = bytes + NEW.size WHERE terminal = NEW.terminal AND what = NEW.state;
END;
CREATE TRIGGER IF NOT EXISTS file_came AFTER INSERT ON attachments WHEN NEW.state = 'waiting' BEGIN
  UPDATE records SET files_due = files_due + 1 WHERE id = NEW.record_id;
  INSERT OR IGNORE INTO tallies SELECT terminal, 'files', 0, 0 FROM records WHERE id = NEW.record_id;
  UPDATE tallies SET n = n + 1, bytes = bytes + NEW.size
    WHERE what = 'files' AND terminal = (SELECT terminal FROM records WHERE id = NEW.record_id);
END;
CREATE TRIGGER IF NOT EXISTS file_moved AFTER UPDATE OF state ON attachments WHEN OLD.state != NEW.state BEGIN
  UPDATE records SET files_due = files_due + (NEW.state = 'waiting') - (OLD.state = 'waiting') WHERE id = NEW.record_id;
  UPDATE tallies SET n = n + (NEW.state = 'waiting') - (OLD.state = 'waiting'),
    bytes = bytes + ((NEW.state = 'waiting') - (OLD.state = 'waiting')) * NEW.size
    WHERE what = 'files' AND terminal = (SELECT terminal FROM records WHERE id = NEW.record_id);
END;
"""

# From the version that is the key to the next one. Version 1 held the terminal's own records only.
_STEPS = {
    1: """
ALTER TABLE records RENAME TO records_1;
DROP INDEX records_by_code;
DROP INDEX records_waiting;
CREATE TABLE records (
  id TEXT PRIMARY KEY, terminal INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
  tracking_code TEXT NOT NULL, item TEXT NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL,
  size INTEGER NOT NULL, digest TEXT NOT NULL, confirmed_at TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', received_at TEXT, case_number TEXT, UNIQUE (terminal, sequence)
) WITHOUT ROWID;
INSERT INTO records SELECT id, :own, sequence, kind, tracking_code, item, segment, offset, size, digest,
  confirmed_at, state, reason, received_at, case_number FROM records_1;
DROP TABLE records_1;
""",
    2: """
ALTER TABLE records ADD COLUMN files_due INTEGER NOT NULL DEFAULT 0;
UPDATE records SET files_due =
  (SELECT count(*) FROM attachments a WHERE a.record_id = records.id AND a.state = 'waiting');
CREATE TABLE tallies (
  terminal INTEGER NOT NULL, what TEXT NOT NULL, n INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (terminal, what)
) WITHOUT ROWID;
INSERT INTO tallies SELECT terminal, state, count(*), sum(size) FROM records GROUP BY terminal, state;
INSERT INTO tallies SELECT r.terminal, 'files', count(*), sum(a.size)
  FROM attachments a JOIN records r ON r.id = a.record_id WHERE a.state = 'waiting' GROUP BY r.terminal;
""",
}


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
        self._open()

    def _open(self) -> None:
        from sqlite_utils import Database

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
            self._bring_up_to_date(self._own)
        except sqlcipher3.dbapi2.DatabaseError as fault:
            self._connection.close()
            if _of_the_disk(fault):
                raise _disk_error(fault) from fault
            raise VaultDamaged("the encrypted database is damaged, or belongs to another key") from fault
        except OfflineError:
            self._connection.close()
            raise
        self.db: Database = Database(self._connection)

    def renew(self) -> None:
        """Sets the damaged file aside and begins a new one with all rows of it that can still be read; the spool
        knows the rest. Raises DiskFull, DiskReadOnly."""
        with suppress(sqlcipher3.dbapi2.Error):
            self._connection.close()
        aside = set_aside(self._path)
        self._open()
        rescued = rescue(aside, self._key, self._connection)
        log.warning("the vault is damaged: it is set aside as %s; %d rows of it could be read", aside.name, rescued)

    def _bring_up_to_date(self, own: int) -> None:
        """One transaction for each step: after a crash in one, the version before still stands."""
        found = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            raise OfflineError(
                f"the vault is of version {found}, this program knows {VERSION}; install the newer program again",
                "vault-newer",
            )
        for version in range(found, VERSION) if found else ():
            step = _STEPS[version].replace(":own", str(own))
            self._connection.executescript(f"BEGIN IMMEDIATE;{step}PRAGMA user_version = {version + 1};COMMIT;")
        self._connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version = {VERSION};COMMIT;")

    def close(self) -> None:
        """Writes the log back and closes."""
        self._connection.close()

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        with _told():
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


# SQLite's primary result codes (sqlite.org/rescode.html): what speaks of the disk, and what of damage in the file.
_FAILED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(fault: Exception) -> int:
    return int(getattr(fault, "sqlite_errorcode", 0)) & 0xFF


def _of_the_disk(fault: Exception) -> bool:
    return _code(fault) in (*_FAILED, sqlite3.SQLITE_FULL)


def _disk_error(fault: Exception) -> OfflineError:
    if _code(fault) == sqlite3.SQLITE_FULL or (_code(fault) == sqlite3.SQLITE_IOERR and _is_limited()):
        return DiskFull("the disk is full; nothing was changed. Free some space.")
    return DiskReadOnly(f"the disk cannot be written ({fault}); nothing was changed. Have the disk looked at.")


def _is_limited() -> bool:
    """SQLite tells a limit on the size of a process's files as an I/O error."""
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


@contextmanager
def _told() -> Iterator[None]:
    """The disk's faults as ours."""
    try:
        yield
    except sqlcipher3.dbapi2.DatabaseError as fault:
        if _of_the_disk(fault):
            raise _disk_error(fault) from fault
        if _code(fault) in _DAMAGED:
            raise VaultDamaged("the encrypted database is damaged") from fault
        raise


def open_vault(path: Path, key: bytes, own: int = 0) -> tuple[Vault, bool]:
    """The vault, and whether a damaged one was set aside for a new one. `own` is this terminal's number, 0 before it
    has one. Raises DiskFull, DiskReadOnly: a full disk is no damage; OfflineError vault-newer."""
    try:
        return Vault(path, key, own), False
    except VaultDamaged:
        log.warning("the vault is damaged; it is set aside and rebuilt from the spool")
    aside = set_aside(path)
    vault = Vault(path, key, own)
    rescue(aside, key, vault._connection)
    return vault, True


def set_aside(path: Path) -> Path:
    """Renames a damaged database; its new name. Raises DiskReadOnly."""
    number = 1
    while path.with_name(f"{path.name}.damaged-{number}").exists():
        number += 1
    aside = path.with_name(f"{path.name}.damaged-{number}")
    try:
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as fault:
        raise disk_fault(fault) from fault
    return aside


# What is worth reading out of a damaged vault; the mark up to which the spool is indexed is not, so that it is read
# again from its beginning.
_WORTH = (
    "facts", "records", "attachments", "summaries", "events", "drafts", "kept", "documents", "staff", "staff_cards"
)  # fmt: skip


def rescue(aside: Path, key: bytes, into: sqlcipher3.Connection) -> int:
    """Copies every row that can be read, from both ends of each table to the damaged page; how many."""
    count = 0
    old = sqlcipher3.connect(str(aside), isolation_level=None)
    try:
        old.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        into.execute("BEGIN")
        for table in _WORTH:
            for direction in ("ASC", "DESC"):
                with suppress(sqlcipher3.dbapi2.DatabaseError):
                    count += _copy(old, table, direction, into)
        into.execute("DELETE FROM facts WHERE name = 'indexed'")
        into.execute("DELETE FROM attachments WHERE record_id NOT IN (SELECT id FROM records)")
        into.execute("COMMIT")
    except sqlcipher3.dbapi2.DatabaseError as fault:
        log.warning("nothing could be read out of %s: %s", aside.name, fault)
        if into.in_transaction:
            into.execute("ROLLBACK")
    finally:
        old.close()
    return count


def _copy(old: sqlcipher3.Connection, table: str, direction: str, into: sqlcipher3.Connection) -> int:
    key = {"records": "sequence", "attachments": "record_id"}.get(table, "1")
    have = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
    names = [row[1] for row in into.execute(f"PRAGMA table_info({table})") if row[1] in have and row[1] != "files_due"]
    put = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    count = 0
    for row in old.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {key} {direction}"):
        count += into.execute(put, row).rowcount > 0
    return count
