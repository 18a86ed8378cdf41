# SPDX-License-Identifier: Apache-2.0
"""Taking records into custody: structure and digest are checked, what is new is stored, one signed statement says so.

Nothing is opened here and a terminal's own signature is not looked at: its token proves who speaks. The record of
another terminal, brought on paper or on a stick, is taken only with that terminal's signature.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from contract.errors import ContractError
from contract.events import MAX_ENTRIES, sign_receipts
from contract.parcel import FrameType, ParcelError, read_frames
from contract.peek import peek
from contract.record import Record, RecordError, verify_record
from gateway.clock import now_ms, said
from gateway.custody.keeping import Keeping, Kept, Row
from gateway.errors import GatewayError
from gateway.keys import Keys
from gateway.partials import Partials
from gateway.store import Store
from gateway.tables import terminals

log = logging.getLogger(__name__)
MAX_PARCEL = 8 * 1024 * 1024  # bytes of one POST
_STORED = {"status": "stored"}
_DUPLICATE = {"status": "duplicate"}


@dataclass(frozen=True, slots=True)
class Taken:
    """One result per record in order, the statement over all that are kept, and the fault that ended the parcel early.

    `new` says how many were not there before.
    """

    results: list[dict[str, Any]]
    receipt: str
    fault: str = ""
    new: int = 0


@dataclass(slots=True)
class _Batch:
    results: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[bytes, Row] = field(default_factory=dict)
    places: list[tuple[int, Row]] = field(default_factory=list)  # of results that wait for the database


class Custody:
    """Answers POST /v1/records, and takes what comes on sticks and paper."""

    def __init__(self, store: Store, keys: Keys, partials: Partials, keeping: Keeping) -> None:
        self._store = store
        self._keys = keys
        self._partials = partials
        self._keeping = keeping
        self._sign_keys: dict[int, Ed25519PublicKey] = {}

    def take(self, terminal: int, parcel: bytes) -> Taken:
        """A parcel that the terminal sent itself. Raises GatewayError too-many; StoreAwayError."""
        raws: list[bytes] = []
        fault = ""
        try:
            for found in read_frames(io.BytesIO(parcel)):
                if found.type == FrameType.RECORD:
                    raws.append(found.body)
        except ParcelError as damage:
            fault = str(damage)
        return self.take_records(raws, terminal, fault)

    def take_records(self, raws: Sequence[bytes], terminal: int = 0, fault: str = "") -> Taken:
        """Records that `terminal` sent; 0 for what somebody carried here.

        Raises GatewayError too-many; StoreAwayError.
        """
        if len(raws) > MAX_ENTRIES:
            raise GatewayError(413, "too-many", f"send at most {MAX_ENTRIES} records at once")
        batch = _Batch()
        for raw in raws:
            self._look(batch, terminal, raw)
        if not batch.rows:
            return Taken(batch.results, "", fault)
        received_ms = now_ms()
        kept = self._keeping.keep(list(batch.rows.values()), received_ms)
        entries = self._settle(batch, kept)
        receipt = sign_receipts("record", said(received_ms), entries, self._keys.current.sign) if entries else ""
        return Taken(batch.results, receipt, fault, len(kept.new))

    def _look(self, batch: _Batch, terminal: int, raw: bytes) -> None:
        """Puts a record into the batch, or its refusal among the results."""
        try:
            seen = peek(raw)
            if seen.key_id not in self._keys.ring:
                raise RecordError("key-unknown", f"sealed to the key {seen.key_id}, which is not among the platform's")
            if seen.terminal != terminal:
                self._check_carried(seen.terminal, raw)
            row = Row(seen.id, sha256(raw).digest(), seen.terminal, seen.sequence, raw, seen.attachments)
            if batch.rows.setdefault(row.id, row).digest != row.digest:
                raise _conflict()
        except ContractError as refused:
            log.warning("a record from terminal %d is refused: %s", terminal, refused.code)
            batch.results.append({"status": "refused", "code": refused.code, "reason": str(refused)})
        else:
            batch.places.append((len(batch.results), row))
            batch.results.append(_STORED)

    def _check_carried(self, terminal: int, raw: bytes) -> None:
        key = self._sign_keys.get(terminal)
        if key is None:
            with self._store.reading() as db:
                found = db.execute(select(terminals.c.sign_key).where(terminals.c.terminal == terminal)).scalar()
            if found is None:
                raise RecordError("terminal-unknown", f"terminal {terminal:05d} is not enrolled here")
            key = self._sign_keys[terminal] = Ed25519PublicKey.from_public_bytes(bytes(found))
        verify_record(Record.decode(raw), key)

    def _settle(self, batch: _Batch, kept: Kept) -> list[tuple[bytes, bytes]]:
        """Writes what the database said into the results; the entries of the receipt."""
        entries: dict[bytes, bytes] = {}
        for place, row in batch.places:
            if row.id in entries:
                batch.results[place] = _DUPLICATE
            elif row.id in kept.new:
                entries[row.id] = row.digest
            elif kept.known.get(row.id) == row.digest:
                entries[row.id] = row.digest
                batch.results[place] = _DUPLICATE
            else:
                refused = _conflict()
                log.warning("a record of terminal %d is refused: conflict", row.terminal)
                batch.results[place] = {"status": "refused", "code": refused.code, "reason": str(refused)}
                continue
            if row.attachments and any(digest in kept.begun for digest, _ in row.attachments):
                offsets = [self._offset(kept, digest, size) for digest, size in row.attachments]
                if any(offsets):
                    batch.results[place] = batch.results[place] | {"wanted": offsets}
        return list(entries.items())

    def _offset(self, kept: Kept, digest: bytes, size: int) -> int:
        whole = kept.begun.get(digest)
        return 0 if whole is None else size if whole else self._partials.offset(digest.hex())

    def close(self) -> None:
        """Lets go of the database."""
        self._keeping.close()


def _conflict() -> RecordError:
    return RecordError("conflict", "another record has this id; nothing was overwritten")
