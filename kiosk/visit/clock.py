# SPDX-License-Identifier: Apache-2.0
"""The visit's clock: wall time for documents, a monotonic one for waiting."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Protocol


class VisitClock(Protocol):
    """Injected, so that tests move time by hand."""

    def now(self) -> datetime:
        """Wall time with its offset."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        ...


class MachineClock:
    """The computer's own."""

    def now(self) -> datetime:
        """Wall time with its offset."""
        return datetime.now().astimezone()

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()
