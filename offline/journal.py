# SPDX-License-Identifier: Apache-2.0
"""The audit journal: append-only lines, each with the hash of the one before; no personal data."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)
_START = "0" * 64
_TAIL = 64 * 1024  # bytes from the end in which the last whole line is looked for


class Journal:
    """Lines {"n", "at", "event", "facts", "before", "hash"} in journal.log.

    A line torn by a power cut is cut off at opening: it would look like tampering. So is one that a full disk left
    half written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._number, self._hash, self._end = self._last()

    def _last(self) -> tuple[int, str, int]:
        """Number and hash of the last whole line, and where it ends."""
        try:
            with self._path.open("rb") as stream:
                start = max(0, stream.seek(0, 2) - _TAIL)
                stream.seek(start)
                tail = stream.read()
        except FileNotFoundError:
            return 0, _START, 0
        end = len(tail)
        while (end := tail.rfind(b"\n", 0, end)) >= 0:
            try:
                entry = json.loads(tail[tail.rfind(b"\n", 0, end) + 1 : end])
                return int(entry["n"]), str(entry["hash"]), start + end + 1
            except (ValueError, KeyError, TypeError):
                continue
        return 0, _START, start + len(tail) if start else 0

    def _open(self) -> int:
        if self._handle is None:
            self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            if os.fstat(self._handle).st_size > self._end:
                log.info("the journal's last line was torn: it is cut off")
                os.ftruncate(self._handle, self._end)
        return self._handle

    def close(self) -> None:
        """Lets go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def write(self, at: datetime, event: str, **facts: str | int | bool) -> None:
        """Adds a line. A full disk loses journal lines, never the visit."""
        entry = {"n": self._number + 1, "at": at.isoformat(timespec="seconds"), "event": event, "facts": facts}
        entry["before"] = self._hash
        digest = hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        line = (json.dumps(entry | {"hash": digest}, ensure_ascii=False) + "\n").encode()
        try:
            handle = self._open()
            if os.pwrite(handle, line, self._end) < len(line):
                raise OSError(0, "only a part could be written")
        except OSError as fault:
            log.warning("the journal could not be written: %s", fault.strerror)
            with suppress(OSError):
                os.truncate(self._path, self._end)
            return
        self._number, self._hash, self._end = self._number + 1, digest, self._end + len(line)

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last line."""
        return self._number, self._hash


def verify_journal(path: Path) -> int:
    """How many lines stand in an unbroken chain from the first; fewer than there are means it was tampered with."""
    before, count = _START, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            digest = entry.pop("hash")
        except (ValueError, KeyError):
            break
        made = hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        if entry.get("before") != before or made != digest:
            break
        before, count = digest, count + 1
    return count
