# SPDX-License-Identifier: Apache-2.0
"""A receipt printer over ESC/POS on the network: the whole receipt as raster, so that names need no printer font."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devices.base import DeviceStatus, State, status
from devices.errors import PrintFailed

if TYPE_CHECKING:
    from PIL.Image import Image

DEVICE = "receipt-printer"
TIMEOUT = 6  # seconds; a strip prints in about 2
PROFILE = "TM-T20II"  # the library only takes the width from it: 576 dots, as every 80 mm printer has
_PAPER_AFTER = b"\x1d\x72\x01"  # GS r 1: paper sensor, answered in order, so after what was printed
_NEAR_END, _END = 0x03, 0x0C


class NetworkReceiptPrinter:
    """Used from one thread; a connection per call, so that a printer that was off is found again."""

    def __init__(self, host: str, port: int = 9100) -> None:
        self._host = host
        self._port = port

    def _open(self) -> Any:
        from escpos.exceptions import DeviceNotFoundError
        from escpos.printer import Network

        printer = Network(self._host, self._port, timeout=TIMEOUT, profile=PROFILE)
        try:
            printer.open()
        except (DeviceNotFoundError, OSError) as fault:
            raise PrintFailed("printer-absent", "the receipt printer does not answer; check that it is on") from fault
        return printer

    def status(self) -> DeviceStatus:
        """Asks for paper and cover (DLE EOT 2 and 4)."""
        try:
            printer = self._open()
        except PrintFailed as fault:
            return status(DEVICE, State.ABSENT, str(fault))
        try:
            if _ask(printer, b"\x10\x04\x02") & 0x04:
                return status(DEVICE, State.COVER_OPEN)
            paper = _ask(printer, b"\x10\x04\x04")
        except PrintFailed as fault:
            return status(DEVICE, State.FAULT, str(fault))
        finally:
            printer.close()
        if paper & 0x60:
            return status(DEVICE, State.OUT_OF_PAPER)
        return status(DEVICE, State.PAPER_LOW if paper & 0x0C else State.READY)

    def print_image(self, image: Image) -> None:
        """Prints and cuts; returns when the printer has said, after the last line, that it still had paper."""
        now = self.status()
        if now.state in (State.OUT_OF_PAPER, State.COVER_OPEN):
            raise PrintFailed(str(now.state), f"the receipt printer is {now.state}")
        printer = self._open()
        try:
            printer.image(image, impl="bitImageRaster", fragment_height=512)
            printer.cut()
            paper = _ask(printer, _PAPER_AFTER)
        except OSError as fault:
            raise PrintFailed("printer-absent", "the receipt printer went away while printing") from fault
        finally:
            printer.close()
        if paper & _END:
            raise PrintFailed("out-of-paper", "the paper ran out while printing; the receipt can be printed again")


def _ask(printer: Any, command: bytes) -> int:
    try:
        printer._raw(command)
        answer = printer._read()
    except OSError as fault:
        raise PrintFailed("timeout", "the receipt printer does not answer; check cover and paper") from fault
    if not answer:
        raise PrintFailed("printer-absent", "the receipt printer went away")
    return int(answer[0])
