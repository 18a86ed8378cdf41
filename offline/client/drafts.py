# SPDX-License-Identifier: Apache-2.0
"""A person's unfinished application and its pages: locked here, kept by the keeper, opened only here again."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from offline.client.port import Port
from offline.errors import VaultDamaged
from offline.port import messages
from offline.secrets import lock, person_hash, unlock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """One person's unfinished application. `state` holds only JSON types; `pictures` are the digests it uses."""

    id: str
    id_number: str
    item_id: str
    item_version: str
    state: Mapping[str, Any]
    saved_at: str
    pictures: tuple[str, ...] = ()


class DraftBox:
    """At most one draft a person."""

    def __init__(self, port: Port, hash_key: bytes) -> None:
        self._port = port
        self._hash_key = hash_key

    def save(self, draft: Draft) -> None:
        """Keeps a draft instead of the person's earlier one. Raises DiskFull, DiskReadOnly."""
        locked = lock(self._key("draft", draft.id), write_draft(draft), "draft")
        person = person_hash(self._hash_key, draft.id_number)
        self._port.ask(messages.SaveDraft(draft.id, person, draft.saved_at, locked, draft.pictures))

    def find(self, id_number: str) -> Draft | None:
        """Only this person's draft; a damaged one is none."""
        found = self._port.ask(messages.FindDraft(person_hash(self._hash_key, id_number)))
        if not found.id:
            return None
        try:
            return read_draft(found.id, found.saved_at, unlock(found.key, found.locked, "draft"))
        except (VaultDamaged, ValueError, KeyError, TypeError):
            log.warning("a draft is damaged and is left out")
            self._port.ask(messages.DiscardDraft(found.id))
            return None

    def discard(self, draft_id: str) -> None:
        """Forgets it, with its pictures."""
        self._port.ask(messages.DiscardDraft(draft_id))

    def keep_picture(self, plain: bytes) -> str:
        """Keeps a page of a draft; its SHA-256 in hex. Raises DiskFull, DiskReadOnly."""
        digest = hashlib.sha256(plain).hexdigest()
        self._port.ask(messages.KeepPicture(digest, lock(self._key("picture", digest), plain, "picture")))
        return digest

    def picture(self, digest: str) -> bytes | None:
        """A kept page; None as well where it is damaged."""
        locked = self._port.ask(messages.FindPicture(digest)).data
        if locked is None:
            return None
        try:
            plain = unlock(self._key("picture", digest), locked, "picture")
        except VaultDamaged:
            return None
        return plain if hashlib.sha256(plain).hexdigest() == digest else None

    def _key(self, purpose: Literal["draft", "picture"], of: str) -> bytes:
        key = self._port.ask(messages.AskLock(purpose, of)).data
        assert key is not None
        return key


def write_draft(draft: Draft) -> bytes:
    """What is locked."""
    body = {"id_number": draft.id_number, "item_id": draft.item_id, "item_version": draft.item_version}
    return json.dumps({**body, "state": draft.state, "pictures": draft.pictures}, ensure_ascii=False).encode()


def read_draft(draft_id: str, saved_at: str, plain: bytes) -> Draft:
    """Raises ValueError, KeyError, TypeError for what is no draft."""
    body = json.loads(plain)
    pictures = tuple(str(p) for p in body.get("pictures", ()))
    return Draft(draft_id, body["id_number"], body["item_id"], body["item_version"], body["state"], saved_at, pictures)
