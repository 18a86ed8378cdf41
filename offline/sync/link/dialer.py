# SPDX-License-Identifier: Apache-2.0
"""New connections: to which address, and how often while nobody answers."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable

from offline.errors import LinkDown
from offline.supervised import SupervisedThread
from offline.sync.link.connection import Broken, Connection, Stage
from offline.sync.link.origin import Origin
from offline.sync.link.pool import Pool

log = logging.getLogger(__name__)
MOST_OPEN = 10  # connections, hedges included
MOST_ATTEMPTS = 32  # under way at once
MOST_AT_ONCE = 4
SYN_GAP = 0.2  # seconds between two rounds of attempts while none is answered: 1 kB a second of a link that is dead
REFUSED_GAP = 1.0  # seconds after a refusal
AGREEING = 0.7  # seconds beyond a round trip that the other side may take to go on with TLS before another is begun
OLDEST_ATTEMPT = 8.0  # seconds that connecting (TLS included) may take


class Pace:
    """When further attempts may begin: one for each flow, and the same again as long as nobody answers."""

    def __init__(self) -> None:
        self._last = 0.0
        self._not_before = 0.0

    def due(self, now: float, wanted: int, attempts: int) -> int:
        """How many to begin, with `attempts` under way for `wanted` flows."""
        if wanted <= 0 or now < self._not_before:
            return 0
        due = min(wanted, MOST_AT_ONCE) if now - self._last >= SYN_GAP else wanted - attempts
        return max(0, min(due, MOST_ATTEMPTS - attempts))

    def began(self, now: float) -> None:
        """Attempts are under way."""
        self._last = now

    def refused(self, now: float, wanted: int) -> None:
        """An attempt was refused, or what it gave broke at once."""
        self._not_before = now + REFUSED_GAP / max(1, wanted)

    def at_once(self) -> None:
        """The network changed: do not wait."""
        self._last = self._not_before = 0.0


class Dialer:
    """Connects to one host. `fault` is set when its name is not found; `refusals` counts those without a success."""

    def __init__(self, origin: Origin, wake: Callable[[], None]) -> None:
        self.fault: LinkDown | None = None
        self.refusals = 0
        self.pace = Pace()
        self._origin = origin
        self._wake = wake
        self._addresses: list[tuple[int, tuple[object, ...]]] = []
        self._tried = 0
        self._resolve()

    def dial(self, pool: Pool, wanted: int, min_rtt: float, now: float) -> None:
        """Begins what is due; ends attempts that nobody wants any more."""
        if not self._addresses:
            return
        wanted -= self._agreeing(pool, wanted, min_rtt, now)
        attempts = pool.attempts
        if wanted <= 0:
            for connection in attempts:
                if connection.stage is Stage.CONNECTING:
                    pool.drop(connection)
            return
        self._make_room(pool, attempts, min_rtt, now)
        for _ in range(self.pace.due(now, wanted, len(attempts))):
            if len(pool) >= MOST_OPEN + MOST_ATTEMPTS:
                return
            family, address = self._addresses[self._tried % len(self._addresses)]
            self._tried += 1
            self.pace.began(now)
            try:
                pool.add(Connection(family, address, self._origin, now))
            except Broken as broken:
                log.debug("no connection: %s", broken)
                self.refused(wanted, now)
                return

    def _agreeing(self, pool: Pool, wanted: int, min_rtt: float, now: float) -> int:
        """How many stand and make TLS, as many as are wanted: each handshake costs the link more than a dozen SYNs."""
        found = 0
        for connection in pool.attempts:
            if connection.stage is not Stage.SECURING:
                continue
            round_trip = min_rtt or connection.heard - connection.began
            if wanted <= 0 or (found >= wanted and not connection.greeted):
                pool.drop(connection)
            elif now - connection.heard <= round_trip + AGREEING:
                found += 1
        return found

    @property
    def hopeless(self) -> bool:
        """Refused twice at each address, and let in at none."""
        return self.refusals >= 2 * max(1, len(self._addresses))

    def refused(self, wanted: int, now: float) -> None:
        """Slower, then."""
        self.refusals += 1
        self.pace.refused(now, wanted)

    def arrived(self, pool: Pool, connection: Connection) -> None:
        """The network is there: attempts before this one met a dead link, and their kernel's next SYN is far off."""
        for other in pool.attempts:
            if other.stage is Stage.CONNECTING and other.began < connection.began - SYN_GAP / 2:
                pool.drop(other)

    def _make_room(self, pool: Pool, attempts: list[Connection], min_rtt: float, now: float) -> None:
        """The oldest attempt gives way to a fresh one: its SYN was lost, and the kernel sends the next ever later."""
        for connection in list(attempts):
            if now - connection.began > OLDEST_ATTEMPT:
                pool.drop(connection)
                attempts.remove(connection)
        least = max(1.5, 3 * min_rtt) if min_rtt else 4.0
        while len(attempts) > MOST_ATTEMPTS - MOST_AT_ONCE and now - attempts[0].began > least:
            if attempts[0].stage is not Stage.CONNECTING:
                return
            pool.drop(attempts.pop(0))

    # names

    def _resolve(self) -> None:
        try:
            address = ipaddress.ip_address(self._origin.name)
        except ValueError:
            SupervisedThread("sync-name", self._look_up).start()
            return
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        self._addresses = [(family, (self._origin.name, self._origin.port))]

    def _look_up(self) -> bool:
        try:
            found = socket.getaddrinfo(self._origin.name, self._origin.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # the second: a name that can be none, as one with two dots
            self.fault = LinkDown("the platform's name is not found; no network, or a wrong address", "link-down")
        else:
            self._addresses = [(int(family), address) for family, _, _, _, address in found]
        self._wake()
        return False
