# SPDX-License-Identifier: Apache-2.0
"""Sealed attachments between their sealing and the append that takes them: the record's header names their digests,
so they must be whole before it is sealed. A few small ones wait in memory, the others in nameless files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType

from contract.record import MAX_ATTACHMENT, MAX_ATTACHMENTS
from offline.errors import AttachmentRejected, disk_fault

IN_MEMORY = 8 * 1024 * 1024  # bytes of all that one client has staged
_PIECE = 256 * 1024


class StagedAttachment:
    """One attachment's sealed bytes."""

    def __init__(self, directory: Path) -> None:
        # The bytes are sealed already; the file has no name, and goes with the process.
        self._file = SpooledTemporaryFile(dir=str(directory))  # noqa: SIM115
        self._hash = hashlib.sha256()
        self.size = 0
        self.in_memory = True

    def add(self, piece: bytes, room: int = IN_MEMORY) -> None:
        """`room`: bytes of memory that this one may take. Raises AttachmentRejected attachment-too-large, DiskFull,
        DiskReadOnly."""
        if self.size + len(piece) > MAX_ATTACHMENT:
            raise AttachmentRejected("the attachment is too large; scan it with less detail", "attachment-too-large")
        try:
            if self.in_memory and self.size + len(piece) > room:
                self._file.rollover()
                self.in_memory = False
            self._file.write(piece)
        except OSError as fault:
            raise disk_fault(fault) from fault
        self._hash.update(piece)
        self.size += len(piece)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what was added."""
        return self._hash.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """From the beginning."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def close(self) -> None:
        """Lets go of the bytes."""
        self._file.close()


class Staging:
    """What one client has staged for its next hand-in. `close` drops all of it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._open: StagedAttachment | None = None
        self.whole: dict[str, StagedAttachment] = {}

    def add(self, piece: bytes, last: bool) -> tuple[int, str]:
        """The size so far, and with the last piece the digest. Raises AttachmentRejected, DiskFull, DiskReadOnly."""
        if self._open is None:
            if len(self.whole) >= MAX_ATTACHMENTS:
                raise AttachmentRejected("an application has too many pages", "attachment-too-many")
            self._open = StagedAttachment(self._directory)
        one = self._open
        try:
            one.add(piece, IN_MEMORY - sum(other.size for other in self.whole.values() if other.in_memory))
        except BaseException:
            self._open = None
            one.close()
            raise
        if not last:
            return one.size, ""
        self._open = None
        digest = one.digest
        if digest in self.whole:
            one.close()
        else:
            self.whole[digest] = one
        return one.size, digest

    def close(self) -> None:
        """Forgets what is staged."""
        for one in (*self.whole.values(), *([self._open] if self._open is not None else [])):
            one.close()
        self.whole, self._open = {}, None

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
