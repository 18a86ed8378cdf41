# SPDX-License-Identifier: Apache-2.0
"""The spool: append-only segments in parcel format. One append, one sync: the moment of truth."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from contract.parcel import BODY_AT, HEADER_SIZE, Frame, ParcelError, frame, frame_pieces, parcel_header
from contract.stores import newer_words
from offline.errors import OfflineError, disk_fault
from offline.files import sync_directory
from offline.store.segment import FORMAT, LocalFrame, Start, Tail, find_end, frames_from, next_frame, read_start

log = logging.getLogger(__name__)
SEGMENT_SIZE = 16 * 1024 * 1024  # bytes after which the next segment is begun
RESERVE = 1024 * 1024  # bytes reserved ahead: an append into reserved room syncs faster than one that lengthens a file
_BUFFER = 1024 * 1024  # bytes of an append that are held before they are written
_PIECES = 512  # pieces that are written at once; the system takes at most 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame's body is."""

    segment: int
    offset: int
    size: int

    @property
    def frame_end(self) -> int:
        """Where the frame ends, behind its checksum."""
        return self.offset + self.size + 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame found in the spool."""

    place: Place
    frame: Frame


class Append:
    """Frames on their way into the spool; bodies are not copied. Raises DiskFull, DiskReadOnly."""

    def __init__(self, segment: int, end: int, write: Callable[[list[bytes], int, int], None]) -> None:
        self._segment = segment
        self._write = write
        self._written = end
        self._held: list[bytes] = []
        self._size = 0

    @property
    def end(self) -> int:
        """Where the next frame begins."""
        return self._written + self._size

    def add(self, kind: int, body: bytes) -> Place:
        """One frame."""
        place = Place(self._segment, self.end + BODY_AT, len(body))
        self._hold(frame_pieces(kind, len(body), (body,)))
        return place

    def stream(self, kind: int, size: int, pieces: Iterable[bytes]) -> tuple[Place, str]:
        """One frame whose body of `size` bytes comes in pieces, in constant memory; with the body's SHA-256 (hex)."""
        place, digest = Place(self._segment, self.end + BODY_AT, size), hashlib.sha256()

        def passing() -> Iterator[bytes]:
            for piece in pieces:
                digest.update(piece)
                yield piece

        self._hold(frame_pieces(kind, size, passing()))
        return place, digest.hexdigest()

    def _hold(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._held.append(piece)
            self._size += len(piece)
            if self._size >= _BUFFER or len(self._held) >= _PIECES:
                self.flush()

    def flush(self) -> None:
        """Writes what is held; nothing is synced yet."""
        try:
            self._write(self._held, self._size, self._written)
        except OSError as fault:
            raise disk_fault(fault) from fault
        self._written += self._size
        self._held, self._size = [], 0


class Spool:
    """Segments NNNNNN.parcel in one directory; a torn tail is cut off at opening.

    `known` is the place of a frame that is known to be whole: what stands before it is not read at opening.
    The segment in use is kept open: a write that fails in the background is reported to whoever had the file open then.
    `to_read`: nothing on the disk is changed, a torn tail is only passed over.
    Raises OfflineError spool-newer for segments that ask for a newer program, DiskFull, DiskReadOnly.
    """

    def __init__(self, directory: Path, known: Place | None = None, *, to_read: bool = False) -> None:
        if not to_read:
            directory.mkdir(mode=0o700, exist_ok=True)
        self._directory = directory
        self._to_read = to_read
        self.floors: Callable[[], tuple[int, int]] = lambda: (self.start.sequence, self.start.counter)
        self._segment = max(self.segments(), default=0)
        self._handle: int | None = None
        self._reserved = 0
        self._end = 0
        self._closed_at: int | None = None  # the segment in use ends here and is no more written to
        self.start = read_start(self.path(self._segment)) if self._segment else Start()
        if self._segment and not to_read:
            self._require_readable(self._segment)
        if self._segment:
            self._mend(known.frame_end if known is not None and known.segment == self._segment else 0)

    def segments(self) -> list[int]:
        """The numbers of all segments, oldest first."""
        return sorted(int(p.stem) for p in self._directory.glob("[0-9]*.parcel"))

    @property
    def active(self) -> int:
        """The segment in use; 0 where none is."""
        return self._segment

    def path(self, segment: int) -> Path:
        """A segment's file."""
        return self._directory / f"{segment:06d}.parcel"

    def close(self) -> None:
        """Lets go of the segment in use."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def is_readable(self, segment: int) -> bool:
        """Whether this program may read a segment."""
        return read_start(self.path(segment)).note.is_readable_by(FORMAT.format)

    def _require_readable(self, segment: int) -> None:
        if not self.is_readable(segment):
            note = read_start(self.path(segment)).note
            raise OfflineError(newer_words(str(self.path(segment)), note, FORMAT.format), "spool-newer")

    def _mend(self, known_end: int) -> None:
        """Cuts a torn tail off the last segment. A damaged segment is left as it is and no more written to."""
        path = self.path(self._segment)
        size = path.stat().st_size
        if known_end > size:
            log.warning("segment %d is shorter than it was; it is read whole", self._segment)
            known_end = 0
        self._end, tail = find_end(path, known_end)
        if size < HEADER_SIZE:  # not even the header was whole
            tail = Tail.TORN
        if tail is Tail.DAMAGED:
            log.warning("segment %d is damaged behind byte %d; a new one is begun", self._segment, self._end)
            self._end = self._closed_at = size
        elif tail is Tail.TORN and self._to_read:
            self._closed_at = self._end
        elif tail is Tail.TORN:
            log.info("segment %d: a torn tail behind byte %d is cut off", self._segment, self._end)
            try:
                with path.open("r+b") as stream:
                    stream.write(parcel_header())
                    stream.truncate(self._end)
                    stream.flush()
                    os.fsync(stream.fileno())
            except OSError as fault:
                raise disk_fault(fault) from fault

    def append(self, bodies: Sequence[tuple[int, bytes]]) -> list[Place]:
        """Writes frames (type, body) in order and syncs once. When it returns they are on disk.

        Raises DiskFull or DiskReadOnly with nothing kept.
        """
        with self.appending() as batch:
            return [batch.add(kind, body) for kind, body in bodies]

    @contextmanager
    def appending(self) -> Iterator[Append]:
        """What the block adds is on disk, after one sync, when the block has ended; all of it or, where anything is
        raised, nothing. The last frame of each append is a record. Raises DiskFull, DiskReadOnly."""
        if self._segment == 0 or self._closed_at is not None or self._end >= SEGMENT_SIZE:
            self.begin_segment()
        handle = self._open()
        batch = Append(self._segment, self._end, lambda parts, size, at: self._write(handle, parts, size, at))
        try:
            yield batch
            batch.flush()
        except BaseException:
            self._take_back(handle)
            raise
        try:
            os.fdatasync(handle)
        except OSError as fault:
            self._give_up(handle)
            raise disk_fault(fault) from fault
        self._end = batch.end

    def _open(self) -> int:
        if self._handle is None:
            try:
                self._handle = os.open(self.path(self._segment), os.O_WRONLY)
                self._reserved = os.fstat(self._handle).st_size
            except OSError as fault:
                raise disk_fault(fault) from fault
        return self._handle

    def _write(self, handle: int, parts: list[bytes], size: int, at: int) -> None:
        end = at + size
        if end > self._reserved:
            with suppress(OSError):  # only haste: where there is no room for it, or no such thing, it goes without
                os.posix_fallocate(handle, self._reserved, end - self._reserved + RESERVE)
                self._reserved = end + RESERVE
        written = os.pwritev(handle, parts, at)
        if written < size:  # as at a limit: the rest brings the reason
            rest = memoryview(b"".join(parts))[written:]
            while rest:
                written = os.pwrite(handle, rest, end - len(rest))
                rest = rest[written:]
        self._reserved = max(self._reserved, end)

    def _take_back(self, handle: int) -> None:
        """What was half written goes, with the room reserved behind it: on a full disk that is wanted elsewhere."""
        try:
            os.ftruncate(handle, self._end)
            os.fdatasync(handle)
            self._reserved = self._end
        except OSError:
            self._give_up(handle)

    def _give_up(self, handle: int) -> None:
        """After a failed sync nobody knows what of the file is on disk, and a second sync may say yes to bytes that
        the system has already dropped: nothing is written behind them any more, and nothing of them counts."""
        log.warning(
            "segment %d is given up at byte %d: the disk did not keep what was written", self._segment, self._end
        )
        with suppress(OSError):
            os.ftruncate(handle, self._end)
        with suppress(OSError):
            os.close(handle)
        self._handle, self._closed_at = None, self._end

    def prepare(self) -> None:
        """What the next append would have to do first, done while nobody waits: room in the segment in use, or the
        next one. A fault is left for that append to tell."""
        with suppress(OfflineError):
            if self._segment == 0 or self._closed_at is not None or self._end >= SEGMENT_SIZE:
                self.begin_segment()
            handle = self._open()
            if self._reserved - self._end >= RESERVE:
                return
            try:
                os.posix_fallocate(handle, self._reserved, 2 * RESERVE)
                self._reserved += 2 * RESERVE
            except OSError:
                return  # no room for it, or no such thing here: it goes without
            try:
                os.fdatasync(handle)
            except OSError:
                self._give_up(handle)

    def begin_segment(self) -> None:
        """Goes on in a new segment; its first frame keeps the floors of all numbers. Raises DiskFull, DiskReadOnly."""
        number = self._segment + 1
        path = self.path(number)
        start = Start(*self.floors(), before_ends=self._closed_at or 0)
        content = parcel_header() + frame(LocalFrame.START, start.encode())
        handle = -1
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._reserved = 0
            self._write(handle, [content], len(content), 0)
            os.fsync(handle)
            sync_directory(self._directory)
        except OSError as fault:
            with suppress(OSError):
                if handle >= 0:
                    os.close(handle)
                path.unlink(missing_ok=True)
            raise disk_fault(fault) from fault
        if self._handle is not None and self._closed_at is None:
            with suppress(OSError):  # the room reserved in the segment before this one
                os.ftruncate(self._handle, self._end)
        self.close()
        self._handle, self._closed_at = handle, None
        self._segment, self._end, self.start = number, len(content), start

    def delete(self, segment: int) -> int:
        """Removes a segment that is no more needed; the bytes gained. Raises DiskReadOnly, ValueError for the one in
        use: the next segment's number follows from it."""
        if segment == self._segment:
            raise ValueError("the segment in use stays")
        path = self.path(segment)
        try:
            if read_start(path).before_ends and self.path(segment - 1).exists():
                return 0  # it tells where that one ends
            size = path.stat().st_blocks * 512
            path.unlink()
            sync_directory(self._directory)
        except FileNotFoundError:
            return 0
        except OSError as fault:
            raise disk_fault(fault) from fault
        return size

    def read(self, place: Place, start: int = 0, size: int | None = None) -> bytes:
        """Bytes of a body from `start`."""
        with self.path(place.segment).open("rb") as stream:
            stream.seek(place.offset + start)
            return stream.read(place.size - start if size is None else min(size, place.size - start))

    def walk(self, after: Place | None = None) -> Iterator[Placed]:
        """All frames in order, from behind `after` on where it is given. What is damaged is stepped over."""
        for number in self.segments():
            if after is None or number > after.segment:
                yield from self.walk_segment(number)
            elif number == after.segment:
                yield from self.walk_segment(number, after.frame_end)

    def walk_segment(self, number: int, start: int = 0) -> Iterator[Placed]:
        """The frames of one segment."""
        path, at = self.path(number), start
        limit = self._limit(number)
        if start > path.stat().st_size:
            at = 0
        while True:
            try:
                for found in frames_from(path, at):
                    if limit and found.end > limit:
                        return
                    yield Placed(Place(number, found.body_at, found.size), found)
                    at = found.end
            except ParcelError as fault:
                log.debug("segment %d: %s", number, fault)
            following = None if number == self._segment and at >= self._end else next_frame(path, at + 1)
            if following is None:
                return
            log.warning("segment %d is damaged between bytes %d and %d", number, at, following)
            at = following

    def _limit(self, number: int) -> int:
        """Where a segment ends that was given up; 0 where it ends at its end."""
        if number == self._segment:
            return self._closed_at or 0
        following = self.path(number + 1)
        return read_start(following).before_ends if following.exists() else 0
