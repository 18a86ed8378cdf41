# SPDX-License-Identifier: Apache-2.0
"""Where an export takes its records from: an open terminal's index, or the spool alone where it does not open."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from contract.errors import ContractError
from contract.parcel import Frame, FrameType
from contract.record import Record
from offline.errors import DataDirInUse
from offline.store.outbox import ToCarry
from offline.store.segment import LocalFrame
from offline.store.spool import Place, Placed, Spool
from offline.terminal import Terminal

log = logging.getLogger(__name__)
PAGE = 200  # entries of the index that are held at a time


class Source(Protocol):
    """What is to be carried. `number` is the terminal's, by which its parcels are named."""

    @property
    def number(self) -> int: ...

    def bytes_to_carry(self) -> int:
        """Of all that `entries` gives."""

    def entries(self, kind: FrameType) -> Iterator[ToCarry]:
        """Records, or attachments, in the order in which they are written."""

    def read(self, place: Place, start: int, size: int) -> bytes:
        """Of a body. Raises OSError."""

    def is_delivered(self, frame: Frame) -> bool:
        """The platform has it, with all that belongs to it."""

    def is_known(self, frame: Frame) -> bool:
        """What is not delivered of it is in this export too."""

    def now(self) -> datetime:
        """For the parcels' names."""

    def exported(self, records: int, attachments: int) -> None:
        """It is on the medium, read back."""


class FromIndex:
    """What waits at an open terminal. Raises NotEnrolled."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.number = terminal.require_enrolment().terminal

    def bytes_to_carry(self) -> int:
        """See `Source`."""
        return self._terminal.ask(lambda outbox, _i, _s: outbox.bytes_to_carry())

    def entries(self, kind: FrameType) -> Iterator[ToCarry]:
        """See `Source`; in pages: memory does not grow with what waits."""
        after: ToCarry | None = None
        while page := self._page(kind, after):
            yield from page
            after = page[-1]

    def _page(self, kind: FrameType, after: ToCarry | None) -> list[ToCarry]:
        return self._terminal.ask(lambda outbox, _i, _s: outbox.to_carry(kind, after, PAGE))

    def read(self, place: Place, start: int, size: int) -> bytes:
        """See `Source`."""
        return self._terminal.ask(lambda _o, _i, spool: spool.read(place, start, size))

    def is_delivered(self, frame: Frame) -> bool:
        """See `Source`."""
        if frame.type == FrameType.ATTACHMENT:
            return self._terminal.ask(lambda outbox, _i, _s: outbox.is_attachment_delivered(frame.digest))
        record = Record.decode(frame.body)
        return self._terminal.ask(lambda outbox, _i, _s: outbox.is_settled(record.header.id, record.digest))

    def is_known(self, frame: Frame) -> bool:
        """See `Source`."""
        if frame.type == FrameType.ATTACHMENT:
            return self._terminal.ask(lambda outbox, _i, _s: outbox.is_attachment_known(frame.digest))
        record = Record.decode(frame.body)
        return self._terminal.ask(lambda outbox, _i, _s: outbox.holds(record.header.id, record.digest))

    def now(self) -> datetime:
        """See `Source`."""
        return self._terminal.clock.now()

    def exported(self, records: int, attachments: int) -> None:
        """See `Source`."""
        self._terminal.remember("exported_at", self.now().isoformat(timespec="seconds"))
        self._terminal.journal("exported", records=records, attachments=attachments)


class FromSpool:
    """All that the spool holds, newest segment first: without the index nobody knows what was delivered, and the
    newest is what waits. Nothing in the data directory is changed. `unreadable` segments ask for a newer program,
    `damaged` ones the disk does not give back to their end."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._entries: dict[int, list[ToCarry]] = {FrameType.RECORD: [], FrameType.ATTACHMENT: []}
        self._own: Counter[int] = Counter()  # terminals of records that stand beside a summary: others' never do
        self._any: Counter[int] = Counter()
        self.unreadable = self.damaged = 0
        for segment in reversed(spool.segments()):
            if not spool.is_readable(segment):
                self.unreadable += 1
                continue
            try:
                self._take(spool.walk_segment(segment))
            except OSError as fault:
                self.damaged += 1
                log.warning("segment %d cannot be read to its end: %s", segment, fault.strerror)
        self._known = {entry.digest for entries in self._entries.values() for entry in entries}
        terminals = (self._own or self._any).most_common(1)
        self.number = terminals[0][0] if terminals else 0

    def _take(self, frames: Iterator[Placed]) -> None:
        has_summary = False
        for placed in frames:
            frame = placed.frame
            match frame.type:
                case FrameType.ATTACHMENT:
                    self._add(frame.type, placed.place, frame.digest)
                case FrameType.RECORD:
                    try:
                        record = Record.decode(frame.body)
                    except ContractError as fault:
                        log.warning("a record of the spool cannot be read: %s", fault.code)
                        continue
                    (self._own if has_summary else self._any)[record.header.terminal] += 1
                    self._add(frame.type, placed.place, hashlib.sha256(frame.body).hexdigest())
            has_summary = frame.type == LocalFrame.SUMMARY

    def _add(self, kind: int, place: Place, digest: str) -> None:
        entries = self._entries[kind]
        entries.append(ToCarry((digest, len(entries)), place, digest))

    def bytes_to_carry(self) -> int:
        """See `Source`."""
        return sum(entry.place.size for entries in self._entries.values() for entry in entries)

    def entries(self, kind: FrameType) -> Iterator[ToCarry]:
        """See `Source`."""
        return iter(self._entries[kind])

    def read(self, place: Place, start: int, size: int) -> bytes:
        """See `Source`."""
        return self._spool.read(place, start, size)

    def is_delivered(self, frame: Frame) -> bool:
        """Not known without the index."""
        del frame
        return False

    def is_known(self, frame: Frame) -> bool:
        """See `Source`."""
        digest = frame.digest if frame.type == FrameType.ATTACHMENT else hashlib.sha256(frame.body).hexdigest()
        return digest in self._known

    def now(self) -> datetime:
        """See `Source`."""
        return datetime.now(UTC)

    def exported(self, records: int, attachments: int) -> None:
        """Nothing can be noted here."""


@contextmanager
def spool_alone(data: Path) -> Iterator[FromSpool]:
    """The spool of a data directory that does not open, with nobody else in it. Raises DataDirInUse, OSError."""
    handle = None
    with suppress(FileNotFoundError):
        handle = os.open(data / "lock", os.O_RDONLY)
    try:
        if handle is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as fault:
                raise DataDirInUse("another program works with this data directory; close it first") from fault
        yield FromSpool(Spool(data / "spool", to_read=True))
    finally:
        if handle is not None:
            os.close(handle)
