# SPDX-License-Identifier: Apache-2.0
"""The conversation: exchanges in order of importance over a few watched connections, on one thread, without waiting.

Every exchange may be begun anew on another connection. A flow that went silent gets another beside it; whichever
speaks first goes on.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections import deque
from collections.abc import Callable

from offline.errors import LinkDown
from offline.sync.backoff import PATIENCE
from offline.sync.link.connection import Broken, Connection, Stage
from offline.sync.link.dialer import Dialer
from offline.sync.link.flow import is_silent, is_stuck
from offline.sync.link.meter import Meter
from offline.sync.link.origin import Origin
from offline.sync.link.pace import Window
from offline.sync.link.pool import Pool
from offline.sync.link.sharing import hand_out
from offline.sync.link.stranger import AGAIN, not_the_platform
from offline.sync.link.tcp import use_congestion_control
from offline.sync.link.transfer import ATTACHMENT, Answer, Call, Request, Transfer

log = logging.getLogger(__name__)
OURS = "doorstep-gateway"  # the header by which a gateway is told from a captive portal
TICK_FAR, TICK_NEAR = 0.02, 0.005  # seconds between two looks at the flights
AT_ONCE = 1.0  # seconds: a connection that ended sooner, without an answer, was refused


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
        origin = Origin.of(url, tls)
        self.prefix = origin.prefix
        self._patience = patience
        self._on_answer = on_answer
        self._pool = Pool()
        self._waiting: list[Transfer] = []
        self._incoming: deque[Transfer] = deque()
        self._warm = 0
        self._fault: LinkDown | None = None
        self._closed = False
        self.window = window or Window()
        self._meter = Meter(self.window, time.monotonic())
        self.cuts = 0
        self.answers = 0
        self._dialer = Dialer(origin, self.wake)

    # what is asked

    def add(self, exchange: Transfer) -> None:
        """Will be sent when its turn comes."""
        if not self.busy:
            self._meter.heard = time.monotonic()
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
        self._pool.wake()

    def at_once(self) -> None:
        """The network changed: try now."""
        self._dialer.pace.at_once()

    @property
    def busy(self) -> bool:
        """Whether something is under way or waits."""
        return bool(self._waiting or self._incoming or self._pool.busy)

    @property
    def bytes_up(self) -> int:
        """Handed to the kernel so far, heads included."""
        return self._pool.bytes_up

    @property
    def bytes_down(self) -> int:
        """Received so far."""
        return self._pool.bytes_down

    def room(self) -> int:
        """Bytes that the window has left, beyond all that is already handed over or could be."""
        if self._waiting:
            return 0
        return self.window.limit - self._pool.to_come - self._pool.pipe

    def close(self) -> None:
        """Drops everything; who waits for an answer gets LinkDown."""
        self._closed = True
        self._give_up(LinkDown("the exchange ended"))
        self._pool.close()

    def _give_up(self, fault: LinkDown) -> None:
        lost = [c.exchange for c in self._pool if c.exchange is not None]
        while self._incoming:
            self._waiting.append(self._incoming.popleft())
        lost += self._waiting
        self._waiting = []
        for exchange in lost:
            exchange.failed(fault)

    # one turn

    def turn(self, at_most: float = 0.5) -> None:
        """Waits a little at most, and goes on with everything. Raises LinkDown when the link is given up."""
        for connection in self._pool.wait(min(at_most, self._pause())):
            if connection.stage is not Stage.CLOSED:  # it went with another of the same round
                self._ready(connection)
        now = time.monotonic()
        while self._incoming:
            self.add(self._incoming.popleft())
        self._meter.look(self._pool, self._pool.pipe, now, self._tick)
        self._watch(now)
        self._assign(now)
        for connection, broken in hand_out(self._pool, self.window, self._tick, now):
            self._broken(connection, broken)
        self._dial(now)
        self._await(now)

    def _pause(self) -> float:
        if self._waiting and self._pool.idle:
            return 0.0
        busy = self._pool.busy
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
        connecting = connection.stage is Stage.CONNECTING
        try:
            answer = connection.ready(time.monotonic())
        except Broken as broken:
            self._broken(connection, broken)
            return
        if connecting and connection.stage is not Stage.CONNECTING:
            self._dialer.arrived(self._pool, connection)
            if self._meter.lossy:
                use_congestion_control(connection.sock, "bbr")
        self._pool.mind(connection)
        if answer is not None and exchange is not None:
            self._take(exchange, answer)

    def _take(self, exchange: Transfer, answer: Answer) -> None:
        self._meter.heard = time.monotonic()
        if answer.headers.get(OURS) != "1":
            self._stranger_said(exchange, answer)
            return
        self.answers += 1
        exchange.sent_away = 0
        self._dialer.refusals = 0
        self._on_answer(answer)
        exchange.answered(answer)

    def _stranger_said(self, exchange: Transfer, answer: Answer) -> None:
        if answer.status in AGAIN and exchange.sent_away == 0:
            exchange.sent_away = 1
            self.add(exchange)
            return
        self._fault = not_the_platform(answer.status, answer.headers)
        exchange.failed(self._fault)

    def _broken(self, connection: Connection, broken: Broken) -> None:
        now = time.monotonic()
        exchange, fresh = connection.exchange, connection.answered == 0
        log.debug("a connection ended: %s %s", broken.kind, broken)
        if broken.kind == "tls":
            self._fault = LinkDown(f"no safe connection to the platform: {broken}", "tls")
        elif broken.kind == "not-http":
            self._fault = LinkDown("something that is not the platform answered", "captive-portal")
        elif fresh and now - connection.began < AT_ONCE:
            self._dialer.refused(self._wanted(), now)
        if exchange is None:
            self._pool.drop(connection)
        else:
            self._move(exchange, connection, now)
            self.add(exchange)

    def _move(self, exchange: Transfer, connection: Connection, now: float) -> None:
        """Away from a connection that is of no more use; so is what lay still through its silence, unless only one
        small packet was out, which may be lost on a living link."""
        self.cuts += 1
        connection.look(now)
        exchange.left_behind(connection.beyond)
        self._pool.drop(connection)
        if exchange.priority < ATTACHMENT:
            return
        for other in self._pool.still_since(connection.heard):
            if (lost := self._pool.drop(other)) is not None:
                self.add(lost)

    # looking at the flights

    def _watch(self, now: float) -> None:
        lossy = self._meter.lossy
        for connection in self._pool.busy:
            if is_stuck(connection, now):
                self._move_stuck(connection, now)
                continue
            silent = is_silent(connection, now, beside=self._pool.heard_beside(connection), lossy=lossy)
            if silent and not connection.suspect:
                log.debug("a flow went silent")
            connection.suspect = silent
            if lossy and not connection.tolerant:
                connection.tolerant = True
                use_congestion_control(connection.sock, "bbr")

    def _move_stuck(self, connection: Connection, now: float) -> None:
        """The peer's kernel is there and nothing answers: perhaps a dead box between us, so once more elsewhere."""
        exchange = connection.exchange
        assert exchange is not None
        exchange.stuck += 1
        self._move(exchange, connection, now)
        if exchange.stuck > 1:
            self._fault = LinkDown("the platform takes the connection and does not answer", "no-answer")
        self.add(exchange)

    # connections for exchanges

    def _assign(self, now: float) -> None:
        needing: list[tuple[Transfer, Connection | None]] = [(e, None) for e in self._waiting]
        needing += self._pool.suspects
        for exchange, old in sorted(needing, key=lambda n: (n[0].priority, n[0].order)):
            if old is not None and old.exchange is not exchange:
                continue  # it went with another, and waits by now
            if (found := self._idle()) is None:
                return
            if old is None:
                self._waiting.remove(exchange)
            else:
                self._move(exchange, old, now)
                if not found.usable:  # the last look at the old one heard it, and took what was silent for longer
                    self.add(exchange)
                    continue
            try:
                found.start(exchange, now)
            except Broken as broken:
                self._broken(found, broken)
            self._pool.mind(found)

    def _idle(self) -> Connection | None:
        """The one heard last. What has ended or speaks unasked is dropped: whatever it says is nobody's answer."""
        while (found := max(self._pool.idle, key=lambda c: c.heard, default=None)) is not None and not found.still():
            self._pool.drop(found)
        return found

    def _wanted(self) -> int:
        """Flows without a connection that lives."""
        pool = self._pool
        return max(len(self._waiting) + len(pool.suspects) - len(pool.idle), self._warm - pool.living)

    def _dial(self, now: float) -> None:
        self._dialer.dial(self._pool, self._wanted(), self.window.min_rtt, now)

    # giving up

    def _await(self, now: float) -> None:
        fault = self._fault or self._dialer.fault
        if fault is None and self.busy:
            if self._dialer.hopeless and not self.answers:
                fault = LinkDown("the platform cannot be reached")
            elif now - self._meter.heard > self._patience:
                fault = LinkDown("the platform cannot be reached", "link-down")
        if fault is not None:
            self._fault = None
            self._give_up(fault)
            raise fault
