# SPDX-License-Identifier: Apache-2.0
"""A receipt printer behind pyusb's backend interface: everything of pyusb runs, only the bus itself is ours."""

from __future__ import annotations

import array
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from devices.faults import PulledOut
from devices.printer.escpos_engine import EscposEngine
from devices.usb_bus import SimulatedBus

if TYPE_CHECKING:
    from PIL.Image import Image

VENDOR, PRODUCT = 0x0416, 0x5011  # as many 80 mm printers say
_OUT, _IN = 0x01, 0x82


class SimulatedUsbPrinter(EscposEngine, SimulatedBus):
    """Give it to UsbWay as the backend. `goes_after`: unplugs itself after so many more bytes."""

    def __init__(self, printed: Callable[[Image], None] | None = None) -> None:
        EscposEngine.__init__(self, printed)
        SimulatedBus.__init__(self, VENDOR, PRODUCT, (_OUT, _IN), interface_class=7)
        self.goes_after: int | None = None
        self._waiting = b""

    def unplug(self) -> None:
        """Off the bus."""
        self.plugged = False

    def plug(self) -> None:
        """On it again."""
        self.plugged, self._waiting = True, b""
        self.begin()

    close = unplug

    def bulk_write(self, _handle: Any, _ep: int, _intf: int, data: Any, _timeout: int) -> int:
        """What is sent."""
        self.there()
        sent = bytes(data)
        if self.goes_after is not None:
            self.goes_after -= len(sent)
            if self.goes_after < 0:
                self.goes_after, self.plugged = None, False
                self.there()
        try:
            self._waiting += self.feed(sent)
        except PulledOut:
            self.plugged = False
            self.there()
        return len(sent)

    def bulk_read(self, _handle: Any, _ep: int, _intf: int, buff: array.array[int], timeout: int) -> int:
        """What is answered."""
        return self.deliver(buff, timeout)

    def deliver(self, buff: array.array[int], timeout: int) -> int:
        """A packet of what waits."""
        self.there()
        if not self._waiting:
            self.late(timeout)
        part, self._waiting = self._waiting[: len(buff)], self._waiting[len(buff) :]
        buff[: len(part)] = array.array("B", part)
        return len(part)
