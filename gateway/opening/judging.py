# SPDX-License-Identifier: Apache-2.0
"""Judging one record: signature, seal, and the item's check in the wording that was used."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from contract.application import Application, check_application
from contract.errors import ContractError
from contract.identity import mask_name
from contract.packing import to_cbor
from contract.record import Kind, Record, RecordError, open_record, verify_record
from gateway.database.store import Store
from gateway.database.tables import terminals
from gateway.keys.generations import Keys
from gateway.opening.outcomes import Outcome
from gateway.publications import Publications

log = logging.getLogger(__name__)
_NOT_YET = ("dictionary-unknown", "key-unknown")


class NotYetError(Exception):
    """Nothing is wrong with the record: the key it is sealed to, or the dictionary it was packed with, is not here yet.

    Custody took it by a process that had the key; another machine's copy, or a restored one, may lack it.
    """


class Judge:
    """Opens a record with the platform's keys and judges it as the terminal should have."""

    def __init__(self, store: Store, keys: Keys, publications: Publications) -> None:
        self._store = store
        self._keys = keys
        self._publications = publications
        self._sign_keys: dict[int, Ed25519PublicKey] = {}

    def judge(self, record: Record, received_ms: int) -> Outcome:
        """What became of it. Raises NotYetError."""
        try:
            verify_record(record, self._sign_key(record.header.terminal))
            return self._look_into(record, self._payload(record), received_ms)
        except ContractError as refused:
            log.warning(
                "record %s of terminal %d is refused: %s", record.header.id, record.header.terminal, refused.code
            )
            return Outcome(record, received_ms, refusal=refused.code)

    def _payload(self, record: Record) -> dict[str, Any]:
        try:
            return open_record(record, self._keys.ring, self._publications.dictionaries())
        except RecordError as fault:
            if fault.code not in _NOT_YET:
                raise
        try:
            return open_record(record, self._keys.look_again(), self._publications.dictionaries(again=True))
        except RecordError as fault:
            if fault.code in _NOT_YET:
                raise NotYetError(str(fault)) from fault
            raise

    def _sign_key(self, terminal: int) -> Ed25519PublicKey:
        if terminal not in self._sign_keys:
            with self._store.reading() as db:
                raw = db.execute(select(terminals.c.sign_key).where(terminals.c.terminal == terminal)).scalar()
            if raw is None:
                raise RecordError("terminal-unknown", "the terminal is not enrolled here")
            self._sign_keys[terminal] = Ed25519PublicKey.from_public_bytes(bytes(raw))
        return self._sign_keys[terminal]

    def _look_into(self, record: Record, payload: dict[str, Any], received_ms: int) -> Outcome:
        header = record.header
        kept = to_cbor(payload)
        if header.kind != Kind.APPLICATION:
            return Outcome(record, received_ms, kept)
        application = Application.from_payload(payload)
        if (application.tracking_code, application.item_id) != (header.tracking_code, header.item):
            raise RecordError("header-differs", "header and application do not speak of the same case")
        item = self._publications.item(header.item, application.item_hash)
        if item is None:
            raise RecordError("unknown-item", f"item {header.item} is not published in the wording used")
        problems = check_application(item, application, today=_day(application))
        if problems:
            first_few = "; ".join(f"{p.field}: {p.code}" for p in problems[:5])
            log.warning("record %s does not pass the item's check: %s", header.id, first_few)
            raise RecordError("application-incomplete", first_few)
        return Outcome(record, received_ms, kept, item.impl_code, mask_name(application.applicant.name))


def _day(application: Application) -> date:
    """Dates are judged by the day of the application: it may have waited long for the network."""
    try:
        return datetime.fromisoformat(application.created_at).date()
    except ValueError as fault:
        raise RecordError("application-malformed", "created_at is no time") from fault
