# SPDX-License-Identifier: Apache-2.0
"""How a SAM_V reader answers, and how it fails: the simulated reader's inside, whatever line it hangs on."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from contract.identity import Identity
from devices.faults import Faults, PulledOut
from devices.id_card.frames import (
    FIND,
    READ_ADDRESS,
    READ_BASE,
    READ_BASE_AND_FINGER,
    SAM_ID,
    SELECT,
    STATUS,
    build_frame,
)
from devices.id_card.record import ADDRESS_SIZE, build_text_block

PHOTO = bytes(range(256)) * 4
FINGER = b"\x43" * 1024
FAULTS = (
    *("silent", "silent-mid-frame", "checksum", "garbage", "card-unknown", "card-read-failed", "unlicensed", "unplug"),
)
_STATUS_OF = {"card-unknown": 0x40, "card-read-failed": 0x41, "unlicensed": 0x66}
_ALWAYS = ("silent", "garbage", "unplug")  # of every answer; the others only of what reads a card
_READS = (READ_BASE, READ_BASE_AND_FINGER)
NUMBER = bytes([5, 0, 1, 0]) + b"".join(n.to_bytes(4, "little") for n in (20141212, 1234567, 987654321))


@dataclass(slots=True)
class _Card:
    block: bytes
    newer_address: str = ""


class SamEngine:
    """`answer(command)` gives the bytes of a frame, or b"" where the reader stays silent. Any thread.

    `faults` are of single answers, where `set_fault` is of all.
    """

    def __init__(self) -> None:
        self.faults = Faults(FAULTS)
        self._card: _Card | None = None
        self._fault: str | None = None
        self._lock = threading.Lock()

    def present_card(
        self, identity: Identity, *, fault: str | None = None, block: bytes | None = None, newer_address: str = ""
    ) -> None:
        """Lays a card down. `fault` is one of FAULTS; `block` replaces the text, for cards with wrong contents."""
        with self._lock:
            self._card = _Card(block if block is not None else build_text_block(identity), newer_address)
            self._fault = fault

    def remove_card(self) -> None:
        """Takes the card away."""
        with self._lock:
            self._card, self._fault = None, None

    def set_fault(self, fault: str | None) -> None:
        """Fails from now on, or no more."""
        with self._lock:
            self._fault = fault

    def answer(self, command: bytes) -> bytes:
        """The frame sent back. Raises PulledOut."""
        planned = self.faults.next()
        with self._lock:
            fault = planned or self._fault
            status = _STATUS_OF.get(planned or "")
            frame = build_frame(bytes([0, 0, status]) if status else self._content(command, fault))
            return _spoilt(frame, fault) if planned or command in _READS or fault in _ALWAYS else frame

    def _content(self, command: bytes, fault: str | None) -> bytes:
        if command == STATUS:
            return b"\x00\x00\x90"
        if command == SAM_ID:
            return b"\x00\x00\x90" + NUMBER
        if command == FIND:
            return b"\x00\x00\x9f\x00\x00\x00\x00" if self._card else b"\x00\x00\x80"
        if command == SELECT:
            return b"\x00\x00\x90" + bytes(8) if self._card else b"\x00\x00\x81"
        if command in _READS:
            return self._read(fault, with_fingerprint=command == READ_BASE_AND_FINGER)
        if command == READ_ADDRESS:
            return self._address()
        return b"\x00\x00\x21"

    def _read(self, fault: str | None, *, with_fingerprint: bool) -> bytes:
        if code := _STATUS_OF.get(fault or ""):
            return bytes([0, 0, code])
        if self._card is None:
            return b"\x00\x00\x41"
        sizes, finger = (b"\x04\x00", FINGER) if with_fingerprint else (b"", b"")
        return b"\x00\x00\x90\x01\x00\x04\x00" + sizes + self._card.block + PHOTO + finger

    def _address(self) -> bytes:
        if self._card is None:
            return b"\x00\x00\x41"
        if not self._card.newer_address:
            return b"\x00\x00\x91"
        text = self._card.newer_address.ljust(ADDRESS_SIZE // 2)[: ADDRESS_SIZE // 2]
        return b"\x00\x00\x90" + text.encode("utf-16-le")[:ADDRESS_SIZE]


def _spoilt(frame: bytes, fault: str | None) -> bytes:
    if fault == "unplug":
        raise PulledOut(frame[: len(frame) // 2])
    if fault == "silent":
        return b""
    if fault == "silent-mid-frame":
        return frame[: len(frame) // 2]
    if fault == "checksum":
        return frame[:-1] + bytes([frame[-1] ^ 0xFF])
    if fault == "garbage":
        return b"\x00\xaa\xaa\x13garbage" + frame
    return frame
