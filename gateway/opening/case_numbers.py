# SPDX-License-Identifier: Apache-2.0
"""The numbers that the platform gives to cases."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from gateway.clock import now_said
from gateway.database.store import Store
from gateway.database.tables import case_serials
from gateway.opening.outcomes import Outcome


def case_numbers(db: Connection, store: Store, outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Implementation code, day, serial of four digits (domain practice; issued by the platform only)."""
    day = now_said()[:10].replace("-", "")
    by_prefix: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.impl_code and not outcome.refusal:
            by_prefix.setdefault(outcome.impl_code + day, []).append(outcome.record.header.id)
    numbers: dict[str, str] = {}
    for prefix, ids in sorted(by_prefix.items()):
        count = len(ids)
        statement = store.upsert(case_serials).values(prefix=prefix, last=count)
        statement = statement.on_conflict_do_update(
            index_elements=[case_serials.c.prefix], set_={"last": case_serials.c.last + count}
        )
        last = db.execute(statement.returning(case_serials.c.last)).scalar_one()
        numbers |= {record_id: f"{prefix}{last - count + 1 + i:04d}" for i, record_id in enumerate(ids)}
    return numbers
