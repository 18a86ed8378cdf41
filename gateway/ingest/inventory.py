# SPDX-License-Identifier: Apache-2.0
"""What the platform lacks of what a terminal still has: asked for after the platform was restored from a backup."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from gateway.attachments.partials import check_digest
from gateway.database.store import Store
from gateway.database.tables import attachments, records
from gateway.errors import GatewayError

MOST = 5000  # entries of one question


class Inventory:
    """Answers POST /v1/inventory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def compare(self, asked: Mapping[str, Any]) -> dict[str, list[str]]:
        """{"missing_records": [id], "missing_attachments": [digest]}. Raises GatewayError inventory, digest."""
        have, digests = _read(asked)
        with self._store.reading() as db:
            found = db.execute(select(records.c.id, records.c.digest).where(records.c.id.in_(list(have))))
            known = {row.id: row.digest for row in found}
            whole = set(
                db.execute(
                    select(attachments.c.digest).where(
                        attachments.c.digest.in_(digests), attachments.c.completed_at.is_not(None)
                    )
                ).scalars()
            )
        return {
            "missing_records": [record_id for record_id, digest in have.items() if known.get(record_id) != digest],
            "missing_attachments": [digest for digest in digests if digest not in whole],
        }


def _read(asked: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    wrong = GatewayError(400, "inventory", 'send {"records": [[id, digest], ...], "attachments": [digest, ...]}')
    entries, digests = asked.get("records", []), asked.get("attachments", [])
    if not isinstance(entries, list) or not isinstance(digests, list):
        raise wrong
    if len(entries) + len(digests) > MOST:
        raise GatewayError(413, "inventory", f"ask for at most {MOST} at once")
    have = {}
    for entry in entries:
        match entry:
            case [str(record_id), str(digest)]:
                try:
                    have[str(uuid.UUID(record_id))] = check_digest(digest)
                except ValueError:
                    raise wrong from None
            case _:
                raise wrong
    if not all(isinstance(digest, str) for digest in digests):
        raise wrong
    return have, [check_digest(digest) for digest in digests]
