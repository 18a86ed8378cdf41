# SPDX-License-Identifier: Apache-2.0
"""A code scanner that types as a keyboard: the window's owner must tell its keys from a person's
(kiosk.window.keyboard_wedge)."""

from __future__ import annotations

from devices.base import DeviceStatus, State, status
from devices.drivers import Driver

DEVICE = "code-scanner"
NAME = "wedge"


class KeyboardCodeScanner:
    """Nothing can be asked of it: to the system it is a keyboard."""

    def codes(self) -> list[str]:
        """They come as keys."""
        return []

    def status(self) -> DeviceStatus:
        """Believed to be there."""
        return status(DEVICE, State.READY, "types as a keyboard; cannot be asked")

    def close(self) -> None:
        """Nothing is held."""


DRIVER = Driver("code_scanner", NAME, KeyboardCodeScanner, words="code scanner that types as a keyboard")
