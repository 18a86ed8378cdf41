# SPDX-License-Identifier: Apache-2.0
"""What is done with a damaged vault: it is set aside, and what can be read of it is read out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlcipher3

from offline.errors import disk_fault
from offline.store.sqlite_faults import faults_told

log = logging.getLogger(__name__)
# A damaged vault is set aside under the first name and, once all that can be read of it has been, has the second.
DAMAGED_NAME, READ_NAME = "damaged", "rescued"
_KEPT_ASIDE = 2  # for whoever wants to look; they are encrypted


def files_aside(path: Path, name: str) -> list[Path]:
    """Databases that were set aside under such a name."""
    return [p for p in path.parent.glob(f"{path.name}.{name}-*") if p.name.rpartition("-")[2].isdigit()]


def number_of(aside: Path) -> int:
    """The number at the end of its name."""
    return int(aside.name.rpartition("-")[2])


def _parts(path: Path) -> list[Path]:
    """The write-ahead log goes first: nothing is ever opened beside a log that is not its own."""
    return [part for end in ("-wal", "-shm", "") if (part := path.with_name(path.name + end)).exists()]


def move_parts(path: Path, to: Path) -> None:
    """Raises DiskReadOnly."""
    try:
        for part in _parts(path):
            part.rename(to.with_name(to.name + part.name.removeprefix(path.name)))
    except OSError as fault:
        raise disk_fault(fault) from fault


def remove_parts(path: Path) -> None:
    """Raises DiskReadOnly."""
    try:
        for part in _parts(path):
            part.unlink()
    except OSError as fault:
        raise disk_fault(fault) from fault


def set_aside(path: Path) -> Path:
    """Renames a damaged database; its new name. Raises DiskReadOnly."""
    taken = [*files_aside(path, DAMAGED_NAME), *files_aside(path, READ_NAME)]
    aside = path.with_name(f"{path.name}.{DAMAGED_NAME}-{max(map(number_of, taken), default=0) + 1}")
    move_parts(path, aside)
    return aside


def rescue_all(path: Path, key: bytes, into: sqlcipher3.Connection) -> None:
    """Reads what can be read out of files that were set aside and not read out yet: a crash, or a full disk, may
    have come between the two. Raises DiskFull, DiskReadOnly."""
    for aside in sorted(files_aside(path, DAMAGED_NAME), key=number_of, reverse=True):
        rescued = rescue(aside, key, into)
        log.warning("the vault was damaged and is set aside as %s; %d rows could be read", aside.name, rescued)
        move_parts(aside, path.with_name(f"{path.name}.{READ_NAME}-{number_of(aside)}"))
    for old in sorted(files_aside(path, READ_NAME), key=number_of)[:-_KEPT_ASIDE]:
        remove_parts(old)


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
        with faults_told():
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
