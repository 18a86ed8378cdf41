# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader on a serial line, 8N1; its speed is found by asking."""

from __future__ import annotations

import termios
import time
from typing import TYPE_CHECKING, Any

from devices.drivers import Driver
from devices.errors import ReaderError
from devices.id_card.frames import STATUS, build_frame, read_frame
from devices.id_card.sam_reader import SamReader

if TYPE_CHECKING:
    import serial

BAUDS = (115200, 57600, 38400, 19200, 9600)
GAP = 0.4  # seconds of silence inside an answer after which the rest will not come
ASKING = 0.3  # seconds to wait for an answer at a speed that may be the wrong one


class SerialLine:
    """`baud` 0 tries all speeds that SAM_V knows, the one that answered last first."""

    def __init__(self, port: str, baud: int = 0) -> None:
        self._port = port
        self._bauds: tuple[int, ...] = (baud,) if baud else BAUDS
        self._line: serial.Serial | None = None

    def open(self) -> None:
        """Finds the speed at which the reader answers. Raises ReaderError reader-absent, reader-silent."""
        import serial

        try:
            self._line = serial.Serial(self._port, self._bauds[0], timeout=0.05, write_timeout=1, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as fault:
            raise ReaderError("reader-absent", "the card reader is not there; check its cable") from fault
        if len(self._bauds) > 1:
            self._find_speed()

    def _find_speed(self) -> None:
        for baud in self._bauds:
            try:
                self._set_speed(baud)
                self.ask(STATUS, ASKING)
            except ReaderError as fault:
                if fault.code == "reader-absent":
                    raise
                continue
            self._bauds = (baud, *(b for b in BAUDS if b != baud))
            return
        raise ReaderError("reader-silent", "the reader answers at no speed; check its cable, then restart it")

    def _set_speed(self, baud: int) -> None:
        assert self._line is not None
        try:
            self._line.baudrate = baud
        except (OSError, termios.error) as fault:
            raise ReaderError("reader-absent", "the card reader was unplugged; plug it in again") from fault

    def close(self) -> None:
        """Lets go of the line."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def ask(self, command: bytes, patience: float) -> bytes:
        """One frame there, one back. Raises ReaderError."""
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


def serial_reader(port: str, baud: int = 0, with_fingerprint: bool = False) -> SamReader:
    """A reader on `port`, such as /dev/ttyUSB0."""
    return SamReader(SerialLine(port, baud), with_fingerprint=with_fingerprint)


def find() -> list[dict[str, Any]]:
    """Serial ports at which a reader answers."""
    from serial.tools.list_ports import comports

    found = []
    for port in comports():
        line = SerialLine(port.device)
        try:
            line.open()
            found.append({"port": port.device})
        except ReaderError:
            continue
        finally:
            line.close()
    return found


DRIVER = Driver("id_card", "sam-serial", serial_reader, find, "SAM_V card reader on a serial line")
