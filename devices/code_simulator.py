# SPDX-License-Identifier: Apache-2.0
"""A code scanner on a pseudo-terminal: what a person points at a code, and what may go wrong on its line."""

from __future__ import annotations

import os
import pty
import tty
from pathlib import Path

from devices.faults import Faults

FAULTS = ("silent", "garbage", "half", "unplug")
"""silent: the code is not sent; garbage: other bytes; half: the rest and the ending do not come; unplug: half, and the
plug is out."""


class SimulatedCodeScanner:
    """`port` is a path that stays the same when it is plugged in again. `faults` are of single codes."""

    def __init__(self, folder: Path, name: str = "code-scanner") -> None:
        self.port = str(folder / name)
        self.faults = Faults(FAULTS)
        self._ends: tuple[int, int] | None = None
        self.plug()

    def plug(self) -> None:
        """A line with a scanner at its end."""
        if self._ends is None:
            self._ends = master, slave = pty.openpty()
            tty.setraw(master)
            tty.setraw(slave)
            os.symlink(os.ttyname(slave), self.port)

    def unplug(self) -> None:
        """The line is gone."""
        if self._ends is not None:
            os.unlink(self.port)
            for end in self._ends:
                os.close(end)
            self._ends = None

    close = unplug

    def read(self, code: str, ending: str = "\r") -> None:
        """A code is read and sent."""
        sent, fault = (code + ending).encode(), self.faults.next()
        if fault == "silent":
            return
        if fault == "garbage":
            sent = bytes(b ^ 0xFF for b in sent)
        self.send(sent[: len(sent) // 2] if fault in ("half", "unplug") else sent)
        if fault == "unplug":
            self.unplug()

    def send(self, data: bytes) -> None:
        """Any bytes. Nothing where it is not plugged in."""
        if self._ends is not None:
            os.write(self._ends[0], data)
