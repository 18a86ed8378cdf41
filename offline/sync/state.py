# SPDX-License-Identifier: Apache-2.0
"""How the exchange stands: for the desk, and in a small file that other processes may read while the kiosk runs."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from offline.status_file import read_status_file, write_status_file

log = logging.getLogger(__name__)
STATUS = "sync-status.json"
RENEW = 10.0  # seconds after which a living engine says what it said once more
SILENT = 60.0  # seconds without that, after which it is dead or hangs


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the link is and what is being done; what waits is the store's to say (`OutboxStatus`).

    `bytes_left` are of records and sealed attachments, without what has arrived of them; `seconds_left` is an estimate
    from what left lately, None where nothing is known or nothing moves. `held_back`: why attachments wait though the
    link is there (quiet, hours, budget). `renewed`: when it was last said, on the machine's monotonic clock, which all
    its processes share.
    """

    online: bool = False
    phase: str = "idle"
    bytes_left: int = 0
    last_contact: str | None = None
    problem: str | None = None
    bytes_done: int = 0
    seconds_left: int | None = None
    rate: int = 0
    held_back: str | None = None
    bytes_today: int = 0
    skew: int = 0
    renewed: float = field(default=0.0, compare=False)

    def is_silent(self, now: float) -> bool:
        """Whether whoever should renew it is dead or hangs, at `now` of the machine's monotonic clock: then nothing
        here is true any more but `problem`. A state of before the machine's last start is from the future."""
        return not 0 <= now - self.renewed < SILENT


@dataclass(frozen=True, slots=True)
class Written:
    """The last state that an engine wrote, its time in ISO, and whether the program that did still runs."""

    state: SyncState
    at: str
    alive: bool


def read_status(data: Path) -> Written | None:
    """None where no engine has written yet."""
    found = read_status_file(data / STATUS) or {}
    known = {each.name: found[each.name] for each in fields(SyncState) if each.name in found}
    if not known:
        return None
    return Written(SyncState(**known), str(found.get("at", "")), _runs(found.get("pid")))


def _runs(pid: object) -> bool:
    return isinstance(pid, int) and Path(f"/proc/{pid}").exists()


class Teller:
    """Calls the listener when the state changed or was not renewed for `RENEW` seconds, and writes the file."""

    def __init__(self, data: Path, listener: Callable[[SyncState], None] | None) -> None:
        self._data = data
        self._listener = listener
        self._at = ""
        self.state = SyncState()

    def tell(self, state: SyncState, at: str) -> None:
        """`at` in ISO. A listener that fails is our bug; it ends no exchange."""
        self._at = at
        now = time.monotonic()
        if state == self.state and now - self.state.renewed < RENEW:
            return
        self.state = state = replace(state, renewed=now)
        self._write(at)
        if self._listener is not None:
            try:
                self._listener(state)
            except Exception:
                log.exception("who listens to the exchange failed")

    def begin(self, at: str) -> None:
        """The engine begins to report now."""
        self.state = replace(self.state, renewed=time.monotonic())
        self._write(at)

    def _write(self, at: str) -> None:
        write_status_file(self._data / STATUS, {"at": at, "pid": os.getpid(), **asdict(self.state)})

    def renew(self) -> None:
        """Nothing changed, and the thread lives."""
        self.tell(self.state, self._at)
