# SPDX-License-Identifier: Apache-2.0
"""Unfinished visits, encrypted, found only by the same person's ID number; and the pictures of one."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offline.clock import Clock
from offline.secrets import Secrets
from offline.vault import Vault

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """One person's unfinished application. `state` holds only JSON types."""

    id: str
    id_number: str
    item_id: str
    item_version: str
    state: Mapping[str, Any]
    saved_at: str


class Drafts:
    """At most one draft a person."""

    def __init__(self, vault: Vault, secrets: Secrets, clock: Clock) -> None:
        self._vault = vault
        self._secrets = secrets
        self._clock = clock

    def save(self, draft: Draft) -> None:
        """Keeps a draft instead of the person's earlier one."""
        person = self._secrets.person(draft.id_number)
        body: dict[str, Any] = {"id_number": draft.id_number, "item_id": draft.item_id}
        body |= {"item_version": draft.item_version, "state": draft.state}
        with self._vault.atomic():
            self._vault.run("DELETE FROM drafts WHERE person = ? OR id = ?", person, draft.id)
            text = json.dumps(body, ensure_ascii=False)
            self._vault.run("INSERT INTO drafts VALUES (?, ?, ?, ?)", draft.id, person, draft.saved_at, text)

    def of(self, id_number: str) -> Draft | None:
        """The person's draft."""
        row = self._vault.row("SELECT * FROM drafts WHERE person = ?", self._secrets.person(id_number))
        if row is None:
            return None
        try:
            body = json.loads(row["body"])
        except ValueError:  # of a long value the last page may come as zeros
            log.warning("a draft is damaged and is left out")
            self._vault.run("DELETE FROM drafts WHERE id = ?", row["id"])
            return None
        return Draft(
            str(row["id"]), body["id_number"], body["item_id"], body["item_version"], body["state"], row["saved_at"]
        )

    def discard(self, draft_id: str) -> None:
        """Forgets a draft and pictures that no other draft uses."""
        self._vault.run("DELETE FROM drafts WHERE id = ?", draft_id)
        used = " ".join(str(r["body"]) for r in self._vault.rows("SELECT body FROM drafts"))
        for row in self._vault.rows("SELECT digest FROM kept"):
            if row["digest"] not in used:
                self._vault.run("DELETE FROM kept WHERE digest = ?", row["digest"])

    def keep(self, plain: bytes) -> str:
        """Keeps a picture; its SHA-256."""
        digest = hashlib.sha256(plain).hexdigest()
        at = self._clock.now().isoformat()
        self._vault.run("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", digest, plain, at)
        return digest

    def kept(self, digest: str) -> bytes | None:
        """A kept picture; None as well where it is damaged."""
        row = self._vault.row("SELECT data FROM kept WHERE digest = ?", digest)
        if row is None or hashlib.sha256(bytes(row["data"])).hexdigest() != digest:
            return None
        return bytes(row["data"])
