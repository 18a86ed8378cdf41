# SPDX-License-Identifier: Apache-2.0
"""A code scanner on a serial line: it sends what it read, ended by CR or LF."""

from __future__ import annotations

import termios
from typing import TYPE_CHECKING

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver

if TYPE_CHECKING:
    import serial

DEVICE = "code-scanner"
MOST = 4096  # characters; the longest QR code holds 4296 alphanumeric ones
_ENDS = b"\r\n"


class SerialCodeScanner:
    """`codes` gives what came since the last call; never waits, never raises. Found again after it was unplugged."""

    def __init__(self, port: str, baud: int = 9600) -> None:
        self._port = port
        self._baud = baud
        self._line: serial.Serial | None = None
        self._begun = bytearray()

    def codes(self) -> list[str]:
        """Whole codes, in order. What is not UTF-8 or far too long is thrown away."""
        import serial

        if self._line is None and not self._open():
            return []
        assert self._line is not None
        try:
            self._begun += self._line.read(self._line.in_waiting or 0)
        except (serial.SerialException, OSError, TypeError, termios.error):
            self.close()
            return []
        return self._whole()

    def _open(self) -> bool:
        import serial

        try:
            self._line = serial.Serial(self._port, self._baud, timeout=0, exclusive=True)
        except (serial.SerialException, OSError, ValueError, termios.error):
            return False
        return True

    def _whole(self) -> list[str]:
        *whole, rest = self._begun.replace(b"\n", b"\r").split(b"\r")
        self._begun = bytearray() if len(rest) > MOST else rest
        found = []
        for code in whole:
            try:
                text = code.decode("utf-8").strip()
            except UnicodeDecodeError:
                continue
            if text and len(text) <= MOST and text.isprintable():
                found.append(text)
        return found

    def status(self) -> DeviceStatus:
        """Ready while the line is open: such a scanner answers no question."""
        return status(DEVICE, State.READY if self._line is not None else State.ABSENT)

    def close(self) -> None:
        """Lets go of the line."""
        if self._line is not None:
            self._line.close()
            self._line = None
        self._begun.clear()


DRIVER = Driver("code_scanner", "serial", SerialCodeScanner, words="code scanner on a serial line")
