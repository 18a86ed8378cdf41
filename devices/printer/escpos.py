# SPDX-License-Identifier: Apache-2.0
"""A receipt printer over ESC/POS: the whole receipt as raster, so that names need no printer font."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver
from devices.errors import PrintFailed
from devices.printer.escpos_lines import Line, NetworkWay, SerialWay, UsbWay, Way

if TYPE_CHECKING:
    from PIL.Image import Image

DEVICE = "receipt-printer"
PROFILE = "TM-T20II"  # the library only takes the width from it: 576 dots, as every 80 mm printer has
_COVER, _PAPER = b"\x10\x04\x02", b"\x10\x04\x04"  # DLE EOT 2 and 4, answered at once
_PAPER_AFTER = b"\x1d\x72\x01"  # GS r 1: paper sensor, answered in order, so after what was printed
_FIXED, _AT_ONCE = 0x93, 0x12  # bits of a DLE EOT answer that are always so
_FIXED_AFTER = 0x90  # bits of a GS r answer that are always 0
_COVER_OPEN, _NO_PAPER, _LITTLE_PAPER, _END = 0x04, 0x60, 0x0C, 0x0C


class EscposPrinter:
    """Used from one thread; a conversation a call, so that a printer that was off is found again."""

    def __init__(self, way: Way) -> None:
        self._way = way

    def status(self) -> DeviceStatus:
        """Asks for paper and cover."""
        try:
            return status(DEVICE, self._look())
        except PrintFailed as fault:
            return status(DEVICE, State.ABSENT if fault.code == "printer-absent" else State.FAULT, str(fault))

    def _look(self) -> State:
        with closing(self._way.open()) as line:
            if _ask(line, _COVER) & _COVER_OPEN:
                return State.COVER_OPEN
            paper = _ask(line, _PAPER)
        if paper & _NO_PAPER:
            return State.OUT_OF_PAPER
        return State.PAPER_LOW if paper & _LITTLE_PAPER else State.READY

    def print_image(self, image: Image) -> None:
        """Prints and cuts; returns when the printer has said, after the last line, that it still had paper."""
        now = self._look()
        if now in (State.OUT_OF_PAPER, State.COVER_OPEN):
            raise PrintFailed(str(now), f"the receipt printer is {now}")
        try:
            paper = self._paper_after(_commands(image))
        except PrintFailed as fault:
            raise (self._why_it_waits() or fault) if fault.code == "timeout" else fault from fault
        if paper & _FIXED_AFTER:
            raise PrintFailed("printer-fault", "the receipt printer's answer makes no sense; restart it")
        if paper & _END:
            raise PrintFailed("out-of-paper", "the paper ran out while printing; the receipt can be printed again")

    def _paper_after(self, strip: bytes) -> int:
        with closing(self._way.open()) as line:
            line.send(strip)
            line.send(_PAPER_AFTER)
            return line.receive()

    def _why_it_waits(self) -> PrintFailed | None:
        """A printer whose cover was opened over a strip answers nothing in order, but still says how it is."""
        try:
            now = self._look()
        except PrintFailed:
            return None
        words = f"the receipt printer is {now}; the receipt can be printed again"
        return PrintFailed(str(now), words) if now in (State.OUT_OF_PAPER, State.COVER_OPEN) else None


def _commands(image: Image) -> bytes:
    """The strip as raster in pieces of 512 lines, and the cut."""
    from escpos.printer import Dummy

    writer = Dummy(profile=PROFILE)
    writer.image(image, impl="bitImageRaster", fragment_height=512)
    writer.cut()
    return bytes(writer.output)


def _ask(line: Line, command: bytes) -> int:
    line.send(command)
    answer = line.receive()
    if answer & _FIXED != _AT_ONCE:
        raise PrintFailed("printer-fault", "the receipt printer's answer makes no sense; restart it")
    return answer


def network_printer(host: str, port: int = 9100) -> EscposPrinter:
    """On the network."""
    return EscposPrinter(NetworkWay(host, port))


def serial_printer(port: str, baud: int = 115200, handshake: bool = False) -> EscposPrinter:
    """On a serial line; a strip of 10 cm takes some seconds there."""
    return EscposPrinter(SerialWay(port, baud, handshake=handshake))


def usb_printer(vendor: int = 0, product: int = 0, serial: str = "", *, backend: Any = None) -> EscposPrinter:
    """On USB; the first printer where nothing more is said."""
    return EscposPrinter(UsbWay(vendor, product, serial, backend))


def find_usb() -> list[dict[str, Any]]:
    """Printers on this machine's USB."""
    import usb.core

    from devices.printer.escpos_lines import _printer_interface

    try:
        found = [d for d in usb.core.find(find_all=True) if _printer_interface(d) is not None]
    except (usb.core.USBError, usb.core.NoBackendError, NotImplementedError):
        return []
    return [{"vendor": int(d.idVendor), "product": int(d.idProduct)} for d in found]


NETWORK = Driver("receipt", "escpos-network", network_printer, words="receipt printer on the network")
SERIAL = Driver("receipt", "escpos-serial", serial_printer, words="receipt printer on a serial line")
USB = Driver("receipt", "escpos-usb", usb_printer, find_usb, "receipt printer on USB")
