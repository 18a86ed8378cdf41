# SPDX-License-Identifier: Apache-2.0
"""What has left this terminal and what has not, in numbers. For both halves of the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """What has left and what has not. `bytes_waiting` counts records and attachments; times are ISO.

    The counts are of this terminal's own records; `carried_*` are of those that it took over from others' paper.
    """

    waiting: int
    sending: int
    delivered: int
    parked: int
    attachments_waiting: int
    bytes_waiting: int
    oldest_waiting_at: str | None
    last_contact: str | None
    online: bool
    carried_waiting: int = 0
    carried_delivered: int = 0
    carried_parked: int = 0
