# SPDX-License-Identifier: Apache-2.0
"""Resumable attachments: the semantics of tus 1.0 / the IETF resumable-upload draft, without a creation round trip."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread
from sqlalchemy import select, update

from contract.events import ReceiptEntry, Receipts, sign_statement
from gateway.blobs import Blobs
from gateway.errors import GatewayError
from gateway.feeds import Feeds
from gateway.keys import Keys
from gateway.store import Store, attachments, record_attachments, records


class Uploads:
    """Answers HEAD and PATCH /v1/attachments/{digest}."""

    def __init__(self, store: Store, keys: Keys, feeds: Feeds, blobs: Blobs) -> None:
        self._store = store
        self._keys = keys
        self._feeds = feeds
        self._blobs = blobs

    def wanted(self, terminal: int, digest: str) -> tuple[int, str | None]:
        """Size and, when it is whole, receipt. Raises GatewayError attachment-unknown."""
        with self._store.transaction() as db:
            row = db.execute(
                select(attachments.c.size, attachments.c.receipt)
                .join(record_attachments, record_attachments.c.digest == attachments.c.digest)
                .join(records, records.c.id == record_attachments.c.record_id)
                .where(attachments.c.digest == digest, records.c.terminal == terminal)
            ).first()
        if row is None:
            raise GatewayError(
                404, "attachment-unknown", "no record of this terminal names this attachment; send it first"
            )
        return row.size, row.receipt

    def offset(self, digest: str) -> int:
        """How many bytes are there."""
        return self._blobs.offset(digest)

    async def take(
        self, terminal: int, digest: str, offset: int, body: AsyncIterator[bytes], *, overlap: bool = False
    ) -> dict[str, Any]:
        """Keeps what comes, also when the rest does not. {"offset"} or, when whole, {"offset", "receipt"}.

        `overlap`: the sender knows less of what has arrived than is here; what it sends twice is skipped.
        """
        size, receipt = await anyio.to_thread.run_sync(self.wanted, terminal, digest)
        if receipt is not None:
            return {"offset": size, "receipt": receipt}
        run = anyio.to_thread.run_sync
        token = self._blobs.claim(digest)
        have = await run(self._blobs.offset, digest)
        skip = max(0, have - offset) if overlap else 0
        end = await run(self._blobs.append, digest, token, offset + skip, b"", size)
        # Each piece is written as it comes: who goes on over another connection must find all that had arrived.
        async for chunk in body:
            fresh = chunk[skip:]
            skip -= len(chunk) - len(fresh)
            if fresh:
                with anyio.CancelScope(shield=True):
                    end = await run(self._blobs.append, digest, token, end, fresh, size)
        if end < size:
            return {"offset": end}
        return {"offset": end, "receipt": await anyio.to_thread.run_sync(self._complete, terminal, digest)}

    def _complete(self, terminal: int, digest: str) -> str:
        self._blobs.finish(digest)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._store.transaction() as db:
            owner = db.execute(
                select(records.c.id, records.c.tracking_code)
                .join(record_attachments, record_attachments.c.record_id == records.c.id)
                .where(record_attachments.c.digest == digest)
                .order_by(records.c.received_at)
            ).first()
            assert owner is not None, "wanted() found a record"
            receipt = sign_statement(Receipts("attachment", now, (ReceiptEntry(owner.id, digest),)), self._keys.sign)
            db.execute(
                update(attachments).where(attachments.c.digest == digest).values(completed_at=now, receipt=receipt)
            )
            self._feeds.add_receipt(db, terminal, owner.tracking_code, now, receipt)
        return receipt
