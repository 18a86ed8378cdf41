# SPDX-License-Identifier: Apache-2.0
"""A USB bus with one simulated device, as a backend of pyusb: descriptors and endings; what it says is its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

_TIMEOUT, _GONE = 110, 19  # errno of a wait that is over, and of a device that is gone
_SHORTEST = 5  # milliseconds: a simulated device answers at once or not at all


class SimulatedBus(usb.backend.IBackend):  # type: ignore[misc]  # pyusb has no types
    """`plugged` may be changed at any moment. `endpoints` are bulk endpoints of the only interface."""

    def __init__(self, vendor: int, product: int, endpoints: Sequence[int], *, interface_class: int = 0xFF) -> None:
        usb.backend.IBackend.__init__(self)
        self.plugged = True
        self._ids = (vendor, product)
        self._endpoints = tuple(endpoints)
        self._class = interface_class

    def there(self) -> None:
        """Raises what libusb does when a device is gone."""
        if not self.plugged:
            raise usb.core.USBError("no such device", None, _GONE)

    def late(self, timeout: int) -> None:
        """Raises what libusb does when nothing came in time; the wait itself is cut short."""
        threading.Event().wait(min(timeout, _SHORTEST) / 1000)
        raise usb.core.USBTimeoutError("timed out", None, _TIMEOUT)

    # --- what pyusb asks about the device ----------------------------------------------------------------------

    def enumerate_devices(self) -> Iterator[int]:
        """One, while plugged in."""
        return iter([1] if self.plugged else [])

    def get_device_descriptor(self, _dev: Any) -> Any:
        """USB 2.0, 9.6.1."""
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=self._ids[0], idProduct=self._ids[1], bcdDevice=0x0100, iManufacturer=0,
            iProduct=0, iSerialNumber=0, bNumConfigurations=1, address=1, bus=1, port_number=1, port_numbers=(1,),
            speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, _dev: Any, config: int) -> Any:
        """USB 2.0, 9.6.3."""
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=18 + 7 * len(self._endpoints), bNumInterfaces=1,
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0x80, bMaxPower=50, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, _dev: Any, intf: int, alt: int, _config: int) -> Any:
        """USB 2.0, 9.6.5."""
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=len(self._endpoints),
            bInterfaceClass=self._class, bInterfaceSubClass=0, bInterfaceProtocol=0, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, _dev: Any, ep: int, _intf: int, _alt: int, _config: int) -> Any:
        """USB 2.0, 9.6.6."""
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=self._endpoints[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    # --- what pyusb does with it -------------------------------------------------------------------------------

    def open_device(self, _dev: Any) -> Any:
        """A handle."""
        self.there()
        return object()

    def close_device(self, _handle: Any) -> None:
        """Nothing is left open."""

    def set_configuration(self, _handle: Any, _value: int) -> None:
        """The only one."""
        self.there()

    def get_configuration(self, _handle: Any) -> int:
        """The only one."""
        return 1

    def claim_interface(self, _handle: Any, _intf: int) -> None:
        """Always free."""
        self.there()

    def release_interface(self, _handle: Any, _intf: int) -> None:
        """Always possible."""

    def is_kernel_driver_active(self, _handle: Any, _intf: int) -> bool:
        """No driver of the system wants it."""
        return False
