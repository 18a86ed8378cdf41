# SPDX-License-Identifier: Apache-2.0
"""A receipt printer on a socket: understands the commands a raster receipt needs and shows what came out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

PAPER = {"ok": (0x12, 0x00), "low": (0x1E, 0x03), "out": (0x7E, 0x0F)}  # answers to DLE EOT 4 and GS r 1

_ONE_MORE = bytes.fromhex("6461 4A33 2145 4D74 527B 472D")  # ESC commands with one parameter


class SimulatedReceiptPrinter:
    """`port` on loopback; `receipts` holds one picture a cut."""

    def __init__(self, printed: Callable[[Image], None] | None = None) -> None:
        self._tell = printed or (lambda _image: None)
        self.receipts: list[Image] = []
        self.paper = "ok"
        self.cover_open = False
        self.runs_out_while_printing = False
        self._strips: list[Image] = []
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.port = 0
        self.plug()

    def plug(self) -> None:
        """Switches it on, at the same place as before."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._serve, args=(self._listener,), name="simulated-escpos", daemon=True).start()

    def unplug(self) -> None:
        """Switches it off."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    close = unplug

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._open.add(connection)
            with connection, suppress(OSError, StopIteration):
                self._converse(connection)
            self._open.discard(connection)

    def _converse(self, connection: socket.socket) -> None:
        stream = _bytes(connection)
        while True:
            first = next(stream)
            if first == 0x10:
                self._real_time(connection, stream)
            elif first == 0x1D:
                self._group(connection, stream)
            elif first == 0x1B and next(stream) in _ONE_MORE:
                next(stream)

    def _real_time(self, connection: socket.socket, stream: Iterator[int]) -> None:
        if next(stream) == 0x04:
            kind = next(stream)
            answer = {2: 0x16 if self.cover_open else 0x12, 4: PAPER[self.paper][0]}.get(kind, 0x12)
            connection.sendall(bytes([answer]))

    def _group(self, connection: socket.socket, stream: Iterator[int]) -> None:
        kind = next(stream)
        if kind == 0x76:  # v 0: raster
            self._raster(stream)
        elif kind == 0x56:  # V: cut
            if next(stream) in (65, 66, 97, 98):
                next(stream)
            self._cut()
        elif kind == 0x72:  # r: status in order
            next(stream)
            connection.sendall(bytes([PAPER[self.paper][1]]))

    def _raster(self, stream: Iterator[int]) -> None:
        from PIL import Image

        next(stream), next(stream)
        width = next(stream) + next(stream) * 256
        height = next(stream) + next(stream) * 256
        data = bytes(next(stream) for _ in range(width * height))
        if self.runs_out_while_printing:
            self.paper = "out"
        if self.paper != "out" and data:
            bits = Image.frombytes("1", (width * 8, height), bytes(b ^ 0xFF for b in data))
            self._strips.append(bits)

    def _cut(self) -> None:
        from PIL import Image

        if not self._strips:
            return
        whole = Image.new("1", (max(s.width for s in self._strips), sum(s.height for s in self._strips)), 1)
        y = 0
        for strip in self._strips:
            whole.paste(strip, (0, y))
            y += strip.height
        self._strips = []
        self.receipts.append(whole)
        self._tell(whole)


def _bytes(connection: socket.socket) -> Iterator[int]:
    while data := connection.recv(65536):
        yield from data
