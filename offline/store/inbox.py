# SPDX-License-Identifier: Apache-2.0
"""What comes from the platform: verified receipts and events, catalogue, calendar; and cases as people ask for them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from contract.catalogue import load_catalogue
from contract.deadlines import WorkCalendar
from contract.errors import ContractError
from contract.events import Event, KeyChange, Receipts, StatementError, case_state, known_statement, read_statement
from contract.items import Catalogue
from contract.packing import from_cbor, to_cbor
from contract.sealing import PlatformKeys
from offline.case import CaseView
from offline.errors import NoCatalogue
from offline.files import write_whole
from offline.store.outbox import Outbox
from offline.store.submission import Summary
from offline.store.vault import Vault

log = logging.getLogger(__name__)
# In clear as releases before this one take them, and sealed, apart: a release before would stumble over those.
_EVENTS = (
    "SELECT seq, tracking_code, statement FROM events UNION ALL SELECT seq, tracking_code, statement FROM sealed_events"
)


class Inbox:
    """Keeps what came, answers what is asked. `new_keys` is called when the platform changes its keys."""

    def __init__(self, vault: Vault, outbox: Outbox, data: Path, new_keys: Callable[[PlatformKeys], None]) -> None:
        self._vault = vault
        self._outbox = outbox
        self._new_keys = new_keys
        self._published = data / "catalogue.cbor"
        self._catalogue: Catalogue | None = None

    def take(self, statement: str, platform: PlatformKeys) -> bool:
        """Verifies and applies one statement; False where it is forged or not about ours."""
        try:
            said = read_statement(statement, platform)
        except StatementError as fault:
            log.warning("a statement was not taken: %s", fault.code)
            return False
        if isinstance(said, Receipts):
            return self.take_receipts(said)
        if isinstance(said, KeyChange):
            self._new_keys(said.platform)
            return True
        known = self._vault.row("SELECT id FROM records WHERE tracking_code = ?", said.tracking_code)
        if known is None:
            return False
        if said.type == "refused":
            self._outbox.park(said.record_id, said.reason)
        elif said.case_number:
            self._outbox.registered(said.record_id, said.case_number)
        table = "events" if said.clear is not None else "sealed_events"
        self._vault.run(
            f"INSERT OR IGNORE INTO {table} (seq, tracking_code, statement) VALUES (?, ?, ?)",
            *(said.seq, said.tracking_code, statement),
        )
        return True

    def event(self, seq: int) -> Event | None:
        """One that is kept here, by its place in the feed."""
        row = self._vault.row(f"SELECT statement FROM ({_EVENTS}) WHERE seq = ?", seq)
        said = known_statement(str(row["statement"])) if row else None
        return said if isinstance(said, Event) else None

    def event_count(self) -> int:
        """How many events are known."""
        row = self._vault.row(f"SELECT count(*) AS n FROM ({_EVENTS})")
        return int(row["n"]) if row else 0

    def take_receipts(self, receipts: Receipts) -> bool:
        """Applies receipts whose signature was checked; False where none is for bytes of ours."""
        if receipts.kind == "attachment":
            for entry in receipts.entries:
                self._outbox.attachment_delivered(entry.digest)
            return True
        taken = [self._outbox.delivered(e.record_id, e.digest, receipts.received_at) for e in receipts.entries]
        return any(taken)

    def catalogue(self) -> Catalogue:
        """Raises NoCatalogue."""
        if self._catalogue is None:
            raw = self._vault.document("catalogue")
            self._catalogue = load_catalogue(from_cbor(raw), trusted=True) if raw else self._catalogue_copy()
        return self._catalogue

    def _catalogue_copy(self) -> Catalogue:
        """The copy outside the vault (it is public): after the vault was lost the terminal goes on offline."""
        try:
            return load_catalogue(from_cbor(self._published.read_bytes()))
        except (FileNotFoundError, ContractError) as fault:
            raise NoCatalogue("no catalogue has come yet; connect this terminal once: doorstep sync now") from fault

    def accept_catalogue(self, document: Mapping[str, Any]) -> None:
        """Takes a catalogue whole or, raising CatalogueError, not at all: then the old one stays."""
        catalogue = load_catalogue(document)
        body = to_cbor(dict(document))
        self._vault.keep_document("catalogue", body)
        write_whole(self._published, body)
        self._catalogue = catalogue

    def calendar(self) -> WorkCalendar:
        """The working-day table; an empty one before the first came: every deadline is then estimated."""
        raw = self._vault.document("calendar")
        if raw is None:
            return WorkCalendar("none", frozenset(), frozenset(), frozenset())
        return WorkCalendar.from_dict(json.loads(raw))

    def accept_calendar(self, table: Mapping[str, Any]) -> None:
        """Raises ContractError calendar-malformed."""
        calendar = WorkCalendar.from_dict(table)
        self._vault.keep_document("calendar", json.dumps(calendar.to_dict()).encode())

    def summary(self, tracking_code: str, summary: Summary) -> None:
        """The short entry by which a resident finds a case again; sealed applications cannot be read here."""
        self._vault.run(
            "INSERT INTO summaries (tracking_code, person, applicant, item_name) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (tracking_code) DO NOTHING",
            *(tracking_code, summary.person, summary.applicant, summary.item_name),
        )
        if summary.locked_name:
            self._vault.run(
                "INSERT OR IGNORE INTO locked_names (tracking_code, name) VALUES (?, ?)",
                *(tracking_code, summary.locked_name),
            )

    def cases_of(self, person: str) -> list[CaseView]:
        """Newest first; `person` is the keyed hash."""
        rows = self._vault.rows(
            "SELECT s.tracking_code FROM summaries s JOIN records r ON r.tracking_code = s.tracking_code "
            "WHERE s.person = ? AND r.kind = 'application' ORDER BY r.sequence DESC",
            person,
        )
        found = (self.case(str(r["tracking_code"])) for r in rows)
        return [case for case in found if case is not None]

    def case(self, tracking_code: str) -> CaseView | None:
        """A case by its code."""
        row = self._vault.row(
            "SELECT * FROM records WHERE tracking_code = ? AND kind = 'application' ORDER BY sequence LIMIT 1",
            tracking_code,
        )
        if row is None:
            return None
        summary = self._vault.row(
            "SELECT s.*, n.name FROM summaries s LEFT JOIN locked_names n ON n.tracking_code = s.tracking_code "
            "WHERE s.tracking_code = ?",
            tracking_code,
        )
        events = self._events(tracking_code)
        return CaseView(
            tracking_code,
            str(row["item"]),
            str(summary["item_name"]) if summary else self.item_name(str(row["item"])),
            str(summary["applicant"]) if summary else "",
            str(row["confirmed_at"]),
            case_state(events),
            str(row["id"]),
            row["case_number"],
            row["received_at"],
            events,
            str(row["state"]),
            str(row["reason"]),
            bytes(summary["name"] or b"") if summary else b"",
        )

    def item_name(self, item_id: str) -> str:
        """As it is published; the id where no catalogue says."""
        try:
            item = self.catalogue().items.get(item_id)
        except NoCatalogue:
            return item_id
        return item.name if item else item_id

    def _events(self, tracking_code: str) -> tuple[Event, ...]:
        rows = self._vault.rows(
            f"SELECT statement FROM ({_EVENTS}) WHERE tracking_code = ? ORDER BY seq", tracking_code
        )
        return tuple(e for r in rows if isinstance(e := known_statement(r["statement"]), Event))
