# SPDX-License-Identifier: Apache-2.0
"""The parcel: an append-only stream of frames. Network, disk and USB stick carry the same bytes.

Bytes: MAGIC, version (1 byte), then frames: length (u32, big-endian: of what follows it, CRC included), type (1 byte),
body, CRC-32 over type and body. Every complete frame counts even if the rest never comes; a torn tail is cut off.
An attachment's body is the 32-byte SHA-256 of the sealed bytes, then these.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from contract.errors import ContractError

MAGIC = b"DSPARCEL"
VERSION = 1
HEADER_SIZE = len(MAGIC) + 1
FRAME_OVERHEAD = 9
MAX_BODY = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class ParcelError(ContractError):
    """Bytes that are no parcel (parcel-malformed, parcel-version) or one that was changed (parcel-damaged)."""


class FrameType(IntEnum):
    """What a frame's body is."""

    RECORD = 1
    ATTACHMENT = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `offset` is where it begins in the stream."""

    type: int
    offset: int
    body: bytes


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Where the last complete frame ends, and whether bytes of a torn one follow."""

    frames_end: int
    torn: bool


def parcel_header() -> bytes:
    """How every parcel begins."""
    return MAGIC + bytes([VERSION])


def frame(kind: int, body: bytes) -> bytes:
    """One frame's bytes."""
    content = bytes([kind]) + body
    return _LENGTH.pack(len(content) + 4) + content + _LENGTH.pack(zlib.crc32(content))


def attachment_body(digest: str, sealed: bytes) -> bytes:
    """The body of an attachment frame."""
    return bytes.fromhex(digest) + sealed


def read_frames(stream: BinaryIO, *, max_body: int = MAX_BODY) -> Iterator[Frame]:
    """All complete frames from the parcel's beginning; stops silently at a torn tail.

    Raises ParcelError parcel-malformed, parcel-version; parcel-damaged when a complete frame fails its checksum
    or claims an impossible length.
    """
    head = stream.read(HEADER_SIZE)
    if len(head) < HEADER_SIZE and parcel_header().startswith(head):
        return
    if head[: len(MAGIC)] != MAGIC:
        raise ParcelError("parcel-malformed", "this is no parcel")
    if head[len(MAGIC)] != VERSION:
        raise ParcelError("parcel-version", f"parcel version {head[len(MAGIC)]} is not known here; update this program")
    offset = HEADER_SIZE
    while found := _read_frame(stream, offset, max_body):
        yield found
        offset += len(found.body) + FRAME_OVERHEAD


def _read_frame(stream: BinaryIO, offset: int, max_body: int) -> Frame | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    length: int = _LENGTH.unpack(head)[0]
    if not 5 <= length <= max_body + 5:
        raise ParcelError("parcel-damaged", f"the frame at byte {offset} has an impossible length")
    rest = stream.read(length)
    if len(rest) < length:
        return None
    if zlib.crc32(rest[:-4]) != _LENGTH.unpack(rest[-4:])[0]:
        raise ParcelError("parcel-damaged", f"the frame at byte {offset} was changed or torn")
    return Frame(rest[0], offset, rest[1:-4])


def scan_parcel(stream: BinaryIO) -> ScanResult:
    """How far the parcel is whole. Raises what read_frames raises."""
    end = HEADER_SIZE
    for found in read_frames(stream):
        end = found.offset + len(found.body) + FRAME_OVERHEAD
    stream.seek(0, 2)
    return ScanResult(end, stream.tell() != end)
