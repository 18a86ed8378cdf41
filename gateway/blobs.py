# SPDX-License-Identifier: Apache-2.0
"""Attachments on disk by the digest of their sealed bytes; a part that came stays until the rest comes."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from pathlib import Path

from gateway.errors import GatewayError

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Blobs:
    """Files DIGEST (whole) and DIGEST.part (so far) in one directory.

    The newest writer of an attachment takes over: an older, half-dead one finds its claim gone and writes no more.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._claims: dict[str, object] = {}
        self._lock = threading.Lock()

    def path(self, digest: str) -> Path:
        """Where the whole attachment is. Raises GatewayError digest."""
        if not _DIGEST.fullmatch(digest):
            raise GatewayError(400, "digest", "an attachment is named by its SHA-256 in hex")
        return self._directory / digest

    def _part(self, digest: str) -> Path:
        return self.path(digest).with_suffix(".part")

    def offset(self, digest: str) -> int:
        """How many bytes are there."""
        for path in (self.path(digest), self._part(digest)):
            try:
                return path.stat().st_size
            except FileNotFoundError:
                continue
        return 0

    def claim(self, digest: str) -> object:
        """Makes the caller the one writer."""
        token = object()
        with self._lock:
            self._claims[digest] = token
        return token

    def append(self, digest: str, token: object, offset: int, chunk: bytes, size: int) -> int:
        """Writes at `offset`, which must be the end. The new end. Raises GatewayError offset, taken-over, too-long."""
        with self._lock:
            if self._claims.get(digest) is not token:
                raise GatewayError(409, "taken-over", "a newer request continues this attachment")
            end = self.offset(digest)
            if end != offset:
                raise GatewayError(409, "offset", "continue where Upload-Offset says", {"Upload-Offset": str(end)})
            if end + len(chunk) > size:
                raise GatewayError(413, "too-long", "the attachment is longer than its record says")
            with self._part(digest).open("ab") as out:
                out.write(chunk)
            return end + len(chunk)

    def finish(self, digest: str) -> None:
        """Verifies and keeps for good, on disk. Raises GatewayError digest-wrong: then it begins anew."""
        part = self._part(digest)
        with self._lock:
            with part.open("r+b") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
                os.fsync(stream.fileno())
            if found != digest:
                part.unlink()
                raise GatewayError(
                    422, "digest-wrong", "the bytes do not give the digest; send them again", {"Upload-Offset": "0"}
                )
            part.rename(self.path(digest))
            directory = os.open(self._directory, os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
            self._claims.pop(digest, None)
