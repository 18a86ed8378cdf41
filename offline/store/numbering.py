# SPDX-License-Identifier: Apache-2.0
"""Tracking codes that are never given twice: blocks are reserved on disk before one number of them is used.

Where a block was left off is noted in two places at an orderly end, and believed only while both say the same: one of
them lost, or come back from a copy, costs the rest of a block and never a number twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from contract.tracking import make_tracking_code
from offline.errors import disk_fault
from offline.files import write_whole
from offline.store.spool import Spool
from offline.store.vault import Vault

BLOCK = 50
MARGIN = 1000  # numbers left out when the counter file is lost; so far may the counter run ahead of the spool's floor


class Book(Protocol):
    """The second place, in the vault. Both calls are durable when they return."""

    def note(self, reserved: int) -> None:
        """A block up to `reserved` may be given out from now on."""

    def leave_off(self, following: int) -> None:
        """The number that comes next; 0: numbers are being given out."""


class Numbering:
    """The counter of one terminal.

    `used` is the highest counter of a record, `floor` the reservation that the spool tells; `noted` and `left_off` are
    what `book` was told last. `book.note` sees to it that no reservation is more than MARGIN above the spool's.
    """

    def __init__(self, path: Path, book: Book, *, used: int, floor: int, noted: int, left_off: int) -> None:
        self._path = path
        self._book = book
        found, following = _read(path)
        known = max(used, floor)
        # the file is gone: numbers may have been given out (on a prefilled paper form) without reaching the spool
        reserved = found if found is not None else known + MARGIN if known else 0
        agreed = following == left_off and reserved == noted and used < following <= reserved and floor <= reserved
        self._reserved = max(reserved, known, noted)
        self._next = following if agreed else self._reserved + 1
        self._resting = agreed
        told_alike = (found or 0) == noted == self._reserved and not following and not left_off
        self._at_odds = not agreed and not told_alike

    @property
    def reserved(self) -> int:
        """No number up to this one is given out after a crash."""
        return self._reserved

    @property
    def given_out(self) -> int:
        """No number above this one has been given out since the start."""
        return self._next - 1

    def settle(self) -> None:
        """Where the places do not say the same, they do from now on: else a second one that comes back from a copy
        could agree with the first. To be called before a number is given out. Raises DiskFull, DiskReadOnly."""
        if self._at_odds:
            self._write(self._reserved, 0)
            self._book.note(self._reserved)
            self._at_odds = False

    def next_code(self, terminal: int) -> str:
        """A new code. Raises DiskFull or DiskReadOnly when no block can be reserved."""
        if self._next > self._reserved:
            self._reserve(self._next + BLOCK - 1)
        elif self._resting:
            self._write(self._reserved, 0)
            self._book.leave_off(0)
        self._resting = False
        counter, self._next = self._next, self._next + 1
        return make_tracking_code(terminal, counter)

    def _reserve(self, upto: int) -> None:
        """In all places, or no number of the block is given out."""
        self._write(upto, 0)
        before, self._reserved = self._reserved, upto
        try:
            self._book.note(upto)
        except BaseException:
            self._reserved = before
            raise

    def rest(self) -> None:
        """An orderly end: what is left of the block is used by the next start. Raises DiskFull, DiskReadOnly."""
        if not self._resting and self._next <= self._reserved:
            self._book.leave_off(self._next)
            self._write(self._reserved, self._next)
            self._resting = True

    def _write(self, reserved: int, following: int) -> None:
        try:
            write_whole(self._path, f"{reserved} {following}\n".encode("ascii") if following else b"%d\n" % reserved)
        except OSError as fault:
            raise disk_fault(fault) from fault


def _read(path: Path) -> tuple[int | None, int]:
    """The reservation, None where nothing is known of it, and the number that comes next, 0 where that is not."""
    try:
        parts = path.read_text(encoding="ascii").split()
        return int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    except (OSError, ValueError, IndexError):
        return None, 0


class NumberBook:
    """The second and third place of a reservation: the vault, and often enough the beginning of a segment. From any
    one of the three follows a number above all that were given out."""

    def __init__(self, vault: Vault, spool: Spool) -> None:
        self._vault, self._spool = vault, spool

    def note(self, reserved: int) -> None:
        """See `Book`."""
        with self._vault.atomic():
            self._vault.remember("counter", str(reserved))
            self._vault.remember("counter_next", "0")
        if self._spool.active == 0 or reserved > self._spool.start.counter + MARGIN:
            self._spool.begin_segment()

    def leave_off(self, following: int) -> None:
        """See `Book`."""
        self._vault.remember("counter_next", str(following))
