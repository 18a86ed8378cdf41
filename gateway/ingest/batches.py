# SPDX-License-Identifier: Apache-2.0
"""A batch of records is judged: structure and digest are checked, what is new is stored, one signed statement says so.

Nothing is opened here and a terminal's own signature is not looked at: its token proves who speaks. The record of
another terminal, brought on paper or on a stick, is taken only with that terminal's signature.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from anyio.to_thread import run_sync
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from contract.custody import read_custody
from contract.errors import ContractError
from contract.events import sign_receipts
from contract.parcel import record_bodies
from contract.record import Record, RecordError, verify_record
from contract.sealing import Keyring
from gateway.attachments.partials import Partials
from gateway.clock import now_ms, said
from gateway.database.store import Store
from gateway.database.tables import terminals
from gateway.errors import GatewayError
from gateway.ingest.writer import BatchWriter, Row, Written
from gateway.keys.generations import Keys

log = logging.getLogger(__name__)
_LOOKED_AT_HERE = 256  # records; more are looked at in a thread
MAX_PARCEL = 8 * 1024 * 1024  # bytes of one POST
MAX_RECORDS = 4096  # of one POST
STORED = {"status": "stored"}
DUPLICATE = {"status": "duplicate"}


class _LongWorkError(Exception):
    """Not for the event loop."""


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
class Batch:
    """Records that were looked at: what is refused has its result, what is not waits for the database."""

    fault: str
    received_ms: int
    ring: Keyring
    looked_again: bool = False  # for keys
    results: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[bytes, Row] = field(default_factory=dict)
    places: list[tuple[int, Row]] = field(default_factory=list)  # of results that wait for the database


class Ingest:
    """Answers POST /v1/records, and takes what comes on sticks and paper."""

    def __init__(self, store: Store, keys: Keys, partials: Partials, writer: BatchWriter) -> None:
        self._store = store
        self._keys = keys
        self._partials = partials
        self._writer = writer
        self._sign_keys: dict[int, Ed25519PublicKey] = {}

    async def take(self, terminal: int, parcel: bytes) -> Taken:
        """A parcel that the terminal sent itself. Raises GatewayError too-many; StoreAwayError."""
        raws, fault = record_bodies(parcel)
        try:
            batch = self.look(raws, terminal, fault, most=_LOOKED_AT_HERE)
        except _LongWorkError:
            batch = await run_sync(self.look, raws, terminal, fault)
        if not batch.rows:
            return Taken(batch.results, "", fault)
        return self._finish(batch, await self._writer.write_async(list(batch.rows.values()), batch.received_ms))

    def take_records(self, raws: Sequence[bytes], terminal: int = 0) -> Taken:
        """Records at hand that `terminal` sent; 0 for what was carried here.

        Raises GatewayError too-many; StoreAwayError.
        """
        batch = self.look(raws, terminal)
        if not batch.rows:
            return Taken(batch.results, "")
        return self._finish(batch, self._writer.write(list(batch.rows.values()), batch.received_ms))

    def look(self, raws: Sequence[bytes], terminal: int, fault: str = "", *, most: int = 0) -> Batch:
        """Everything that can be said without storing. Raises GatewayError too-many.

        With `most`, gives up by an exception of its own where it would take long: more records, or signatures to check.
        """
        if len(raws) > MAX_RECORDS:
            raise GatewayError(413, "too-many", f"send at most {MAX_RECORDS} records at once")
        if most and len(raws) > most:
            raise _LongWorkError
        batch = Batch(fault, now_ms(), self._keys.ring)
        refusals: Counter[str] = Counter()
        for raw in raws:
            try:
                self._look(batch, terminal, raw, may_ask=not most)
            except ContractError as refused:
                refusals[refused.code] += 1
                batch.results.append(_refusal(refused))
        for code, count in refusals.items():
            log.warning("%d of %d records from terminal %d are refused: %s", count, len(raws), terminal, code)
        return batch

    def _finish(self, batch: Batch, written: Written) -> Taken:
        if len(written.new) == len(batch.results) and not written.begun:
            entries = [(row.id, row.digest) for row in batch.rows.values()]
        else:
            entries = self._settle(batch, written)
        at, key = said(batch.received_ms), self._keys.current.sign
        receipt = sign_receipts("record", at, entries, key) if entries else ""
        return Taken(batch.results, receipt, batch.fault, len(written.new))

    def _look(self, batch: Batch, terminal: int, raw: bytes, *, may_ask: bool) -> None:
        """Puts a record into the batch. Raises ContractError for one that is not taken."""
        seen = read_custody(raw)
        if seen.key_id.hex() not in batch.ring:
            if not may_ask:
                raise _LongWorkError
            self._find_key(batch, seen.key_id.hex())
        if seen.terminal != terminal:
            if not may_ask:
                raise _LongWorkError
            self._check_carried(seen.terminal, raw)
        row = Row(seen.id, seen.digest, seen.terminal, seen.sequence, raw, seen.attachments)
        if batch.rows.setdefault(seen.id, row).digest != row.digest:
            raise _conflict()
        batch.places.append((len(batch.results), row))
        batch.results.append(STORED)

    def _find_key(self, batch: Batch, key_id: str) -> None:
        """A key that another process has made, or that was copied here.

        Raises RecordError key-unknown; GatewayError keys-away when the keys in force are not here: it may be theirs.
        """
        if not batch.looked_again:
            batch.ring, batch.looked_again = self._keys.look_again(), True
            with self._store.reading() as db:
                self._keys.within(db)
        if key_id not in batch.ring:
            raise RecordError("key-unknown", f"sealed to the key {key_id}, which is not among the platform's")

    def _check_carried(self, terminal: int, raw: bytes) -> None:
        key = self._sign_keys.get(terminal)
        if key is None:
            with self._store.reading() as db:
                found = db.execute(select(terminals.c.sign_key).where(terminals.c.terminal == terminal)).scalar()
            if found is None:
                raise RecordError("terminal-unknown", f"terminal {terminal:05d} is not enrolled here")
            key = self._sign_keys[terminal] = Ed25519PublicKey.from_public_bytes(bytes(found))
        verify_record(Record.decode(raw), key)

    def _settle(self, batch: Batch, written: Written) -> list[tuple[bytes, bytes]]:
        """Writes what the database said into the results; the entries of the receipt."""
        entries: dict[bytes, bytes] = {}
        for place, row in batch.places:
            if row.id in entries:
                batch.results[place] = DUPLICATE
            elif row.id in written.new:
                entries[row.id] = row.digest
            elif written.known.get(row.id) == row.digest:
                entries[row.id] = row.digest
                batch.results[place] = DUPLICATE
            else:
                log.warning("a record of terminal %d is refused: conflict", row.terminal)
                batch.results[place] = _refusal(_conflict())
                continue
            if row.attachments and any(digest in written.begun for digest, _ in row.attachments):
                offsets = [self._offset(written, digest, size) for digest, size in row.attachments]
                if any(offsets):
                    batch.results[place] = batch.results[place] | {"wanted": offsets}
        return list(entries.items())

    def _offset(self, written: Written, digest: bytes, size: int) -> int:
        whole = written.begun.get(digest)
        return 0 if whole is None else size if whole else self._partials.offset(digest.hex())

    def close(self) -> None:
        """Lets go of the database."""
        self._writer.close()


def _refusal(fault: ContractError) -> dict[str, str]:
    return {"status": "refused", "code": fault.code, "reason": str(fault)}


def _conflict() -> RecordError:
    return RecordError("conflict", "another record has this id; nothing was overwritten")
