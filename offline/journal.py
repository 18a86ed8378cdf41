# SPDX-License-Identifier: Apache-2.0
"""The audit journal: append-only lines, each with the hash of the one before; no personal data."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)
_START = "0" * 64


class Journal:
    """Lines {"n", "at", "event", "facts", "before", "hash"} in journal.log."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number, self._hash = self._last()

    def _last(self) -> tuple[int, str]:
        try:
            with self._path.open("rb") as stream:
                stream.seek(0, 2)
                stream.seek(max(0, stream.tell() - 8192))
                lines = stream.read().splitlines()
        except FileNotFoundError:
            return 0, _START
        for line in reversed(lines):
            try:
                entry = json.loads(line)
                return int(entry["n"]), str(entry["hash"])
            except (ValueError, KeyError, TypeError):
                continue  # a line torn by a power cut
        return 0, _START

    def write(self, at: datetime, event: str, **facts: str | int | bool) -> None:
        """Adds a line. A full disk loses journal lines, never the visit."""
        entry = {"n": self._number + 1, "at": at.isoformat(timespec="seconds"), "event": event, "facts": facts}
        entry["before"] = self._hash
        digest = hashlib.sha256(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        line = json.dumps(entry | {"hash": digest}, ensure_ascii=False) + "\n"
        try:
            with self._path.open("a", encoding="utf-8") as out:
                out.write(line)
        except OSError as fault:
            log.warning("the journal could not be written: %s", fault.strerror)
            return
        self._number, self._hash = self._number + 1, digest

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
