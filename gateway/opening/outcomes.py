# SPDX-License-Identifier: Apache-2.0
"""What became of a record that was opened, as the row and the event that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.events import Event
from contract.record import Record
from gateway.clock import said


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one record: what is in it, or the code by which it is refused."""

    record: Record
    received_ms: int
    payload: bytes = b""
    impl_code: str = ""
    applicant: str = ""
    refusal: str = ""


def opened_row(outcome: Outcome, case_number: str) -> dict[str, Any]:
    """The row of `opened`."""
    header = outcome.record.header
    return {
        "id": header.id, "terminal": header.terminal, "sequence": header.sequence, "kind": header.kind,
        "tracking_code": header.tracking_code, "item": header.item, "digest": outcome.record.digest,
        "payload": outcome.payload, "applicant": outcome.applicant, "case_number": case_number,
        "state": "refused" if outcome.refusal else "received", "refusal": outcome.refusal,
        "received_ms": outcome.received_ms,
    }  # fmt: skip


def event_of(outcome: Outcome, case_number: str) -> Event:
    """What the terminal hears in its feed."""
    header = outcome.record.header
    kind = "refused" if outcome.refusal else "received"
    at = said(outcome.received_ms)
    return Event(0, header.id, header.tracking_code, kind, at, case_number, outcome.refusal)
