# SPDX-License-Identifier: Apache-2.0
"""The ways to a receipt printer: network, serial line, USB. Each opens for one conversation."""

from __future__ import annotations

import socket
import termios
from contextlib import suppress
from typing import Any, Protocol

from devices.errors import PrintFailed

TIMEOUT = 6.0  # seconds without an answer; a strip prints in about 2
_PIECE = 4096


class Line(Protocol):
    """An open conversation."""

    def send(self, data: bytes) -> None:
        """All of it. Raises PrintFailed printer-absent, timeout."""

    def receive(self) -> int:
        """The next byte of an answer. Raises PrintFailed printer-absent, timeout."""

    def close(self) -> None:
        """Ends it. Never raises."""


class Way(Protocol):
    """How to begin one."""

    def open(self) -> Line:
        """Raises PrintFailed printer-absent."""


def _absent(words: str = "the receipt printer does not answer; check cable and switch") -> PrintFailed:
    return PrintFailed("printer-absent", words)


def _late() -> PrintFailed:
    return PrintFailed("timeout", "the receipt printer does not answer; check cover and paper")


class NetworkWay:
    """A printer that listens, usually on port 9100."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)

    def open(self) -> Line:
        """Connects."""
        try:
            return _NetworkLine(socket.create_connection(self._address, TIMEOUT))
        except OSError as fault:
            raise _absent() from fault


class _NetworkLine:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes) -> None:
        try:
            self._connection.sendall(data)
        except TimeoutError as fault:
            raise _late() from fault
        except OSError as fault:
            raise _absent("the receipt printer went away") from fault

    def receive(self) -> int:
        try:
            answer = self._connection.recv(1)
        except TimeoutError as fault:
            raise _late() from fault
        except OSError as fault:
            raise _absent("the receipt printer went away") from fault
        if not answer:
            raise _absent("the receipt printer went away")
        return answer[0]

    def close(self) -> None:
        self._connection.close()


class SerialWay:
    """A printer on a serial line, with hardware handshake where `handshake`."""

    def __init__(self, port: str, baud: int, *, handshake: bool = False) -> None:
        self._port = port
        self._baud = baud
        self._handshake = handshake

    def open(self) -> Line:
        """Opens the port for us alone."""
        import serial

        try:
            return _SerialLine(
                serial.Serial(
                    self._port, self._baud, timeout=TIMEOUT, write_timeout=TIMEOUT, exclusive=True,
                    rtscts=self._handshake,
                )
            )  # fmt: skip
        except (serial.SerialException, OSError, ValueError, termios.error) as fault:
            raise _absent() from fault


class _SerialLine:
    def __init__(self, port: Any) -> None:
        self._port = port

    def send(self, data: bytes) -> None:
        import serial

        try:
            for start in range(0, len(data), _PIECE):  # each piece has its own time: a strip takes seconds
                self._port.write(data[start : start + _PIECE])
        except serial.SerialTimeoutException as fault:
            raise _late() from fault
        except (serial.SerialException, OSError, TypeError, termios.error) as fault:
            raise _absent("the receipt printer was unplugged") from fault

    def receive(self) -> int:
        import serial

        try:
            answer = self._port.read(1)
        except (serial.SerialException, OSError, TypeError, termios.error) as fault:
            raise _absent("the receipt printer was unplugged") from fault
        if not answer:
            raise _late()
        return int(answer[0])

    def close(self) -> None:
        with suppress(OSError, termios.error):
            self._port.close()


class UsbWay:
    """A printer on USB: the interface of class 7 (printer) with its two bulk endpoints. 0 and "" mean any."""

    def __init__(self, vendor: int = 0, product: int = 0, serial: str = "", backend: Any = None) -> None:
        self._wanted = {"idVendor": vendor, "idProduct": product}
        self._serial = serial
        self._backend = backend

    def open(self) -> Line:
        """Claims it."""
        import usb.core

        try:
            for device in usb.core.find(find_all=True, backend=self._backend, **self._filter()):
                interface = _printer_interface(device)
                if interface is not None and (not self._serial or device.serial_number == self._serial):
                    return _UsbLine(device, interface)
        except usb.core.NoBackendError as fault:
            raise _absent("libusb is missing; install the package libusb-1.0-0") from fault
        except (usb.core.USBError, NotImplementedError, ValueError) as fault:
            raise _absent("the receipt printer does not open; plug it in again") from fault
        raise _absent()

    def _filter(self) -> dict[str, int]:
        return {name: value for name, value in self._wanted.items() if value}


def _printer_interface(device: Any) -> Any:
    for configuration in device:
        for interface in configuration:
            if interface.bInterfaceClass == 7:
                return interface
    return None


class _UsbLine:
    def __init__(self, device: Any, interface: Any) -> None:
        import usb.core
        import usb.util

        with suppress(NotImplementedError, usb.core.USBError):
            if device.is_kernel_driver_active(interface.bInterfaceNumber):
                device.detach_kernel_driver(interface.bInterfaceNumber)
        self._device = device
        directions = {usb.util.endpoint_direction(e.bEndpointAddress): e for e in interface}
        self._out, self._in = directions[usb.util.ENDPOINT_OUT], directions[usb.util.ENDPOINT_IN]
        self._waiting = bytearray()

    def send(self, data: bytes) -> None:
        import usb.core

        try:
            for start in range(0, len(data), _PIECE):
                self._out.write(data[start : start + _PIECE], int(TIMEOUT * 1000))
        except usb.core.USBTimeoutError as fault:
            raise _late() from fault
        except usb.core.USBError as fault:
            raise _absent("the receipt printer was unplugged") from fault

    def receive(self) -> int:
        import usb.core

        try:
            if not self._waiting:
                self._waiting += bytes(self._in.read(64, int(TIMEOUT * 1000)))
        except usb.core.USBTimeoutError as fault:
            raise _late() from fault
        except usb.core.USBError as fault:
            raise _absent("the receipt printer was unplugged") from fault
        if not self._waiting:
            raise _late()
        return self._waiting.pop(0)

    def close(self) -> None:
        import usb.core
        import usb.util

        with suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)
