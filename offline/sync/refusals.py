# SPDX-License-Identifier: Apache-2.0
"""The gateway's no, and what the heads of its answers say of time: any bytes give a value, for a no is a no."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from offline.errors import AnswerDamaged, GatewayRefused
from offline.sync.strict_json import read_object

_CODE = re.compile(r"[a-z0-9-]{1,64}")
MOST_REFUSAL = 1024 * 1024  # bytes
MOST_WORDS = 500  # characters for people


def refused(status: int, headers: Mapping[str, str], body: bytes) -> GatewayRefused:
    """The error for an answer's parts. `headers` by their lower-case or case-insensitive names."""
    code, message = f"http-{status}", "the platform refused without a reason"
    try:
        match read_object(body, MOST_REFUSAL):
            case {"error": str(said), "message": str(words)} if _CODE.fullmatch(said):
                code, message = said, words[:MOST_WORDS]
    except AnswerDamaged:
        pass
    return GatewayRefused(code, message, status=status, retry_after=retry_after(headers.get("retry-after", "0")))


def retry_after(text: str) -> float:
    """Seconds, or an HTTP date (RFC 9110, 10.2.3); 0 where it is neither."""
    try:
        seconds = float(text)
    except ValueError:
        until = http_date(text)
        seconds = (until - datetime.now(UTC)).total_seconds() if until is not None else 0.0
    return max(0.0, seconds) if math.isfinite(seconds) else 0.0


def http_date(text: str) -> datetime | None:
    """With its offset; None where it is no date (RFC 9110, 5.6.7)."""
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
