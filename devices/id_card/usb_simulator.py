# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader behind pyusb's backend interface: everything of pyusb runs, only the bus itself is ours."""

from __future__ import annotations

import array
from typing import Any

from devices.faults import PulledOut
from devices.id_card.frames import PREAMBLE
from devices.id_card.sam_engine import SamEngine
from devices.id_card.usb_reader import HEAD, IN_HEAD, IN_REST, OUT_HEAD, OUT_REST, PRODUCT, VENDOR
from devices.usb_bus import SimulatedBus


class SimulatedUsbReader(SamEngine, SimulatedBus):
    """Give it to UsbLine as the backend. `most`: bytes a read. `unplug_after`: reads until it is pulled out."""

    def __init__(self, *, most: int = 64) -> None:
        SamEngine.__init__(self)
        SimulatedBus.__init__(self, VENDOR, PRODUCT, (OUT_HEAD, IN_HEAD, OUT_REST, IN_REST))
        self.most = most
        self.unplug_after: int | None = None
        self._pulled = False
        self._command = b""
        self._waiting: dict[int, bytes] = {IN_HEAD: b"", IN_REST: b""}

    def bulk_write(self, _handle: Any, ep: int, _intf: int, data: Any, _timeout: int) -> int:
        """Head and rest of a command."""
        self.there()
        sent = bytes(data)
        if ep == OUT_HEAD:
            self._command = sent
            return len(sent)
        whole = self._command + sent
        if whole.startswith(PREAMBLE):
            try:
                answer = self.answer(whole[HEAD:-1])
            except PulledOut as end:
                answer, self._pulled = end.sent, True
            self._waiting = {IN_HEAD: answer[:HEAD], IN_REST: answer[HEAD:]}
        return len(sent)

    def bulk_read(self, _handle: Any, ep: int, _intf: int, buff: array.array[int], timeout: int) -> int:
        """At most a packet; a wait that is over is an error, as with libusb."""
        self.there()
        waiting = self._waiting[ep]
        if not waiting and self._pulled:
            self.plugged = self._pulled = False
            self.there()
        if not waiting:
            self.late(timeout)
        if self.unplug_after is not None:
            self.unplug_after -= 1
            if self.unplug_after < 0:
                self.plugged, self.unplug_after = False, None
                self.there()
        part = waiting[: min(self.most, len(buff))]
        self._waiting[ep] = waiting[len(part) :]
        buff[: len(part)] = array.array("B", part)
        return len(part)
