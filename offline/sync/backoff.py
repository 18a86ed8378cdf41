# SPDX-License-Identifier: Apache-2.0
"""When to try again: briskly while the link may only have blinked, then ever more rarely, never all at once."""

from __future__ import annotations

import random

PATIENCE = 10.0  # seconds without a sign of the platform, connecting briskly, before an exchange is given up
BACKOFF_FROM, BACKOFF_TO = 2.0, 300.0  # seconds


def backoff(failures: int, rng: random.Random, retry_after: float = 0.0) -> float:
    """Seconds until the next exchange: full jitter; never sooner than the platform asked for, and spread after that."""
    wait = rng.uniform(0.5, min(BACKOFF_TO, BACKOFF_FROM * 2 ** min(failures, 12)))
    if retry_after > 0:
        asked = min(retry_after, BACKOFF_TO)
        wait = max(wait, asked * rng.uniform(1.0, 1.5))
    return wait
