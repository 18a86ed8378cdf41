# SPDX-License-Identifier: Apache-2.0
"""One segment of the spool: its frames from any point on, where it ends, and how reading goes on behind damage.

A tail of zeros is room reserved ahead. Frames of types from LOCAL on are for this terminal alone: they never leave it.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from pathlib import Path
from typing import BinaryIO, cast

from contract.packing import PackingError, from_cbor, to_cbor
from contract.parcel import BODY_AT, HEADER_SIZE, Frame, FrameType, ParcelError, parcel_header, read_frames
from contract.stores import StoreNote

LOCAL = 0x80
FORMAT = StoreNote(1, 1)  # of the segments that this program writes; each says it in its first frame
FIRST = StoreNote(1, 1, "0.1.0")  # of those that do not
_NEWER = StoreNote(FORMAT.format + 1, FORMAT.format + 1, "")
_PIECE = 1024 * 1024
# How a frame begins: its length, its type, and where that is known the first bytes of its body (a record is a CBOR
# array of three, an attachment begins with its version and suite).
_BEGINNING = re.compile(
    rb"(?=\x00[\x00-\x10]..\x01\x83|[\x00-\x40]...\x02\x01[\x01\x02]|\x00\x00[\x00-\x0f].[\x81\x82])", re.DOTALL
)


class LocalFrame(IntEnum):
    """Frames that the spool holds beside those of a parcel."""

    START = 0x81  # how a segment begins
    SUMMARY = 0x82  # by what a person finds the next record's case again; encrypted


class Tail(Enum):
    """What stands behind the last whole frame."""

    CLEAN = "clean"  # nothing, or reserved room
    TORN = "torn"  # an append that never ended, and was never confirmed
    DAMAGED = "damaged"  # whole appends follow: the disk has lost what it once had


@dataclass(frozen=True, slots=True)
class Start:
    """What the first frame of a segment tells: no sequence or counter up to these may be used again, whatever else is
    lost; where the segment before it ends, when its last append was given up (0: at its end); and who wrote it."""

    sequence: int = 0
    counter: int = 0
    before_ends: int = 0
    note: StoreNote = FORMAT

    def encode(self) -> bytes:
        """The frame's body."""
        note = self.note
        return to_cbor(
            [self.sequence, self.counter, self.before_ends, note.format, note.oldest_reader, note.written_by]
        )

    @staticmethod
    def decode(body: bytes) -> Start:
        """Nothing where it is no start."""
        try:
            parts = from_cbor(body)
        except PackingError:
            return Start()
        match parts:
            case [int(sequence), int(counter), int(before_ends), int(format_), int(oldest), str(program), *_]:
                return Start(sequence, counter, before_ends, StoreNote(format_, oldest, program))
            case [int(sequence), int(counter), int(before_ends), *_]:  # of 0.1.0
                return Start(sequence, counter, before_ends, FIRST)
        return Start()


class _From:
    """A stream that begins with a parcel's header and goes on with another stream: to read frames from a border on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._head = parcel_header()
        self._stream = stream

    def read(self, size: int) -> bytes:
        if self._head:
            given, self._head = self._head[:size], self._head[size:]
            return given
        return self._stream.read(size)


def frames_from(path: Path, start: int = 0) -> Iterator[Frame]:
    """The frames from a border between two on (0: all). Raises ParcelError."""
    with path.open("rb") as stream:
        if start <= HEADER_SIZE:
            yield from read_frames(stream)
            return
        stream.seek(start)
        for found in read_frames(cast(BinaryIO, _From(stream))):
            yield Frame(found.type, found.offset - HEADER_SIZE + start, found.size, found.body, found.digest)


def read_start(path: Path) -> Start:
    """The segment's first frame. A segment whose parcel version is not known here asks for a newer program."""
    try:
        with path.open("rb") as stream:
            found = next(read_frames(stream), None)
            if found is None or found.type != LocalFrame.START:
                return Start()
            stream.seek(found.body_at)
            return Start.decode(stream.read(found.size))
    except ParcelError as fault:
        return Start(note=_NEWER) if fault.code == "parcel-version" else Start()


def find_end(path: Path, start: int = 0) -> tuple[int, Tail]:
    """Where the last whole frame ends, read from the border `start` on, and what stands behind it."""
    end = at = max(start, HEADER_SIZE)
    records = 0
    try:
        for found in frames_from(path, start):
            end = at = found.end
    except ParcelError as fault:
        records = int(fault.code != "parcel-damaged")  # the header was on disk before anything else was
    if path.stat().st_size >= HEADER_SIZE and not records and _is_empty(path, end):
        return end, Tail.CLEAN
    while (following := next_frame(path, at)) is not None:
        try:
            for found in frames_from(path, following):
                records += found.type in (FrameType.RECORD, LocalFrame.START)
                at = found.end
        except ParcelError:
            pass
    # One append ends with its record: were there a second one, the first had been confirmed before it was begun.
    return end, Tail.DAMAGED if records > 1 else Tail.TORN


def _is_empty(path: Path, start: int) -> bool:
    with path.open("rb") as stream:
        stream.seek(start)
        while piece := stream.read(_PIECE):
            if piece.count(0) != len(piece):
                return False
    return True


def next_frame(path: Path, start: int) -> int | None:
    """Where, from `start` on, the next whole frame begins."""
    size = path.stat().st_size
    if start >= size:
        return None
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for found in _BEGINNING.finditer(data, start):
            at = found.start()
            end = at + 4 + int.from_bytes(data[at : at + 4], "big")
            if at + BODY_AT + 4 <= end <= size and _checksum(data, at + 4, end - 4) == data[end - 4 : end]:
                return at
    return None


def _checksum(data: mmap.mmap, start: int, end: int) -> bytes:
    check = 0
    for at in range(start, end, _PIECE):
        check = zlib.crc32(data[at : min(at + _PIECE, end)], check)
    return check.to_bytes(4, "big")
