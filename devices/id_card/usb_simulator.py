# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader behind pyusb's backend interface: everything of pyusb runs, only the bus itself is ours."""

from __future__ import annotations

import array
import threading
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from devices.id_card.frames import PREAMBLE
from devices.id_card.sam_engine import SamEngine
from devices.id_card.usb_reader import HEAD, IN_HEAD, IN_REST, OUT_HEAD, OUT_REST, PRODUCT, VENDOR

_ENDPOINTS = (OUT_HEAD, IN_HEAD, OUT_REST, IN_REST)
_TIMEOUT, _GONE = 110, 19  # errno of a wait that is over, and of a device that is gone


class SimulatedUsbReader(SamEngine, usb.backend.IBackend):  # type: ignore[misc]
    """Give it to UsbLine as the backend. `plugged` and `most` (bytes a read) may be changed at any moment."""

    def __init__(self, *, most: int = 64) -> None:
        SamEngine.__init__(self)
        usb.backend.IBackend.__init__(self)
        self.plugged = True
        self.most = most
        self.unplug_after: int | None = None
        self._command = b""
        self._waiting: dict[int, bytes] = {IN_HEAD: b"", IN_REST: b""}
        self._bus = threading.Lock()

    # --- what pyusb asks about the device ----------------------------------------------------------------------

    def enumerate_devices(self) -> Any:
        """One, while plugged in."""
        return iter([1] if self.plugged else [])

    def get_device_descriptor(self, _dev: Any) -> Any:
        """USB 2.0, 9.6.1."""
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0x0100, iManufacturer=0, iProduct=0,
            iSerialNumber=0, bNumConfigurations=1, address=1, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, _dev: Any, _config: int) -> Any:
        """USB 2.0, 9.6.3."""
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=46, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0x80, bMaxPower=50, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, _dev: Any, intf: int, alt: int, _config: int) -> Any:
        """USB 2.0, 9.6.5."""
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=len(_ENDPOINTS),
            bInterfaceClass=0xFF, bInterfaceSubClass=0, bInterfaceProtocol=0, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, _dev: Any, ep: int, _intf: int, _alt: int, _config: int) -> Any:
        """USB 2.0, 9.6.6."""
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=_ENDPOINTS[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    # --- what pyusb does with it -------------------------------------------------------------------------------

    def open_device(self, _dev: Any) -> Any:
        """A handle."""
        self._there()
        return object()

    def close_device(self, _handle: Any) -> None:
        """Nothing is left open."""

    def set_configuration(self, _handle: Any, _value: int) -> None:
        """The only one."""
        self._there()

    def get_configuration(self, _handle: Any) -> int:
        """The only one."""
        return 1

    def claim_interface(self, _handle: Any, _intf: int) -> None:
        """Always free."""
        self._there()

    def release_interface(self, _handle: Any, _intf: int) -> None:
        """Always possible."""

    def is_kernel_driver_active(self, _handle: Any, _intf: int) -> bool:
        """No driver of the system wants it."""
        return False

    def bulk_write(self, _handle: Any, ep: int, _intf: int, data: Any, _timeout: int) -> int:
        """Head and rest of a command."""
        self._there()
        sent = bytes(data)
        if ep == OUT_HEAD:
            self._command = sent
            return len(sent)
        whole = self._command + sent
        if whole.startswith(PREAMBLE):
            answer = self.answer(whole[HEAD:-1])
            self._waiting = {IN_HEAD: answer[:HEAD], IN_REST: answer[HEAD:]}
        return len(sent)

    def bulk_read(self, _handle: Any, ep: int, _intf: int, buff: array.array[int], timeout: int) -> int:
        """At most a packet; a wait that is over is an error, as with libusb."""
        self._there()
        waiting = self._waiting[ep]
        if not waiting:
            threading.Event().wait(min(timeout, 5) / 1000)
            raise usb.core.USBTimeoutError("timed out", None, _TIMEOUT)
        if self.unplug_after is not None:
            self.unplug_after -= 1
            if self.unplug_after < 0:
                self.plugged, self.unplug_after = False, None
                self._there()
        part = waiting[: min(self.most, len(buff))]
        self._waiting[ep] = waiting[len(part) :]
        buff[: len(part)] = array.array("B", part)
        return len(part)

    def _there(self) -> None:
        if not self.plugged:
            raise usb.core.USBError("no such device", None, _GONE)
