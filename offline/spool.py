# SPDX-License-Identifier: Apache-2.0
"""The spool: append-only segments in parcel format. One append, one fsync: the moment of truth."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.parcel import BODY_AT, Frame, ParcelError, frame, parcel_header, read_frames
from offline.errors import disk_fault
from offline.files import sync_directory

log = logging.getLogger(__name__)
SEGMENT_SIZE = 16 * 1024 * 1024  # bytes after which the next segment is begun


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame's body is."""

    segment: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame found in the spool."""

    place: Place
    frame: Frame


class Spool:
    """Segments NNNNNN.parcel in one directory; a torn tail is cut off at opening."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        self._directory = directory
        self._segment = max(self._numbers(), default=0)
        self._end = self._mend(self._segment) if self._segment else 0

    def _numbers(self) -> list[int]:
        return sorted(int(p.stem) for p in self._directory.glob("[0-9]*.parcel"))

    def path(self, segment: int) -> Path:
        """A segment's file."""
        return self._directory / f"{segment:06d}.parcel"

    def _mend(self, segment: int) -> int:
        """Cuts a torn tail; the end of what is whole. A damaged segment is left as it is and no more written."""
        path = self.path(segment)
        end = len(parcel_header())
        try:
            with path.open("rb") as stream:
                for found in read_frames(stream):
                    end = found.end
        except ParcelError as fault:
            if not self._is_torn(path, end):
                log.warning("segment %d is damaged at byte %d (%s); a new one is begun", segment, end, fault.code)
                return SEGMENT_SIZE
        size = path.stat().st_size
        if size != end:
            log.info("segment %d: a torn tail of %d bytes is cut off", segment, size - end)
            with path.open("r+b") as stream:
                stream.truncate(end)
                if size < end:  # not even the header was whole
                    stream.seek(0)
                    stream.write(parcel_header())
                stream.flush()
                os.fsync(stream.fileno())
        return end

    @staticmethod
    def _is_torn(path: Path, end: int) -> bool:
        """A crash can leave a tail of zeros, or a last frame whose middle never reached the disk."""
        with path.open("rb") as stream:
            stream.seek(end)
            length = int.from_bytes(stream.read(4), "big")
            rest = path.stat().st_size - end - 4
        return length == 0 or length >= rest

    def append(self, bodies: Sequence[tuple[int, bytes]]) -> list[Place]:
        """Writes frames (type, body) in order and syncs once. When it returns they are on disk.

        Raises DiskFull or DiskReadOnly with nothing kept.
        """
        if self._segment == 0 or self._end >= SEGMENT_SIZE:
            self._begin_segment()
        places, position, data = [], self._end, bytearray()
        for kind, body in bodies:
            places.append(Place(self._segment, position + BODY_AT, len(body)))
            data += frame(kind, body)
            position = self._end + len(data)
        handle = self._open()
        try:
            try:
                _write_all(handle, data, self._end)
                os.fsync(handle)
            except OSError as fault:
                self._take_back(handle)
                raise disk_fault(fault) from fault
        finally:
            os.close(handle)
        self._end = position
        return places

    def _open(self) -> int:
        try:
            return os.open(self.path(self._segment), os.O_WRONLY)
        except OSError as fault:
            raise disk_fault(fault) from fault

    def _take_back(self, handle: int) -> None:
        try:
            os.ftruncate(handle, self._end)
            os.fsync(handle)
        except OSError:
            log.warning("what was half written could not be taken back now; it is cut off at the next start")
            self._end = SEGMENT_SIZE  # never write behind it

    def _begin_segment(self) -> None:
        number = self._segment + 1
        path = self.path(number)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(parcel_header())
                out.flush()
                os.fsync(out.fileno())
            sync_directory(self._directory)
        except OSError as fault:
            path.unlink(missing_ok=True)
            raise disk_fault(fault) from fault
        self._segment, self._end = number, len(parcel_header())

    def read(self, place: Place, start: int = 0, size: int | None = None) -> bytes:
        """Bytes of a body from `start`."""
        with self.path(place.segment).open("rb") as stream:
            stream.seek(place.offset + start)
            return stream.read(place.size - start if size is None else min(size, place.size - start))

    def walk(self, after: Place | None = None) -> Iterator[Placed]:
        """All frames in order; from `after` on where it is given."""
        for number in self._numbers():
            if after is not None and number < after.segment:
                continue
            try:
                with self.path(number).open("rb") as stream:
                    for found in read_frames(stream):
                        place = Place(number, found.body_at, found.size)
                        if after is None or (number, place.offset) > (after.segment, after.offset):
                            yield Placed(place, found)
            except ParcelError as fault:
                log.warning("segment %d: %s", number, fault)


def _write_all(handle: int, data: bytes | bytearray, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, offset)
        view, offset = view[written:], offset + written
