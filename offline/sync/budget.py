# SPDX-License-Identifier: Apache-2.0
"""Bytes that may be spent: a daily budget and quiet hours for metered links. Records always go, attachments may wait.

Limits and use are small files beside the vault, so that staff may change them while the kiosk runs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from pathlib import Path

from offline.errors import OfflineError, disk_fault
from offline.files import write_whole

LIMITS, USED = "sync-limits.json", "sync-used.json"
WIRE = 1.04  # what IP and TCP headers and acknowledgements add to the bytes we count


@dataclass(frozen=True, slots=True)
class Limits:
    """`daily_bytes`: both directions together, None for no limit. `quiet`: attachments wait until it is lifted.
    `between`: attachments go only then ("22:00-06:00"), empty for any time."""

    daily_bytes: int | None = None
    quiet: bool = False
    between: str = ""

    def hours(self) -> tuple[time, time] | None:
        """Raises OfflineError limits-hours."""
        if not self.between:
            return None
        try:
            begins, ends = (time.fromisoformat(part.strip()) for part in self.between.split("-"))
        except ValueError as fault:
            raise OfflineError('give hours as "22:00-06:00"', "limits-hours") from fault
        return begins, ends


def load_limits(data: Path) -> Limits:
    """What staff set; a damaged file limits nothing."""
    try:
        values = json.loads((data / LIMITS).read_text("utf-8"))
        limits = Limits(**{name: values[name] for name in Limits.__slots__ if name in values})
        limits.hours()
    except (OSError, ValueError, TypeError, OfflineError):
        return Limits()
    return limits


def save_limits(data: Path, limits: Limits) -> None:
    """Raises OfflineError limits-hours."""
    limits.hours()
    write_whole(data / LIMITS, json.dumps(asdict(limits)).encode())


@dataclass(frozen=True, slots=True)
class Used:
    """Bytes of one local day."""

    day: str = ""
    bytes: int = 0


def load_used(data: Path, now: datetime) -> Used:
    """Today's use; nothing yet on a new day."""
    today = now.date().isoformat()
    try:
        values = json.loads((data / USED).read_text("utf-8"))
        used = Used(str(values["day"]), int(values["bytes"]))
    except (OSError, ValueError, TypeError, KeyError):
        return Used(today)
    return used if used.day == today else Used(today)


class Budget:
    """Counts what an exchange spends and says whether attachments may go on."""

    def __init__(self, data: Path, now: datetime) -> None:
        self._data = data
        self.limits = load_limits(data)
        self._used = load_used(data, now)
        self._counted = 0  # bytes of this exchange that belong to yesterday
        self._before = self._used.bytes
        self._saved = self._used

    @property
    def used(self) -> int:
        """Bytes of today."""
        return self._used.bytes

    @property
    def metered(self) -> bool:
        """Whether anything is limited here: then we also ask less often."""
        return self.limits != Limits()

    def spent(self, total: int, now: datetime) -> None:
        """`total`: bytes of this exchange so far, both directions."""
        today = now.date().isoformat()
        if self._used.day != today:
            self._used, self._before, self._counted = Used(today), 0, total
        self._used = replace(self._used, bytes=self._before + int((total - self._counted) * WIRE))

    def holds_back(self, now: datetime) -> str | None:
        """Why attachments wait: quiet, hours, budget; None when they may go."""
        if self.limits.quiet:
            return "quiet"
        if (hours := self.limits.hours()) and not _within(now.time(), *hours):
            return "hours"
        if self.limits.daily_bytes is not None and self._used.bytes >= self.limits.daily_bytes:
            return "budget"
        return None

    def save(self) -> None:
        """Keeps the count; a crash forgets at most what came since. Raises DiskFull, DiskReadOnly."""
        if self._used == self._saved:
            return
        draft = self._data / (USED + ".new")
        try:
            draft.write_text(json.dumps(asdict(self._used)), "utf-8")
            draft.rename(self._data / USED)
        except OSError as fault:
            raise disk_fault(fault) from fault
        self._saved = self._used


def _within(at: time, begins: time, ends: time) -> bool:
    return begins <= at < ends if begins <= ends else at >= begins or at < ends
