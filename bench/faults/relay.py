# SPDX-License-Identifier: Apache-2.0
"""A relay in front of a gateway, in a process of its own, that cuts connections after so many bytes, either way.

A cut on the way down loses an answer to what the platform already holds: where duplicates come from. Most cuts reset
the connection; some leave it hanging: open at both ends, and nothing comes through any more.
"""

from __future__ import annotations

import mmap
import os
import random
import signal
import socket
import struct
import threading
from contextlib import suppress

_CUTTING, _CUTS = 0, 8  # places in the shared memory
UP, DOWN = 3000.0, 900.0  # bytes after which a connection is cut, on average
HANGS = 0.2  # of the cuts


class Relay:
    """Forked at once; `url` is its address. Use it before the calling process has threads."""

    def __init__(self, port: int, seed: int) -> None:
        self._shared = mmap.mmap(-1, 16)
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._pid = os.fork()
        if self._pid == 0:
            try:
                self._serve(listener, port, random.Random(seed))
            finally:
                os._exit(0)
        listener.close()

    @property
    def cuts(self) -> int:
        """So far."""
        return int(struct.unpack_from("<Q", self._shared, _CUTS)[0])

    def cutting(self, on: bool) -> None:
        """Whether connections that begin from now on are cut."""
        self._shared[_CUTTING] = int(on)

    def close(self) -> None:
        """Ends it."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _serve(self, listener: socket.socket, port: int, rng: random.Random) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._lock = threading.Lock()
        while True:
            near, _ = listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", port))
            except OSError:
                near.close()
                continue
            up = down = float("inf")
            hanging = None
            if self._shared[_CUTTING] and rng.random() < 0.8:
                up, down = rng.expovariate(1 / UP), rng.expovariate(1 / DOWN)
                hanging = threading.Event() if rng.random() < HANGS else None
            for source, sink, budget in ((near, far, up), (far, near, down)):
                threading.Thread(
                    target=self._carry, args=(source, sink, budget, (near, far), hanging), daemon=True
                ).start()

    def _carry(
        self,
        source: socket.socket,
        sink: socket.socket,
        left: float,
        both: tuple[socket.socket, socket.socket],
        hanging: threading.Event | None,
    ) -> None:
        """One way. `hanging` is set once this connection hangs, where it is one that does not break."""
        cut = False
        with suppress(OSError):
            while data := source.recv(16384):
                if hanging is not None and hanging.is_set():
                    continue  # into nothing
                if len(data) >= left:
                    sink.sendall(data[: int(left)])
                    with self._lock:
                        struct.pack_into("<Q", self._shared, _CUTS, self.cuts + 1)
                    if hanging is not None:
                        hanging.set()
                        continue
                    cut = True
                    break
                left -= len(data)
                sink.sendall(data)
        for end in both:
            with suppress(OSError):
                if cut:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            if cut:
                end.close()
