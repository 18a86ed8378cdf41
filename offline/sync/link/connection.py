# SPDX-License-Identifier: Apache-2.0
"""One HTTP/1.1 connection that never blocks: connect, TLS, one exchange after the other, as the pace allows."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from enum import Enum

from offline.sync.link.channel import Channel, SecureChannel
from offline.sync.link.http1 import Http1, NotHttp
from offline.sync.link.origin import Origin
from offline.sync.link.tcp import Flight, abort, new_socket, probe_when_silent, read_flight
from offline.sync.link.transfer import Answer, Request, Transfer

CLOCK_STEPS = 0.1  # seconds: the kernel counts in ticks, so two looks close together may see no difference
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY)


class Broken(Exception):
    """The connection is of no more use. `kind`: refused, lost, tls, not-http."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Stage(Enum):
    """Of a connection's life."""

    CONNECTING = 1
    SECURING = 2
    IDLE = 3
    BUSY = 4
    ENDED = 5  # of no more use, and still to be closed by whoever watches it
    CLOSED = 6


class Connection:
    """Bound to one thread. `sock` may be waited for: readable always, writable while `wants_write`.

    It is the same object until `close`, which only the owner calls, who must have stopped waiting for it: the number of
    a closed socket is another's at once.
    """

    def __init__(self, family: int, address: tuple[object, ...], origin: Origin, now: float) -> None:
        self.began = now
        self.heard = now  # when a byte or an acknowledgement last came
        self.quiet_since = now  # since when something of ours waits to be acknowledged or answered
        self.moved = now  # when the exchange last went forward
        self.told_to_wait = False  # the other side has no room for more just now
        self._told_at = -CLOCK_STEPS  # when the kernel last counted that
        self.stage = Stage.CONNECTING
        self.exchange: Transfer | None = None
        self.flight: Flight | None = None
        self.greeted = False  # TLS was begun
        self.suspect = False
        self.tolerant = False  # asked for a congestion control that bears losses
        self.answered = 0  # exchanges
        self._origin = origin
        self.counted = (0, 0, 0)  # delivered, sent, resent: what the link has already added up
        self._http = Http1(origin.host, origin.prefix)
        self._request = Request("", "", {})
        self._read = 0  # body bytes taken from the exchange
        self._begins = 0  # where the body begins in what the channel was given
        try:
            self.sock = new_socket(family)
        except OSError as fault:  # no such family in this kernel, or no more files
            raise Broken("refused", fault.strerror or str(fault)) from fault
        self._channel = Channel(self.sock)
        found = self.sock.connect_ex(address)
        if found not in (0, *_UNDER_WAY):
            self.close()
            raise Broken("refused", os.strerror(found))

    def close(self) -> None:
        """Drops it at once; what was not sent is not sent."""
        if self.stage is not Stage.CLOSED:
            self.stage = Stage.CLOSED
            self.exchange = None
            abort(self.sock)

    @property
    def wants_write(self) -> bool:
        """Whether it goes on when the socket is writable."""
        fresh = self.stage is Stage.SECURING and not self.greeted
        return self.stage is Stage.CONNECTING or fresh or self._channel.held

    @property
    def bytes_up(self) -> int:
        """That the kernel took, those of TLS included."""
        return self._channel.bytes_up

    @property
    def bytes_down(self) -> int:
        """Received."""
        return self._channel.bytes_down

    @property
    def usable(self) -> bool:
        """Connected, with nothing under way."""
        return self.stage is Stage.IDLE

    @property
    def open(self) -> bool:
        """Connected."""
        return self.stage in (Stage.IDLE, Stage.BUSY)

    # what the socket says

    def ready(self, now: float) -> Answer | None:
        """Goes on as far as it goes without waiting; an answer when one is whole. Raises Broken."""
        if self.stage is Stage.CONNECTING:
            if not self._connected(now) or self._origin.tls is not None:
                return None  # before it says hello, whoever owns it may see that it is one too many
        elif self.stage is Stage.SECURING and not self._secured(now):
            return None
        if not self.open:
            return None
        self._push()
        return self._receive(now)

    def _connected(self, now: float) -> bool:
        fault = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if fault:
            raise Broken("refused", os.strerror(fault))
        try:
            self.sock.getpeername()
        except OSError:
            return False
        self.heard = now
        if self._origin.tls is None:
            self.stage = Stage.IDLE
            return True
        try:
            self._channel = SecureChannel(self.sock, self._origin.tls, self._origin.name, self._origin.session)
        except (OSError, ValueError) as fault_:
            raise Broken("tls", str(fault_)) from fault_
        self.stage = Stage.SECURING
        return True

    def _secured(self, now: float) -> bool:
        before = self.bytes_down
        self.greeted = True
        try:
            agreed = self._channel.agree()
        except ssl.SSLCertVerificationError as fault:
            raise Broken("tls", f"the platform's certificate is not trusted: {fault.verify_message}") from fault
        except ssl.SSLError as fault:
            raise Broken("tls", f"TLS does not come about: {fault.reason}") from fault
        except OSError as fault:
            raise Broken("lost", fault.strerror or str(fault)) from fault
        if self.bytes_down != before:
            self.heard = now
        if agreed:
            self.stage = Stage.IDLE
        return agreed

    # one exchange

    def start(self, exchange: Transfer, now: float) -> None:
        """Sends the head and lets the pace hand out the body. Raises Broken."""
        assert self.stage is Stage.IDLE
        self._request = request = exchange.begin()
        head = self._http.head(request)
        self.exchange = exchange
        self.stage = Stage.BUSY
        self.suspect = False
        self._read = 0
        self._begins = self._channel.given + len(head)
        self.moved = self.quiet_since = now
        probe_when_silent(self.sock, True)
        self._push(head if request.size else head + self._http.end())
        self.look(now)

    @property
    def left(self) -> int:
        """Bytes of the body that the pace has still to hand out."""
        return self._request.size - self._read if self.stage is Stage.BUSY else 0

    @property
    def beyond(self) -> int:
        """Bytes of the body that went out and are not acknowledged: they may have arrived or not."""
        return self.flight.outstanding - self.flight.unsent if self.flight is not None else self._read

    def held_back(self, now: float) -> None:
        """It is we who let the exchange stand still."""
        if self.flight is not None and not self.flight.outstanding:
            self.moved = now

    def send(self, size: int, now: float) -> int:
        """Hands at most `size` bytes of the body to the kernel; how many it took. Raises Broken."""
        if self._channel.held or self.exchange is None:
            return 0
        size = min(size, self.left)
        if size <= 0:
            return 0
        part = self.exchange.body(self._read, size)
        if not part:
            raise Broken("lost", "the body ended early")
        if self.flight is None or self.flight.outstanding == 0:
            self.quiet_since = now
        self._read += len(part)
        self.moved = now
        data = self._http.data(part)
        self._push(data + self._http.end() if self._read == self._request.size else data)
        return len(part)

    def _push(self, data: bytes = b"") -> None:
        try:
            if data:
                self._channel.put(data)
            self._channel.flush()
        except OSError as fault:
            raise Broken("lost", fault.strerror or str(fault)) from fault

    def look(self, now: float) -> None:
        """Asks the kernel how the flight goes, and tells the exchange what has arrived."""
        if self.stage in (Stage.ENDED, Stage.CLOSED):
            return
        before, self.flight = self.flight, read_flight(self.sock)
        flight = self.flight
        if flight is None:
            return
        if flight.outstanding == 0:
            self.quiet_since = now
        self.heard = max(self.heard, now - flight.ack_age)
        if before is None or flight.delivered != before.delivered:
            self.moved = now
        if before is not None and flight.told_to_wait > before.told_to_wait:
            self._told_at = now
        self.told_to_wait = now - self._told_at < CLOCK_STEPS
        if self.exchange is not None:
            self.exchange.acknowledged(max(0, self._channel.arrived(flight.outstanding) - self._begins))

    # the answer

    def _receive(self, now: float) -> Answer | None:
        while True:
            try:
                data = self._channel.get()
            except OSError as fault:
                raise Broken("lost", fault.strerror or str(fault)) from fault
            if data is None:
                return None
            self.heard = self.moved = now
            try:
                answer = self._http.understand(data)
            except NotHttp as fault:
                raise Broken("not-http" if data else "lost", str(fault)) from fault
            if answer is not None:
                self._finished()
                return answer
            if not data:
                raise Broken("lost", "the other side closed the connection")

    def _finished(self) -> None:
        self.exchange = None
        self.answered += 1
        self.suspect = False
        if not self._channel.held and self._http.again() and self.still():
            self.stage = Stage.IDLE
            probe_when_silent(self.sock, False)
        else:  # it answered before all was sent or asked, or wants no other request
            self.stage = Stage.ENDED

    def still(self) -> bool:
        """Whether nothing came that nobody asked for, nor the end. No selector tells of what TLS took from the kernel
        with the answer before."""
        try:
            return self._channel.get() is None
        except OSError:
            return False
