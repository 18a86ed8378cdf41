# SPDX-License-Identifier: Apache-2.0
"""What carries a connection's bytes over its socket, in clear or in TLS; neither waits.

TLS goes through memory (`ssl.MemoryBIO`), so the socket stays the same object from its first byte to its last: Python's
own TLS sockets replace it, and a selector that had registered the first was left with a number that soon was another's.
"""

from __future__ import annotations

import socket
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

PIECE = 64 * 1024  # bytes read at once
RECORD = 16 * 1024  # bytes in one TLS record at most (RFC 8446, 5.1)


class Channel:
    """In clear. `bytes_up` and `bytes_down` are what the kernel took and gave; `given` what was put in so far."""

    def __init__(self, sock: socket.socket) -> None:
        self.bytes_up = self.bytes_down = 0
        self.given = 0
        self._sock = sock
        self._out = bytearray()

    @property
    def held(self) -> bool:
        """Whether bytes wait for room at the kernel."""
        return bool(self._out)

    def agree(self) -> bool:
        """Goes on with the handshake; whether data may follow. Raises OSError."""
        return True

    def put(self, data: bytes) -> None:
        """Takes all of it; `flush` sends. Raises OSError."""
        self.given += len(data)
        self._out += data

    def flush(self) -> None:
        """Hands the kernel as much as it takes. Raises OSError."""
        while self._out:
            try:
                taken = self._sock.send(self._out)
            except BlockingIOError:
                return
            del self._out[:taken]
            self.bytes_up += taken

    def get(self) -> bytes | None:
        """What came; None: nothing now; empty: the other side has ended it. Raises OSError."""
        try:
            data = self._sock.recv(PIECE)
        except BlockingIOError:
            return None
        self.bytes_down += len(data)
        return data

    def arrived(self, outstanding: int) -> int:
        """Of the bytes put in, those that the other side can read, `outstanding` being the kernel's unacknowledged."""
        return self.bytes_up - outstanding


@dataclass(slots=True)
class Session:
    """The last one with this host: the next connection resumes it, which saves the certificates (RFC 8446, 2.2) and,
    with TLS 1.2, a round trip (RFC 5077)."""

    last: ssl.SSLSession | None = None


class SecureChannel(Channel):
    """In TLS. Raises ValueError for a name that cannot be in a certificate."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, name: str, session: Session) -> None:
        super().__init__(sock)
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._goes, server_hostname=name, session=session.last)
        self._session = session
        self._noted = False
        self._sealed: deque[tuple[int, int]] = deque()  # where records end: on the wire, and in what was put in
        self._arrived = 0
        self._over = False  # nothing more will come

    @property
    def held(self) -> bool:
        """Whether bytes wait for room at the kernel, TLS's own included."""
        return bool(self._out or self._goes.pending)

    def agree(self) -> bool:
        """The handshake. Raises ssl.SSLError where something else speaks there; other OSErrors are cuts."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self.flush()
                if not self._receive():
                    return False
            except ssl.SSLError as fault:
                with suppress(OSError):
                    self.flush()  # an alert says what is wrong
                if self._over and not isinstance(fault, ssl.SSLCertVerificationError):  # a cut, not a stranger
                    raise ConnectionResetError("the other side closed the connection") from fault
                raise
            else:
                self.flush()
                return True

    def put(self, data: bytes) -> None:
        """Seals it in records."""
        for start in range(0, len(data), RECORD):
            part = data[start : start + RECORD]
            while part:
                taken = self._tls.write(part)
                part = part[taken:]
                self.given += taken
                self._out += self._goes.read()
                self._sealed.append((self.bytes_up + len(self._out), self.given))

    def flush(self) -> None:
        """With what TLS itself has to say."""
        self._out += self._goes.read()
        super().flush()

    def get(self) -> bytes | None:
        """Opened. An end that the other side did not sign is no end but a fault (RFC 9112, 9.8)."""
        while True:
            try:
                data = self._tls.read(PIECE)
            except ssl.SSLWantReadError:
                if not self._receive():
                    return None
                continue
            if data and not self._noted:  # with TLS 1.3 the ticket comes after the handshake, before the first answer
                self._noted, self._session.last = True, self._tls.session
            return data

    def _receive(self) -> bool:
        data = super().get()
        if data is None:
            return False
        if data:
            self._came.write(data)
        else:
            self._came.write_eof()
            self._over = True
        return True

    def arrived(self, outstanding: int) -> int:
        """Only whole records can be opened."""
        while self._sealed and self._sealed[0][0] <= self.bytes_up - outstanding:
            self._arrived = self._sealed.popleft()[1]
        return self._arrived
