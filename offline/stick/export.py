# SPDX-License-Identifier: Apache-2.0
"""What waits, onto a removable medium: as parcels, records first; the terminal keeps all of it waiting.

A parcel is written under a temporary name, synced, renamed, the file system synced, and read back frame by frame.
Pulled out at any moment, the medium holds whole parcels, and perhaps a temporary file that the next export removes.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from contract.errors import ContractError
from contract.parcel import FRAME_OVERHEAD, HEADER_SIZE, Frame, FrameType, frame_pieces, read_frames
from offline.stick.export_source import FromIndex, Source, spool_alone
from offline.stick.medium import MediumFault, medium_faults, sync_medium
from offline.stick.parcel_file import DRAFT, PARCEL_NAME, PIECE, ParcelFile
from offline.store.outbox import ToCarry
from offline.store.spool import Place
from offline.terminal import Terminal

log = logging.getLogger(__name__)
PART_SIZE = 1024 * 1024 * 1024  # bytes of one file: FAT holds less than 4 GiB
RESERVE = 1024 * 1024  # bytes left free: clusters and directory entries take more than the files' bytes


class Stopped(Exception):
    """The listener has called it off; the unfinished file is removed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes of all that is to be written; "carrying": of others' parcels that are to be read."""

    stage: Literal["writing", "syncing", "checking", "carrying"]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Exported:
    """What is on the medium now. `left_*` found no room; `damaged` could not be read here; `superseded` earlier
    parcels of ours held nothing that is not delivered or in these. `unreadable_segments` ask for a newer program."""

    files: tuple[str, ...] = ()
    records: int = 0
    attachments: int = 0
    size: int = 0
    left_records: int = 0
    left_attachments: int = 0
    damaged: int = 0
    superseded: int = 0
    unreadable_segments: int = 0


Watch = Callable[[Progress], None]


def export(
    terminal: Terminal, directory: Path, *, watch: Watch = lambda _progress: None, part_size: int = PART_SIZE
) -> Exported:
    """Writes what waits into `directory` of a medium; when it returns the medium may be taken out.

    Takes what fits, records before attachments. Raises MediumFault, NotEnrolled, or what `watch` raises (Stopped);
    then nothing that was there before has changed, and no file of this export counts unless it is whole.
    """
    return _export(FromIndex(terminal), directory, watch, part_size)


def export_spool(
    data: Path, directory: Path, *, watch: Watch = lambda _progress: None, part_size: int = PART_SIZE
) -> Exported:
    """The same for a data directory that does not open: all that its spool holds, also what was delivered already; the
    platform takes each once. Nothing in it is changed. Raises as `export`, and DataDirInUse, OSError."""
    with spool_alone(data) as source:
        done = _export(source, directory, watch, part_size)
        return replace(done, unreadable_segments=source.unreadable, damaged=done.damaged + source.damaged)


def _export(source: Source, directory: Path, watch: Watch, part_size: int) -> Exported:
    number = source.number
    with medium_faults():
        if not directory.is_dir():
            raise MediumFault(f"{directory} is no directory; name the place where the stick is mounted", "medium-gone")
        clear_drafts(directory, number)
        room = os.statvfs(directory)
    budget = max(0, room.f_bavail * room.f_frsize - RESERVE)
    return _Export(source, directory, budget, part_size, watch).run()


def clear_drafts(directory: Path, number: int) -> int:
    """Removes what this terminal did not finish writing here; how many. Raises OSError."""
    drafts = [p for p in directory.glob(f"doorstep-{number:05d}-*{DRAFT}") if p.is_file()]
    for draft in drafts:
        draft.unlink()
    return len(drafts)


