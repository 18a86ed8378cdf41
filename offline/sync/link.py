# SPDX-License-Identifier: Apache-2.0
"""The conversation: exchanges in order of importance over a few watched connections, on one thread, without waiting.

Every exchange may be begun anew on another connection. A flow that went silent gets another beside it; whichever
speaks first goes on.
"""

from __future__ import annotations

import ipaddress
import logging
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from offline.errors import LinkDown
from offline.sync.backoff import PATIENCE, Dialer
from offline.sync.connection import Broken, Connection, Origin, Stage
from offline.sync.exchange import Answer, Call, Exchange, Request
from offline.sync.flow import OLDEST_ATTEMPT, is_silent, is_stuck
from offline.sync.pace import Window
from offline.sync.tcp import use_congestion_control

log = logging.getLogger(__name__)
OURS = "doorstep-gateway"  # the header by which a gateway is told from a captive portal
MOST_OPEN = 8  # connections, hedges included
KEPT_BACK = 2  # segments that the kernel may hold back of one flow before the next gets its turn
TICK_FAR, TICK_NEAR = 0.02, 0.005  # seconds between two looks at the flights
AT_ONCE = 1.0  # seconds: a connection that ended sooner, without an answer, was refused
LOSSY = 0.015  # share of bytes sent again from which a loss-tolerant congestion control is asked for


