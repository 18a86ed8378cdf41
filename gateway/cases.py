# SPDX-License-Identifier: Apache-2.0
"""What has arrived, and what officers do with it. Each act becomes a signed event in the terminal's feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from contract.application import Application
from contract.attachment import open_attachment
from contract.event_body import CorrectionAsk, EventBody, EventBodyError
from contract.events import Event, case_state
from contract.items import ServiceItem
from contract.packing import from_cbor
from contract.record import Kind, Record
from gateway.attachments.blobs import Blobs
from gateway.clock import now_said, said
from gateway.database.store import Store
from gateway.database.tables import attachments, opened, record_attachments, records, waiting
from gateway.errors import GatewayError
from gateway.feeds import Feeds, Told
from gateway.keys.generations import Keys
from gateway.publications import Publications

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
    events: tuple[Told, ...]
    attachments: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]

    @property
    def allowed(self) -> set[str]:
        """Acts that make sense now."""
        return _AFTER.get(self.state, set())


class Cases:
    """Reads and moves cases."""

    def __init__(self, store: Store, keys: Keys, publications: Publications, feeds: Feeds, blobs: Blobs) -> None:
        self._store = store
        self._keys = keys
        self._publications = publications
        self._feeds = feeds
        self._blobs = blobs

    def listing(self, *, state: str = "", search: str = "", most: int | None = None) -> list[dict[str, Any]]:
        """One row per record, newest first; without values. What is in custody and not opened yet is "waiting"."""
        application = opened.alias("application")
        query = (
            select(opened, application.c.state.label("case_state"))
            .outerjoin(
                application,
                (application.c.tracking_code == opened.c.tracking_code)
                & (application.c.kind == str(Kind.APPLICATION))
                & (application.c.refusal == "")
                & (opened.c.tracking_code != "")
                & (opened.c.refusal == ""),
            )
            .order_by(opened.c.received_ms.desc(), opened.c.id.desc())
        )
        wanted = search.replace(" ", "")
        if wanted:
            query = query.where((opened.c.tracking_code == wanted) | (opened.c.case_number == wanted))
        if state:
            query = query.where(func.coalesce(application.c.state, opened.c.state) == state)
        if most is not None:
            query = query.limit(most)
        with self._store.reading() as db:
            listed = [] if state and state != "waiting" else self._unopened(db, wanted, most)
            listed += [
                {
                    "record_id": row.id,
                    "tracking_code": row.tracking_code,
                    "case_number": row.case_number,
                    "item": row.item,
                    "kind": row.kind,
                    "state": row.case_state or row.state,
                    "refusal": row.refusal,
                    "received_at": said(row.received_ms),
                    "terminal": row.terminal,
                    "digest": row.digest,
                    "applicant": row.applicant,
                }
                for row in db.execute(query)
            ]
            for entry in listed[:most]:
                entry["attachments"] = self._attachments(db, entry["record_id"])
        return listed[:most]

    def waiting(self) -> int:
        """How many records are in custody and not opened yet."""
        with self._store.reading() as db:
            return int(db.execute(select(func.coalesce(func.sum(waiting.c.count), 0))).scalar_one())

    def _unopened(self, db: Connection, search: str, most: int | None) -> list[dict[str, Any]]:
        listed = []
        query = (
            select(records)
            .join(waiting, waiting.c.terminal == records.c.terminal)
            .outerjoin(opened, opened.c.id == records.c.id)
            .where(opened.c.id.is_(None))
            .order_by(records.c.received_ms.desc(), records.c.id.desc())
            .distinct()
            .limit(most)
        )
        for row in db.execute(query):
            header = Record.decode(bytes(row.raw)).header
            if not search or search == header.tracking_code:
                listed.append(
                    {
                        "record_id": row.id,
                        "tracking_code": header.tracking_code,
                        "case_number": "",
                        "item": header.item,
                        "kind": header.kind,
                        "state": "waiting",
                        "refusal": "",
                        "received_at": said(row.received_ms),
                        "terminal": row.terminal,
                        "digest": row.digest,
                        "applicant": "",
                    }
                )
        return listed

    def _attachments(self, db: Connection, record_id: str) -> list[dict[str, Any]]:
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
        with self._store.reading() as db:
            return self._case(db, tracking_code)

    def _case(self, db: Connection, tracking_code: str) -> Case:
        rows = db.execute(
            select(opened)
            .where(opened.c.tracking_code == tracking_code, opened.c.refusal == "", opened.c.tracking_code != "")
            .order_by(opened.c.received_ms, opened.c.id)
        ).all()
        first = next((r for r in rows if r.kind == Kind.APPLICATION), None)
        if first is None:
            raise GatewayError(404, "unknown-case", "no application with this code has arrived")
        application = Application.from_payload(from_cbor(bytes(first.payload)))
        item = self._publications.item(application.item_id, application.item_hash)
        assert item is not None, "an opened application was checked against its item"
        others = tuple(
            {"kind": r.kind, "received_at": said(r.received_ms), "payload": from_cbor(bytes(r.payload))}
            for r in rows
            if r.kind != Kind.APPLICATION
        )
        known = {r.id for r in rows if r.kind != Kind.APPLICATION}
        events = tuple(t for t in self._feeds.events_of(db, tracking_code) if t.event.record_id not in known)
        return Case(
            first.id, tracking_code, first.case_number, said(first.received_ms), first.terminal, application, item,
            first.state, events, tuple(self._attachments(db, first.id)), others,
        )  # fmt: skip

    def act(self, tracking_code: str, act: str, *, text: str = "", asks: tuple[CorrectionAsk, ...] = ()) -> Event:
        """Moves a case. Raises GatewayError unknown-act, not-now, ask-missing, ask-unlisted, event-body-too-large."""
        if act not in ACTS:
            raise GatewayError(400, "unknown-act", f"acts are {', '.join(ACTS)}")
        with self._store.transaction() as db:
            self._store.lock(db, f"case {tracking_code}")
            case = self._case(db, tracking_code)
            if act not in case.allowed:
                raise GatewayError(409, "not-now", f"a case that is {case.state} cannot be moved by {act}")
            values = _present_values(case, asks) if act == "correct" else {}
            draft = Event(0, case.record_id, tracking_code, ACTS[act], now_said())
            try:
                event = self._feeds.tell(db, case.terminal, draft, EventBody(text, asks, values))
            except EventBodyError as fault:
                raise GatewayError(400, fault.code, str(fault)) from fault
            before = [told.event for told in case.events]
            db.execute(update(opened).where(opened.c.id == case.record_id).values(state=case_state([*before, event])))
        return event

    def attachment(self, digest: str) -> Iterator[bytes]:
        """The plain bytes of a whole attachment, in pieces.

        Raises GatewayError attachment-missing, blobs-away at the first piece; SealError.
        """
        with self._blobs.open(digest) as stream:
            yield from open_attachment(stream, self._keys.ring)


def _present_values(case: Case, asks: tuple[CorrectionAsk, ...]) -> dict[str, Any]:
    """A correction may ask only for what the item lists; the terminal gets what it had, since it cannot reopen it."""
    if not asks:
        raise GatewayError(400, "ask-missing", "say which field or material is to be put right, and how")
    listed = {f.id for f in case.item.fields} | {m.id for m in case.item.materials}
    for ask in asks:
        if ask.subject not in listed:
            raise GatewayError(400, "ask-unlisted", f"the item does not ask for {ask.subject}; it may not be demanded")
    data = case.application.data()
    return {a.subject: data[a.subject] for a in asks if a.subject in data}
