# SPDX-License-Identifier: Apache-2.0
"""The compression dictionaries that the platform has published: kept in the vault, and one of them used.

Records are packed with a published one only while the platform announces it: a platform restored from a backup may not
know it any more. A lost vault costs some bytes a record until the next exchange.
"""

from __future__ import annotations

import hashlib
import logging

from contract.packing import SHIPPED, Dictionaries, PackingError
from offline.store.vault import Vault

log = logging.getLogger(__name__)
_NAME = "dictionary-"


class PublishedDictionaries:
    """Of one vault. To be used on the store's thread."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.known = Dictionaries()
        for row in vault.rows("SELECT name FROM documents WHERE name LIKE ?", f"{_NAME}%"):
            body = vault.document(row["name"])
            if body is None:
                continue
            try:
                self.known.add(int(row["name"].removeprefix(_NAME)), body)
            except (PackingError, ValueError) as fault:
                log.warning("a kept dictionary is not used: %s", fault)

    @property
    def used(self) -> int:
        """The number of the one to pack with."""
        number = int(self._vault.fact("dictionary") or SHIPPED)
        return number if number in self.known else SHIPPED

    def use(self, number: int) -> None:
        """The platform announces this one. What is not here is not used."""
        if number != self.used:
            self._vault.remember("dictionary", str(number))

    def holds(self, number: int, content_hash: str) -> bool:
        """Whether the dictionary of that number is here, with these bytes (SHA-256, hex)."""
        return number in self.known and hashlib.sha256(self.known.bytes_of(number)).hexdigest() == content_hash

    def accept(self, number: int, data: bytes) -> None:
        """Keeps it. Raises PackingError dictionary-malformed, dictionary-differs."""
        self.known.add(number, data)
        self._vault.keep_document(f"{_NAME}{number}", data)
