# SPDX-License-Identifier: Apache-2.0
"""Writing records to PostgreSQL: one statement a batch, binary arrays in, what is new and what was known out.

Concurrent batches with the same ids or attachments wait for each other at the primary key, in the order of the keys.
What is asked is written once, as a generator of statements; a thread and the event loop each have their way to ask it.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.numeric import Int8

from gateway.errors import StoreAwayError
from gateway.ingest.writer import Connections, Row, Written

if TYPE_CHECKING:
    from gateway.database.store import Store

Statements = Generator[tuple[str, Sequence[Any]], list[tuple[Any, ...]], Written]

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)  # see `gateway.errors`
_HEAD = struct.Struct(">iiIii")
_LENGTH = struct.Struct(">i")
_NUMBER = struct.Struct(">iq")
_BYTEA, _INT8 = 17, 20  # the types' numbers, fixed since ever
_NEW = """
WITH batch AS (
  SELECT * FROM unnest(%b::bytea[], %b::bytea[], %b::bytea[], %b::bigint[], %b::bigint[])
    AS b (id, digest, raw, terminal, sequence)
), new AS (
  INSERT INTO records (id, digest, terminal, received_ms, raw)
  SELECT id, digest, terminal, %b, raw FROM batch ON CONFLICT DO NOTHING RETURNING id
), queued AS (
  INSERT INTO waiting (terminal, first_sequence, count, ids, leased_until_ms, attempts)
  SELECT terminal, min(sequence), count(*), string_agg(id, ''::bytea), 0, 0
  FROM new JOIN batch USING (id) GROUP BY terminal
)"""
_NAMED = """, files AS (
  SELECT * FROM unnest(%b::bytea[], %b::bigint[], %b::bytea[], %b::bigint[]) AS f (id, position, digest, size)
), named AS (
  INSERT INTO record_attachments (record_id, position, digest)
  SELECT id, position, digest FROM files JOIN new USING (id)
), begun AS (
  INSERT INTO attachments (digest, size)
  SELECT DISTINCT ON (digest) digest, size FROM files JOIN new USING (id) ORDER BY digest ON CONFLICT DO NOTHING
)"""
_KEEP = f"{_NEW} SELECT id, NULL::boolean FROM new"
_KEEP_NAMED = f"""{_NEW}{_NAMED}
SELECT id, NULL::boolean FROM new UNION ALL
SELECT digest, completed_at IS NOT NULL FROM attachments WHERE digest IN (SELECT digest FROM files)"""
_KNOWN = "SELECT id, digest FROM records WHERE id = ANY(%b::bytea[])"


class ByteaArray(bytes):
    """A bytea[] in PostgreSQL's own binary form: made here in a tenth of the time that a list takes."""

    @staticmethod
    def of(values: Sequence[bytes]) -> ByteaArray:
        """One dimension, no NULLs."""
        parts = [_HEAD.pack(1, 0, _BYTEA, len(values), 1)]
        for value in values:
            parts += (_LENGTH.pack(len(value)), value)
        return ByteaArray(b"".join(parts))


class Int8Array(bytes):
    """A bigint[] likewise."""

    @staticmethod
    def of(values: Sequence[int]) -> Int8Array:
        """One dimension, no NULLs."""
        return Int8Array(
            _HEAD.pack(1, 0, _INT8, len(values), 1) + b"".join([_NUMBER.pack(8, value) for value in values])
        )


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


class _ByteaArrayDumper(_ArrayDumper):
    oid = 1001  # bytea[]


class _Int8ArrayDumper(_ArrayDumper):
    oid = 1016  # bigint[]


def _ready(connection: Any) -> None:
    connection.adapters.register_dumper(ByteaArray, _ByteaArrayDumper)
    connection.adapters.register_dumper(Int8Array, _Int8ArrayDumper)


class PostgresqlWriter:
    """See `BatchWriter`. A connection that the server has ended meanwhile (it was restarted) is replaced once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connections = Connections(self._connect, psycopg.Connection.close)
        self._idle: list[psycopg.AsyncConnection[Any]] = []  # of the one event loop that uses `write_async`

    def _connect(self) -> psycopg.Connection[Any]:
        connection = self._store.raw_postgresql()
        _ready(connection)
        return connection

    async def _connect_async(self) -> psycopg.AsyncConnection[Any]:
        connection = await self._store.raw_postgresql_async()
        _ready(connection)
        return connection

    def write(self, rows: Sequence[Row], received_ms: int) -> Written:
        """See `BatchWriter`."""
        try:
            with self._connections.lent() as connection, connection.cursor(binary=True) as cursor:
                statements = _statements(rows, received_ms)
                question = next(statements)
                while True:
                    cursor.execute(*question)
                    try:
                        question = statements.send(cursor.fetchall())
                    except StopIteration as end:
                        written: Written = end.value
                        return written
        except _AWAY as fault:
            raise StoreAwayError(str(fault).strip()) from fault

    async def write_async(self, rows: Sequence[Row], received_ms: int) -> Written:
        """See `BatchWriter`; a thread of one's own per batch would cost more than the batch."""
        try:
            if self._idle:
                try:
                    return await self._write_by(self._idle.pop(), rows, received_ms)
                except _AWAY:
                    await self._forget_idle()
            return await self._write_by(await self._connect_async(), rows, received_ms)
        except _AWAY as fault:
            raise StoreAwayError(str(fault).strip()) from fault

    async def _write_by(
        self, connection: psycopg.AsyncConnection[Any], rows: Sequence[Row], received_ms: int
    ) -> Written:
        try:
            cursor = connection.cursor(binary=True)
            statements = _statements(rows, received_ms)
            question = next(statements)
            while True:
                await cursor.execute(*question)
                try:
                    question = statements.send(await cursor.fetchall())
                except StopIteration as end:
                    written: Written = end.value
                    break
        except BaseException:
            await connection.close()
            raise
        self._idle.append(connection)
        return written

    async def _forget_idle(self) -> None:
        """Where one connection has ended, the others have too."""
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()

    def close(self) -> None:
        """Closes its connections."""
        self._connections.close()
        for connection in self._idle:
            connection.pgconn.finish()


def _statements(rows: Sequence[Row], received_ms: int) -> Statements:
    rows = sorted(rows)  # by id: everybody locks in the same order, so nobody waits in a ring
    ids, digests, owners, sequences, raws, names = zip(*rows, strict=True)
    given: list[Any] = [
        ByteaArray.of(ids), ByteaArray.of(digests), ByteaArray.of(raws), Int8Array.of(owners), Int8Array.of(sequences),
        Int8(received_ms),
    ]  # fmt: skip
    files = [(row.id, at, digest, size) for row in rows for at, (digest, size) in enumerate(row.attachments)]
    if any(names):
        files_of, places, files_named, sizes = zip(*files, strict=True)
        given += [ByteaArray.of(files_of), Int8Array.of(places), ByteaArray.of(files_named), Int8Array.of(sizes)]
    found = yield (_KEEP_NAMED if files else _KEEP), given
    new = frozenset(name for name, whole in found if whole is None)
    begun = {digest: whole for digest, whole in found if whole is not None}
    known: dict[bytes, bytes] = {}
    if len(new) < len(rows):
        known = dict((yield _KNOWN, [[row.id for row in rows if row.id not in new]]))
    return Written(new, known, begun)
