# SPDX-License-Identifier: Apache-2.0
"""Keeping records in PostgreSQL: one statement a batch, binary arrays in, the ids that are new out.

Concurrent batches with the same ids wait for each other at the primary key, in the order of the ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from gateway.custody.keeping import Connections, Kept, Row, StoreAwayError, by_terminal
from gateway.store import Store

if TYPE_CHECKING:
    import psycopg

_KEEP = """
WITH new AS (
  INSERT INTO records (id, digest, terminal, received_ms, raw)
  SELECT id, digest, %b, %b, raw FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[]) AS batch (id, digest, raw)
  ON CONFLICT DO NOTHING RETURNING id
), queued AS (
  INSERT INTO waiting (terminal, first_sequence, count, ids, leased_until_ms, attempts)
  SELECT %b, %b, count(*), string_agg(id, ''::bytea ORDER BY id), 0, 0 FROM new HAVING count(*) > 0
)
SELECT id FROM new
"""
_KNOWN = "SELECT id, digest FROM records WHERE id = ANY(%b::bytea[])"
_NAMES = """
WITH batch AS (
  SELECT * FROM unnest(%b::bytea[], %b::int[], %b::bytea[], %b::bigint[]) AS b (record_id, position, digest, size)
), named AS (
  INSERT INTO record_attachments (record_id, position, digest)
  SELECT record_id, position, digest FROM batch ON CONFLICT DO NOTHING
)
INSERT INTO attachments (digest, size)
SELECT DISTINCT ON (digest) digest, size FROM batch ORDER BY digest ON CONFLICT DO NOTHING
"""
_BEGUN = "SELECT digest, completed_at IS NOT NULL FROM attachments WHERE digest = ANY(%b::bytea[])"


class PostgresqlKeeping:
    """See `Keeping`."""

    def __init__(self, store: Store) -> None:
        import psycopg
        from psycopg.types.numeric import Int4, Int8

        self._int4, self._int8 = Int4, Int8
        self._away = psycopg.OperationalError
        self._connections = Connections(store.raw_postgresql, psycopg.Connection.close)

    def keep(self, rows: Sequence[Row], received_ms: int) -> Kept:
        """See `Keeping`."""
        try:
            with self._connections.lent() as connection:
                return self._keep(connection, rows, received_ms)
        except self._away as fault:
            raise StoreAwayError(str(fault).strip()) from fault

    def _keep(self, connection: psycopg.Connection[Any], rows: Sequence[Row], received_ms: int) -> Kept:
        groups = by_terminal(rows)
        refs = [ref for row in rows for ref in row.attachments]
        alone = len(groups) == 1 and not refs  # then one statement is the whole transaction
        transaction: AbstractContextManager[Any] = nullcontext() if alone else connection.transaction()
        begun: dict[bytes, bool] = {}
        new: set[bytes] = set()
        with transaction, connection.cursor(binary=True) as db:
            if refs:
                begun = dict(db.execute(_BEGUN, [[digest for digest, _ in refs]]).fetchall())
            for terminal, some in groups:
                new |= self._write(db, terminal, some, received_ms)
            known: dict[bytes, bytes] = {}
            if len(new) < len(rows):
                known = dict(db.execute(_KNOWN, [[r.id for r in rows if r.id not in new]]).fetchall())
        return Kept(frozenset(new), known, begun)

    def _write(self, db: Any, terminal: int, rows: Sequence[Row], received_ms: int) -> set[bytes]:
        int8 = self._int8
        ids, digests, _, sequences, raws, refs = zip(*rows, strict=True)
        number = self._int4(terminal)
        db.execute(
            _KEEP,
            [
                *(number, int8(received_ms), list(ids), list(digests), list(raws)),
                *(number, int8(min(sequences))),
            ],
        )
        new = {row[0] for row in db.fetchall()}
        names = [
            (row_id, self._int4(position), digest, int8(size))
            for row_id, some in zip(ids, refs, strict=True)
            if row_id in new
            for position, (digest, size) in enumerate(some)
        ]
        if names:
            db.execute(_NAMES, [list(column) for column in zip(*names, strict=True)])
        return new

    def close(self) -> None:
        """Closes its connections."""
        self._connections.close()
