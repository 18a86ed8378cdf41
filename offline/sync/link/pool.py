# SPDX-License-Identifier: Apache-2.0
"""The connections of a link: which are idle, which are suspected dead, which would be trusted with an exchange."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress

from offline.sync.link.connection import Connection, Stage
from offline.sync.link.transfer import ATTACHMENT, Transfer

TOGETHER = 0.3  # seconds between connections that were made in one round


class Pool:
    """Use from one thread, except `wake`."""

    def __init__(self) -> None:
        self._all: list[Connection] = []
        self._selector = selectors.DefaultSelector()
        self._waker, self._woken = socket.socketpair()
        for end in (self._waker, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._up = self._down = 0  # bytes of connections that are no more

    def __iter__(self) -> Iterator[Connection]:
        """A copy: connections may come and go meanwhile."""
        return iter(list(self._all))

    def __len__(self) -> int:
        return len(self._all)

    # waiting

    def wait(self, seconds: float) -> list[Connection]:
        """Until something happens to one of them, or `wake`. What is done for one may drop another that comes after."""
        ready = []
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._woken:
                with suppress(OSError):
                    self._woken.recv(4096)
            else:
                ready.append(key.data)
        return ready

    def wake(self) -> None:
        """From any thread: ends the present wait."""
        with suppress(OSError):
            self._waker.send(b"\0")

    def add(self, connection: Connection) -> None:
        """Takes a new one. From now on it is ours to close."""
        self._all.append(connection)
        self._selector.register(connection.sock, _events(connection), connection)

    def mind(self, connection: Connection) -> None:
        """Waits for what the connection waits for by now; one that has ended is dropped."""
        if connection.stage is Stage.ENDED:
            self.drop(connection)
        elif connection.stage is not Stage.CLOSED:
            self._selector.modify(connection.sock, _events(connection), connection)

    def drop(self, connection: Connection) -> Transfer | None:
        """Closes it; what was not sent is not sent. What it had under way.

        Nothing else closes a connection, and none is closed while its number is still waited for: a new one may have
        that number at once.
        """
        if connection not in self._all:
            return None
        self._all.remove(connection)
        self._up += connection.bytes_up
        self._down += connection.bytes_down
        left = connection.exchange
        self._selector.unregister(connection.sock)
        connection.close()
        return left

    def close(self) -> None:
        """Drops all."""
        for connection in self:
            self.drop(connection)
        self._selector.close()
        self._waker.close()
        self._woken.close()

    # which are what

    @property
    def busy(self) -> list[Connection]:
        """Those with an exchange."""
        return [c for c in self._all if c.exchange is not None]

    @property
    def suspects(self) -> list[tuple[Transfer, Connection]]:
        """What went silent, and where."""
        return [(c.exchange, c) for c in self._all if c.suspect and c.exchange is not None]

    @property
    def attempts(self) -> list[Connection]:
        """Those that do not stand yet, the oldest first."""
        return [c for c in self._all if not c.open]

    @property
    def idle(self) -> list[Connection]:
        """Those that may be trusted with an exchange: what was silent through a flow's silence is as dead as that.
        One packet of a small request may only have been lost: what was made together with its connection is tried."""
        silence = max((c.heard - TOGETHER * (e.priority < ATTACHMENT) for e, c in self.suspects), default=0.0)
        return [c for c in self._all if c.usable and c.heard > silence]

    @property
    def living(self) -> int:
        """Connections that stand and are not suspected."""
        return len(self.idle) + sum(1 for c in self.busy if not c.suspect)

    def heard_beside(self, connection: Connection) -> float:
        """When anything was last heard on another connection."""
        return max((c.heard for c in self._all if c is not connection and c.open), default=0.0)

    def still_since(self, heard: float) -> list[Connection]:
        """Those with nothing under way of which nothing was heard since: a cut has taken them too."""
        quiet = [c for c in self._all if c.open and c.heard <= heard]
        return [c for c in quiet if c.usable or (c.flight is not None and not c.flight.outstanding)]

    # bytes

    @property
    def pipe(self) -> int:
        """Bytes under way or about to be."""
        return sum(c.flight.pipe for c in self._all if c.flight and c.exchange)

    @property
    def to_come(self) -> int:
        """Bytes that exchanges under way will still put out as soon as they are let."""
        sending = (c for c in self.busy if not c.suspect)
        return sum(min(c.left, c.flight.free) if c.flight else c.left for c in sending)

    @property
    def bytes_up(self) -> int:
        """Handed to the kernel so far, heads included."""
        return self._up + sum(c.bytes_up for c in self._all)

    @property
    def bytes_down(self) -> int:
        """Received so far."""
        return self._down + sum(c.bytes_down for c in self._all)


def _events(connection: Connection) -> int:
    return selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.wants_write else 0)
