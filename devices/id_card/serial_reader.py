# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader on a serial line, 115200 8N1."""

from __future__ import annotations

import termios
import time
from typing import TYPE_CHECKING

from devices.base import IdCard
from devices.errors import CardError, ReaderError
from devices.id_card.frames import (
    FIND,
    FOUND,
    NO_CARD,
    READ_BASE,
    SELECT,
    STATUS,
    build_frame,
    check_status,
    read_frame,
)
from devices.id_card.record import parse_base

if TYPE_CHECKING:
    import serial

BAUD = 115200
SHORT, LONG = 0.6, 3.0  # seconds to wait for find and select, and for reading (a reader needs up to 2 s)
GAP = 0.4  # seconds of silence inside an answer after which the rest will not come


class SerialSamReader:
    """One thread owns it."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._line: serial.Serial | None = None
        self._read_before = False

    def open(self) -> None:
        """Opens the line and asks the reader how it is. Raises ReaderError reader-absent, reader-silent, ..."""
        import serial

        try:
            self._line = serial.Serial(self._port, BAUD, timeout=0.05, write_timeout=1, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as fault:
            raise ReaderError("reader-absent", "the card reader is not there; check its cable") from fault
        try:
            check_status(self._ask(STATUS, SHORT))
        except CardError as fault:
            raise ReaderError("reader-fault", "the reader answers with a card's fault; restart it") from fault

    def close(self) -> None:
        """Lets go of the line."""
        if self._line is not None:
            self._line.close()
            self._line = None
        self._read_before = False

    def present(self) -> bool:
        """Whether a card lies there.

        A card that was read once may answer "find" no more until it is lifted; then reading it again is the proof.
        """
        content = self._ask(FIND, SHORT)
        if len(content) > 2 and content[2] == NO_CARD:
            return self._read_before and self._still_readable()
        try:
            return check_status(content) == FOUND
        except CardError:
            return False

    def _still_readable(self) -> bool:
        try:
            check_status(self._ask(READ_BASE, LONG))
        except CardError:
            self._read_before = False
            return False
        return True

    def read(self) -> IdCard:
        """Select and read. Raises CardError, ReaderError."""
        self._read_before = False
        check_status(self._ask(SELECT, SHORT))
        content = self._ask(READ_BASE, LONG)
        check_status(content)
        card = parse_base(content)
        self._read_before = True
        return card

    def _ask(self, command: bytes, patience: float) -> bytes:
        import serial

        if self._line is None:
            raise ReaderError("reader-absent", "the card reader is not open")
        line, ends, begun = self._line, time.monotonic() + patience, False

        def receive(count: int) -> bytes:
            nonlocal begun
            last = min(ends, time.monotonic() + GAP) if begun else ends
            while time.monotonic() < last:
                data = line.read(count)
                if data:
                    begun = True
                    return bytes(data)
            return b""

        try:
            line.reset_input_buffer()
            line.write(build_frame(command))
            return read_frame(receive)
        except (serial.SerialException, OSError, TypeError, termios.error) as fault:
            # A line that is gone shows as any of these: pyserial raises TypeError where its handle is closed.
            raise ReaderError("reader-absent", "the card reader was unplugged; plug it in again") from fault
