# SPDX-License-Identifier: Apache-2.0
"""The return of a stick: receipts, news and publications for one terminal, in a file that is whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from contract.returns import Return, build_return
from contract.sealing import SUITE_X25519, SealingKey
from gateway.clock import now_ms
from gateway.database.tables import terminals
from gateway.platform import Platform

_MOST_ENTRIES = 20_000  # of one return, the newest: what is older came with the sticks before
_PAGE = 500


def write_return(platform: Platform, terminal: int, target: Path, receipts: list[str]) -> bool:
    """Writes it; False for a terminal that is not enrolled here. Raises OSError.

    `receipts` (also for records of others that this terminal carried) go last: under the newest key, which the
    feed may have to announce first."""
    with platform.store.reading() as db:
        raw = db.execute(select(terminals.c.seal_key).where(terminals.c.terminal == terminal)).scalar()
        if raw is None:
            return False
        since = max(0, platform.feeds.last(db, terminal) - _MOST_ENTRIES)
        page = platform.feeds.page(db, terminal, since, None, _PAGE)
        entries = list(page.entries)
        while page.more:
            page = platform.feeds.page(db, terminal, page.cursor, None, _PAGE)
            entries.extend(page.entries)
        settled = platform.feeds.settled(db, terminal)
    entries.extend(receipts)
    newest = platform.publications.newest_dictionary()["id"]
    content = Return(
        terminal, now_ms(), since, page.cursor, page.mark, settled, tuple(entries),
        catalogue=dict(platform.publications.current().document), calendar=platform.publications.calendar()[1],
        dictionary=(newest, platform.publications.dictionary(newest)) if newest else None,
    )  # fmt: skip
    data = build_return(content, SealingKey(SUITE_X25519, bytes(raw)), platform.keys.current.sign)
    draft = target.with_name(target.name + ".new")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return True
