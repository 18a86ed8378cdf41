# SPDX-License-Identifier: Apache-2.0
"""The queue of records that wait to be opened: leased by row, and set apart after a fault."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from contract.ids import id_bytes, id_text
from gateway.clock import now_ms
from gateway.database.store import Store
from gateway.database.tables import records, waiting
from gateway.keys.generations import Keys

LEASE_MS = 30_000  # after which a row whose worker died is taken by another
_ID = 16
_LONGEST_PAUSE_MS = 3600 * 1000


@dataclass(frozen=True, slots=True)
class Leased:
    """A row of the queue that is ours until its lease runs out."""

    number: int
    terminal: int
    ids: list[str]
    first_sequence: int
    attempts: int


class Queue:
    """The rows of `waiting`, each with records of one terminal. Any number of processes may lease from it at once."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def waiting(self) -> int:
        """How many records are in custody and not opened yet."""
        with self._store.reading() as db:
            return int(db.execute(select(func.coalesce(func.sum(waiting.c.count), 0))).scalar_one())

    def retry(self) -> None:
        """What was set apart is looked at again at once: what it lacked may be here now."""
        with self._store.transaction() as db:
            db.execute(update(waiting).where(waiting.c.attempts > 0).values(leased_until_ms=0))

    def lease(self) -> Leased | None:
        """The oldest row whose lease is free, None when there is none. Raises GatewayError keys-away."""
        now = now_ms()
        with self._store.reading() as db:
            if db.execute(select(waiting.c.number).where(waiting.c.leased_until_ms < now).limit(1)).first() is None:
                return None
        with self._store.transaction() as db:
            found = db.execute(
                self._store.skipping_locked(
                    select(waiting).where(waiting.c.leased_until_ms < now).order_by(waiting.c.number).limit(1)
                )
            ).first()
            if found is None:
                return None
            self._keys.within(db)  # before anything is leased: without it no outcome could be signed
            db.execute(
                update(waiting)
                .where(waiting.c.number == found.number)
                .values(leased_until_ms=now + LEASE_MS, attempts=found.attempts + 1)
            )
        raw = bytes(found.ids)
        ids = [id_text(raw[i : i + _ID]) for i in range(0, len(raw), _ID)]
        return Leased(found.number, found.terminal, ids, found.first_sequence, found.attempts + 1)

    def raws(self, row: Leased) -> list[tuple[bytes, int]]:
        """The bytes of its records, each with when it was received."""
        with self._store.reading() as db:
            rows = db.execute(
                select(records.c.raw, records.c.received_ms).where(records.c.id.in_(row.ids)).order_by(records.c.id)
            ).all()
        return [(bytes(r.raw), r.received_ms) for r in rows]

    def set_apart(self, row: Leased) -> None:
        """After a fault of ours: each record gets its own row, and longer pauses, so that one cannot hold up others."""
        pause = min(LEASE_MS * 2**row.attempts, _LONGEST_PAUSE_MS)
        with self._store.transaction() as db:
            if db.execute(delete(waiting).where(waiting.c.number == row.number)).rowcount == 0:
                return
            db.execute(
                insert(waiting),
                [
                    {
                        "terminal": row.terminal, "first_sequence": row.first_sequence, "count": 1, "ids": id_bytes(i),
                        "leased_until_ms": now_ms() + pause if len(row.ids) == 1 else 0, "attempts": row.attempts,
                    }
                    for i in row.ids
                ],
            )  # fmt: skip
