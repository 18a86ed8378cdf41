# SPDX-License-Identifier: Apache-2.0
"""How the exchange stands: for the desk, and in a small file that other processes may read while the kiosk runs."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

STATUS = "sync-status.json"


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the desk and the top band show. Bytes are of records and sealed attachments, without what has arrived of
    them; `seconds_left` is an estimate from what left lately, None where nothing is known or nothing moves.
    `held_back`: why attachments wait though the link is there (quiet, hours, budget)."""

    online: bool = False
    phase: str = "idle"
    waiting: int = 0
    attachments_waiting: int = 0
    bytes_left: int = 0
    last_contact: str | None = None
    problem: str | None = None
    parked: int = 0
    bytes_done: int = 0
    seconds_left: int | None = None
    rate: int = 0
    held_back: str | None = None
    bytes_today: int = 0
    skew: int = 0


def write_status(data: Path, state: SyncState, at: str) -> None:
    """Replaces the file as a whole; not synced: after a power cut the next exchange writes it anew."""
    draft = data / (STATUS + ".new")
    with suppress(OSError):
        draft.write_text(json.dumps({"at": at, **asdict(state)}), "utf-8")
        draft.rename(data / STATUS)


def read_status(data: Path) -> dict[str, Any] | None:
    """The last state that an engine wrote, with its time `at`; None where there is none."""
    try:
        found = json.loads((data / STATUS).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def estimate(bytes_left: int, rate: float) -> int | None:
    """Seconds for what is left, protocol overhead included."""
    if not bytes_left or rate < 50:
        return None
    return int(bytes_left * 1.01 / rate) + 1


class Throughput:
    """Bytes a second that left lately. What the kernel measures ends at the next box, which may take more than it
    passes on; what is handed over is held back by the whole way."""

    def __init__(self, over: float = 8.0) -> None:
        self._over = over
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, handed: int) -> None:
        """`handed`: bytes so far; an exchange begins at 0 again."""
        if self._seen and handed < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, handed))
        while len(self._seen) > 2 and self._seen[1][0] <= now - self._over:
            self._seen.popleft()

    def rate(self, otherwise: float) -> float:
        """`otherwise` where too little was seen."""
        (began, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if now - began >= 1.0 and last > first else otherwise


class Teller:
    """Calls the listener when the state changed, and writes the file."""

    def __init__(self, data: Path, listener: Callable[[SyncState], None] | None) -> None:
        self._data = data
        self._listener = listener
        self.state = SyncState()

    def tell(self, state: SyncState, at: str) -> None:
        """Only what is new."""
        if state == self.state:
            return
        self.state = state
        write_status(self._data, state, at)
        if self._listener is not None:
            self._listener(state)
