# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader on a pseudo-terminal that speaks the real bytes, and fails as real ones do."""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from contextlib import suppress

from contract.identity import Identity
from devices.errors import ReaderError
from devices.id_card.frames import FIND, READ_BASE, SELECT, STATUS, build_frame, read_frame
from devices.id_card.record import build_text_block

PHOTO = bytes(range(256)) * 4
FAULTS = ("silent", "silent-mid-frame", "checksum", "garbage", "card-unknown", "card-read-failed", "unlicensed")
_STATUS_OF = {"card-unknown": 0x40, "card-read-failed": 0x41, "unlicensed": 0x66}


class SimulatedSamReader:
    """`port` is the path to open. `present_card` and `remove_card` may be called from any thread."""

    def __init__(self) -> None:
        self._block: bytes | None = None
        self._fault: str | None = None
        self._lock = threading.Lock()
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="simulated-reader", daemon=True)
        self._thread.start()

    def present_card(self, identity: Identity, *, fault: str | None = None, block: bytes | None = None) -> None:
        """Lays a card down. `fault` is one of FAULTS; `block` replaces the text, for cards with wrong contents."""
        with self._lock:
            self._block = block if block is not None else build_text_block(identity)
            self._fault = fault

    def remove_card(self) -> None:
        """Takes the card away."""
        with self._lock:
            self._block, self._fault = None, None

    def set_fault(self, fault: str | None) -> None:
        """Fails from now on, or no more."""
        with self._lock:
            self._fault = fault

    def close(self) -> None:
        """Unplugs: whoever has the port open sees it go."""
        os.write(self._wake_write, b"x")
        self._thread.join(5)
        for handle in (self._master, self._slave, self._wake_read, self._wake_write):
            with suppress(OSError):
                os.close(handle)

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
            with self._lock:
                answer, fault = self._answer(command), self._fault
            with suppress(OSError):
                self._send(answer, fault if command == READ_BASE or fault in ("silent", "garbage") else None)

    _stopped = False

    def _receive(self, count: int) -> bytes:
        ready, _, _ = select.select([self._master, self._wake_read], [], [], 0.5)
        if self._wake_read in ready:
            self._stopped = True
            return b""
        return os.read(self._master, count) if ready else b""

    def _answer(self, command: bytes) -> bytes:
        status = _STATUS_OF.get(self._fault or "")
        if command == STATUS:
            return b"\x00\x00\x90"
        if command == FIND:
            return b"\x00\x00\x9f\x00\x00\x00\x00" if self._block is not None else b"\x00\x00\x80"
        if command == SELECT:
            return b"\x00\x00\x90" + bytes(8) if self._block is not None else b"\x00\x00\x81"
        if command == READ_BASE:
            if status is not None:
                return bytes([0, 0, status])
            if self._block is None:
                return b"\x00\x00\x41"
            return b"\x00\x00\x90\x01\x00\x04\x00" + self._block + PHOTO
        return b"\x00\x00\x21"

    def _send(self, content: bytes, fault: str | None) -> None:
        data = build_frame(content)
        if fault == "silent":
            return
        if fault == "silent-mid-frame":
            data = data[: len(data) // 2]
        elif fault == "checksum":
            data = data[:-1] + bytes([data[-1] ^ 0xFF])
        elif fault == "garbage":
            data = b"\x00\xaa\xaa\x13garbage" + data
        view = memoryview(data)
        while view:
            view = view[os.write(self._master, view) :]
