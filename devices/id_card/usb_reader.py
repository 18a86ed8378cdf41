# SPDX-License-Identifier: Apache-2.0
"""A SAM_V reader on USB: the frame's head and the rest go over endpoints of their own."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from devices.drivers import Driver
from devices.errors import ReaderError
from devices.id_card.frames import build_frame, read_frame
from devices.id_card.sam_reader import SamReader

VENDOR, PRODUCT = 0x0400, 0xC35A
HEAD = 7  # bytes of preamble and length
OUT_HEAD, OUT_REST, IN_HEAD, IN_REST = 0x02, 0x06, 0x81, 0x85
PACKET = 512  # bytes asked for at once
SLICE = 100  # milliseconds a single read waits


class UsbLine:
    """`backend` is pyusb's; None takes libusb."""

    def __init__(self, backend: Any = None) -> None:
        self._backend = backend
        self._device: Any = None

    def open(self) -> None:
        """Finds and claims the reader. Raises ReaderError reader-absent, reader-forbidden."""
        import usb.core

        try:
            self._device = usb.core.find(idVendor=VENDOR, idProduct=PRODUCT, backend=self._backend)
            if self._device is None:
                raise ReaderError("reader-absent", "the card reader is not there; check its USB cable")
            with suppress(NotImplementedError, usb.core.USBError):
                if self._device.is_kernel_driver_active(0):
                    self._device.detach_kernel_driver(0)
            self._device.set_configuration()
        except usb.core.NoBackendError as fault:
            raise ReaderError("reader-absent", "libusb is missing; install the package libusb-1.0-0") from fault
        except usb.core.USBError as fault:
            self.close()
            if fault.errno == 13:
                words = "this user may not use the reader; add a udev rule for 0400:c35a"
                raise ReaderError("reader-forbidden", words) from fault
            raise ReaderError("reader-absent", "the card reader does not open; plug it in again") from fault

    def close(self) -> None:
        """Lets go of it."""
        if self._device is not None:
            import usb.core
            import usb.util

            with suppress(usb.core.USBError):
                usb.util.dispose_resources(self._device)
            self._device = None

    def ask(self, command: bytes, patience: float) -> bytes:
        """One frame there, one back. Raises ReaderError."""
        import usb.core

        if self._device is None:
            raise ReaderError("reader-absent", "the card reader is not open")
        device, ends = self._device, time.monotonic() + patience
        waiting, passed = bytearray(), 0

        def receive(count: int) -> bytes:
            nonlocal passed
            while not waiting:
                if time.monotonic() >= ends:
                    return b""
                with suppress(usb.core.USBTimeoutError):
                    waiting.extend(device.read(IN_HEAD if passed < HEAD else IN_REST, PACKET, SLICE))
            data = bytes(waiting[:count])
            del waiting[:count]
            passed += len(data)
            return data

        frame = build_frame(command)
        try:
            self._drain()
            device.write(OUT_HEAD, frame[:HEAD], 1000)
            device.write(OUT_REST, frame[HEAD:], 1000)
            return read_frame(receive)
        except usb.core.USBTimeoutError as fault:
            raise ReaderError("reader-silent", "the reader takes no command; restart it") from fault
        except usb.core.USBError as fault:
            raise ReaderError("reader-absent", "the card reader was unplugged; plug it in again") from fault

    def _drain(self) -> None:
        """What is left of an answer that came too late."""
        import usb.core

        for endpoint in (IN_HEAD, IN_REST):
            with suppress(usb.core.USBTimeoutError):
                while self._device.read(endpoint, PACKET, 1):
                    pass


def usb_reader(with_fingerprint: bool = False, *, backend: Any = None) -> SamReader:
    """The reader on this machine's USB."""
    return SamReader(UsbLine(backend), with_fingerprint=with_fingerprint)


def find() -> list[dict[str, Any]]:
    """One where there is one."""
    import usb.core

    try:
        return [{}] if usb.core.find(idVendor=VENDOR, idProduct=PRODUCT) is not None else []
    except (usb.core.USBError, usb.core.NoBackendError):
        return []


DRIVER = Driver("id_card", "sam-usb", usb_reader, find, "SAM_V card reader on USB (0400:c35a)")
