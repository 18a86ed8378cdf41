# SPDX-License-Identifier: Apache-2.0
"""What the kernel tells of all flows together: bytes delivered, round trips, what had to be sent again."""

from __future__ import annotations

from collections.abc import Iterable

from offline.sync.link.connection import Connection
from offline.sync.link.pace import Window

LOSSY = 0.015  # share of bytes sent again from which a loss-tolerant congestion control is asked for
ENOUGH = 60_000  # bytes sent before that is judged
FADE = 200_000  # bytes sent, after which an old loss counts half
CARRIES_MUCH = 2  # segments under way from which a flow's round trip tells of the queue


class Meter:
    """Adds up what the flights say and feeds the window. `heard`: when anything came from the other side."""

    def __init__(self, window: Window, now: float) -> None:
        self.window = window
        self.heard = now
        self.lossy = False
        self._looked = 0.0
        self._delivered = self._sent = self._resent = 0
        window.restart(now)

    def look(self, connections: Iterable[Connection], pipe: int, now: float, tick: float) -> None:
        """Not more often than each tick."""
        if now - self._looked < tick * 0.8:
            return
        self._looked = now
        rtt, least = 0.0, 0.0
        seen = False
        for connection in connections:
            if not connection.open or (connection.usable and connection.flight is not None):
                continue
            connection.look(now)
            flight = connection.flight
            if flight is None:
                continue
            seen = True
            self.heard = max(self.heard, connection.heard)
            self._count(connection)
            if flight.outstanding > CARRIES_MUCH * flight.mss:
                rtt = min(rtt or flight.srtt, flight.srtt)
            if flight.min_rtt > 0:
                least = min(least or flight.min_rtt, flight.min_rtt)
        if seen:
            self.window.note(now, self._delivered, pipe, rtt, least, tick)
        if self._sent > FADE:
            self._sent //= 2
            self._resent //= 2
        self.lossy = self.lossy or (self._sent > ENOUGH and self._resent > LOSSY * self._sent)
        self.window.lossy = self.lossy

    def _count(self, connection: Connection) -> None:
        flight = connection.flight
        assert flight is not None
        delivered, sent, resent = connection.counted
        if flight.delivered == delivered:
            return  # what is sent again while nothing comes through tells of a cut, not of a link that loses packets
        connection.counted = (flight.delivered, flight.sent, flight.resent)
        self._delivered += flight.delivered - delivered
        self._sent += flight.sent - sent
        self._resent += flight.resent - resent
