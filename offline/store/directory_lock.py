# SPDX-License-Identifier: Apache-2.0
"""One program at a time works with a data directory."""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import suppress
from pathlib import Path

from offline.errors import DataDirInUse, DiskReadOnly


class DirectoryLock:
    """Held until `close`; its file says by which program. Raises DataDirInUse, DiskReadOnly."""

    def __init__(self, data: Path) -> None:
        try:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = (data / "lock").open("a")
        except OSError as fault:
            raise DiskReadOnly(f"the data directory cannot be written: {fault.strerror}") from fault
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            self._file.close()
            raise DataDirInUse(_in_use(data)) from fault
        self._sign_lock()

    def close(self) -> None:
        """Another program may have it."""
        self._file.close()

    def _sign_lock(self) -> None:
        """Says to others who has the directory: only words, so a disk that does not take them stops nobody."""
        words = f"{os.getpid()} {' '.join(sys.argv[1:2])}".encode(errors="replace")
        with suppress(OSError):
            os.ftruncate(self._file.fileno(), 0)
            os.write(self._file.fileno(), words)


def _in_use(data: Path) -> str:
    """Which program has the directory, and what to do."""
    try:
        pid, _, words = (data / "lock").read_text("utf-8").partition(" ")
    except (OSError, UnicodeDecodeError):
        pid, words = "", ""
    who = f"process {pid} (doorstep {words.strip()})" if pid.isdigit() else "another program"
    return f"{who} works with {data}; let it end or stop it, then try again"
