# SPDX-License-Identifier: Apache-2.0
"""The answering end: one supervised thread for each connection, and one that takes connections of commands in.

Commands connect to a socket in the data directory that only its owner may use; visits get one end of a pair at birth.
"""

from __future__ import annotations

import logging
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from offline.port.protocol import Answered
from offline.port.service import INTERNAL, Service
from offline.port.stage import StageAsked, Told
from offline.port.wire import WireError, decode_question, encode, receive
from offline.supervised import SupervisedThread

log = logging.getLogger(__name__)
SOCKET = "keeper.sock"
_LOOK = 0.2  # seconds between two looks whether the end was asked for
SEND_WITHIN = 3  # seconds for one message: a client that stopped reading must not hold up the keeper
_SEND_TIME = struct.pack("ll", SEND_WITHIN, 0)
_PIECE = 1024 * 1024  # bytes that are sent at once
_CREDENTIALS = struct.Struct("3i")


class Connection:
    """One client. `post` may be called from any thread."""

    def __init__(
        self,
        sock: socket.socket,
        service: Service,
        *,
        stage: Callable[[Connection, StageAsked], None] | None = None,
        ended: Callable[[Connection], None] = lambda _connection: None,
    ) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIME)
        self._sock = sock
        self._service = service
        self._session = service.session(None if stage is None else lambda asked: stage(self, asked), self.listens)
        self._ended = ended
        self._sending = threading.Lock()
        self._cut = threading.Event()
        self.heard_at = time.monotonic()
        """When its last message came; now, while one of its requests is being answered."""
        self.working = False
        self._ident = 0
        self._thread = SupervisedThread("keeper-connection", self._answer, pause=self._cut.wait)

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def post(self, news: Told) -> None:
        """Tells it. A client that has ended hears nothing more."""
        self._send(0, news)

    def close(self) -> None:
        """Ends it, and waits for its thread."""
        self.cut()
        if threading.get_ident() != self._ident:
            self._thread.join(5)

    def cut(self) -> None:
        """Ends it and does not wait: also for who holds a lock that its thread may want."""
        self._cut.set()
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)  # by which the thread ends, and tidies up

    def listens(self) -> bool:
        """Whether the client is still there, and nobody has ended this."""
        try:
            return not self._cut.is_set() and self._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _send(self, number: int, body: object) -> None:
        """Raises WireError, and has then sent nothing."""
        data = memoryview(encode(number, body))
        with self._sending:
            ends = time.monotonic() + SEND_WITHIN
            try:
                while data:
                    if time.monotonic() > ends:  # it reads, but a byte now and then
                        raise TimeoutError
                    data = data[self._sock.send(data[:_PIECE]) :]
            except OSError:  # part of it may have gone: nothing more can be said on this connection
                with suppress(OSError):
                    self._sock.shutdown(socket.SHUT_RDWR)

    def _answer(self) -> bool:
        self._ident = threading.get_ident()
        try:
            data = receive(self._sock)
            asked = decode_question(data) if data is not None else None
        except (OSError, WireError) as fault:
            if not self._cut.is_set():
                log.warning("a client of the keeper is no more listened to: %s", fault)
            asked = None
        if asked is None:
            self._end()
            return False
        self.working = True
        try:
            self._answered(asked.number, self._session.answer(asked.body))
        finally:
            self.heard_at = time.monotonic()
            self.working = False
        return True

    def _answered(self, number: int, answer: Answered) -> None:
        try:
            self._send(number, answer)
        except WireError:  # whoever waits for it must not wait for ever
            log.exception("an answer could not be sent")
            self._send(number, INTERNAL)

    def _end(self) -> None:
        self._session.close()
        with suppress(OSError):
            self._sock.close()
        try:
            self._ended(self)
        except Exception:
            log.exception("nobody took note that a client of the keeper has gone")


class CommandSocket:
    """Takes connections at `DATA/keeper.sock` in, of the same user (or root) only."""

    def __init__(self, data: Path, service: Service) -> None:
        self._path = data / SOCKET
        self._service = service
        self._open: set[Connection] = set()
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._path.unlink(missing_ok=True)  # of a keeper that crashed: the directory is locked, and ours
            with short_name(self._path) as name:
                self._listener.bind(name)
            self._path.chmod(0o600)
            self._listener.listen(8)
            self._listener.settimeout(_LOOK)
        except BaseException:
            self._listener.close()
            raise
        self._thread = SupervisedThread("keeper-socket", self._accept)
        self._thread.start()

    def close(self) -> None:
        """No more commands; those under way are cut off."""
        self._thread.stop()
        self._thread.join(5)
        self._listener.close()
        self._path.unlink(missing_ok=True)
        with self._lock:
            left = list(self._open)
        for connection in left:
            connection.close()

    def _accept(self) -> bool:
        try:
            sock, _ = self._listener.accept()
        except TimeoutError:
            return True
        sock.settimeout(None)
        _pid, uid, _gid = _CREDENTIALS.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
        if uid not in (0, os.getuid()):
            log.warning("another user tried to speak to the keeper")
            sock.close()
            return True
        connection = Connection(sock, self._service, ended=self._forget)
        with self._lock:
            self._open.add(connection)
        connection.start()
        return True

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            self._open.discard(connection)


def connect(data: Path) -> socket.socket:
    """A connection to the keeper of this data directory. Raises OSError where none listens."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with short_name(data / SOCKET) as name:
            sock.connect(name)
    except BaseException:
        sock.close()
        raise
    return sock


class short_name:  # noqa: N801  reads as the context manager that it is
    """A socket's name holds 107 bytes; through its open directory any path is short enough."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._directory = -1

    def __enter__(self) -> str:
        self._directory = os.open(self._path.parent, os.O_PATH | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._directory}/{self._path.name}"

    def __exit__(self, *_fault: object) -> None:
        os.close(self._directory)
