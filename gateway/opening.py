# SPDX-License-Identifier: Apache-2.0
"""Opening what is in custody: signature, seal, the item's check; then a case number and an event in the feed.

A row of the queue is leased, its records are opened without holding anything, and the outcome is written in one
transaction that also takes the row away. Killed anywhere, the row is leased again later and the outcome is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, delete, func, insert, select, update

from contract.application import Application, check_application
from contract.errors import ContractError
from contract.events import Event
from contract.identity import mask_name
from contract.ids import id_bytes, id_text
from contract.packing import to_cbor
from contract.record import Kind, Record, RecordError, open_record, verify_record
from gateway.clock import now_ms, now_said, said
from gateway.database.store import Store
from gateway.database.tables import case_serials, opened, records, terminals, waiting
from gateway.errors import DATABASE_AWAY, GatewayError
from gateway.feeds import Feeds
from gateway.keys.generations import Keys
from gateway.shelf import Shelf

log = logging.getLogger(__name__)
LEASE_MS = 30_000  # after which a row whose worker died is taken by another
_ID = 16
_LONGEST_PAUSE_MS = 3600 * 1000
_NOT_YET = ("dictionary-unknown", "key-unknown")


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    terminal: int
    ids: list[str]
    first_sequence: int
    attempts: int


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of one record: what is in it, or the code by which it is refused."""

    record: Record
    received_ms: int
    payload: bytes = b""
    impl_code: str = ""
    applicant: str = ""
    refusal: str = ""


class _NotYetError(Exception):
    """Nothing is wrong with the record: the key it is sealed to, or the dictionary it was packed with, is not here yet.

    Custody took it by a process that had the key; another machine's copy, or a restored one, may lack it.
    """


class Opening:
    """Works the queue off. Any number of workers may do so at once."""

    def __init__(self, store: Store, keys: Keys, shelf: Shelf, feeds: Feeds) -> None:
        self._store = store
        self._keys = keys
        self._shelf = shelf
        self._feeds = feeds
        self._sign_keys: dict[int, Ed25519PublicKey] = {}
        self._keys_known = 0

    def waiting(self) -> int:
        """How many records are in custody and not opened yet."""
        with self._store.reading() as db:
            return int(db.execute(select(func.coalesce(func.sum(waiting.c.count), 0))).scalar_one())

    def drain(self) -> int:
        """Opens until nothing is left to be leased; how many."""
        total = 0
        while done := self.open_some():
            total += done
        return total

    def retry(self) -> None:
        """What was set apart is looked at again at once: what it lacked may be here now."""
        with self._store.transaction() as db:
            db.execute(update(waiting).where(waiting.c.attempts > 0).values(leased_until_ms=0))

    def open_some(self, breathe: Callable[[], None] = lambda: None) -> int:
        """Opens one row of the queue; how many records that were, 0 when there is nothing to do.

        `breathe` is called between records. Raises one of DATABASE_AWAY, or GatewayError keys-away: then nothing can be
        signed here, and the queue is left as it is.
        """
        self._note_keys()
        row = self._lease()
        if row is None:
            return 0
        try:
            outcomes = []
            for raw, received_ms in self._raws(row):
                outcomes.append(self._open(Record.decode(raw), received_ms))
                breathe()
            self._write(row, outcomes)
        except (*DATABASE_AWAY, GatewayError):
            raise
        except _NotYetError as fault:
            log.warning("records of terminal %d wait in custody: %s", row.terminal, fault)
            self._set_apart(row)
        except Exception:
            log.exception("records of terminal %d cannot be opened now; they stay in custody", row.terminal)
            self._set_apart(row)
        return len(row.ids)

    def _note_keys(self) -> None:
        """Keys that were put here while this process runs: what waits for one waits no longer."""
        count = self._keys.count
        if count > self._keys_known > 0:
            self.retry()
        self._keys_known = count

    def _lease(self) -> _Row | None:
        now = now_ms()
        with self._store.reading() as db:
            if db.execute(select(waiting.c.number).where(waiting.c.leased_until_ms < now).limit(1)).first() is None:
                return None
        with self._store.transaction() as db:
            found = db.execute(
                self._store.skipping_locked(
                    select(waiting).where(waiting.c.leased_until_ms < now).order_by(waiting.c.number).limit(1)
                )
            ).first()
            if found is None:
                return None
            self._keys.within(db)  # before anything is leased: without it no outcome could be signed
            db.execute(
                update(waiting)
                .where(waiting.c.number == found.number)
                .values(leased_until_ms=now + LEASE_MS, attempts=found.attempts + 1)
            )
        raw = bytes(found.ids)
        ids = [id_text(raw[i : i + _ID]) for i in range(0, len(raw), _ID)]
        return _Row(found.number, found.terminal, ids, found.first_sequence, found.attempts + 1)

    def _raws(self, row: _Row) -> list[tuple[bytes, int]]:
        with self._store.reading() as db:
            rows = db.execute(
                select(records.c.raw, records.c.received_ms).where(records.c.id.in_(row.ids)).order_by(records.c.id)
            ).all()
        return [(bytes(r.raw), r.received_ms) for r in rows]

    def _open(self, record: Record, received_ms: int) -> _Outcome:
        try:
            verify_record(record, self._sign_key(record.header.terminal))
            return self._look_into(record, self._payload(record), received_ms)
        except ContractError as refused:
            log.warning(
                "record %s of terminal %d is refused: %s", record.header.id, record.header.terminal, refused.code
            )
            return _Outcome(record, received_ms, refusal=refused.code)

    def _payload(self, record: Record) -> dict[str, Any]:
        try:
            return open_record(record, self._keys.ring, self._shelf.dictionaries())
        except RecordError as fault:
            if fault.code not in _NOT_YET:
                raise
        try:
            return open_record(record, self._keys.look_again(), self._shelf.dictionaries(again=True))
        except RecordError as fault:
            if fault.code in _NOT_YET:
                raise _NotYetError(str(fault)) from fault
            raise

    def _sign_key(self, terminal: int) -> Ed25519PublicKey:
        if terminal not in self._sign_keys:
            with self._store.reading() as db:
                raw = db.execute(select(terminals.c.sign_key).where(terminals.c.terminal == terminal)).scalar()
            if raw is None:
                raise RecordError("terminal-unknown", "the terminal is not enrolled here")
            self._sign_keys[terminal] = Ed25519PublicKey.from_public_bytes(bytes(raw))
        return self._sign_keys[terminal]

    def _look_into(self, record: Record, payload: dict[str, Any], received_ms: int) -> _Outcome:
        header = record.header
        kept = to_cbor(payload)
        if header.kind != Kind.APPLICATION:
            return _Outcome(record, received_ms, kept)
        application = Application.from_payload(payload)
        if (application.tracking_code, application.item_id) != (header.tracking_code, header.item):
            raise RecordError("header-differs", "header and application do not speak of the same case")
        item = self._shelf.item(header.item, application.item_hash)
        if item is None:
            raise RecordError("unknown-item", f"item {header.item} is not published in the wording used")
        problems = check_application(item, application, today=_day(application))
        if problems:
            first_few = "; ".join(f"{p.field}: {p.code}" for p in problems[:5])
            log.warning("record %s does not pass the item's check: %s", header.id, first_few)
            raise RecordError("application-incomplete", first_few)
        return _Outcome(record, received_ms, kept, item.impl_code, mask_name(application.applicant.name))

    def _write(self, row: _Row, outcomes: Sequence[_Outcome]) -> None:
        with self._store.transaction() as db:
            gone = db.execute(delete(waiting).where(waiting.c.number == row.number)).rowcount == 0
            if gone:  # our lease ran out and another worker was faster
                return
            ids = [o.record.header.id for o in outcomes]
            known = set(db.execute(select(opened.c.id).where(opened.c.id.in_(ids))).scalars())
            fresh = [o for o in outcomes if o.record.header.id not in known]
            if not fresh:
                return
            numbers = _case_numbers(db, self._store, fresh)
            db.execute(insert(opened), [_values(o, numbers.get(o.record.header.id, "")) for o in fresh])
            self._feeds.append(db, row.terminal, [_event(o, numbers.get(o.record.header.id, "")) for o in fresh])

    def _set_apart(self, row: _Row) -> None:
        """After a fault of ours: each record gets its own row, and longer pauses, so that one cannot hold up others."""
        pause = min(LEASE_MS * 2**row.attempts, _LONGEST_PAUSE_MS)
        with self._store.transaction() as db:
            if db.execute(delete(waiting).where(waiting.c.number == row.number)).rowcount == 0:
                return
            db.execute(
                insert(waiting),
                [
                    {
                        "terminal": row.terminal, "first_sequence": row.first_sequence, "count": 1, "ids": id_bytes(i),
                        "leased_until_ms": now_ms() + pause if len(row.ids) == 1 else 0, "attempts": row.attempts,
                    }
                    for i in row.ids
                ],
            )  # fmt: skip