class Link:
    """Use from one thread, except `call` and `wake`. `on_answer` hears every answer of the gateway."""

    def __init__(
        self,
        url: str,
        *,
        window: Window | None = None,
        patience: float = PATIENCE,
        tls: ssl.SSLContext | None = None,
        on_answer: Callable[[Answer], None] = lambda _answer: None,
    ) -> None:
        parts = urlsplit(url)
        self._name = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        secure = (tls or trusting()) if parts.scheme == "https" else None
        self._origin = Origin(parts.netloc, self._name, parts.path.rstrip("/"), secure)
        self._patience = patience
        self._on_answer = on_answer
        self.window = window or Window()
        self._selector = selectors.DefaultSelector()
        self._waker, self._woken = socket.socketpair()
        for end in (self._waker, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._connections: list[Connection] = []
        self._waiting: list[Exchange] = []
        self._incoming: deque[Exchange] = deque()
        self._dialer = Dialer()
        self._addresses: list[tuple[int, tuple[object, ...]]] = []
        self._tried = 0
        self._warm = 0
        self._fault: LinkDown | None = None
        self._closed = False
        now = time.monotonic()
        self._contact = now
        self._looked = 0.0
        self._delivered = 0
        self._full = False
        self._lossy = False
        self._refusals = 0
        self.cuts = 0
        self.answers = 0
        self._up = self._down = self._sent = self._resent = 0
        self.window.restart(now)
        self._resolve()

    # what is asked

    def add(self, exchange: Exchange) -> None:
        """Will be sent when its turn comes."""
        if not self.busy:
            self._contact = time.monotonic()
        self._waiting.append(exchange)
        self._waiting.sort(key=lambda e: (e.priority, e.order))

    def call(self, request: Request, body: bytes = b"") -> Answer:
        """From another thread: waits for the answer. Raises LinkDown."""
        call = Call(request, body)
        self._incoming.append(call)
        self.wake()
        if self._closed:
            self._give_up(LinkDown("the exchange ended"))
        return call.wait()

    def warm(self, count: int) -> None:
        """Keeps so many connections open, so that nobody waits for a handshake. Begins at once."""
        self._warm = count
        self._dial(time.monotonic())

    def wake(self) -> None:
        """From any thread: ends the present wait."""
        with suppress(OSError):
            self._waker.send(b"\0")

    def at_once(self) -> None:
        """The network changed: try now."""
        self._dialer.at_once()

    @property
    def busy(self) -> bool:
        """Whether something is under way or waits."""
        return bool(self._waiting or self._incoming or any(c.exchange for c in self._connections))

    @property
    def bytes_up(self) -> int:
        """Handed to the kernel so far, heads included."""
        return self._up + sum(c.bytes_up for c in self._connections)

    @property
    def bytes_down(self) -> int:
        """Received so far."""
        return self._down + sum(c.bytes_down for c in self._connections)

    def room(self) -> int:
        """Bytes that the window has left, beyond all that is already handed over or could be."""
        if self._waiting:
            return 0
        busy = [c for c in self._connections if c.exchange is not None]
        left = sum(min(c.left, c.flight.free if c.flight else c.left) for c in busy if not c.suspect)
        return self.window.limit - left - sum(c.flight.pipe for c in busy if c.flight)

    def close(self) -> None:
        """Drops everything; who waits for an answer gets LinkDown."""
        self._closed = True
        self._give_up(LinkDown("the exchange ended"))
        for connection in list(self._connections):
            self._drop(connection)
        self._selector.close()
        self._waker.close()
        self._woken.close()

    def _give_up(self, fault: LinkDown) -> None:
        lost = [c.exchange for c in self._connections if c.exchange is not None]
        while self._incoming:
            self._waiting.append(self._incoming.popleft())
        lost += self._waiting
        self._waiting = []
        for exchange in lost:
            exchange.failed(fault)

    # one turn

    def turn(self, at_most: float = 0.5) -> None:
        """Waits a little at most, and goes on with everything. Raises LinkDown when the link is given up."""
        for key, _ in self._selector.select(min(at_most, self._pause())):
            if key.fileobj is self._woken:
                with suppress(OSError):
                    self._woken.recv(4096)
            else:
                self._ready(key.data)
        now = time.monotonic()
        while self._incoming:
            self.add(self._incoming.popleft())
        self._look(now)
        self._watch(now)
        self._assign(now)
        self._hand_out(now)
        self._dial(now)
        self._await(now)

    def _pause(self) -> float:
        if self._waiting and any(c.usable for c in self._connections):
            return 0.0
        busy = [c for c in self._connections if c.exchange is not None]
        if any(c.left or (c.flight and c.flight.outstanding) for c in busy):
            return self._tick
        if busy or self._waiting:
            return 0.05
        return 0.5

    @property
    def _tick(self) -> float:
        return TICK_FAR if self.window.min_rtt > 0.05 else TICK_NEAR

    def _ready(self, connection: Connection) -> None:
        exchange = connection.exchange
        was_open = connection.open
        try:
            answer = connection.ready(time.monotonic())
        except Broken as broken:
            self._broken(connection, broken)
            return
        if connection.open and not was_open and self._lossy:
            use_congestion_control(connection.sock, "bbr")
        if answer is not None and exchange is not None:
            if connection.stage is Stage.CLOSED:
                self._drop(connection)
            self._take(exchange, answer)
        self._mind(connection)

    def _mind(self, connection: Connection) -> None:
        """Waits for what the connection waits for."""
        if connection.stage is Stage.CLOSED:
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.wants_write else 0)
        try:
            if self._selector.get_key(connection.sock).events != events:
                self._selector.modify(connection.sock, events, connection)
        except KeyError:
            # TLS made another socket object of the same descriptor
            with suppress(KeyError, ValueError):
                self._selector.unregister(connection.sock.fileno())
            self._selector.register(connection.sock, events, connection)

    def _take(self, exchange: Exchange, answer: Answer) -> None:
        now = time.monotonic()
        self._contact = now
        if answer.headers.get(OURS) != "1":
            self._fault = LinkDown(
                "something that is not the platform answered; this network may want a log-in", "captive-portal"
            )
            exchange.failed(self._fault)
            return
        self.answers += 1
        self._refusals = 0
        self._on_answer(answer)
        exchange.answered(answer)

    def _drop(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._up += connection.bytes_up
            self._down += connection.bytes_down
        with suppress(KeyError, ValueError, RuntimeError):
            self._selector.unregister(connection.sock)
        connection.close()

    def _broken(self, connection: Connection, broken: Broken) -> None:
        now = time.monotonic()
        exchange, fresh = connection.exchange, connection.answered == 0
        log.debug("a connection ended: %s %s", broken.kind, broken)
        if exchange is not None:
            connection.look(now)
            self._forget_older(connection.heard)
        self._drop(connection)
        if broken.kind == "tls":
            self._fault = LinkDown(f"no safe connection to the platform: {broken}", "tls")
        elif broken.kind == "not-http":
            self._fault = LinkDown("something that is not the platform answered", "captive-portal")
        elif fresh and now - connection.began < AT_ONCE:
            self._refusals += 1
            self._dialer.failed(now, self._wanted())
        if exchange is not None:
            self.cuts += 1
            self.add(exchange)

    # looking at the flights

    def _look(self, now: float) -> None:
        if now - self._looked < self._tick * 0.8:
            return
        self._looked = now
        flights = []
        for connection in self._connections:
            if not connection.open or (connection.usable and connection.flight is not None):
                continue
            connection.look(now)
            flight = connection.flight
            if flight is None:
                continue
            delivered, sent, resent = connection.counted
            connection.counted = (flight.delivered, flight.sent, flight.resent)
            self._delivered += flight.delivered - delivered
            self._sent += flight.sent - sent
            self._resent += flight.resent - resent
            self._contact = max(self._contact, connection.heard)
            flights.append(flight)
        if flights:
            rtt = min(f.srtt for f in flights)
            least = min((f.min_rtt for f in flights if f.min_rtt > 0), default=0.0)
            self.window.note(now, self._delivered, rtt, least, self._tick, full=self._full)
        self._judge_loss()

    def _judge_loss(self) -> None:
        if self._sent > 200_000:  # an old loss counts less and less
            self._sent //= 2
            self._resent //= 2
        if not self._lossy and self._sent > 60_000 and self._resent > LOSSY * self._sent:
            self._lossy = True
            for connection in self._connections:
                if connection.open:
                    use_congestion_control(connection.sock, "bbr")

    def _watch(self, now: float) -> None:
        for connection in list(self._connections):
            if not connection.open and now - connection.began > OLDEST_ATTEMPT:
                self._drop(connection)
            elif is_stuck(connection, now):
                self._move_stuck(connection)
            else:
                silent = is_silent(connection, now)
                if silent and not connection.suspect:
                    log.debug("a flow went silent")
                connection.suspect = silent

    def _move_stuck(self, connection: Connection) -> None:
        """The peer's kernel is there and nothing answers: perhaps a dead box between us, so once more elsewhere."""
        exchange = connection.exchange
        assert exchange is not None
        exchange.stuck += 1
        self.cuts += 1
        self._forget_older(connection.heard)
        self._drop(connection)
        if exchange.stuck > 1:
            self._fault = LinkDown("the platform takes the connection and does not answer", "no-answer")
        self.add(exchange)

    # connections for exchanges

    def _assign(self, now: float) -> None:
        needing: list[tuple[int, int, Exchange, Connection | None]] = []
        needing += [(e.priority, e.order, e, None) for e in self._waiting]
        needing += [
            (c.exchange.priority, c.exchange.order, c.exchange, c)
            for c in self._connections
            if c.suspect and c.exchange
        ]
        for _, _, exchange, old in sorted(needing, key=lambda n: n[:2]):
            if (found := self._best_idle(old)) is None:
                continue
            if old is None:
                self._waiting.remove(exchange)
            else:
                self.cuts += 1
                old.look(now)
                self._forget_older(old.heard)
                self._drop(old)
            try:
                found.start(exchange, now)
            except Broken as broken:
                self._broken(found, broken)
            self._mind(found)

    def _best_idle(self, instead_of: Connection | None) -> Connection | None:
        """The connection last heard of; in place of a silent one only what was heard of later than that."""
        idle = [c for c in self._connections if c.usable]
        if instead_of is not None:
            idle = [c for c in idle if c.heard > instead_of.heard]
        return max(idle, key=lambda c: c.heard, default=None)

    def _forget_older(self, heard: float) -> None:
        """What was idle through the silence is as dead as the flow that showed it."""
        for connection in list(self._connections):
            if connection.usable and connection.heard <= heard:
                self._drop(connection)

    def _wanted(self) -> int:
        """Flows without a connection that lives."""
        suspects = [c for c in self._connections if c.suspect]
        latest = min((c.heard for c in suspects), default=0.0)
        idle = sum(1 for c in self._connections if c.usable and c.heard >= latest)
        living = sum(1 for c in self._connections if c.open and not c.suspect)
        need = len(self._waiting) + len(suspects) - idle
        return max(need, self._warm - living)

    def _dial(self, now: float) -> None:
        if not self._addresses:
            return
        wanted = self._wanted()
        attempts = [c for c in self._connections if not c.open]
        if wanted <= 0:
            for connection in attempts:
                self._drop(connection)
            return
        self._make_room(attempts, now)
        while len(self._connections) < MOST_OPEN + len(attempts) and self._dialer.due(now, wanted, len(attempts)):
            family, address = self._addresses[self._tried % len(self._addresses)]
            self._tried += 1
            self._dialer.began(now)
            try:
                connection = Connection(family, address, self._origin, now)
            except Broken as broken:
                log.debug("no connection: %s", broken)
                self._refusals += 1
                self._dialer.failed(now, wanted)
                return
            self._connections.append(connection)
            attempts.append(connection)
            self._mind(connection)

    def _make_room(self, attempts: list[Connection], now: float) -> None:
        """The oldest attempt gives way to a fresh one: its SYN was lost, and the kernel sends the next ever later."""
        least = max(1.5, 3 * self.window.min_rtt) if self.window.min_rtt else 4.0
        if len(attempts) >= Dialer.MOST and now - attempts[0].began > least and attempts[0].stage is Stage.CONNECTING:
            self._drop(attempts.pop(0))

    def _hand_out(self, now: float) -> None:
        """Body bytes to the kernel: records before attachments, the oldest application first, within the window."""
        room = self.window.limit - sum(c.flight.pipe for c in self._connections if c.flight and c.exchange)
        busy = [c for c in self._connections if c.exchange is not None and c.left]
        busy.sort(key=lambda c: (c.suspect, c.exchange.priority, c.exchange.order))  # type: ignore[union-attr]
        self._full = False
        for connection in busy:
            if room <= 0:
                self._full = True
                break
            if connection.suspect:
                continue
            room -= self._feed(connection, room, now)

    def _feed(self, connection: Connection, room: int, now: float) -> int:
        flight = connection.flight
        size = room
        if flight is not None:  # no more than the kernel will send soon; the rest is for the next flow
            ahead = max(KEPT_BACK * flight.mss, int(self.window.rate * self._tick * 2))
            size = min(room, flight.free + ahead - flight.unsent)
        try:
            taken = connection.send(size, now) if size > 0 else 0
            if taken:
                connection.look(now)
        except Broken as broken:
            self._broken(connection, broken)
            return 0
        self._mind(connection)
        return taken

    # giving up

    def _await(self, now: float) -> None:
        if self._fault is None and self.busy:
            if self._refusals >= 2 and not self.answers:
                self._fault = LinkDown("the platform cannot be reached")
            elif now - self._contact > self._patience:
                self._fault = LinkDown("the platform cannot be reached", "link-down")
        if self._fault is not None:
            fault, self._fault = self._fault, None
            self._give_up(fault)
            raise fault

    # names

    def _resolve(self) -> None:
        try:
            address = ipaddress.ip_address(self._name)
        except ValueError:
            threading.Thread(target=self._look_up, name="sync-name", daemon=True).start()
            return
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        self._addresses = [(family, (self._name, self._port))]

    def _look_up(self) -> None:
        try:
            found = socket.getaddrinfo(self._name, self._port, type=socket.SOCK_STREAM)
        except OSError:
            self._fault = LinkDown("the platform's name is not found; no network, or a wrong address", "link-down")
        else:
            self._addresses = [(int(family), address) for family, _, _, _, address in found]
        self.wake()


def trusting() -> ssl.SSLContext:
    """The certificates that `requests` trusts, or those that REQUESTS_CA_BUNDLE names (a province's own authority)."""
    import os

    from certifi import where

    context = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE") or where())
    context.set_alpn_protocols(["http/1.1"])
    return context
