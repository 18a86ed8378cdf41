# SPDX-License-Identifier: Apache-2.0
"""A case as a person may look it up. For both halves of the store: it knows no database."""

from __future__ import annotations

from dataclasses import dataclass

from contract.events import Event


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the resident may look it up, offline too. `state` follows from the platform's events; what they say
    to the person is still sealed in them."""

    tracking_code: str
    item_id: str
    item_name: str
    applicant_masked: str
    confirmed_at: str
    state: str
    record_id: str
    case_number: str | None
    received_at: str | None
    events: tuple[Event, ...]
    outbox: str
    parked_reason: str
    locked_name: bytes = b""
    """The masked name as the visit locked it; unlocked, it stands in `applicant_masked`."""