def _values(outcome: _Outcome, case_number: str) -> dict[str, Any]:
    header = outcome.record.header
    return {
        "id": header.id, "terminal": header.terminal, "sequence": header.sequence, "kind": header.kind,
        "tracking_code": header.tracking_code, "item": header.item, "digest": outcome.record.digest,
        "payload": outcome.payload, "applicant": outcome.applicant, "case_number": case_number,
        "state": "refused" if outcome.refusal else "received", "refusal": outcome.refusal,
        "received_ms": outcome.received_ms,
    }  # fmt: skip


def _event(outcome: _Outcome, case_number: str) -> Event:
    header = outcome.record.header
    kind = "refused" if outcome.refusal else "received"
    at = said(outcome.received_ms)
    return Event(0, header.id, header.tracking_code, kind, at, case_number, outcome.refusal)


def _day(application: Application) -> date:
    """Dates are judged by the day of the application: it may have waited long for the network."""
    try:
        return datetime.fromisoformat(application.created_at).date()
    except ValueError as fault:
        raise RecordError("application-malformed", "created_at is no time") from fault


def _case_numbers(db: Connection, store: Store, outcomes: Sequence[_Outcome]) -> dict[str, str]:
    """Implementation code, day, serial of four digits (domain practice; issued by the platform only)."""
    day = now_said()[:10].replace("-", "")
    by_prefix: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.impl_code and not outcome.refusal:
            by_prefix.setdefault(outcome.impl_code + day, []).append(outcome.record.header.id)
    numbers: dict[str, str] = {}
    for prefix, ids in sorted(by_prefix.items()):
        count = len(ids)
        statement = store.upsert(case_serials).values(prefix=prefix, last=count)
        statement = statement.on_conflict_do_update(
            index_elements=[case_serials.c.prefix], set_={"last": case_serials.c.last + count}
        )
        last = db.execute(statement.returning(case_serials.c.last)).scalar_one()
        numbers |= {record_id: f"{prefix}{last - count + 1 + i:04d}" for i, record_id in enumerate(ids)}
    return numbers
