# SPDX-License-Identifier: Apache-2.0
"""Waiting that ends early: when it is woken, or when the kernel says that an address or a route has come."""

from __future__ import annotations

import selectors
import socket
import sys
import time
from contextlib import suppress

# linux/rtnetlink.h: multicast groups as bits, message types
_ADDRESSES, _ROUTES = 0x10 | 0x100, 0x40 | 0x400
_NEW_ADDRESS, _NEW_ROUTE = 20, 24
SETTLING = 0.2  # seconds that a network takes after the first word of it


class NetworkChanges:
    """`wait` from one thread, `wake` from any."""

    def __init__(self) -> None:
        self._waker, self._woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for end in (self._waker, self._woken):
            end.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._kernel = _listen()
        if self._kernel is not None:
            self._selector.register(self._kernel, selectors.EVENT_READ)

    def wake(self) -> None:
        """Ends the wait under way, or the next one."""
        with suppress(OSError):
            self._waker.send(b"\0")

    def wait(self, seconds: float) -> bool:
        """True when it ended early."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                if key.fileobj is self._woken:
                    self._drain(self._woken)
                    return True
                if self._kernel is not None and _came(self._drain(self._kernel)):
                    time.sleep(SETTLING)
                    return True
        return False

    @staticmethod
    def _drain(end: socket.socket) -> bytes:
        heard = b""
        with suppress(OSError):
            while part := end.recv(65536):
                heard += part
        return heard

    def close(self) -> None:
        """Ends listening."""
        self._selector.close()
        for end in (self._waker, self._woken, *([self._kernel] if self._kernel else [])):
            end.close()


def _listen() -> socket.socket | None:
    if sys.platform != "linux":
        return None
    try:
        kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    except OSError:
        return None
    kernel.setblocking(False)
    try:
        kernel.bind((0, _ADDRESSES | _ROUTES))
    except OSError:
        kernel.close()
        return None
    return kernel


def _came(messages: bytes) -> bool:
    """Whether one of the netlink messages (struct nlmsghdr) says that something came, not only went."""
    at = 0
    while at + 16 <= len(messages):
        length = int.from_bytes(messages[at : at + 4], sys.byteorder)
        if int.from_bytes(messages[at + 4 : at + 6], sys.byteorder) in (_NEW_ADDRESS, _NEW_ROUTE):
            return True
        if length < 16:
            break
        at += (length + 3) & ~3
    return False
