# SPDX-License-Identifier: Apache-2.0
"""New platform keys: announced in every feed under the old signature, in the transaction that puts them in force."""

from __future__ import annotations

from sqlalchemy import select

from contract.events import KeyChange
from contract.sealing import SUITE_X25519
from gateway.clock import now_said
from gateway.database.store import Store
from gateway.database.tables import settings, terminals
from gateway.feeds import Feeds
from gateway.keys.generations import ACTIVE, Generation, Keys


def rotate_keys(store: Store, keys: Keys, feeds: Feeds, *, suite: int = SUITE_X25519) -> Generation:
    """Makes a generation and puts it in force; `suite` is what terminals shall seal by from now on.

    Old private keys stay: what was sealed to them still opens. Stopped half-way, nothing has changed.
    """
    with store.transaction() as db:
        store.lock(db, "terminals")
        before = keys.within(db)
        number = keys.newest + 1
        keys.make(number, suite)
        fresh = keys.generation(number)
        change = KeyChange(fresh.public, now_said())
        numbers = db.execute(select(terminals.c.terminal).order_by(terminals.c.terminal)).scalars().all()
        for terminal in numbers:
            feeds.announce(db, terminal, change, before)
        db.execute(
            store.upsert(settings)
            .values(name=ACTIVE, value=str(number))
            .on_conflict_do_update(index_elements=[settings.c.name], set_={"value": str(number)})
        )
    return fresh
