# SPDX-License-Identifier: Apache-2.0
"""SQLite's faults as ours: what is the disk's, and what is damage in the file."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3

from offline.errors import DiskFull, DiskReadOnly, OfflineError, VaultDamaged

# SQLite's primary result codes (sqlite.org/rescode.html): what speaks of the disk, and what of damage in the file.
_FAILED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def code_of(fault: Exception) -> int:
    """SQLite's primary result code."""
    return int(getattr(fault, "sqlite_errorcode", 0)) & 0xFF


def is_of_the_disk(fault: Exception) -> bool:
    """Whether the disk is at fault, not what stands in the file."""
    return code_of(fault) in (*_FAILED, sqlite3.SQLITE_FULL)


def disk_error(fault: Exception) -> OfflineError:
    """DiskFull or DiskReadOnly."""
    if code_of(fault) == sqlite3.SQLITE_FULL or (code_of(fault) == sqlite3.SQLITE_IOERR and _is_limited()):
        return DiskFull("the disk is full; nothing was changed. Free some space.")
    return DiskReadOnly(f"the disk cannot be written ({fault}); nothing was changed. Have the disk looked at.")


def _is_limited() -> bool:
    """SQLite tells a limit on the size of a process's files as an I/O error."""
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


@contextmanager
def faults_told() -> Iterator[None]:
    """The disk's faults as ours."""
    try:
        yield
    except MemoryError as fault:  # so SQLite names a page that the cipher could not give it
        raise VaultDamaged("the encrypted database is damaged") from fault
    except sqlcipher3.dbapi2.DatabaseError as fault:
        if is_of_the_disk(fault):
            raise disk_error(fault) from fault
        if code_of(fault) in _DAMAGED:
            raise VaultDamaged("the encrypted database is damaged") from fault
        raise
