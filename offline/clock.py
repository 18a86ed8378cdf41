# SPDX-License-Identifier: Apache-2.0
"""The time, injected, so that tests and wrong clocks are possible."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


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
