# SPDX-License-Identifier: Apache-2.0
"""Taking records in: verified, opened, checked against their item, stored exactly once; one receipt for a batch."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, insert, select, update

from contract.application import Application, check_application
from contract.errors import ContractError
from contract.events import Event, ReceiptEntry, Receipts, sign_statement
from contract.identity import mask_name
from contract.packing import from_cbor, to_cbor
from contract.parcel import FrameType, ParcelError, read_frames
from contract.record import Kind, Record, open_record, verify_record
from gateway.blobs import Blobs
from gateway.feeds import Feeds
from gateway.keys import Keys
from gateway.shelf import Shelf
from gateway.store import (
    Store,
    attachments,
    case_serials,
    record_attachments,
    records,
    terminals,
)

log = logging.getLogger(__name__)
MAX_PARCEL = 8 * 1024 * 1024  # bytes of one POST


class RefusedError(Exception):
    """A record that will not be taken however often it comes."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Opened:
    record: Record
    payload: dict[str, Any]
    impl_code: str
    applicant: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A verdict per record in order, one signed receipt for all that are kept ("" for none), and the fault that
    ended the parcel early, if one did."""

    results: list[dict[str, Any]]
    receipt: str
    fault: str | None


class Ingest:
    """Answers POST /v1/records."""

    def __init__(self, store: Store, keys: Keys, shelf: Shelf, feeds: Feeds, blobs: Blobs) -> None:
        self._store = store
        self._keys = keys
        self._shelf = shelf
        self._feeds = feeds
        self._blobs = blobs

    def take(self, terminal: int, parcel: bytes) -> Taken:
        """Takes what it can."""
        results: list[dict[str, Any]] = []
        kept: list[ReceiptEntry] = []
        fault = None
        try:
            for found in read_frames(io.BytesIO(parcel)):
                if found.type == FrameType.RECORD:
                    results.append(self._take_one(terminal, found.body, kept))
        except ParcelError as error:
            fault = str(error)
        return Taken(results, self._receipt(kept) if kept else "", fault)

    def _receipt(self, kept: list[ReceiptEntry]) -> str:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return sign_statement(Receipts("record", now, tuple(kept)), self._keys.sign)

    def _take_one(self, terminal: int, raw: bytes, kept: list[ReceiptEntry]) -> dict[str, Any]:
        record_id = ""
        try:
            record = Record.decode(raw)
            record_id = record.header.id
            self._verify(terminal, record)
            verdict = self._known(record) or self._keep(self._open(record))
            kept.append(ReceiptEntry(record_id, record.digest))
            return verdict
        except RefusedError as refused:
            code, reason = refused.code, str(refused)
        except ContractError as fault:
            code, reason = fault.code, str(fault)
        log.warning("record %s of terminal %d refused: %s", record_id or "?", terminal, code)
        return {"status": "refused", "code": code, "reason": reason}

    def _verify(self, terminal: int, record: Record) -> None:
        if record.header.terminal != terminal:
            raise RefusedError("terminal-differs", "the record is of another terminal")
        with self._store.transaction() as db:
            key = db.execute(select(terminals.c.sign_key).where(terminals.c.terminal == terminal)).scalar_one()
        verify_record(record, Ed25519PublicKey.from_public_bytes(key))

    def _known(self, record: Record) -> dict[str, Any] | None:
        with self._store.transaction() as db:
            row = db.execute(select(records).where(records.c.id == record.header.id)).one_or_none()
            if row is None:
                return None
            if row.digest != record.digest:
                raise RefusedError("conflict", "another record has this id; nothing was overwritten")
            return self._verdict(db, record, "duplicate")

    def _open(self, record: Record) -> _Opened:
        payload = open_record(record, self._keys.ring)
        header = record.header
        if header.kind != Kind.APPLICATION:
            with self._store.transaction() as db:
                first = db.execute(
                    select(records.c.case_number, records.c.terminal)
                    .where(records.c.tracking_code == header.tracking_code)
                    .where(records.c.kind == str(Kind.APPLICATION))
                ).first()
            return _Opened(record, payload, first.case_number if first else "", "")
        application = Application.from_payload(payload)
        if (application.tracking_code, application.item_id) != (header.tracking_code, header.item):
            raise RefusedError("header-differs", "header and application do not speak of the same case")
        item = self._shelf.item(header.item, application.item_hash)
        if item is None:
            raise RefusedError("unknown-item", f"item {header.item} is not published in the wording used")
        problems = check_application(item, application, today=_day(application))
        if problems:
            first_few = "; ".join(f"{p.field}: {p.code}" for p in problems[:5])
            raise RefusedError("application-incomplete", f"the application does not pass the item's check: {first_few}")
        return _Opened(record, payload, item.impl_code, mask_name(application.applicant.name))

    def _keep(self, opened: _Opened) -> dict[str, Any]:
        header = opened.record.header
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._store.transaction() as db:
            row = db.execute(select(records).where(records.c.id == header.id)).one_or_none()
            if row is not None:  # it came twice at the same moment
                return self._verdict(db, opened.record, "duplicate")
            is_case = header.kind == Kind.APPLICATION
            case = _next_case(db, opened.impl_code, now) if is_case else opened.impl_code
            db.execute(
                insert(records).values(
                    id=header.id, terminal=header.terminal, sequence=header.sequence, kind=header.kind,
                    tracking_code=header.tracking_code, item=header.item, digest=opened.record.digest,
                    raw=opened.record.encode(), payload=to_cbor(opened.payload), applicant=opened.applicant,
                    case_number=case, received_at=now, receipt="",
                )
            )  # fmt: skip
            for position, ref in enumerate(header.attachments):
                db.execute(insert(record_attachments).values(record_id=header.id, position=position, digest=ref.digest))
                if not db.execute(select(attachments.c.digest).where(attachments.c.digest == ref.digest)).first():
                    db.execute(insert(attachments).values(digest=ref.digest, size=ref.size, terminal=header.terminal))
            received = Event(0, header.id, header.tracking_code, "received", now, case_number=case)
            self._feeds.add(db, header.terminal, received)
            return self._verdict(db, opened.record, "stored")

    def _verdict(self, db: Connection, record: Record, status: str) -> dict[str, Any]:
        """With the offsets from which attachments are wanted, where it is not all of all."""
        offsets = []
        for ref in record.header.attachments:
            done = db.execute(select(attachments.c.completed_at).where(attachments.c.digest == ref.digest)).scalar()
            offsets.append(ref.size if done is not None else self._blobs.offset(ref.digest))
        return {"status": status} | ({"wanted": offsets} if any(offsets) else {})


def _day(application: Application) -> date:
    """Dates are judged by the day of the application: it may have waited long for the network."""
    try:
        return datetime.fromisoformat(application.created_at).date()
    except ValueError as fault:
        raise RefusedError("application-malformed", "created_at is no time") from fault


def _next_case(db: Connection, impl_code: str, now: str) -> str:
    """Implementation code, day, serial of four digits (domain practice; issued by the platform only)."""
    prefix = impl_code + now[:10].replace("-", "")
    last = db.execute(select(case_serials.c.last).where(case_serials.c.prefix == prefix)).scalar()
    if last is None:
        db.execute(insert(case_serials).values(prefix=prefix, last=1))
        return f"{prefix}{1:04d}"
    db.execute(update(case_serials).where(case_serials.c.prefix == prefix).values(last=last + 1))
    return f"{prefix}{last + 1:04d}"


def stored_payload(raw: bytes) -> dict[str, Any]:
    """A stored payload as a map."""
    payload: dict[str, Any] = from_cbor(raw)
    return payload
