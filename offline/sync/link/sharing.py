# SPDX-License-Identifier: Apache-2.0
"""Who may send how much: records before attachments, the oldest application first, all within one window."""

from __future__ import annotations

from offline.sync.link.connection import Broken, Connection
from offline.sync.link.flow import is_hushed
from offline.sync.link.pace import Window
from offline.sync.link.pool import Pool

KEPT_BACK = 2  # segments that the kernel may hold back of one flow before the next gets its turn


def hand_out(pool: Pool, window: Window, tick: float, now: float) -> list[tuple[Connection, Broken]]:
    """Body bytes to the kernel, as many as can leave until the next look. Which connections broke over it."""
    broken = []
    room = window.limit - pool.pipe
    flows = [(c.exchange, c) for c in pool.busy if c.exchange and c.left and not is_hushed(c, now)]
    for _, connection in sorted(flows, key=lambda f: (f[0].priority, f[0].order)):
        if room <= 0:
            connection.held_back(now)
            continue
        try:
            room -= _feed(connection, room, window.rate * tick, now)
        except Broken as fault:
            broken.append((connection, fault))
        else:
            pool.mind(connection)
    return broken


def _feed(connection: Connection, room: int, in_a_tick: float, now: float) -> int:
    """No more than the kernel will send soon: the rest is for the next flow."""
    flight = connection.flight
    size = room
    if flight is not None:
        ahead = max(KEPT_BACK * flight.mss, int(in_a_tick * 2))
        size = min(room, flight.free + ahead - flight.unsent)
    taken = connection.send(size, now) if size > 0 else 0
    if taken:
        connection.look(now)
    return taken
