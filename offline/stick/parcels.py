# SPDX-License-Identifier: Apache-2.0
"""Parcels of other terminals on a stick, taken along unopened: this terminal has a network, theirs has none.

The stick is only read. What is taken is kept in the spool, whole records with their attachments, and sent like our own;
the platform checks their signatures before it takes them.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from contract.errors import ContractError
from contract.parcel import FRAME_OVERHEAD, Frame, FrameType, parcel_header, read_frames
from contract.record import Record
from offline.stick.medium import MediumFault, medium_faults
from offline.stick.other_terminals import RecordNotTaken, check_record, keep_record
from offline.stick.parcel_file import PARCEL_NAME
from offline.store.readiness import LEAST_SPACE
from offline.terminal import Terminal

log = logging.getLogger(__name__)
MOST_HELD = 64 * 1024 * 1024  # bytes of one record's attachments; terminals make a few MB
SPARE = 4 * LEAST_SPACE  # bytes of the disk that stay free: this terminal's own residents come first
_REMEMBERED = 64  # parcels that need not be read again

Place = tuple[int, int]  # of a frame: where it begins, its bytes


@dataclass(frozen=True, slots=True)
class ParcelsTaken:
    """`records` and `attachments` were taken along; `known` were here already, or at the platform. `refused` are no
    good, `left` found no room here; `damaged` parcels cannot be read to their end."""

    parcels: int = 0
    records: int = 0
    attachments: int = 0
    known: int = 0
    refused: int = 0
    left: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """`done` of `total` bytes have been looked through."""

    done: int
    total: int


def foreign_parcels(terminal: Terminal, place: Path) -> list[Path]:
    """Parcels of others in a directory, oldest first. Raises MediumFault, NotEnrolled."""
    own = terminal.require_enrolment().terminal
    with medium_faults():
        return [
            path
            for path in sorted(place.glob("*.parcel"))
            if (name := PARCEL_NAME.fullmatch(path.name)) and int(name[1]) != own and path.is_file()
        ]


def take_parcels(
    terminal: Terminal, place: Path, *, watch: Callable[[Reading], None] = lambda _reading: None, spare: int = SPARE
) -> ParcelsTaken:
    """Takes along what others' parcels in a directory hold, or one parcel; coming twice is harmless.

    Raises MediumFault, NotEnrolled, DiskFull, DiskReadOnly, or what `watch` raises; what was taken by then stays.
    """
    terminal.require_enrolment()
    with medium_faults():
        if not place.exists():
            raise MediumFault(f"{place} is not there; name a .parcel file or the place of the stick", "medium-gone")
    paths = foreign_parcels(terminal, place) if place.is_dir() else [place]
    with medium_faults():
        sizes = {path: path.stat().st_size for path in paths}
    total, done = sum(sizes.values()), 0
    counts = dict.fromkeys(("records", "attachments", "known", "refused", "left", "damaged"), 0)
    for path in paths:

        def told(read: int, before: int = done) -> None:
            watch(Reading(before + read, total))

        mark = f"{path.name}:{sizes[path]}"
        if mark not in (terminal.fact("relayed") or "").split():
            missed = counts["left"] + counts["damaged"]
            with medium_faults():
                stream = path.open("rb")
            with stream:
                _Parcel(terminal, stream, counts, spare, told).take()
            if counts["left"] + counts["damaged"] == missed:
                _remember(terminal, mark)
        done += sizes[path]
        watch(Reading(done, total))
    if counts["records"]:
        terminal.journal("relayed", records=counts["records"], attachments=counts["attachments"])
    return ParcelsTaken(len(paths), **counts)


def _remember(terminal: Terminal, mark: str) -> None:
    seen = (terminal.fact("relayed") or "").split()
    terminal.remember("relayed", " ".join([*seen, mark][-_REMEMBERED:]))


class _Parcel:
    """One file. It is looked through first: attachments stand behind the records that name them."""

    def __init__(
        self, terminal: Terminal, stream: BinaryIO, counts: dict[str, int], spare: int, told: Callable[[int], None]
    ) -> None:
        self._terminal = terminal
        self._stream = stream
        self._counts = counts
        self._spare = spare
        self._told = told
        self._records: list[Place] = []
        self._attachments: dict[str, Place] = {}

    def take(self) -> None:
        """Record by record, each with its attachments or, where there is no room for all, not at all."""
        try:
            with medium_faults():
                self._look_through()
        except ContractError as fault:
            log.warning("a parcel of another terminal is damaged: %s", fault.code)
            self._counts["damaged"] += 1
        for place in self._records:
            self._take_record(place)

    def _look_through(self) -> None:
        for found in read_frames(self._stream):
            place = (found.offset, found.end - found.offset)
            if found.type == FrameType.RECORD:
                self._records.append(place)
            elif found.type == FrameType.ATTACHMENT:
                self._attachments[found.digest] = place
            self._told(found.end)

    def _take_record(self, place: Place) -> None:
        frame = next(self._frames([place]), None)
        if frame is None:
            self._counts["damaged"] += 1
            return
        try:
            record = check_record(self._terminal, frame.body)
            wanted = self._wanted(record)
            if wanted is None:
                self._counts["known"] += 1
            elif not self._fits([place, *wanted.values()]):
                self._counts["left"] += 1
            else:
                self._keep(record, frame.body, wanted)
        except RecordNotTaken as fault:
            log.warning("a record in another terminal's parcel is not taken along: %s", fault.code)
            self._counts["refused"] += 1

    def _wanted(self, record: Record) -> dict[str, Place] | None:
        """The attachments to be taken with it; None where nothing of it is new here."""
        here = self._terminal.ask(lambda outbox, _i, _s: outbox.attachments_here(record.header.id))
        state = self._terminal.ask(lambda outbox, _i, _s: outbox.state_of(record))
        named = [ref.digest for ref in record.header.attachments]
        wanted = {d: self._attachments[d] for d in named if d in self._attachments and d not in here}
        return wanted if wanted or not state else None

    def _fits(self, places: list[Place]) -> bool:
        size = sum(size for _, size in places)
        return size <= MOST_HELD and self._terminal.free_space() - size >= self._spare

    def _keep(self, record: Record, raw: bytes, wanted: dict[str, Place]) -> None:
        """Read from the stick here: the store's thread, on which residents wait, never waits for a stick."""
        bodies = {frame.digest: frame.body for frame in self._frames(list(wanted.values()))}
        if set(bodies) != set(wanted):
            self._counts["damaged"] += 1
            return
        status = keep_record(self._terminal, record, raw, bodies)
        self._counts["records" if status == "kept" else "known"] += 1
        self._counts["attachments"] += len(bodies)

    def _frames(self, places: list[Place]) -> Iterator[Frame]:
        """Frames read once more, with their bodies; what the stick gives differently now is left out."""
        for at, size in places:
            with medium_faults():
                self._stream.seek(at)
                data = self._stream.read(size)
            held: list[bytes] = []
            try:
                found = next(read_frames(io.BytesIO(parcel_header() + data), sink=held.append), None)
            except ContractError:
                found = None
            if found is None or found.size + FRAME_OVERHEAD != size:
                continue
            body = found.body or b"".join(held)
            yield Frame(found.type, at, found.size, body, found.digest or hashlib.sha256(body).hexdigest())
