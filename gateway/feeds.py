# SPDX-License-Identifier: Apache-2.0
"""The feed of a terminal: signed receipts and events in the platform's order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from contract.events import Event, known_statement, sign_statement
from gateway.keys import Keys
from gateway.shelf import Shelf
from gateway.store import Store, feed

MOST = 500


class Feeds:
    """Writes and reads feeds."""

    def __init__(self, store: Store, keys: Keys, shelf: Shelf) -> None:
        self._store = store
        self._keys = keys
        self._shelf = shelf

    def add(self, db: Connection, terminal: int, event: Event) -> Event:
        """Appends an event; its `seq` is the feed's."""
        done = db.execute(
            insert(feed).values(
                terminal=terminal, tracking_code=event.tracking_code, type=event.type, at=event.at, statement=""
            )
        )
        assert done.inserted_primary_key is not None
        numbered = replace(event, seq=int(done.inserted_primary_key[0]))
        statement = sign_statement(numbered, self._keys.sign)
        db.execute(update(feed).where(feed.c.seq == numbered.seq).values(statement=statement))
        return numbered

    def add_receipt(self, db: Connection, terminal: int, tracking_code: str, at: str, statement: str) -> None:
        """Appends a receipt."""
        db.execute(
            insert(feed).values(
                terminal=terminal, tracking_code=tracking_code, type="receipt", at=at, statement=statement
            )
        )

    def answer(self, terminal: int, since: int, limit: int) -> dict[str, Any]:
        """Answers GET /v1/feed."""
        limit = max(1, min(limit, MOST))
        with self._store.transaction() as db:
            rows = db.execute(
                select(feed.c.seq, feed.c.statement)
                .where(feed.c.terminal == terminal, feed.c.seq > since)
                .order_by(feed.c.seq)
                .limit(limit + 1)
            ).all()
        catalogue = self._shelf.current()
        calendar_hash, calendar = self._shelf.calendar()
        kept = rows[:limit]
        return {
            "cursor": kept[-1].seq if kept else since,
            "entries": [row.statement for row in kept],
            "more": len(rows) > limit,
            "catalogue": {"version": catalogue.version, "content_hash": catalogue.content_hash},
            "calendar": {"version": calendar["version"], "content_hash": calendar_hash},
        }

    def events_of(self, tracking_code: str) -> list[Event]:
        """All events of a case."""
        with self._store.transaction() as db:
            rows = db.execute(
                select(feed.c.statement)
                .where(feed.c.tracking_code == tracking_code, feed.c.type != "receipt")
                .order_by(feed.c.seq)
            ).scalars()
            statements = [known_statement(text) for text in rows]
        return [s for s in statements if isinstance(s, Event)]
