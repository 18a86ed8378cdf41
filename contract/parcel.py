# SPDX-License-Identifier: Apache-2.0
"""The parcel: an append-only stream of frames. Network, disk and USB stick carry the same bytes.

Bytes: MAGIC, version (1 byte), then frames: length (u32, big-endian: of what follows it, CRC included), type (1 byte),
body, CRC-32 over type and body. Every complete frame counts even if the rest never comes; a torn tail is cut off.
A record's body is its bytes; an attachment's body is its sealed bytes, and its name is their SHA-256. A type that a
reader does not know is skipped: `read_frames` yields it, and its caller picks the types it wants.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from contract.errors import ContractError
from contract.header import MAX_ATTACHMENT
from contract.record import MAX_RECORD

MAGIC = b"DSPARCEL"
VERSION = 1
HEADER_SIZE = len(MAGIC) + 1
BODY_AT = 5  # bytes of a frame before its body: length and type
FRAME_OVERHEAD = BODY_AT + 4
PIECE = 64 * 1024  # bytes of a large body that are held at a time
_LENGTH = struct.Struct(">I")
_BEGINNING = MAGIC + bytes([VERSION])


class ParcelError(ContractError):
    """Bytes that are no parcel (parcel-malformed, parcel-version) or one that was changed (parcel-damaged)."""


class FrameType(IntEnum):
    """What a frame's body is."""

    RECORD = 1
    ATTACHMENT = 2


_RECORD = bytes([FrameType.RECORD])


@dataclass(frozen=True, slots=True)
class Frame:
    """One complete frame. `offset` is where it begins in the stream, `size` how long its body is.

    `body` is held for records only; other frames have the SHA-256 (hex) of their body as `digest`.
    """

    type: int
    offset: int
    size: int
    body: bytes = b""
    digest: str = ""

    @property
    def body_at(self) -> int:
        """Where the body begins in the stream."""
        return self.offset + BODY_AT

    @property
    def end(self) -> int:
        """Where the next frame begins."""
        return self.offset + FRAME_OVERHEAD + self.size


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


def frame_pieces(kind: int, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One frame's bytes where the body comes in pieces; `size` is of all together (see `sealed_size`).

    Raises ValueError at the end when the pieces are not so long: what was written of the frame is then void.
    """
    head = bytes([kind])
    yield _LENGTH.pack(size + BODY_AT) + head
    check, found = zlib.crc32(head), 0
    for piece in pieces:
        check, found = zlib.crc32(piece, check), found + len(piece)
        yield piece
    if found != size:
        raise ValueError(f"a body of {size} bytes was announced, {found} came")
    yield _LENGTH.pack(check)


def read_frames(
    stream: BinaryIO, *, max_body: int = MAX_ATTACHMENT, sink: Callable[[bytes], object] | None = None
) -> Iterator[Frame]:
    """All complete frames from the parcel's beginning, in constant memory; stops silently at a torn tail.

    The bodies of attachments are given to `sink` piece by piece as they are read: they count only once their frame
    is yielded. The stream need not be seekable.
    Raises ParcelError parcel-malformed, parcel-version; parcel-damaged when a complete frame fails its checksum
    or claims an impossible length.
    """
    head = _up_to(stream, HEADER_SIZE)
    if len(head) < HEADER_SIZE and parcel_header().startswith(head):
        return
    if head[: len(MAGIC)] != MAGIC:
        raise ParcelError("parcel-malformed", "this is no parcel")
    if head[len(MAGIC)] != VERSION:
        raise ParcelError("parcel-version", f"parcel version {head[len(MAGIC)]} is not known here; update this program")
    offset = HEADER_SIZE
    while found := _read_frame(stream, offset, max_body, sink):
        yield found
        offset = found.end


def record_bodies(parcel: bytes) -> tuple[list[bytes], str]:
    """The records of a parcel that is in memory, as `read_frames` gives them, and what is wrong after them.

    For servers that take many parcels a second. Other frames are passed over.
    """
    bodies: list[bytes] = []
    if not parcel.startswith(_BEGINNING):
        return _slowly(parcel)
    at, end = HEADER_SIZE, len(parcel)
    begin = zlib.crc32(_RECORD)
    while at + FRAME_OVERHEAD <= end:
        head = parcel[at : at + BODY_AT]
        following = at + 4 + int.from_bytes(head[:4])
        if head[4:] != _RECORD or not at + FRAME_OVERHEAD <= following <= min(end, at + FRAME_OVERHEAD + MAX_RECORD):
            return _slowly(parcel)
        body = parcel[at + BODY_AT : following - 4]
        if zlib.crc32(body, begin) != int.from_bytes(parcel[following - 4 : following]):
            return _slowly(parcel)
        bodies.append(body)
        at = following
    return bodies, ""


def _slowly(parcel: bytes) -> tuple[list[bytes], str]:
    bodies: list[bytes] = []
    try:
        for found in read_frames(io.BytesIO(parcel)):
            if found.type == FrameType.RECORD:
                bodies.append(found.body)
    except ParcelError as fault:
        return bodies, str(fault)
    return bodies, ""


def _read_frame(stream: BinaryIO, offset: int, max_body: int, sink: Callable[[bytes], object] | None) -> Frame | None:
    head = _up_to(stream, BODY_AT)
    if len(head) < BODY_AT:
        return None
    size, kind = _LENGTH.unpack_from(head)[0] - BODY_AT, head[4]
    if not 0 <= size <= min(max_body, MAX_RECORD if kind == FrameType.RECORD else MAX_ATTACHMENT):
        raise ParcelError("parcel-damaged", f"the frame at byte {offset} has an impossible length")
    body, digest = b"", ""
    if kind == FrameType.RECORD:
        body = _up_to(stream, size)
        check, found = zlib.crc32(body, zlib.crc32(head[4:])), len(body)
    else:
        check, found, digest = _pass(stream, size, zlib.crc32(head[4:]), sink if kind == FrameType.ATTACHMENT else None)
    tail = _up_to(stream, 4) if found == size else b""
    if len(tail) < 4:
        return None
    if check != _LENGTH.unpack(tail)[0]:
        raise ParcelError("parcel-damaged", f"the frame at byte {offset} was changed or torn")
    return Frame(kind, offset, size, body, digest)


def _pass(stream: BinaryIO, size: int, check: int, sink: Callable[[bytes], object] | None) -> tuple[int, int, str]:
    """Reads over a body: its checksum, how much of it was there, and its SHA-256."""
    digest, found = hashlib.sha256(), 0
    while found < size and (piece := stream.read(min(PIECE, size - found))):
        check, found = zlib.crc32(piece, check), found + len(piece)
        digest.update(piece)
        if sink is not None:
            sink(piece)
    return check, found, digest.hexdigest()


def _up_to(stream: BinaryIO, size: int) -> bytes:
    """A pipe may give less than asked for although more comes."""
    data = stream.read(size)
    while 0 < len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data


def scan_parcel(stream: BinaryIO) -> ScanResult:
    """How far the parcel is whole. Raises what read_frames raises."""
    end = HEADER_SIZE
    for found in read_frames(stream):
        end = found.end
    stream.seek(0, 2)
    return ScanResult(end, stream.tell() != end)
