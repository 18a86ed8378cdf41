# SPDX-License-Identifier: Apache-2.0
"""When to try again: briskly while the link may only have blinked, then ever more rarely, never all at once."""

from __future__ import annotations

import random

PATIENCE = 10.0  # seconds without a sign of the platform, connecting briskly, before an exchange is given up
BACKOFF_FROM, BACKOFF_TO = 2.0, 300.0  # seconds
SPREAD = 4  # times what the platform asked for, at most


def backoff(failures: int, rng: random.Random, retry_after: float = 0.0) -> float:
    """Seconds until the next exchange: full jitter.

    Where the platform said when, it knows how long its queue is: never sooner, and spread after that, the wider the
    more often we were sent away; but not ever more rarely, else the last of a fleet come when it has long been idle.
    """
    if retry_after > 0:
        return min(retry_after * rng.uniform(1.0, 0.5 + min(failures, SPREAD)), BACKOFF_TO * 1.5)
    return rng.uniform(0.5, min(BACKOFF_TO, BACKOFF_FROM * 2 ** min(failures, 12)))
