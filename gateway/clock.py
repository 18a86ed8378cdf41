# SPDX-License-Identifier: Apache-2.0
"""The platform's time, as it is kept (milliseconds since 1970) and as it is said (ISO 8601, UTC)."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Now."""
    return time.time_ns() // 1_000_000


def said(ms: int) -> str:
    """A kept time in words, to the second."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")


def now_said() -> str:
    """Now, in words."""
    return said(now_ms())
