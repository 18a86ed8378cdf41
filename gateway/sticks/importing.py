# SPDX-License-Identifier: Apache-2.0
"""Parcels that came on a stick: taken into custody in constant memory, opened, and answered with a return.

The file is read twice: an attachment may stand before the record that names it, and its name is known only at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from contract.custody import read_custody
from contract.parcel import PIECE, FrameType, ParcelError, read_frames
from gateway.platform import Platform
from gateway.sticks.returns import write_return

_BATCH = 200  # records of one transaction


@dataclass(slots=True)
class Imported:
    """What came of one file. `damage`: why the rest of it could not be read, if so; `returns`: files written, and
    `unwritten` why one could not be: what was taken is taken all the same."""

    file: str
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    attachments: int = 0
    unnamed: int = 0
    damage: str = ""
    unwritten: str = ""
    reasons: dict[str, int] = field(default_factory=dict)
    returns: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)

    def words(self) -> str:
        """For people."""
        counts = f"{self.stored} new, {self.duplicate} known, {self.refused} refused, {self.attachments} attachments"
        said = f"{self.file}: {counts}"
        if self.reasons:
            said += " (" + ", ".join(f"{code} {count}" for code, count in sorted(self.reasons.items())) + ")"
        if self.unnamed:
            said += f"; {self.unnamed} attachments belong to no record here and were left"
        if self.damage:
            said += f"; {self.damage}: export it again for what came after"
        if self.unwritten:
            said += f"; no return could be written ({self.unwritten}): import it again from where files may be written"
        return said + "".join(f"\n  {name}" for name in self.returns)


def parcels_of(places: Iterable[Path]) -> list[Path]:
    """The files to take: of a directory, every parcel in it, oldest name first."""
    found: list[Path] = []
    for place in places:
        inside = sorted(p for p in place.glob("*.parcel") if not p.name.startswith(".")) if place.is_dir() else [place]
        found += inside
    return found


def import_parcel(platform: Platform, file: Path) -> Imported:
    """Takes one file. Raises OSError, StoreAwayError; ParcelError when it is no parcel at all."""
    done = Imported(str(file))
    terminals_seen: list[int] = []
    places: list[tuple[int, int, str]] = []
    receipts: list[str] = []
    with file.open("rb") as stream:
        try:
            _take_records(platform, stream, done, terminals_seen, places, receipts)
        except ParcelError as fault:
            if fault.code != "parcel-damaged":
                raise
            done.damage = str(fault)
        for at, size, digest in places:
            if platform.uploads.adopt(digest, _pieces(stream, at, size)):
                done.attachments += 1
            else:
                done.unnamed += 1
    platform.opening.drain()
    for number, terminal in enumerate(terminals_seen):
        name = f"{file.name}.return" if number == 0 else f"{file.name}.{terminal:05d}.return"
        try:
            if write_return(platform, terminal, file.with_name(name), receipts):
                done.returns.append(str(file.with_name(name)))
        except OSError as fault:
            done.unwritten = str(fault.strerror)
    return done


def _take_records(
    platform: Platform,
    stream: BinaryIO,
    done: Imported,
    seen: list[int],
    places: list[tuple[int, int, str]],
    receipts: list[str],
) -> None:
    batch: list[bytes] = []
    try:
        for frame in read_frames(stream):
            if frame.type == FrameType.ATTACHMENT:
                places.append((frame.body_at, frame.size, frame.digest))
            elif frame.type == FrameType.RECORD:
                batch.append(frame.body)
                if len(batch) == _BATCH:
                    _take_batch(platform, batch, done, seen, receipts)
                    batch.clear()
    finally:
        _take_batch(platform, batch, done, seen, receipts)


def _take_batch(platform: Platform, batch: list[bytes], done: Imported, seen: list[int], receipts: list[str]) -> None:
    if not batch:
        return
    taken = platform.ingest.take_records(batch)
    if taken.receipt:
        receipts.append(taken.receipt)
    for raw, result in zip(batch, taken.results, strict=True):
        match result:
            case {"status": "refused", "code": str(code)}:
                done.refused += 1
                done.reasons[code] = done.reasons.get(code, 0) + 1
                continue
            case {"status": "stored"}:
                done.stored += 1
            case _:
                done.duplicate += 1
        terminal = read_custody(raw).terminal
        if terminal not in seen:
            seen.append(terminal)


def _pieces(stream: BinaryIO, at: int, size: int) -> Iterator[bytes]:
    stream.seek(at)
    while size and (piece := stream.read(min(PIECE, size))):
        size -= len(piece)
        yield piece
