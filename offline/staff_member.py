# SPDX-License-Identifier: Apache-2.0
"""Who may unlock a terminal, and how a PIN is hashed. For both halves of the store."""

from __future__ import annotations

from dataclasses import dataclass

SALT, HASH = 16, 64  # bytes
COST, BLOCK, LANES = 2**14, 8, 1  # scrypt's n, r and p (RFC 7914)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff who may unlock the terminal."""

    staff_id: str
    name: str
