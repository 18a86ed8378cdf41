# SPDX-License-Identifier: Apache-2.0
"""Resumable attachments: the semantics of tus 1.0 / the IETF resumable-upload draft, without a creation round trip."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import anyio.to_thread
from sqlalchemy import select, update

from contract.events import (
    ReceiptEntry,
    Receipts,
    StatementError,
    known_statement,
    read_statement,
    sign_statement,
)
from gateway.attachments.blobs import Blobs
from gateway.attachments.partials import Partials, check_digest
from gateway.clock import now_said
from gateway.database.store import Store
from gateway.database.tables import attachments, record_attachments, records
from gateway.errors import GatewayError
from gateway.feeds import Feeds
from gateway.keys.generations import Keys


class Uploads:
    """Answers HEAD and PATCH /v1/attachments/{digest}, and takes what comes on sticks."""

    def __init__(self, store: Store, keys: Keys, feeds: Feeds, partials: Partials, blobs: Blobs) -> None:
        self._store = store
        self._keys = keys
        self._feeds = feeds
        self._partials = partials
        self._blobs = blobs

    def wanted(self, digest: str) -> tuple[int, str | None]:
        """Size and, when it is whole, receipt. Raises GatewayError attachment-unknown."""
        with self._store.reading() as db:
            row = db.execute(
                select(attachments.c.size, attachments.c.receipt).where(attachments.c.digest == check_digest(digest))
            ).first()
        if row is None:
            raise GatewayError(404, "attachment-unknown", "no record names this attachment; send the record first")
        return row.size, self._renewed(row.receipt) if row.receipt is not None else None

    def _renewed(self, receipt: str) -> str:
        """The same statement under the key in force: a terminal that knows the newest one believes no other."""
        signer = self._keys.current.sign
        try:
            read_statement(receipt, signer.public_key())
        except StatementError:
            return sign_statement(known_statement(receipt), signer)
        return receipt

    def offset(self, digest: str, size: int, receipt: str | None) -> int:
        """How many bytes are there."""
        if receipt is not None:
            return size
        return self._partials.offset(digest) or (size if self._blobs.has(digest) else 0)

    async def take(
        self,
        digest: str,
        offset: int,
        body: AsyncIterator[bytes],
        before_write: Callable[[], Awaitable[None]],
        *,
        overlap: bool = False,
    ) -> dict[str, Any]:
        """Keeps what comes, also when the rest does not. {"offset"} or, when whole, {"offset", "receipt"}.

        `before_write` is awaited before each write: anything more urgent makes it wait.
        `overlap`: the sender knows less of what has arrived than is here; what it sends twice is skipped.
        """
        run = anyio.to_thread.run_sync
        size, receipt = await run(self.wanted, digest)
        if receipt is not None:
            return {"offset": size, "receipt": receipt}
        if offset == size and await run(self.offset, digest, size, None) == size:
            return {"offset": size, "receipt": await run(self.complete, digest, size)}
        token = await run(self._partials.claim, digest)
        have = await run(self._partials.offset, digest)
        skip = max(0, have - offset) if overlap else 0
        end = await run(self._partials.append, digest, token, offset + skip, b"", size)
        # Each piece is written as it comes: who goes on over another connection must find all that had arrived.
        async for chunk in body:
            fresh = chunk[skip:]
            skip -= len(chunk) - len(fresh)
            if fresh:
                with anyio.CancelScope(shield=True):
                    await before_write()
                    end = await run(self._partials.append, digest, token, end, fresh, size)
        if end < size:
            return {"offset": end}
        return {"offset": end, "receipt": await run(self.complete, digest, size)}

    def adopt(self, digest: str, pieces: Iterable[bytes]) -> bool:
        """An attachment that is at hand, whole. False when no record names it or its bytes do not give the digest."""
        try:
            size, receipt = self.wanted(digest)
        except GatewayError:
            return False
        if receipt is None:
            if not self._partials.replace(digest, pieces):
                return False
            self.complete(digest, size)
        return True

    def complete(self, digest: str, size: int) -> str:
        """Verifies, keeps for good, signs. Raises GatewayError digest-wrong, offset, blobs-away."""
        if self._partials.check(digest, size):
            try:
                self._blobs.keep(digest, self._partials.path(digest))
            except FileNotFoundError:  # another request completed it at the same moment and took it away
                if not self._blobs.has(digest):
                    raise
            self._partials.forget(digest)
        elif not self._blobs.has(digest):
            end = str(self._partials.offset(digest))
            raise GatewayError(409, "offset", "continue where Upload-Offset says", {"Upload-Offset": end})
        now = now_said()
        with self._store.transaction() as db:
            self._store.lock(db, f"attachment {digest}")
            known = db.execute(select(attachments.c.receipt).where(attachments.c.digest == digest)).scalar()
            if known is not None:
                return self._renewed(str(known))
            naming = db.execute(
                select(records.c.id, records.c.terminal)
                .join(record_attachments, record_attachments.c.record_id == records.c.id)
                .where(record_attachments.c.digest == digest)
                .order_by(records.c.terminal, records.c.received_ms)
            ).all()
            entries = {row.terminal: ReceiptEntry(row.id, digest) for row in reversed(naming)}
            receipts = {t: Receipts("attachment", now, (entry,)) for t, entry in sorted(entries.items())}
            for terminal, receipt in receipts.items():
                self._feeds.append(db, terminal, [receipt])
            text = sign_statement(next(iter(receipts.values())), self._keys.within(db).sign)
            db.execute(update(attachments).where(attachments.c.digest == digest).values(completed_at=now, receipt=text))
        return text
