# SPDX-License-Identifier: Apache-2.0
"""One HTTP/1.1 connection that never blocks: connect, TLS, one exchange after the other, as the pace allows."""

from __future__ import annotations

import errno
import os
import socket
import ssl
from enum import Enum

from offline.sync.exchange import Answer, Exchange, Request
from offline.sync.http1 import Http1, NotHttp
from offline.sync.origin import Origin
from offline.sync.tcp import Flight, abort, new_socket, probe_when_silent, read_flight

PIECE = 64 * 1024  # bytes read at once
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
    CLOSED = 5


class Connection:
    """Bound to one thread. `sock` may be waited for: readable always, writable while `wants_write`."""

    def __init__(self, family: int, address: tuple[object, ...], origin: Origin, now: float) -> None:
        self.began = now
        self.heard = now  # when a byte or an acknowledgement last came
        self.quiet_since = now  # since when something of ours waits to be acknowledged or answered
        self.moved = now  # when the exchange last went forward
        self.told_to_wait = False  # the other side has no room for more just now
        self._told_at = -CLOCK_STEPS  # when the kernel last counted that
        self.stage = Stage.CONNECTING
        self.exchange: Exchange | None = None
        self.flight: Flight | None = None
        self.suspect = False
        self.tolerant = False  # asked for a congestion control that bears losses
        self.wants_write = True
        self.bytes_up = self.bytes_down = 0
        self.answered = 0  # exchanges
        self._origin = origin
        self.counted = (0, 0, 0)  # delivered, sent, resent: what the link has already added up
        self._http = Http1(origin.host, origin.prefix)
        self._held = b""  # made ready for the kernel, not yet taken by it
        self._request = Request("", "", {})
        # Body bytes taken from the exchange; bytes of head; bytes at the kernel.
        self._read = self._head = self._taken = 0
        self.sock = new_socket(family)
        found = self.sock.connect_ex(address)
        if found not in (0, *_UNDER_WAY):
            self.close()
            raise Broken("refused", os.strerror(found))

    def close(self) -> None:
        """Drops it at once; what was not sent is not sent."""
        if self.stage is not Stage.CLOSED:
            self.stage = Stage.CLOSED
            abort(self.sock)

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
        if self.stage is Stage.CONNECTING and not self._connected(now):
            return None
        if self.stage is Stage.SECURING and not self._secured(now):
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
        self.wants_write = False
        if self._origin.tls is None:
            self.stage = Stage.IDLE
        else:
            try:
                self.sock = self._origin.tls.wrap_socket(
                    self.sock, do_handshake_on_connect=False, server_hostname=self._origin.name
                )
            except (OSError, ValueError) as fault_:
                raise Broken("tls", str(fault_)) from fault_
            self.stage = Stage.SECURING
        return True

    def _secured(self, now: float) -> bool:
        assert isinstance(self.sock, ssl.SSLSocket)
        try:
            self.sock.do_handshake()
        except ssl.SSLWantReadError:
            self.wants_write = False
            return False
        except ssl.SSLWantWriteError:
            self.wants_write = True
            return False
        except ssl.SSLCertVerificationError as fault:
            raise Broken("tls", f"the platform's certificate is not trusted: {fault.verify_message}") from fault
        except ssl.SSLError as fault:
            raise Broken("tls", f"TLS does not come about: {fault.reason}") from fault
        except OSError as fault:
            raise Broken("lost", str(fault)) from fault
        self.heard = now
        self.wants_write = False
        self.stage = Stage.IDLE
        return True

    # one exchange

    def start(self, exchange: Exchange, now: float) -> None:
        """Sends the head and lets the pace hand out the body. Raises Broken."""
        assert self.stage is Stage.IDLE
        self._request = request = exchange.begin()
        head = self._http.head(request)
        self.exchange = exchange
        self.stage = Stage.BUSY
        self.suspect = False
        self._head, self._read, self._taken = len(head), 0, 0
        self.moved = self.quiet_since = now
        probe_when_silent(self.sock, True)
        self._held += head
        if not request.size:
            self._end_body()
        self._push()
        self.look(now)

    @property
    def left(self) -> int:
        """Bytes of the body that the pace has still to hand out."""
        return self._request.size - self._read if self.stage is Stage.BUSY else 0

    @property
    def beyond(self) -> int:
        """Bytes of the body that went out and are not acknowledged: they may have arrived or not."""
        return self.flight.outstanding - self.flight.unsent if self.flight is not None else self._taken

    def held_back(self, now: float) -> None:
        """It is we who let the exchange stand still."""
        if self.flight is not None and not self.flight.outstanding:
            self.moved = now

    def send(self, size: int, now: float) -> int:
        """Hands at most `size` bytes of the body to the kernel; how many it took. Raises Broken."""
        if self._held or self.exchange is None:
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
        self._held = self._http.data(part)
        if self._read == self._request.size:
            self._end_body()
        self._push()
        return len(part)

    def _end_body(self) -> None:
        self._held += self._http.end()

    def _push(self) -> None:
        while self._held:
            try:
                taken = self.sock.send(self._held)
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                self.wants_write = True
                return
            except OSError as fault:
                raise Broken("lost", fault.strerror or str(fault)) from fault
            self._held = self._held[taken:]
            self._taken += taken
            self.bytes_up += taken
        self.wants_write = False

    def look(self, now: float) -> None:
        """Asks the kernel how the flight goes, and tells the exchange what has arrived."""
        if self.stage is Stage.CLOSED:
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
            self.exchange.acknowledged(max(0, self._taken - flight.outstanding - self._head))

    # the answer

    def _receive(self, now: float) -> Answer | None:
        while True:
            try:
                data = self.sock.recv(PIECE)
            except (BlockingIOError, ssl.SSLWantReadError):
                return None
            except ssl.SSLWantWriteError:
                return None
            except OSError as fault:
                raise Broken("lost", fault.strerror or str(fault)) from fault
            self.heard = self.moved = now
            self.bytes_down += len(data)
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
        if not self._held and self._http.again():
            self.stage = Stage.IDLE
            probe_when_silent(self.sock, False)
        else:  # it answered before all was sent, or wants no other request
            self.close()
