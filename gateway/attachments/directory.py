# SPDX-License-Identifier: Apache-2.0
"""Whole attachments as files in one directory."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from gateway.attachments.blobs import away, missing
from gateway.attachments.partials import check_digest


class DirectoryBlobs:
    """Files named by their digest, below a folder of its first two digits."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with suppress(OSError):  # it may be on a disk that is not there yet; `check` says so
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, digest: str) -> Path:
        return self._directory / check_digest(digest)[:2] / digest

    def check(self) -> None:
        """Looks whether files can be put there."""
        if not os.access(self._directory, os.R_OK | os.W_OK | os.X_OK):
            raise away()

    def keep(self, digest: str, path: Path) -> None:
        """Renames where it can, copies where the directory is on another file system."""
        path.stat()
        try:
            self._take_over(self._path(digest), path)
        except FileNotFoundError as fault:
            if not path.exists():
                raise
            raise away() from fault
        except OSError as fault:
            raise away() from fault

    def _take_over(self, target: Path, path: Path) -> None:
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            _sync(self._directory)
        if os.stat(target.parent).st_dev == os.stat(path).st_dev:
            path.rename(target)
        else:
            draft = target.with_suffix(f".{os.urandom(8).hex()}.new")
            try:
                with path.open("rb") as source, draft.open("wb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
                    out.flush()
                    os.fsync(out.fileno())
                draft.rename(target)
            except OSError:
                with suppress(OSError):
                    draft.unlink()
                raise
        _sync(target.parent)
        path.unlink(missing_ok=True)

    def open(self, digest: str) -> BinaryIO:
        """The file."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            self.check()
            raise missing() from None
        except OSError as fault:
            raise away() from fault

    def has(self, digest: str) -> bool:
        """Whether the file is there."""
        try:
            found = stat.S_ISREG(self._path(digest).stat().st_mode)
        except FileNotFoundError:
            self.check()
            return False
        except OSError as fault:
            raise away() from fault
        return found


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
