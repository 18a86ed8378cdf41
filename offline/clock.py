# SPDX-License-Identifier: Apache-2.0
"""The time, injected, so that tests and wrong clocks are possible."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

JUMP = 120.0  # seconds by which the wall clock may stray from the other one before it is not believed


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The wall clock, with offset."""

    def monotonic(self) -> float:
        """Seconds that only go forward."""


class SystemClock:
    """This machine's clocks."""

    def now(self) -> datetime:
        """The wall clock with the machine's offset."""
        return datetime.now(UTC).astimezone()

    def monotonic(self) -> float:
        """time.monotonic()."""
        return time.monotonic()


class ClockWatch:
    """Notices a wall clock that was set, or that is behind what was already written."""

    def __init__(self, clock: Clock, last_written: datetime | None) -> None:
        self._clock = clock
        self._last_written = last_written
        self._base = clock.now().timestamp() - clock.monotonic()

    def jumped(self) -> bool:
        """Whether it jumped since it was last asked; at the first time also: whether it stands before the last
        record."""
        now = self._clock.now()
        base = now.timestamp() - self._clock.monotonic()
        behind = self._last_written is not None and (self._last_written - now).total_seconds() > JUMP
        jumped = abs(base - self._base) > JUMP
        self._base, self._last_written = base, None
        return jumped or behind
