# SPDX-License-Identifier: Apache-2.0
"""A server without threads that does to each connection and request what a test has drawn, in clear or in TLS."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum


class Deed(Enum):
    """What is done with the next request; HELLO ones with the next connection."""

    ANSWER = "answers"
    LAST = "answers, and says that it was the last"
    SILENTLY_LAST = "answers, and closes without a word before"
    FAREWELL = "answers, and says 408 to the idle connection"
    TWICE = "answers twice at once"
    HALF = "half an answer, then the end"
    BITS = "answers byte by byte"
    CLOSE = "closes instead"
    RESET = "resets instead"
    HELLO_CLOSE = "closes what has just connected"
    HELLO_RESET = "resets what has just connected"
    HELLO_HALF = "half a handshake, then the end"


HELLOS = (Deed.HELLO_CLOSE, Deed.HELLO_RESET, Deed.HELLO_HALF)


class Hostile:
    """`deeds` are done one after the other; after the last it behaves. `step` does what can be done now."""

    def __init__(self, deeds: list[Deed], context: ssl.SSLContext | None) -> None:
        self._hellos = iter([d for d in deeds if d in HELLOS])
        self.deeds = iter([d for d in deeds if d not in HELLOS])
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self._ends: list[_End] = []
        self.port = int(self._listener.getsockname()[1])

    def step(self) -> None:
        """Accepts, reads, answers."""
        with suppress(BlockingIOError):
            while True:
                sock, _ = self._listener.accept()
                sock.setblocking(False)
                self._ends.append(_End(sock, self._context, next(self._hellos, None)))
        for end in list(self._ends):
            try:
                going = end.step(self.deeds)
            except (OSError, ssl.SSLError):
                going = False
            if not going:
                end.sock.close()
                self._ends.remove(end)

    def close(self) -> None:
        """Ends all."""
        self._listener.close()
        for end in self._ends:
            end.sock.close()


class _End:
    """One connection, seen from there."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext | None, hello: Deed | None) -> None:
        self.sock = sock
        self._hello = hello
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._goes, server_side=True) if context else None
        self._agreed = context is None
        self._request = b""
        self._script: Iterator[bytes | None] = iter(())

    def step(self, deeds: Iterator[Deed]) -> bool:
        """Whether it goes on."""
        if self._hello in (Deed.HELLO_CLOSE, Deed.HELLO_RESET):
            return self._end(reset=self._hello is Deed.HELLO_RESET)
        data = self._receive()
        if data == b"":
            return False
        if not self._agreed:
            return self._agree()
        self._request += data or b""
        for part in self._script:  # one thing each step
            if part is None:
                return self._end()
            self._send(part)
            return True
        if b"\r\n\r\n" in self._request:
            path = self._request.split(b" ")[1]
            self._request = b""
            deed = next(deeds, Deed.ANSWER)
            if deed is Deed.RESET:
                return self._end(reset=True)
            self._script = iter(_script(deed, path))
        return True

    def _receive(self) -> bytes | None:
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            data = None
        if self._tls is None or data == b"":
            return data
        if data:
            self._came.write(data)
        if not self._agreed:
            return None
        try:
            return self._tls.read(65536)
        except ssl.SSLWantReadError:
            return None

    def _agree(self) -> bool:
        assert self._tls is not None
        with suppress(ssl.SSLWantReadError):
            self._tls.do_handshake()
            self._agreed = True
        said = self._goes.read()
        if said and self._hello is Deed.HELLO_HALF:
            self.sock.send(said[: len(said) // 2])
            return False
        if said:
            self.sock.send(said)
        return True

    def _send(self, data: bytes) -> None:
        if self._tls is None:
            self.sock.send(data)
        else:
            self._tls.write(data)
            self.sock.send(self._goes.read())

    def _end(self, *, reset: bool = False) -> bool:
        if reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False


_FAREWELL = b"HTTP/1.1 408 Request Time-out\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbye"


def _script(deed: Deed, path: bytes) -> list[bytes | None]:
    """What is sent, step by step; None: the end."""
    whole = _answer(b"200 OK", path)
    match deed:
        case Deed.LAST:
            return [_answer(b"200 OK", path, b"Connection: close\r\n"), None]
        case Deed.SILENTLY_LAST:
            return [whole, None]
        case Deed.FAREWELL:
            return [whole, _FAREWELL, None]
        case Deed.TWICE:
            return [whole + whole]
        case Deed.HALF:
            return [whole[: len(whole) // 2], None]
        case Deed.BITS:
            return [bytes([each]) for each in whole]
        case Deed.CLOSE:
            return [None]
    return [whole]


def _answer(status: bytes, body: bytes, more: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %b\r\nDoorstep-Gateway: 1\r\n%bContent-Length: %d\r\n\r\n" % (status, more, len(body))
    return head + body
