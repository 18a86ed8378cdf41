# SPDX-License-Identifier: Apache-2.0
"""Writing records to SQLite: one writer at a time, which looks first and then writes."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from gateway.database.store import Store
from gateway.errors import StoreAwayError
from gateway.ingest.writer import Connections, Row, Written, by_terminal

log = logging.getLogger(__name__)
_THREADS = 2  # one writes, one makes ready
_MOST = 500  # parameters of one statement


class SqliteWriter:
    """See `BatchWriter`."""

    def __init__(self, store: Store) -> None:
        self._connections = Connections(store.raw_sqlite, sqlite3.Connection.close)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="custody")

    def write(self, rows: Sequence[Row], received_ms: int) -> Written:
        """See `BatchWriter`."""
        try:
            with self._connections.lent() as db, _written(db):
                known = dict(_found(db, "SELECT id, digest FROM records WHERE id IN", [r.id for r in rows]))
                fresh = [row for row in rows if row.id not in known]
                refs = {ref for row in rows for ref in row.attachments}
                begun = dict(
                    _found(
                        db,
                        "SELECT digest, completed_at IS NOT NULL FROM attachments WHERE digest IN",
                        [digest for digest, _ in refs],
                    )
                )
                _write(db, fresh, received_ms)
        except sqlite3.OperationalError as fault:
            raise StoreAwayError(str(fault)) from fault
        return Written(frozenset(r.id for r in fresh), known, {digest: bool(whole) for digest, whole in begun.items()})

    async def write_async(self, rows: Sequence[Row], received_ms: int) -> Written:
        """See `BatchWriter`; in a thread."""
        work = self._threads.submit(self.write, rows, received_ms)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            work.add_done_callback(_look_at)
            raise

    def close(self) -> None:
        """Closes its connections and ends its threads."""
        self._threads.shutdown()
        self._connections.close()


def _look_at(work: Future[Written]) -> None:
    """Who asked has gone; what became of it is seen all the same."""
    if not work.cancelled() and (fault := work.exception()) is not None:
        log.error("records whose sender has gone were not kept; they will come again", exc_info=fault)


@contextmanager
def _written(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _found(db: sqlite3.Connection, select: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for first in range(0, len(keys), _MOST):
        some = keys[first : first + _MOST]
        yield from db.execute(f"{select} ({','.join('?' * len(some))})", some)


def _write(db: sqlite3.Connection, fresh: Sequence[Row], received_ms: int) -> None:
    for terminal, rows in by_terminal(fresh):
        db.executemany(
            "INSERT INTO records (id, digest, terminal, received_ms, raw) VALUES (?, ?, ?, ?, ?)",
            [(r.id, r.digest, terminal, received_ms, r.raw) for r in rows],
        )
        db.execute(
            "INSERT INTO waiting (terminal, first_sequence, count, ids, leased_until_ms, attempts)"
            " VALUES (?, ?, ?, ?, 0, 0)",
            (terminal, min(r.sequence for r in rows), len(rows), b"".join(r.id for r in rows)),
        )
        names = [(r.id, position, digest, size) for r in rows for position, (digest, size) in enumerate(r.attachments)]
        db.executemany(
            "INSERT INTO record_attachments (record_id, position, digest) VALUES (?, ?, ?)", [n[:3] for n in names]
        )
        db.executemany(
            "INSERT INTO attachments (digest, size) VALUES (?, ?) ON CONFLICT DO NOTHING", [n[2:] for n in names]
        )
