# SPDX-License-Identifier: Apache-2.0
"""Attachments as they come: one file each on local disk, by the digest it shall have; kept until the rest comes.

Several worker processes of one machine share the directory: what they must agree on is in files and file locks.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gateway.errors import GatewayError

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
KEPT_DAYS = 90  # after which a part that is not continued is removed


def check_digest(digest: str) -> str:
    """Raises GatewayError digest."""
    if not _DIGEST.fullmatch(digest):
        raise GatewayError(400, "digest", "an attachment is named by its SHA-256 in hex")
    return digest


class Partials:
    """Files DIGEST.part (bytes so far) and DIGEST.claim (who may go on) in one directory.

    The newest writer of an attachment takes over: an older, half-dead one finds its claim gone and writes no more.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the bytes are. Raises GatewayError digest."""
        return self._directory / f"{check_digest(digest)}.part"

    def _claim(self, digest: str) -> Path:
        return self._directory / f"{digest}.claim"

    def offset(self, digest: str) -> int:
        """How many bytes are there."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            return 0

    def claim(self, digest: str) -> str:
        """Makes the caller the one writer."""
        token = os.urandom(12).hex()
        draft = self._directory / f"{check_digest(digest)}.{token}.new"
        draft.write_text(token)
        draft.rename(self._claim(digest))
        return token

    def append(self, digest: str, token: str, offset: int, chunk: bytes, size: int) -> int:
        """Writes at `offset`, which must be the end. The new end. Raises GatewayError offset, taken-over, too-long."""
        with self._locked(digest) as out:
            try:
                mine = self._claim(digest).read_text() == token
            except FileNotFoundError:
                mine = False
            if not mine:
                raise GatewayError(409, "taken-over", "a newer request continues this attachment")
            end = os.fstat(out).st_size
            if end != offset:
                raise GatewayError(409, "offset", "continue where Upload-Offset says", {"Upload-Offset": str(end)})
            if end + len(chunk) > size:
                raise GatewayError(413, "too-long", "the attachment is longer than its record says")
            _write(out, chunk)
            return end + len(chunk)

    def check(self, digest: str, size: int) -> bool:
        """Syncs and verifies a part; False when it is not all there, or was completed by another request meanwhile.

        Raises GatewayError digest-wrong: then it begins anew.
        """
        if self.offset(digest) != size:
            return False
        with self._locked(digest) as stream:
            if os.fstat(stream).st_size != size:
                return False
            os.fsync(stream)
            os.lseek(stream, 0, os.SEEK_SET)
            with open(stream, "rb", closefd=False) as reader:
                found = hashlib.file_digest(reader, "sha256").hexdigest()
            if found != digest:
                os.ftruncate(stream, 0)
                raise GatewayError(
                    422, "digest-wrong", "the bytes do not give the digest; send them again", {"Upload-Offset": "0"}
                )
        return True

    def replace(self, digest: str, pieces: Iterable[bytes]) -> bool:
        """Puts the whole bytes where the part is; False when they do not give the digest: then nothing is changed."""
        draft = self._directory / f"{check_digest(digest)}.{os.urandom(12).hex()}.new"
        found = hashlib.sha256()
        try:
            with draft.open("wb") as out:
                for piece in pieces:
                    found.update(piece)
                    out.write(piece)
            if found.hexdigest() != digest:
                return False
            with self._locked(digest):
                draft.rename(self.path(digest))
            return True
        finally:
            draft.unlink(missing_ok=True)

    def forget(self, digest: str) -> None:
        """It is whole and kept elsewhere."""
        for path in (self.path(digest), self._claim(digest)):
            path.unlink(missing_ok=True)

    def sweep(self) -> int:
        """Removes parts that have not been continued for long; how many."""
        edge = time.time() - KEPT_DAYS * 24 * 3600
        removed = 0
        for path in self._directory.iterdir():
            with suppress(FileNotFoundError):  # another process was faster
                if path.stat().st_mtime < edge:
                    path.unlink()
                    removed += 1
        return removed

    @contextmanager
    def _locked(self, digest: str) -> Iterator[int]:
        """The part's file, held exclusively."""
        path = self.path(digest)
        while True:
            stream = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                fcntl.flock(stream, fcntl.LOCK_EX)
                if _is_at(stream, path):  # else it was completed and taken away while we waited
                    yield stream
                    return
            finally:
                os.close(stream)


def _is_at(stream: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream), path.stat())
    except FileNotFoundError:
        return False


def _write(out: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(out, view) :]
