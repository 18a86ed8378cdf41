# SPDX-License-Identifier: Apache-2.0
"""Opening what is in custody: signature, seal, the item's check; then a case number and an event in the feed.

A row of the queue is leased, its records are opened without holding anything, and the outcome is written in one
transaction that also takes the row away. Killed anywhere, the row is leased again later and the outcome is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import delete, insert, select

from contract.record import Record
from gateway.database.store import Store
from gateway.database.tables import opened, waiting
from gateway.errors import DATABASE_AWAY, GatewayError
from gateway.feeds import Feeds
from gateway.keys.generations import Keys
from gateway.opening.case_numbers import case_numbers
from gateway.opening.judging import Judge, NotYetError
from gateway.opening.outcomes import Outcome, event_of, opened_row
from gateway.opening.queue import Leased, Queue
from gateway.publications import Publications

log = logging.getLogger(__name__)


class Opening:
    """Works the queue off. Any number of workers may do so at once."""

    def __init__(self, store: Store, keys: Keys, publications: Publications, feeds: Feeds) -> None:
        self._store = store
        self._keys = keys
        self._queue = Queue(store, keys)
        self._judge = Judge(store, keys, publications)
        self._feeds = feeds
        self._keys_known = 0

    def waiting(self) -> int:
        """How many records are in custody and not opened yet."""
        return self._queue.waiting()

    def drain(self) -> int:
        """Opens until nothing is left to be leased; how many."""
        total = 0
        while done := self.open_some():
            total += done
        return total

    def retry(self) -> None:
        """What was set apart is looked at again at once: what it lacked may be here now."""
        self._queue.retry()

    def open_some(self, breathe: Callable[[], None] = lambda: None) -> int:
        """Opens one row of the queue; how many records that were, 0 when there is nothing to do.

        `breathe` is called between records. Raises one of DATABASE_AWAY, or GatewayError keys-away: then nothing can be
        signed here, and the queue is left as it is.
        """
        self._note_keys()
        row = self._queue.lease()
        if row is None:
            return 0
        try:
            outcomes = []
            for raw, received_ms in self._queue.raws(row):
                outcomes.append(self._judge.judge(Record.decode(raw), received_ms))
                breathe()
            self._write(row, outcomes)
        except (*DATABASE_AWAY, GatewayError):
            raise
        except NotYetError as fault:
            log.warning("records of terminal %d wait in custody: %s", row.terminal, fault)
            self._queue.set_apart(row)
        except Exception:
            log.exception("records of terminal %d cannot be opened now; they stay in custody", row.terminal)
            self._queue.set_apart(row)
        return len(row.ids)

    def _note_keys(self) -> None:
        """Keys that were put here while this process runs: what waits for one waits no longer."""
        count = self._keys.count
        if count > self._keys_known > 0:
            self.retry()
        self._keys_known = count

    def _write(self, row: Leased, outcomes: Sequence[Outcome]) -> None:
        with self._store.transaction() as db:
            gone = db.execute(delete(waiting).where(waiting.c.number == row.number)).rowcount == 0
            if gone:  # our lease ran out and another worker was faster
                return
            ids = [o.record.header.id for o in outcomes]
            known = set(db.execute(select(opened.c.id).where(opened.c.id.in_(ids))).scalars())
            fresh = [o for o in outcomes if o.record.header.id not in known]
            if not fresh:
                return
            numbers = case_numbers(db, self._store, fresh)
            db.execute(insert(opened), [opened_row(o, numbers.get(o.record.header.id, "")) for o in fresh])
            self._feeds.append(db, row.terminal, [event_of(o, numbers.get(o.record.header.id, "")) for o in fresh])
