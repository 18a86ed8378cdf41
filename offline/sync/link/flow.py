# SPDX-License-Identifier: Apache-2.0
"""When a flow counts as dead: by the age of its last acknowledgement, not by a reset that may never come."""

from __future__ import annotations

from offline.sync.link.connection import Connection, Stage
from offline.sync.link.tcp import WATCHED_IDLE, Flight
from offline.sync.link.transfer import ATTACHMENT

HUSH = 0.3  # seconds beyond a round trip after which a flow is given no more to send
SLACK = 0.7  # seconds beyond a round trip that an acknowledgement may take
SMALL = 6  # segments
BLIND = 12.0  # seconds without a byte moved, where the kernel tells nothing
PROBES = 2  # unanswered questions for room in a row, each sent later than the one before


def is_silent(connection: Connection, now: float, *, beside: float = 0.0, lossy: bool = False) -> bool:
    """Whether to begin another connection beside this one: what it should have heard by now has not come.

    `beside`: when other connections last heard something. While they do, or where the link loses packets, the kernel
    is given the time to send again what was lost of an attachment; a small request is begun anew for less than it would
    cost to wait. What was suspected once stays so until it hears.
    """
    if connection.stage is not Stage.BUSY:
        return False
    flight = connection.flight
    if flight is None:
        return now - max(connection.heard, connection.moved) > BLIND
    if connection.told_to_wait and flight.outstanding:  # a full buffer on the way, or a busy platform: slow is not dead
        return flight.unanswered > PROBES
    exchange = connection.exchange
    small = exchange is not None and exchange.priority < ATTACHMENT and flight.outstanding <= SMALL * flight.mss
    due = flight.srtt + (SLACK / 2 if small else SLACK)
    if not flight.outstanding:
        # All is acknowledged and the answer is awaited: the kernel probes each second, and a living peer acknowledges.
        return now - connection.heard > WATCHED_IDLE + flight.srtt + SLACK
    silence = now - max(connection.heard, connection.quiet_since)
    if not small and not connection.suspect and (lossy or now - beside <= due):
        due += _to_send_again(flight, twice=now - beside <= due)
    return silence > due


def _to_send_again(flight: Flight, *, twice: bool) -> float:
    """Seconds until the kernel has sent a lost packet again, or, should that be lost too, once more."""
    return flight.rto * (3 if twice else 1) if flight.rto > 0 else 0.0


def is_hushed(connection: Connection, now: float) -> bool:
    """Whether what is sent on it would only be lost with the rest, should it be dead."""
    flight = connection.flight
    if flight is None or not flight.outstanding:
        return False
    return now - max(connection.heard, connection.quiet_since) > flight.srtt + HUSH


def is_stuck(connection: Connection, now: float) -> bool:
    """Whether the peer is there (its kernel acknowledges) and yet does nothing for longer than the exchange allows."""
    exchange = connection.exchange
    return exchange is not None and now - connection.moved > exchange.patience
