# SPDX-License-Identifier: Apache-2.0
"""What one says to a SAM_V reader, over whatever line it hangs on."""

from __future__ import annotations

import dataclasses
from typing import Protocol

from devices.base import DeviceStatus, IdCard, State, status
from devices.errors import CardError, ReaderError
from devices.id_card.frames import (
    EMPTY,
    FIND,
    FOUND,
    NO_CARD,
    READ_ADDRESS,
    READ_BASE,
    READ_BASE_AND_FINGER,
    SAM_ID,
    SELECT,
    STATUS,
    check_status,
)
from devices.id_card.record import parse_address, parse_base, parse_sam_id

DEVICE = "id-card"
SHORT, LONG = 0.6, 3.0  # seconds to wait for find and select, and for reading (a reader needs up to 2 s)


class SamLine(Protocol):
    """The way to a reader: frames there and back."""

    def open(self) -> None:
        """Raises ReaderError reader-absent."""

    def close(self) -> None:
        """Lets go of it."""

    def ask(self, command: bytes, patience: float) -> bytes:
        """The content of the answer. Raises ReaderError."""


class SamReader:
    """One thread owns it. `with_fingerprint`: for readers that only know that command; prints are thrown away."""

    def __init__(self, line: SamLine, *, with_fingerprint: bool = False) -> None:
        self._line = line
        self._finger = with_fingerprint
        self._read_before = False
        self.sam_id = ""
        """The security module's own number, once open; "" where the reader does not tell."""

    def open(self) -> None:
        """Opens the line, asks the reader how it is and who. Raises ReaderError reader-absent, reader-silent, ..."""
        self._line.open()
        try:
            check_status(self._line.ask(STATUS, SHORT))
            self.sam_id = self._sam_id()
        except CardError as fault:
            raise ReaderError("reader-fault", "the reader answers with a card's fault; restart it") from fault

    def _sam_id(self) -> str:
        content = self._line.ask(SAM_ID, SHORT)
        try:
            check_status(content)
            return parse_sam_id(content)
        except (CardError, ReaderError):
            return ""

    def close(self) -> None:
        """Lets go of the line."""
        self._line.close()
        self._read_before = False

    def status(self) -> DeviceStatus:
        """What to show while all is well."""
        return status(DEVICE, State.READY, self.sam_id)

    def present(self) -> bool:
        """Whether a card lies there.

        A card that was read once may answer "find" no more until it is lifted; then reading it again is the proof.
        """
        content = self._line.ask(FIND, SHORT)
        if len(content) > 2 and content[2] == NO_CARD:
            return self._read_before and self._still_readable()
        try:
            return check_status(content) == FOUND
        except CardError:
            return False

    def _still_readable(self) -> bool:
        try:
            check_status(self._line.ask(READ_BASE, LONG))
        except CardError:
            self._read_before = False
            return False
        return True

    def read(self) -> IdCard:
        """Selects and reads; a newer address kept on the card replaces the first. Raises CardError, ReaderError."""
        self._read_before = False
        check_status(self._line.ask(SELECT, SHORT))
        content = self._line.ask(READ_BASE_AND_FINGER if self._finger else READ_BASE, LONG)
        check_status(content)
        card = parse_base(content, with_fingerprint=self._finger)
        self._read_before = True
        newer = self._newer_address()
        if newer:
            card = dataclasses.replace(card, identity=dataclasses.replace(card.identity, address=newer))
        return card

    def _newer_address(self) -> str:
        """A card without one says "empty"; a reader without the command is no reason to refuse the card."""
        try:
            content = self._line.ask(READ_ADDRESS, SHORT)
            return "" if check_status(content) == EMPTY else parse_address(content)
        except CardError:
            return ""
        except ReaderError as fault:
            if fault.code == "reader-absent":
                raise
            return ""
