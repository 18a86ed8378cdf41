# SPDX-License-Identifier: Apache-2.0
"""What the gateway's data directory says of its files: who wrote them, and who may read them (`contract.stores`).

The database is not among them: it says the same of itself, also where it is a server (`migrations/upgrade.py`).
"""

from __future__ import annotations

import os
from pathlib import Path

from contract.stores import MANIFEST, StoreNote, decode_notes, encode_notes, merge_notes, newer_stores, newer_words
from gateway.errors import DatabaseUnusableError

STORES = {
    MANIFEST: StoreNote(1, 1),
    "keys": StoreNote(1, 1),
    "session.key": StoreNote(1, 1),
    "partials": StoreNote(1, 1),
    "attachments": StoreNote(1, 1),
}


def note_stores(data: Path) -> None:
    """Notes that this program writes here; several processes may at once.

    Raises DatabaseUnusableError where a newer program wrote what this one must not touch; OSError.
    """
    path = data / MANIFEST
    raw = path.read_bytes() if path.exists() else b""
    found = decode_notes(raw)
    for name, note in newer_stores(found, STORES).items():
        raise DatabaseUnusableError(newer_words(str(data / name), note, STORES[name].format))
    wanted = encode_notes(merge_notes(found, STORES))
    if wanted == raw:
        return
    draft = path.with_suffix(f".{os.urandom(8).hex()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(wanted)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(path)
