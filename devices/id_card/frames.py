# SPDX-License-Identifier: Apache-2.0
"""SAM_V frames: AA AA AA 96 69, length of what follows (2 bytes, big-endian), content, XOR of length and content."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import xor

from devices.errors import CardError, ReaderError

PREAMBLE = bytes.fromhex("AAAAAA9669")
MOST = 4096  # longest content; the longest real one (base with two fingerprints) has 2314 bytes
STATUS, SAM_ID, FIND, SELECT, READ_BASE, READ_ADDRESS, READ_BASE_AND_FINGER = (
    b"\x11\xff", b"\x12\xff", b"\x20\x01", b"\x20\x02", b"\x30\x01", b"\x30\x03", b"\x30\x10",
)  # fmt: skip
OK, FOUND, EMPTY = 0x90, 0x9F, 0x91
NO_CARD, NOT_SELECTED = 0x80, 0x81
_FAULTS = {
    0x31: ("card-rejected", "the card refuses the reader"),
    0x32: ("card-rejected", "the reader refuses the card"),
    0x33: ("card-rejected", "the card could not be verified"),
    0x40: ("card-unknown", "this is no card that the reader knows"),
    0x41: ("card-read-failed", "the card could not be read; lay it down again"),
    0x47: ("card-read-failed", "the card did not answer; lay it down again"),
    0x80: ("card-read-failed", "the card is gone"),
    0x81: ("card-read-failed", "the card could not be selected; lay it down again"),
}
_READER_FAULTS = {
    0x10: ("reader-checksum", "the reader got a damaged command"),
    0x11: ("reader-checksum", "the reader got a command of wrong length"),
    0x21: ("reader-fault", "the reader does not know the command"),
    0x60: ("reader-fault", "the reader failed its self-test; restart it"),
    0x66: ("reader-unlicensed", "the reader's security module is not licensed; have it replaced"),
}


def checksum(data: bytes) -> int:
    """XOR of all bytes."""
    return reduce(xor, data, 0)


def build_frame(content: bytes) -> bytes:
    """A frame around command and parameters, or status and data."""
    body = (len(content) + 1).to_bytes(2, "big") + content
    return PREAMBLE + body + bytes([checksum(body)])


def read_frame(receive: Callable[[int], bytes]) -> bytes:
    """The content of the next frame; bytes before the preamble are passed over.

    `receive(n)` gives up to n bytes, fewer when its time is over. Raises ReaderError reader-silent, reader-checksum.
    """
    window = b""
    passed = 0
    while window != PREAMBLE:
        byte = receive(1)
        if not byte:
            raise ReaderError("reader-silent", "the reader does not answer; check its cable, then restart it")
        window = (window + byte)[-len(PREAMBLE) :]
        passed += 1
        if passed > MOST:
            raise ReaderError("reader-fault", "the reader sends what is no answer; restart it")
    head = _exactly(receive, 2)
    length = int.from_bytes(head, "big")
    if not 3 <= length <= MOST:
        raise ReaderError("reader-checksum", "the reader's answer has an impossible length")
    body = _exactly(receive, length)
    if checksum(head + body[:-1]) != body[-1]:
        raise ReaderError("reader-checksum", "the reader's answer came damaged; check its cable")
    return body[:-1]


def _exactly(receive: Callable[[int], bytes], count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = receive(count - len(data))
        if not more:
            raise ReaderError("reader-silent", "the reader fell silent in the middle of an answer; it is tried again")
        data += more
    return data


def check_status(content: bytes) -> int:
    """The status byte of an answer that is no fault. Raises CardError, ReaderError."""
    if len(content) < 3:
        raise ReaderError("reader-checksum", "the reader's answer has no status")
    code = content[2]
    if code in (OK, FOUND, EMPTY):
        return code
    if code in _READER_FAULTS:
        raise ReaderError(*_READER_FAULTS[code])
    raise CardError(*_FAULTS.get(code, ("card-read-failed", f"the reader reports {code:02X}")))
