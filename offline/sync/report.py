# SPDX-License-Identifier: Apache-2.0
"""What one exchange did."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class SyncReport:
    """Bytes are of bodies, except `wire_up` and `wire_down` (heads included). `cuts` counts flows that died with
    something under way and were gone on with elsewhere. `problem` says why it ended early."""

    records_sent: int = 0
    duplicates: int = 0
    refused: int = 0
    attachments_sent: int = 0
    bytes_sent: int = 0
    bytes_payload: int = 0
    wire_up: int = 0
    wire_down: int = 0
    events: int = 0
    cuts: int = 0
    problem: str | None = None
    retry_after: float = 0.0
    held_back: str | None = None
    parked: list[str] = field(default_factory=list)
