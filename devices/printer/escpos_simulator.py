# SPDX-License-Identifier: Apache-2.0
"""Receipt printers to send to: on a socket, on a pseudo-terminal, and behind pyusb's backend interface."""

from __future__ import annotations

import os
import pty
import select
import socket
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from devices.faults import PulledOut
from devices.printer.escpos_engine import EscposEngine

if TYPE_CHECKING:
    from PIL.Image import Image


class SimulatedReceiptPrinter(EscposEngine):
    """`port` on loopback. `goes_after`: unplugs itself after so many more bytes."""

    def __init__(self, printed: Callable[[Image], None] | None = None) -> None:
        super().__init__(printed)
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.goes_after: int | None = None
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
            with connection, suppress(OSError):
                self._converse_over(connection)
            self._open.discard(connection)

    def _converse_over(self, connection: socket.socket) -> None:
        self.begin()
        while data := connection.recv(65536):
            if self.goes_after is not None:
                self.goes_after -= len(data)
                if self.goes_after < 0:
                    self.goes_after = None
                    self.unplug()
                    return
            try:
                connection.sendall(self.feed(data))
            except PulledOut:
                self.unplug()
                return


class SimulatedSerialPrinter(EscposEngine):
    """`port` is a path that stays the same; `unplug` and `plug` as with the other."""

    def __init__(self, folder: Path, printed: Callable[[Image], None] | None = None) -> None:
        super().__init__(printed)
        self.port = str(folder / "receipt-printer")
        self.goes_after: int | None = None
        self._wake: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self.plug()

    def plug(self) -> None:
        """A line with a printer at its end."""
        if self._wake is not None:
            return
        master, slave = pty.openpty()
        tty.setraw(slave)
        self._wake = os.pipe()
        with suppress(FileNotFoundError):
            os.unlink(self.port)
        os.symlink(os.ttyname(slave), self.port)
        self.begin()
        arguments = (master, slave, self._wake[0])
        self._thread = threading.Thread(
            target=self._serve, args=arguments, name="simulated-serial-printer", daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """The line is gone."""
        wake, self._wake = self._wake, None
        if wake is None:
            return
        with suppress(FileNotFoundError):
            os.unlink(self.port)
        os.write(wake[1], b"x")
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        for end in wake:
            os.close(end)

    close = unplug

    def _serve(self, master: int, slave: int, wake: int) -> None:
        try:
            while True:
                ready, _, _ = select.select([master, wake], [], [])
                if wake in ready:
                    return
                data = os.read(master, 65536)
                if self.goes_after is not None:
                    self.goes_after -= len(data)
                    if self.goes_after < 0:
                        self.goes_after = None
                        return
                os.write(master, self.feed(data))
        except (OSError, PulledOut):
            return
        finally:
            os.close(slave)
            os.close(master)
