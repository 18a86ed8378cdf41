# SPDX-License-Identifier: Apache-2.0
"""Tracking codes that are never given twice: blocks are reserved on disk before one number of them is used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from contract.tracking import make_tracking_code
from offline.errors import disk_fault
from offline.files import write_whole

BLOCK = 50
MARGIN = 1000  # numbers left out when the counter file is lost; so far may the counter run ahead of the spool's floor


class Numbering:
    """The counter of one terminal.

    `floor` is the highest counter that the spool knows, `noted` the reservation that `note` kept in a second place.
    `note` sees to it that no reservation is more than MARGIN above the floor that the spool would tell.
    """

    def __init__(self, path: Path, *, floor: int, noted: int, note: Callable[[int], None]) -> None:
        self._path = path
        self._note = note
        try:
            reserved = int(path.read_text(encoding="ascii").split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            # the file is gone: numbers may have been given out (on a prefilled paper form) without reaching the spool
            reserved = floor + MARGIN if floor else 0
        self._reserved = max(reserved, floor, noted)
        self._next = self._reserved + 1

    @property
    def reserved(self) -> int:
        """No number up to this one is given out after a restart."""
        return self._reserved

    def next_code(self, terminal: int) -> str:
        """A new code. Raises DiskFull or DiskReadOnly when no block can be reserved."""
        if self._next > self._reserved:
            try:
                write_whole(self._path, f"{self._next + BLOCK - 1}\n".encode("ascii"))
            except OSError as fault:
                raise disk_fault(fault) from fault
            self._reserved = self._next + BLOCK - 1
            self._note(self._reserved)
        counter, self._next = self._next, self._next + 1
        return make_tracking_code(terminal, counter)
