# SPDX-License-Identifier: Apache-2.0
"""How much of an attachment one PATCH carries."""

from __future__ import annotations

FIRST_PIECE = 128 * 1024  # bytes of one PATCH while nothing is known of the link
LEAST_PIECE, MOST_PIECE = 16 * 1024, 4 * 1024 * 1024
PIECE_TIME = 30.0  # seconds of link time


def piece_size(rate: float, flows: int) -> int:
    """Bytes of the next PATCH: at most 30 s of link time, the link being shared by `flows`."""
    if rate <= 0:
        return FIRST_PIECE
    return int(max(LEAST_PIECE, min(MOST_PIECE, rate * PIECE_TIME / max(1, flows))))
