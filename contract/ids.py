# SPDX-License-Identifier: Apache-2.0
"""The ids of records: UUIDs of version 7 (RFC 9562, 5.7), ordered in time; 16 bytes in formats, text elsewhere."""

from __future__ import annotations

import os
import time


def uuid7(now_ms: int | None = None) -> str:
    """A fresh id that carries the time (milliseconds since 1970)."""
    stamp = int(time.time() * 1000) if now_ms is None else now_ms
    raw = bytearray(stamp.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    return id_text(bytes(raw))


def is_uuid7(raw: bytes) -> bool:
    """Whether 16 bytes are an id of ours."""
    return len(raw) == 16 and raw[6] >> 4 == 7 and raw[8] >> 6 == 2


def id_bytes(text: str) -> bytes:
    """The 16 bytes."""
    return bytes.fromhex(text.replace("-", ""))


def id_text(raw: bytes) -> str:
    """As text: 8-4-4-4-12 hex digits."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def id_time(text: str) -> int:
    """The milliseconds since 1970 in an id."""
    return int(text[:8] + text[9:13], 16)
