# SPDX-License-Identifier: Apache-2.0
"""The feed of a terminal: signed statements in the platform's order, from a cursor on.

Each feed has numbers of its own without gaps. Its head row is locked while it grows, so an entry never appears before
an earlier one: a terminal that has seen number n misses none below it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select

from contract.event_body import EventBody, decode_body, encode_body, seal_body
from contract.events import Event, KeyChange, Receipts, Statement, known_statement, sign_statement
from contract.sealing import SUITE_X25519, SealingKey
from gateway.clock import now_ms
from gateway.database.store import Store
from gateway.database.tables import event_bodies, feed, feed_heads, opened, terminals, waiting
from gateway.keys.generations import Generation, Keys
from gateway.publications import Publications

MOST = 500  # entries of one answer
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a feed, and where they end."""

    since: int
    cursor: int
    mark: str
    entries: tuple[str, ...]
    more: bool
    rewound: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and what it says to the person: sealed in the feed, kept beside it for the platform's own people."""

    event: Event
    body: EventBody


class Feeds:
    """Writes and reads feeds."""

    def __init__(self, store: Store, keys: Keys, publications: Publications, *, retention_days: int) -> None:
        self._store = store
        self._keys = keys
        self._publications = publications
        self._retention_ms = retention_days * _DAY_MS

    def append(self, db: Connection, terminal: int, statements: Sequence[Event | Receipts]) -> None:
        """Adds to a feed, signed; events get their number. Locks the feed until the transaction ends."""
        last = self._advance(db, terminal, len(statements))
        self._write(db, terminal, last, statements, self._keys.within(db))

    def tell(self, db: Connection, terminal: int, draft: Event, body: EventBody) -> Event:
        """Adds an event that says something to the person: sealed to the terminal for this very place of its feed,
        with a copy for the desk. Raises EventBodyError event-body-too-large."""
        seq = self._advance(db, terminal, 1)
        raw = db.execute(select(terminals.c.seal_key).where(terminals.c.terminal == terminal)).scalar_one()
        key = SealingKey(SUITE_X25519, bytes(raw))
        sealed = seal_body(body, key, terminal=terminal, tracking_code=draft.tracking_code, seq=seq)
        event = replace(draft, seq=seq, sealed=sealed)
        self._write(db, terminal, seq, [event], self._keys.within(db))
        if body:
            db.execute(insert(event_bodies).values(terminal=terminal, seq=seq, body=encode_body(body)))
        return event

    def announce(self, db: Connection, terminal: int, change: KeyChange, signer: Generation) -> None:
        """Adds new keys to a feed, under the signature of the generation before."""
        last = self._advance(db, terminal, 1)
        self._write(db, terminal, last, [change], signer)

    def _advance(self, db: Connection, terminal: int, count: int) -> int:
        statement = self._store.upsert(feed_heads).values(terminal=terminal, last=count)
        statement = statement.on_conflict_do_update(
            index_elements=[feed_heads.c.terminal], set_={"last": feed_heads.c.last + count}
        )
        last: int = db.execute(statement.returning(feed_heads.c.last)).scalar_one()
        return last

    def _write(
        self, db: Connection, terminal: int, last: int, statements: Sequence[Statement], signer: Generation
    ) -> None:
        first = last - len(statements) + 1
        numbered = [replace(s, seq=first + i) if isinstance(s, Event) else s for i, s in enumerate(statements)]
        db.execute(
            insert(feed),
            [
                {
                    "terminal": terminal,
                    "seq": first + i,
                    "tracking_code": s.tracking_code if isinstance(s, Event) else "",
                    "type": s.type if isinstance(s, Event) else type(s).__name__.lower(),
                    "statement": sign_statement(s, signer.sign),
                }
                for i, s in enumerate(numbered)
            ],
        )

    def answer(self, terminal: int, since: int, mark: str | None, limit: int) -> dict[str, Any]:
        """Answers GET /v1/feed."""
        with self._store.reading() as db:
            page = self.page(db, terminal, since, mark, limit)
            settled = self.settled(db, terminal)
            published = self._publications.published(db)
        return {
            "cursor": page.cursor,
            "mark": page.mark,
            "entries": list(page.entries),
            "more": page.more,
            "rewound": page.rewound,
            "settled": settled,
            **published,
        }

    def page(self, db: Connection, terminal: int, since: int, mark: str | None, limit: int) -> Page:
        """Entries after `since`. Where the entry at `since` is not the one the terminal has seen, from the beginning:
        then this database was restored from a backup."""
        limit = max(1, min(limit, MOST))
        rewound = since > 0 and mark is not None and self._mark(db, terminal, since) != mark
        if rewound:
            since = 0
        rows = db.execute(
            select(feed.c.seq, feed.c.statement)
            .where(feed.c.terminal == terminal, feed.c.seq > since)
            .order_by(feed.c.seq)
            .limit(limit + 1)
        ).all()
        kept = rows[:limit]
        cursor = kept[-1].seq if kept else since
        new_mark = mark_of(kept[-1].statement) if kept else self._mark(db, terminal, since)
        return Page(since, cursor, new_mark, tuple(r.statement for r in kept), len(rows) > limit, rewound)

    def last(self, db: Connection, terminal: int) -> int:
        """The number of the newest entry; 0 where there is none."""
        return int(db.execute(select(feed_heads.c.last).where(feed_heads.c.terminal == terminal)).scalar() or 0)

    def _mark(self, db: Connection, terminal: int, seq: int) -> str:
        if seq == 0:
            return ""
        statement = db.execute(select(feed.c.statement).where(feed.c.terminal == terminal, feed.c.seq == seq)).scalar()
        return mark_of(statement) if statement is not None else ""

    def settled(self, db: Connection, terminal: int) -> int:
        """The sequence up to which every record that came is opened, and older than the retention."""
        edge = now_ms() - self._retention_ms
        of_terminal = opened.c.terminal == terminal
        waits, young, last = db.execute(
            select(
                select(func.min(waiting.c.first_sequence)).where(waiting.c.terminal == terminal).scalar_subquery(),
                select(func.min(opened.c.sequence)).where(of_terminal, opened.c.received_ms > edge).scalar_subquery(),
                select(func.max(opened.c.sequence)).where(of_terminal).scalar_subquery(),
            )
        ).one()
        unsettled = [first - 1 for first in (waits, young) if first is not None]
        return max(min(unsettled, default=last or 0), 0)

    def events_of(self, db: Connection, tracking_code: str) -> list[Told]:
        """All events of a case, with what they say. Those of before bodies were sealed say it in clear."""
        if not tracking_code:
            return []
        rows = db.execute(
            select(feed.c.statement, event_bodies.c.body)
            .outerjoin(event_bodies, (event_bodies.c.terminal == feed.c.terminal) & (event_bodies.c.seq == feed.c.seq))
            .where(feed.c.tracking_code == tracking_code)
            .order_by(feed.c.seq)
        ).all()
        read = ((known_statement(row.statement), row.body) for row in rows)
        return [Told(s, _body(s, copy)) for s, copy in read if isinstance(s, Event)]


def _body(event: Event, copy: bytes | None) -> EventBody:
    return decode_body(bytes(copy)) if copy is not None else event.clear or EventBody()


def mark_of(statement: str) -> str:
    """By which a terminal and the platform see that they mean the same entry."""
    return hashlib.sha256(statement.encode()).hexdigest()[:16]
