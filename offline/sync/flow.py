# SPDX-License-Identifier: Apache-2.0
"""When a flow counts as dead: by the age of its last acknowledgement, not by a reset that may never come."""

from __future__ import annotations

from offline.sync.connection import Connection, Stage
from offline.sync.tcp import WATCHED_IDLE

SLACK = 0.7  # seconds beyond a round trip that an acknowledgement may take
BLIND = 12.0  # seconds without a byte moved, where the kernel tells nothing
PROBES = 2  # unanswered questions for room in a row, each sent later than the one before
OLDEST_ATTEMPT = 8.0  # seconds that connecting (TLS included) may take


def is_silent(connection: Connection, now: float) -> bool:
    """Whether to begin another connection beside this one: what it should have heard by now has not come."""
    if connection.stage is not Stage.BUSY:
        return False
    flight = connection.flight
    if flight is None:
        return now - max(connection.heard, connection.moved) > BLIND
    if connection.told_to_wait and flight.outstanding:  # a full buffer on the way, or a busy platform: slow is not dead
        return flight.unanswered > PROBES
    if flight.outstanding:
        return now - max(connection.heard, connection.quiet_since) > flight.srtt + SLACK
    # All is acknowledged and the answer is awaited: the kernel probes each second, and a living peer acknowledges.
    return now - connection.heard > WATCHED_IDLE + flight.srtt + SLACK


def is_stuck(connection: Connection, now: float) -> bool:
    """Whether the peer is there (its kernel acknowledges) and yet does nothing for longer than the exchange allows."""
    exchange = connection.exchange
    return exchange is not None and now - connection.moved > exchange.patience
