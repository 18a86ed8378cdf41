# SPDX-License-Identifier: Apache-2.0
"""What a terminal's data directory says of its files: who wrote them, and who may read them (`contract.stores`).

The vault and the segments of the spool say the same of themselves as well: they may be put back without the others.
A file is of the format that stands here; a reader passes over what a later release has added to it.
"""

from __future__ import annotations

import logging
from pathlib import Path

from contract.stores import MANIFEST, StoreNote, decode_notes, encode_notes, merge_notes, newer_stores, newer_words
from offline.errors import OfflineError
from offline.files import write_whole
from offline.store import schema, segment

log = logging.getLogger(__name__)
_FIRST = StoreNote(1, 1)
STORES = {
    MANIFEST: _FIRST,
    "key": _FIRST,
    "enrolment": _FIRST,
    "vault.db": StoreNote(schema.VERSION, schema.OLDEST_READER),
    "spool": segment.FORMAT,
    "counter": _FIRST,
    "journal.log": _FIRST,
    "catalogue.cbor": _FIRST,
    "sync-status.json": _FIRST,
    "sync-limits.json": _FIRST,
    "sync-used.json": _FIRST,
    "outbox-status.json": _FIRST,
}


def require_readable(data: Path) -> None:
    """Raises OfflineError store-newer where a newer program wrote what this one must not touch."""
    _readable(data, _found(data))


def written_in_clear(data: Path) -> bool:
    """Whether the vault may be of a release that kept drafts in clear."""
    note = _found(data).get("vault.db")
    return (data / "vault.db").exists() and (note is None or note.format < 4)


def note_stores(data: Path) -> None:
    """Notes that this program writes here. Raises OfflineError store-newer. Where the disk is full it goes without."""
    found = _found(data)
    _readable(data, found)
    wanted = merge_notes(found, STORES)
    if wanted == found:
        return
    try:
        write_whole(data / MANIFEST, encode_notes(wanted))
    except OSError as fault:
        log.warning("who writes in %s could not be noted: %s", data, fault.strerror)


def _found(data: Path) -> dict[str, StoreNote]:
    try:
        return decode_notes((data / MANIFEST).read_bytes())
    except OSError:
        return {}


def _readable(data: Path, found: dict[str, StoreNote]) -> None:
    for name, note in newer_stores(found, STORES).items():
        raise OfflineError(newer_words(str(data / name), note, STORES[name].format), "store-newer")
