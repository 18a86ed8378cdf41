# SPDX-License-Identifier: Apache-2.0
"""One parcel as a file on a medium: written under a temporary name, synced, renamed, read back."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from contract.errors import ContractError
from contract.parcel import parcel_header, read_frames

log = logging.getLogger(__name__)
PARCEL_NAME = re.compile(r"doorstep-(\d{5})-\d{8}T\d{6}-(\d+)\.parcel")
DRAFT = ".part"  # ends the name of what is not whole yet; gateways take `*.parcel` only
PIECE = 256 * 1024
STRIDE = 8 * 1024 * 1024  # bytes after which they are pushed out, so that progress tells of the stick, not of memory


class ParcelFile:
    """One parcel being written. All methods raise OSError, `discard` none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = self._synced = 0
        self._draft = path.with_name(path.name + DRAFT)
        self._digest = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._named = False

    def begin(self) -> None:
        """A new file; its header is written."""
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb", buffering=PIECE)
        self.write(parcel_header())

    def write(self, data: bytes) -> None:
        """Appends."""
        assert self._file is not None
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        if self.size - self._synced >= STRIDE:
            self._file.flush()
            os.fdatasync(self._file.fileno())
            self._synced = self.size

    def sync(self) -> None:
        """All of it is on the medium; nothing more is written."""
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None

    def publish(self) -> None:
        """It has its name now."""
        self._draft.rename(self.path)
        self._named = True

    def is_as_written(self, told: Callable[[int], None]) -> bool:
        """Reads it from the medium, not from memory: every frame, and every byte."""
        with self.path.open("rb", buffering=0) as raw:
            os.posix_fadvise(raw.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            stream = _Hashed(raw, told)
            try:
                for _ in read_frames(stream):  # type: ignore[arg-type]  # it has all that is used of a BinaryIO
                    pass
            except ContractError:
                return False
            while stream.read(PIECE):
                pass
        return stream.size == self.size and stream.digest.digest() == self._digest.digest()

    def discard(self) -> None:
        """Takes it away, as far as the medium lets us."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                log.info("the stick did not take the end of %s", self._draft.name)
            self._file = None
        path = self.path if self._named else self._draft
        try:
            path.unlink(missing_ok=True)
        except OSError:
            log.info("%s stays on the stick", path.name)


class _Hashed:
    """What was read of a file, and how much."""

    def __init__(self, raw: FileIO, told: Callable[[int], None]) -> None:
        self._raw = raw
        self._told = told
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int) -> bytes:
        data = self._raw.read(size) or b""
        self.digest.update(data)
        self.size += len(data)
        self._told(len(data))
        return data
