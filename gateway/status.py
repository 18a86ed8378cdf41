# SPDX-License-Identifier: Apache-2.0
"""`doorstep gateway status`: what works as seen from this command, and what waits to be opened by any process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from contract.ids import id_text
from gateway.clock import now_ms, said
from gateway.database.tables import records, waiting
from gateway.http.health import attachments_part, condition, core_code
from gateway.platform import Platform

_ID = 16  # bytes


@dataclass(frozen=True, slots=True)
class Status:
    """`code`: what keeps records from being taken in, empty when nothing does. Counts are of records.

    `apart`: lack something here, a key or a dictionary, or met a fault of ours; tried again with growing pauses.
    `due_since`: when the oldest came that any opener might take now; empty when there is none.
    """

    code: str
    parts: dict[str, str]
    waiting: int
    apart: int
    due_since: str

    @property
    def well(self) -> bool:
        """Whether nothing is away."""
        return not self.code and "away" not in self.parts.values()

    def to_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "error": self.code, "parts": self.parts, "waiting": self.waiting, "set_apart": self.apart,
            "due_since": self.due_since,
        }  # fmt: skip

    def words(self) -> str:
        """For people."""
        lines = [f"{name:<12} {how}" for name, how in self.parts.items()]
        count = f"{self.waiting} records"
        if self.apart:
            count += f", {self.apart} of them set apart (see the log of what opens)"
        if self.due_since:
            count += f"; the oldest that could be opened now came {self.due_since}"
        return "\n".join([*lines, f"{'waiting':<12} {count}"])


def status_of(platform: Platform) -> Status:
    """Looks at the parts and at the queue. Raises one of DATABASE_AWAY."""
    found = condition(platform, core_code(platform), attachments_part(platform))
    parts = {name: how for name, how in found.parts.items() if name != "opener"}  # this process opens nothing
    now = now_ms()
    with platform.store.reading() as db:
        count, apart = db.execute(
            select(
                func.coalesce(func.sum(waiting.c.count), 0),
                func.coalesce(
                    func.sum(waiting.c.count).filter(waiting.c.attempts > 0, waiting.c.leased_until_ms >= now), 0
                ),
            )
        ).one()
        first = db.execute(
            select(waiting.c.ids).where(waiting.c.leased_until_ms < now).order_by(waiting.c.number).limit(1)
        ).scalar()
        came = None
        if first is not None:
            record_id = id_text(bytes(first)[:_ID])
            came = db.execute(select(records.c.received_ms).where(records.c.id == record_id)).scalar()
    return Status(found.code, parts, int(count), int(apart), "" if came is None else said(came))
