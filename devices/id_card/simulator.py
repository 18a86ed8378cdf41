# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader on a pseudo-terminal that speaks the real bytes, and fails as real ones do."""

from __future__ import annotations

import os
import pty
import select
import termios
import threading
import tty
from contextlib import suppress

from devices.errors import ReaderError
from devices.faults import PulledOut
from devices.id_card.frames import read_frame
from devices.id_card.sam_engine import SamEngine

_OUTPUT_SPEED = 5  # of what tcgetattr gives


class SimulatedSamReader(SamEngine):
    """`port` is the path to open. `baud` 0 answers at any speed, another only at that one."""

    def __init__(self, *, baud: int = 0) -> None:
        super().__init__()
        self._baud = baud
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._wake_read, self._wake_write = os.pipe()
        self._stopped = False
        self._gone = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="simulated-reader", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unplugs: a program that has the port open sees it go."""
        if self._closed:
            return
        self._closed = True
        os.write(self._wake_write, b"x")
        self._thread.join(5)
        self._hang_up()
        for handle in (self._wake_read, self._wake_write):
            os.close(handle)

    def _hang_up(self) -> None:
        if not self._gone:
            self._gone = True
            os.close(self._slave)
            os.close(self._master)

    def _run(self) -> None:
        while True:
            try:
                command = read_frame(self._receive)
            except ReaderError:
                if self._stopped:
                    return
                continue
            except OSError:
                return
            if not self._hears():
                continue
            try:
                with suppress(OSError):
                    self._send(self.answer(command))
            except PulledOut as end:
                with suppress(OSError):
                    self._send(end.sent)
                self._hang_up()
                return

    def _hears(self) -> bool:
        """At the wrong speed a real reader sees nothing it knows."""
        speed = termios.tcgetattr(self._slave)[_OUTPUT_SPEED]
        return not self._baud or speed == getattr(termios, f"B{self._baud}")

    def _receive(self, count: int) -> bytes:
        ready, _, _ = select.select([self._master, self._wake_read], [], [], 0.5)
        if self._wake_read in ready:
            self._stopped = True
            return b""
        return os.read(self._master, count) if ready else b""

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._master, view) :]
