# SPDX-License-Identifier: Apache-2.0
"""What has arrived, and what officers do with it. Each act becomes a signed event in the terminal's feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from contract.application import Application
from contract.attachment import open_whole
from contract.events import CorrectionAsk, Event, case_state
from contract.items import ServiceItem
from contract.packing import to_cbor
from contract.record import Kind
from contract.sealing import SUITE_X25519, SealingKey, seal
from gateway.blobs import Blobs
from gateway.errors import GatewayError
from gateway.feeds import Feeds
from gateway.ingest import stored_payload
from gateway.keys import Keys
from gateway.shelf import Shelf
from gateway.store import Store, attachments, record_attachments, records, terminals

CORRECTION_CONTEXT = b"doorstep correction 1"
ACTS = {
    "accept": "accepted",
    "correct": "correction",
    "process": "processing",
    "finish": "finished",
    "reject": "rejected",
}
_AFTER = {  # which acts a state allows
    "received": {"accept", "correct", "reject"},
    "correction": {"accept", "correct", "reject"},
    "accepted": {"process", "finish", "reject"},
    "processing": {"finish", "reject"},
}


@dataclass(frozen=True, slots=True)
class Case:
    """An application with its state and the form it was filled in with."""

    record_id: str
    tracking_code: str
    case_number: str
    received_at: str
    terminal: int
    application: Application
    item: ServiceItem
    state: str
    events: tuple[Event, ...]
    attachments: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]

    @property
    def allowed(self) -> set[str]:
        """Acts that make sense now."""
        return _AFTER.get(self.state, set())


class Cases:
    """Reads and moves cases."""

    def __init__(self, store: Store, keys: Keys, shelf: Shelf, feeds: Feeds, blobs: Blobs) -> None:
        self._store = store
        self._keys = keys
        self._shelf = shelf
        self._feeds = feeds
        self._blobs = blobs

    def listing(self, *, state: str = "", search: str = "") -> list[dict[str, Any]]:
        """One row per record, newest first; without values."""
        with self._store.transaction() as db:
            rows = db.execute(select(records).order_by(records.c.received_at.desc(), records.c.id.desc())).all()
        listed = []
        for row in rows:
            if search and search.replace(" ", "") not in (row.tracking_code, row.case_number):
                continue
            now = case_state(self._feeds.events_of(row.tracking_code))
            if state and now != state:
                continue
            listed.append(
                {
                    "record_id": row.id,
                    "tracking_code": row.tracking_code,
                    "case_number": row.case_number,
                    "item": row.item,
                    "kind": row.kind,
                    "state": now,
                    "received_at": row.received_at,
                    "terminal": row.terminal,
                    "digest": row.digest,
                    "applicant": row.applicant,
                    "attachments": self._attachments(row.id),
                }
            )
        return listed

    def _attachments(self, record_id: str) -> list[dict[str, Any]]:
        with self._store.transaction() as db:
            rows = db.execute(
                select(attachments)
                .join(record_attachments, record_attachments.c.digest == attachments.c.digest)
                .where(record_attachments.c.record_id == record_id)
                .order_by(record_attachments.c.position)
            ).all()
        return [
            {"digest": r.digest, "size": r.size, "complete": r.completed_at is not None, "completed_at": r.completed_at}
            for r in rows
        ]

    def case(self, tracking_code: str) -> Case:
        """Raises GatewayError unknown-case."""
        with self._store.transaction() as db:
            rows = db.execute(
                select(records).where(records.c.tracking_code == tracking_code).order_by(records.c.received_at)
            ).all()
        first = next((r for r in rows if r.kind == Kind.APPLICATION), None)
        if first is None:
            raise GatewayError(404, "unknown-case", "no application with this code has arrived")
        application = Application.from_payload(stored_payload(first.payload))
        item = self._shelf.item(application.item_id, application.item_hash)
        assert item is not None, "a stored application was checked against its item"
        events = tuple(self._feeds.events_of(tracking_code))
        others = tuple(
            {"kind": r.kind, "received_at": r.received_at, "payload": stored_payload(r.payload)}
            for r in rows
            if r.kind != Kind.APPLICATION
        )
        return Case(
            first.id, tracking_code, first.case_number, first.received_at, first.terminal, application, item,
            case_state(events), events, tuple(self._attachments(first.id)), others,
        )  # fmt: skip

    def act(self, tracking_code: str, act: str, *, text: str = "", asks: tuple[CorrectionAsk, ...] = ()) -> Event:
        """Moves a case. Raises GatewayError unknown-act, not-now, ask-missing, ask-unlisted."""
        if act not in ACTS:
            raise GatewayError(400, "unknown-act", f"acts are {', '.join(ACTS)}")
        case = self.case(tracking_code)
        if act not in case.allowed:
            raise GatewayError(409, "not-now", f"a case that is {case.state} cannot be moved by {act}")
        sealed = b""
        if act == "correct":
            sealed = self._present_values(case, asks)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        event = Event(0, case.record_id, tracking_code, ACTS[act], now, text, asks, sealed)
        with self._store.transaction() as db:
            return self._feeds.add(db, case.terminal, event)

    def _present_values(self, case: Case, asks: tuple[CorrectionAsk, ...]) -> bytes:
        """A correction may ask only for what the item lists; the terminal gets what it had, sealed to it."""
        if not asks:
            raise GatewayError(400, "ask-missing", "say which field or material is to be put right, and how")
        listed = {f.id for f in case.item.fields} | {m.id for m in case.item.materials}
        for ask in asks:
            if ask.subject not in listed:
                raise GatewayError(
                    400, "ask-unlisted", f"the item does not ask for {ask.subject}; it may not be demanded"
                )
        with self._store.transaction() as db:
            raw = db.execute(select(terminals.c.seal_key).where(terminals.c.terminal == case.terminal)).scalar_one()
        data = case.application.data()
        values = {a.subject: data[a.subject] for a in asks if a.subject in data}
        return seal(to_cbor(values), SealingKey(SUITE_X25519, raw), CORRECTION_CONTEXT)

    def attachment(self, digest: str) -> bytes:
        """The plain bytes of a whole attachment. Raises GatewayError attachment-missing."""
        path = self._blobs.path(digest)
        if not path.exists():
            raise GatewayError(404, "attachment-missing", "this attachment has not arrived whole yet")
        return open_whole(path.read_bytes(), self._keys.ring)
