# SPDX-License-Identifier: Apache-2.0
"""A receipt printer over ESC/POS on the network: the whole receipt as raster, so that names need no printer font."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.errors import PrintFailed

if TYPE_CHECKING:
    from PIL.Image import Image

DEVICE = "receipt-printer"
TIMEOUT = 6  # seconds; a strip prints in about 2
PROFILE = "TM-T20II"  # the library only takes the width from it: 576 dots, as every 80 mm printer has
_COVER, _PAPER = b"\x10\x04\x02", b"\x10\x04\x04"  # DLE EOT 2 and 4, answered at once
_PAPER_AFTER = b"\x1d\x72\x01"  # GS r 1: paper sensor, answered in order, so after what was printed
_COVER_OPEN, _NO_PAPER, _LITTLE_PAPER, _END = 0x04, 0x60, 0x0C, 0x0C


class NetworkReceiptPrinter:
    """Used from one thread; a connection per call, so that a printer that was off is found again."""

    def __init__(self, host: str, port: int = 9100) -> None:
        self._host = host
        self._port = port

    def _connect(self) -> socket.socket:
        try:
            return socket.create_connection((self._host, self._port), TIMEOUT)
        except OSError as fault:
            raise PrintFailed("printer-absent", "the receipt printer does not answer; check that it is on") from fault

    def status(self) -> DeviceStatus:
        """Asks for paper and cover."""
        try:
            with self._connect() as line:
                if _ask(line, _COVER) & _COVER_OPEN:
                    return status(DEVICE, State.COVER_OPEN)
                paper = _ask(line, _PAPER)
        except PrintFailed as fault:
            return status(DEVICE, State.ABSENT if fault.code == "printer-absent" else State.FAULT, str(fault))
        if paper & _NO_PAPER:
            return status(DEVICE, State.OUT_OF_PAPER)
        return status(DEVICE, State.PAPER_LOW if paper & _LITTLE_PAPER else State.READY)

    def print_image(self, image: Image) -> None:
        """Prints and cuts; returns when the printer has said, after the last line, that it still had paper."""
        now = self.status()
        if now.state in (State.OUT_OF_PAPER, State.COVER_OPEN):
            raise PrintFailed(str(now.state), f"the receipt printer is {now.state}")
        strip = _commands(image)
        with self._connect() as line:
            try:
                line.sendall(strip)
            except OSError as fault:
                raise PrintFailed("printer-absent", "the receipt printer went away while printing") from fault
            paper = _ask(line, _PAPER_AFTER)
        if paper & _END:
            raise PrintFailed("out-of-paper", "the paper ran out while printing; the receipt can be printed again")


def _commands(image: Image) -> bytes:
    """The strip as raster in pieces of 512 lines, and the cut."""
    from escpos.printer import Dummy

    writer = Dummy(profile=PROFILE)
    writer.image(image, impl="bitImageRaster", fragment_height=512)
    writer.cut()
    return bytes(writer.output)


def _ask(line: socket.socket, command: bytes) -> int:
    try:
        line.sendall(command)
        answer = line.recv(1)
    except OSError as fault:
        raise PrintFailed("timeout", "the receipt printer does not answer; check cover and paper") from fault
    if not answer:
        raise PrintFailed("printer-absent", "the receipt printer went away")
    return answer[0]


DRIVER = Driver("receipt", "escpos-network", NetworkReceiptPrinter, list, "receipt printer on the network")