class _Export:
    """One export. Bodies are read in pieces: memory does not grow with them."""

    def __init__(self, source: Source, directory: Path, budget: int, part_size: int, watch: Watch) -> None:
        self._source = source
        self._directory = directory
        self._number = source.number
        self._left = budget
        self._part_size = part_size
        self._watch = watch
        self._total = self._done = 0
        self._parts: list[ParcelFile] = []
        self._counts = {"records": 0, "attachments": 0, "left_records": 0, "left_attachments": 0, "damaged": 0}

    def run(self) -> Exported:
        superseded = self._tidy(self._source.is_delivered)
        self._total = min(self._left, self._source.bytes_to_carry())
        try:
            for what, kind in (("records", FrameType.RECORD), ("attachments", FrameType.ATTACHMENT)):
                self._write_all(what, kind)
            self._finish_parts()
            self._check_parts()
        except BaseException:
            self._take_back()
            raise
        if not self._counts["left_records"] and not self._counts["left_attachments"]:
            superseded += self._tidy(self._source.is_known)
        if superseded:
            with medium_faults():
                sync_medium(self._directory)
        size = sum(part.size for part in self._parts)
        done = Exported(tuple(p.path.name for p in self._parts), size=size, superseded=superseded, **self._counts)
        if done.files:
            self._source.exported(done.records, done.attachments)
        return done

    def _tell(self, stage: Literal["writing", "syncing", "checking"], more: int = 0) -> None:
        self._done += more
        self._watch(Progress(stage, min(self._done, self._total), self._total))

    # writing

    def _write_all(self, what: str, kind: FrameType) -> None:
        for entry in self._source.entries(kind):
            size = entry.place.size + FRAME_OVERHEAD
            if size + (0 if self._parts else HEADER_SIZE) > self._left or self._counts[f"left_{what}"]:
                self._counts[f"left_{what}"] += 1
            elif not self._is_whole(entry):
                self._counts["damaged"] += 1
                log.warning("%s %s cannot be read from the spool; it is left out", kind.name.lower(), entry.digest)
            else:
                self._write(kind, entry)
                self._counts[what] += 1
        if what == "records" and self._counts["left_records"] and not self._parts:
            raise MediumFault("the stick is full; delete something on it or take another", "medium-full")

    def _is_whole(self, entry: ToCarry) -> bool:
        """A body that does not fit its digest must not spoil the parcel: it is found before it is written."""
        found = hashlib.sha256()
        for piece in self._pieces(entry.place):
            found.update(piece)
        return found.hexdigest() == entry.digest

    def _pieces(self, place: Place) -> Iterator[bytes]:
        for start in range(0, place.size, PIECE):
            try:
                yield self._source.read(place, start, PIECE)
            except OSError:
                return  # the terminal's own disk: not the medium's fault

    def _write(self, kind: FrameType, entry: ToCarry) -> None:
        part = self._part(entry.place.size + FRAME_OVERHEAD)
        for piece in frame_pieces(kind, entry.place.size, self._pieces(entry.place)):
            with medium_faults():
                part.write(piece)
            self._left -= len(piece)
            self._tell("writing", len(piece))

    def _part(self, size: int) -> ParcelFile:
        last = self._parts[-1] if self._parts else None
        if last is None or last.size + size > self._part_size:
            with medium_faults():
                if last is not None:
                    last.sync()
                last = ParcelFile(self._next_name())
                self._parts.append(last)
                last.begin()
            self._left -= HEADER_SIZE
        return last

    def _next_name(self) -> Path:
        now = self._source.now().strftime("%Y%m%dT%H%M%S")
        serial = len(self._parts) + 1
        while (path := self._directory / f"doorstep-{self._number:05d}-{now}-{serial}.parcel").exists():
            serial += 1  # the clock was set back, or two exports in one second
        return path

    # making it certain

    def _finish_parts(self) -> None:
        self._tell("syncing")
        with medium_faults():
            for part in self._parts:
                part.sync()
                part.publish()
            if self._parts:
                sync_medium(self._directory)

    def _check_parts(self) -> None:
        self._done = 0
        self._tell("checking")
        for part in self._parts:
            with medium_faults():
                whole = part.is_as_written(lambda read: self._tell("checking", read))
            if not whole:
                raise MediumFault("the stick does not give back what was written; take another", "medium-damaged")

    def _take_back(self) -> None:
        """Nothing of a failed export stays, as far as the medium lets us; what stays is whole or has a draft's name."""
        for part in self._parts:
            part.discard()

    def _tidy(self, is_old: Callable[[Frame], bool]) -> int:
        """Removes earlier parcels of this terminal that hold nothing new: a stick does not fill up over the months."""
        ours = {part.path for part in self._parts}
        removed = 0
        try:
            for path in sorted(self._directory.glob(f"doorstep-{self._number:05d}-*.parcel")):
                if PARCEL_NAME.fullmatch(path.name) and path not in ours and _is_all(path, is_old):
                    size = path.stat().st_size
                    path.unlink()
                    self._left, removed = self._left + size, removed + 1
        except OSError as fault:
            log.warning("old parcels on the stick could not be removed: %s", fault.strerror)
        return removed


def _is_all(path: Path, is_old: Callable[[Frame], bool]) -> bool:
    """Whether `is_old` of every record and attachment in a parcel; False for one that cannot be read.

    It is read only as far as that is so: records stand first, and most parcels end it there.
    """
    try:
        with path.open("rb") as stream:
            return all(is_old(f) for f in read_frames(stream) if f.type in (FrameType.RECORD, FrameType.ATTACHMENT))
    except ContractError:
        return False
