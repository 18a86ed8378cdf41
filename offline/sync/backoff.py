# SPDX-License-Identifier: Apache-2.0
"""When to try again: briskly while the link may only have blinked, then ever more rarely, never all at once."""

from __future__ import annotations

import random

PATIENCE = 10.0  # seconds without a sign of the platform, connecting briskly, before an exchange is given up
SYN_GAP = 1.0  # seconds between two attempts of one flow to connect
BACKOFF_FROM, BACKOFF_TO = 2.0, 300.0  # seconds


def backoff(failures: int, rng: random.Random, retry_after: float = 0.0) -> float:
    """Seconds until the next exchange: full jitter; never sooner than the platform asked for, and spread after that."""
    wait = rng.uniform(0.5, min(BACKOFF_TO, BACKOFF_FROM * 2 ** min(failures, 12)))
    if retry_after > 0:
        asked = min(retry_after, BACKOFF_TO)
        wait = max(wait, asked * rng.uniform(1.0, 1.5))
    return wait


class Dialer:
    """Paces attempts to connect: one a second for each flow that wants a connection, spread evenly over the second."""

    MOST = 6  # attempts under way at once

    def __init__(self) -> None:
        self._last = 0.0
        self._not_before = 0.0

    def due(self, now: float, wanted: int, attempts: int) -> bool:
        """Whether to begin another attempt, with `attempts` already under way for `wanted` flows."""
        if wanted <= 0 or attempts >= self.MOST or now < self._not_before:
            return False
        return attempts < wanted or now - self._last >= SYN_GAP / wanted

    def began(self, now: float) -> None:
        """An attempt is under way."""
        self._last = now

    def failed(self, now: float, wanted: int) -> None:
        """An attempt was refused, or what it gave broke at once."""
        self._not_before = now + SYN_GAP / max(1, wanted)

    def at_once(self) -> None:
        """The network changed: do not wait."""
        self._last = self._not_before = 0.0
