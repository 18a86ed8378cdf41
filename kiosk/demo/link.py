# SPDX-License-Identifier: Apache-2.0
"""The village's link to the platform: a TCP relay that can be down, breaks when told, and counts what passes."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

PIECE = 16 * 1024  # bytes


class Link:
    """Relays to `target` (host, port). `url` is where the terminal connects. Close it, or use it as a context manager.

    `cuts` counts connections that were broken by `cut_after`; `bytes_up` what the terminal sent into the link,
    including bytes that a cut swallowed; `bytes_up_carried` what reached the platform.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._up = True
        self._plan: list[int] = []
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._closing = False
        self.cuts = 0
        self.bytes_up = 0
        self.bytes_up_carried = 0
        self.bytes_down = 0
        self._begin(self._accept)

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    @property
    def is_up(self) -> bool:
        """Whether new connections pass."""
        return self._up

    def up(self) -> None:
        """From now on connections pass."""
        self._up = True

    def down(self) -> None:
        """Breaks what is open, and refuses what comes."""
        with self._lock:
            self._up = False
            broken = list(self._open)
        for end in broken:
            _reset(end)

    def cut_after(self, *counts: int) -> None:
        """Plans cuts: the first after so many more bytes upwards, the next so many after that, and so on."""
        with self._lock:
            self._plan = list(counts)

    def close(self) -> None:
        """Ends every connection and thread."""
        self._closing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.down()
        for thread in list(self._threads):
            thread.join(5)

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, name="link", daemon=True)
        self._threads = [t for t in self._threads if t.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._up:
                _reset(near)
                continue
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                _reset(near)
                continue
            far.settimeout(None)
            with self._lock:
                self._open |= {near, far}
            self._begin(self._relay, near, far, True)
            self._begin(self._relay, far, near, False)

    def _relay(self, source: socket.socket, sink: socket.socket, upward: bool) -> None:
        with suppress(OSError):
            while data := source.recv(PIECE):
                passing, cut = self._count(data, upward)
                if passing:
                    sink.sendall(passing)
                if cut:
                    break
        for end in (source, sink):
            _reset(end)
            with self._lock:
                self._open.discard(end)

    def _count(self, data: bytes, upward: bool) -> tuple[bytes, bool]:
        with self._lock:
            if not upward:
                self.bytes_down += len(data)
                return data, False
            self.bytes_up += len(data)
            if not self._plan or len(data) < self._plan[0]:
                if self._plan:
                    self._plan[0] -= len(data)
                self.bytes_up_carried += len(data)
                return data, False
            passing = data[: self._plan.pop(0)]
            self.bytes_up_carried += len(passing)
            self.cuts += 1
            return passing, True


def _reset(end: socket.socket) -> None:
    """Hard, as a lost radio link is: no goodbye."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
