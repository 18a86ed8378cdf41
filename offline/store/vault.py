# SPDX-License-Identifier: Apache-2.0
"""The encrypted database: SQLite through SQLCipher, spoken to with sqlite-utils; one connection, one thread.

`synchronous=FULL` with the write-ahead log: a commit is on disk when it returns. Whatever the spool holds can be
rebuilt, so a damaged vault is set aside and a new one begun.
"""

from __future__ import annotations

import hashlib
import logging
import os
import resource
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3

from contract.stores import PROGRAM, StoreNote, newer_words
from offline.errors import DiskFull, DiskReadOnly, OfflineError, VaultDamaged, disk_fault

# sqlite-utils looks for pysqlite3 first; this makes it speak (and catch the exceptions of) SQLCipher's module.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

if TYPE_CHECKING:
    from sqlite_utils import Database

log = logging.getLogger(__name__)
VERSION = 4
# From which version on a program can open each: the file says it as `user_version`, which 0.1.0 looks at, and its own
# version in `store_note`. A step that only adds leaves it as it was
# (docs/decisions/0005-stores-say-who-may-read-them.md).
_OLDEST_READER = {1: 1, 2: 2, 3: 3, 4: 3}
OLDEST_READER = _OLDEST_READER[VERSION]
_NOTE = """
CREATE TABLE IF NOT EXISTS store_note (
  one INTEGER PRIMARY KEY CHECK (one = 1), format INTEGER NOT NULL, oldest_reader INTEGER NOT NULL,
  written_by TEXT NOT NULL
);
"""
_CHECKED = b"\x00checked\x00"  # how a document begins whose SHA-256 follows; no CBOR and no JSON begins like this
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
CREATE TABLE IF NOT EXISTS locked_drafts (
  id TEXT PRIMARY KEY, person TEXT NOT NULL UNIQUE, saved_at TEXT NOT NULL, body BLOB NOT NULL, pictures TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS locked_pictures (
  digest TEXT PRIMARY KEY, data BLOB NOT NULL, kept_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed_events (
  seq INTEGER PRIMARY KEY, tracking_code TEXT NOT NULL, statement TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sealed_events_by_code ON sealed_events (tracking_code, seq);
CREATE TABLE IF NOT EXISTS locked_names (tracking_code TEXT PRIMARY KEY, name BLOB NOT NULL) WITHOUT ROWID;
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
    # New tables only: what the visit locks, and events of the sealed form, which 0.1.0 cannot read.
    3: "",
}


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
            self._bring_up_to_date(self._own)
        except MemoryError as fault:
            self._connection.close()
            raise VaultDamaged("the encrypted database is damaged") from fault
        except sqlcipher3.dbapi2.DatabaseError as fault:
            self._connection.close()
            if _of_the_disk(fault):
                raise _disk_error(fault) from fault
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
        self.rescue()
        self._state = _State.GOOD

    def rescue(self) -> None:
        """Reads what can be read out of files that were set aside and not read out yet: a crash, or a full disk, may
        have come between the two. Raises DiskFull, DiskReadOnly."""
        for aside in sorted(_aside(self._path, _DAMAGED_NAME), key=_number, reverse=True):
            rescued = rescue(aside, self._key, self._connection)
            log.warning("the vault was damaged and is set aside as %s; %d rows could be read", aside.name, rescued)
            _move(aside, self._path.with_name(f"{self._path.name}.{_READ_NAME}-{_number(aside)}"))
        for old in sorted(_aside(self._path, _READ_NAME), key=_number)[:-_KEPT_ASIDE]:
            _remove(old)

    def _bring_up_to_date(self, own: int) -> None:
        """One transaction for each step: after a crash in one, the version before still stands."""
        asked = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if asked > VERSION:
            note = StoreNote(asked, asked, self._note(asked).written_by)
            raise OfflineError(newer_words(f"the vault ({self._path})", note, VERSION), "vault-newer")
        found = self._note(asked).format
        if found > VERSION:
            return  # a later release has only added to it: all that is known here is there
        for version in range(found, VERSION) if found else ():
            self._step(_STEPS[version].replace(":own", str(own)), version + 1)
        self._step(_SCHEMA, VERSION)

    def _step(self, sql: str, version: int) -> None:
        oldest = _OLDEST_READER[version]
        note = f"INSERT OR REPLACE INTO store_note VALUES (1, {version}, {oldest}, '{PROGRAM}');"
        self._connection.executescript(f"BEGIN IMMEDIATE;{sql}{_NOTE}{note}PRAGMA user_version = {oldest};COMMIT;")

    def _note(self, asked: int) -> StoreNote:
        """What the file says of itself, which asks for `asked`; one of 0.1.0 says no more than that."""
        try:
            row = self._connection.execute("SELECT format, oldest_reader, written_by FROM store_note").fetchone()
        except sqlcipher3.dbapi2.OperationalError as fault:
            if _code(fault) != sqlite3.SQLITE_ERROR:  # which is: no such table
                raise
            row = None
        return StoreNote(*row) if row else StoreNote(asked, asked, "")

    def close(self) -> None:
        """Writes the log back and closes."""
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self._state is not _State.GOOD:
            raise VaultDamaged("the encrypted database was damaged and could not be begun anew yet")
        try:
            with _told():
                yield
        except DiskReadOnly as fault:
            cause = fault.__cause__
            if isinstance(cause, Exception) and _code(cause) == sqlite3.SQLITE_READONLY and _writable(self._path):
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


# SQLite's primary result codes (sqlite.org/rescode.html): what speaks of the disk, and what of damage in the file.
_FAILED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK)


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
    except MemoryError as fault:  # so SQLite names a page that the cipher could not give it
        raise VaultDamaged("the encrypted database is damaged") from fault
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
        vault = Vault(path, key, own)
    except VaultDamaged:
        log.warning("the vault is damaged; it is set aside and rebuilt from the spool")
        set_aside(path)
        vault = Vault(path, key, own)
    rebuilt = bool(_aside(path, _DAMAGED_NAME))
    vault.rescue()
    return vault, rebuilt


# A damaged vault is set aside under the first name and, once all that can be read of it has been, has the second.
_DAMAGED_NAME, _READ_NAME = "damaged", "rescued"
_KEPT_ASIDE = 2  # for whoever wants to look; they are encrypted


def _aside(path: Path, name: str) -> list[Path]:
    return [p for p in path.parent.glob(f"{path.name}.{name}-*") if p.name.rpartition("-")[2].isdigit()]


def _number(aside: Path) -> int:
    return int(aside.name.rpartition("-")[2])


def _parts(path: Path) -> list[Path]:
    """The write-ahead log goes first: nothing is ever opened beside a log that is not its own."""
    return [part for end in ("-wal", "-shm", "") if (part := path.with_name(path.name + end)).exists()]


def _move(path: Path, to: Path) -> None:
    try:
        for part in _parts(path):
            part.rename(to.with_name(to.name + part.name.removeprefix(path.name)))
    except OSError as fault:
        raise disk_fault(fault) from fault


def _remove(path: Path) -> None:
    try:
        for part in _parts(path):
            part.unlink()
    except OSError as fault:
        raise disk_fault(fault) from fault


def set_aside(path: Path) -> Path:
    """Renames a damaged database; its new name. Raises DiskReadOnly."""
    taken = [*_aside(path, _DAMAGED_NAME), *_aside(path, _READ_NAME)]
    aside = path.with_name(f"{path.name}.{_DAMAGED_NAME}-{max(map(_number, taken), default=0) + 1}")
    _move(path, aside)
    return aside


# What is worth reading out of a damaged vault; the mark up to which the spool is indexed is not, so that it is read
# again from its beginning.
_WORTH = (
    "facts", "records", "attachments", "summaries", "events", "drafts", "kept", "locked_drafts", "locked_pictures",
    "locked_names", "sealed_events", "documents", "staff", "staff_cards",
)  # fmt: skip


def rescue(aside: Path, key: bytes, into: sqlcipher3.Connection) -> int:
    """Copies every row that can be read, from both ends of each table to the damaged page; how many. All or nothing:
    it may be done again. Raises DiskFull, DiskReadOnly."""
    count = 0
    try:
        with _told():
            into.execute("BEGIN")
            for table in _WORTH:
                whole, rows = _copy(aside, key, table, into)
                count += rows
                if table in ("events", "sealed_events") and not whole:  # the feed is read once more from its beginning
                    into.execute("DELETE FROM facts WHERE name IN ('cursor', 'mark')")
            into.execute("DELETE FROM facts WHERE name = 'indexed'")
            into.execute("DELETE FROM attachments WHERE record_id NOT IN (SELECT id FROM records)")
            into.execute("COMMIT")
    finally:
        if into.in_transaction:
            into.execute("ROLLBACK")
    return count


def _copy(aside: Path, key: bytes, table: str, into: sqlcipher3.Connection) -> tuple[bool, int]:
    """Whether the table could be read whole, and how many rows were put in."""
    info = into.execute(f"PRAGMA table_info({table})").fetchall()
    count = 0
    for direction in ("ASC", "DESC"):
        with closing(_Damaged(aside, key)) as old:
            names = [row[1] for row in info if row[1] in old.columns(table) and row[1] != "files_due"]
            put = f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            for row in old.rows(table, names, direction):
                count += into.execute(put, row).rowcount > 0
            if old.whole:
                return True, count
    return False, count


class _Damaged:
    """A damaged database as far as it can be read. After the first bad page SQLCipher gives nothing more through the
    same connection."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.whole = True
        self._connection = sqlcipher3.connect(str(path), isolation_level=None)
        self._connection.execute("PRAGMA cipher_log_level = NONE")
        self._connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")

    def columns(self, table: str) -> set[str]:
        """Of a table; none where not even that can be read."""
        return {row[1] for row in self._read(f"PRAGMA table_info({table})")}

    def rows(self, table: str, names: Sequence[str], direction: str) -> Iterator[tuple[Any, ...]]:
        """Up to the first that cannot be read."""
        order = {"records": "sequence", "attachments": "record_id"}.get(table, "1")
        return self._read(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order} {direction}") if names else iter(())

    def _read(self, sql: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(sql)
        except (sqlcipher3.dbapi2.DatabaseError, MemoryError) as fault:
            log.info("set aside, and not to be read to its end: %s", fault)
            self.whole = False

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
