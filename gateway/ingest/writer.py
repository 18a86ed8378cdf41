# SPDX-License-Identifier: Apache-2.0
"""How a batch of records is written: by few statements, set-based, in one transaction."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

C = TypeVar("C")


class Row(NamedTuple):
    """A record to be kept; ids and digests as bytes. `attachments`: SHA-256 and size of each."""

    id: bytes
    digest: bytes
    terminal: int
    sequence: int
    raw: bytes
    attachments: tuple[tuple[bytes, int], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """`new`: the ids that were written now. `known`: the digests of those that were there before.

    `begun`: of the attachments that the platform had heard of before this batch, whether they are whole.
    """

    new: frozenset[bytes]
    known: dict[bytes, bytes]
    begun: dict[bytes, bool]


class BatchWriter(Protocol):
    """One database's way to do it. Any thread may use it."""

    def write(self, rows: Sequence[Row], received_ms: int) -> Written:
        """Writes what is new (ids are unique within `rows`) and queues it for opening; on disk when it returns.

        Raises StoreAwayError when the database cannot be reached: whether it was written is then not known.
        """

    async def write_async(self, rows: Sequence[Row], received_ms: int) -> Written:
        """`write` for the event loop."""

    def close(self) -> None:
        """Closes its connections."""


class Connections(Generic[C]):
    """Connections that are lent to one thread at a time."""

    def __init__(self, connect: Callable[[], C], close: Callable[[C], None]) -> None:
        self._connect = connect
        self._close = close
        self._idle: list[C] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self) -> Iterator[C]:
        """One of them; a connection on which something failed is not lent again."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._connect()
        try:
            yield connection
        except BaseException:
            with contextlib.suppress(Exception):
                self._close(connection)
            raise
        with self._lock:
            self._idle.append(connection)

    def close(self) -> None:
        """Closes those that are not lent."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            self._close(connection)


def by_terminal(rows: Sequence[Row]) -> list[tuple[int, list[Row]]]:
    """Rows of each terminal in the order of their ids: everybody locks in the same order, so nobody waits in a ring."""
    groups: dict[int, list[Row]] = {}
    for row in sorted(rows):
        groups.setdefault(row.terminal, []).append(row)
    return sorted(groups.items())
