# SPDX-License-Identifier: Apache-2.0
"""Unfinished visits and their pictures, as the visit has locked them: found by the same person's keyed hash only.

What is in them is not read here. The key of each follows from the data directory's secret and the thing's name, and
is given to the process that may open it (`lock_of`); the client half is `offline.client.drafts`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from offline.clock import Clock
from offline.secrets import Secrets
from offline.store.vault import Vault


@dataclass(frozen=True, slots=True)
class LockedDraft:
    """One person's unfinished application. `pictures`: the digests of the kept pages that it uses."""

    id: str
    person: str
    saved_at: str
    locked: bytes
    pictures: tuple[str, ...] = ()


class Drafts:
    """At most one draft a person."""

    def __init__(self, vault: Vault, secrets: Secrets, clock: Clock) -> None:
        self._vault = vault
        self._secrets = secrets
        self._clock = clock

    def lock_of(self, purpose: str, name: str) -> bytes:
        """32 bytes that lock one draft, picture or name, and nothing else."""
        return self._secrets.key(f"lock {purpose} {name}")

    def save(self, draft: LockedDraft) -> None:
        """Keeps a draft instead of the person's earlier one."""
        with self._vault.atomic():
            self._vault.run("DELETE FROM locked_drafts WHERE person = ? OR id = ?", draft.person, draft.id)
            self._vault.run(
                "INSERT INTO locked_drafts (id, person, saved_at, body, pictures) VALUES (?, ?, ?, ?, ?)",
                *(draft.id, draft.person, draft.saved_at, draft.locked, json.dumps(draft.pictures)),
            )

    def of(self, person: str) -> LockedDraft | None:
        """The person's draft."""
        row = self._vault.row("SELECT * FROM locked_drafts WHERE person = ?", person)
        if row is None:
            return None
        pictures = tuple(str(digest) for digest in json.loads(row["pictures"]))
        return LockedDraft(str(row["id"]), person, str(row["saved_at"]), bytes(row["body"]), pictures)

    def discard(self, draft_id: str) -> None:
        """Forgets a draft and pictures that no other draft uses."""
        self._vault.run("DELETE FROM locked_drafts WHERE id = ?", draft_id)
        used: set[str] = set()
        for row in self._vault.rows("SELECT pictures FROM locked_drafts"):
            used |= set(json.loads(row["pictures"]))
        for row in self._vault.rows("SELECT digest FROM locked_pictures"):
            if row["digest"] not in used:
                self._vault.run("DELETE FROM locked_pictures WHERE digest = ?", row["digest"])

    def keep(self, digest: str, locked: bytes) -> None:
        """Keeps a locked picture; the digest is of the plain one."""
        at = self._clock.now().isoformat()
        self._vault.run(
            "INSERT OR IGNORE INTO locked_pictures (digest, data, kept_at) VALUES (?, ?, ?)", digest, locked, at
        )

    def kept(self, digest: str) -> bytes | None:
        """A kept picture, locked."""
        row = self._vault.row("SELECT data FROM locked_pictures WHERE digest = ?", digest)
        return None if row is None else bytes(row["data"])
