# SPDX-License-Identifier: Apache-2.0
"""What the platform has for us: events, catalogue, calendar, dictionary, each only where it changed.

A platform restored from an old backup notices by our mark that it lost something; we tell it what it had, and what
it misses is sent again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contract.catalogue import apply_delta
from contract.errors import ContractError
from contract.packing import SHIPPED
from offline.errors import AnswerDamaged, NoCatalogue
from offline.sync.answers import CalendarAnswer, CatalogueAnswer, DictionaryAnswer, FeedPage, InventoryAnswer
from offline.sync.report import SyncReport

if TYPE_CHECKING:
    from offline.store.inbox import Inbox
    from offline.store.outbox import Outbox
    from offline.store.spool import Spool
    from offline.sync.calls import Calls
    from offline.terminal import Terminal

log = logging.getLogger(__name__)
PAGE = 200  # entries of the feed
INVENTORY_PAGE = 500  # records asked about at once


class FeedReader:
    """Reads the feed once. `missed` is true when the platform had lost something that waits again now."""

    def __init__(self, terminal: Terminal, calls: Calls, report: SyncReport) -> None:
        self._terminal = terminal
        self._calls = calls
        self._report = report
        self.missed = False

    def read(self) -> None:
        """Raises LinkDown, GatewayRefused, AnswerDamaged."""
        rewound = False
        cursor = int(self._terminal.fact("cursor") or 0)
        mark = self._terminal.fact("mark") or ""
        while True:
            page = FeedPage.of(self._calls.get(f"/v1/feed?since={cursor}&mark={mark}&limit={PAGE}").content, cursor)
            if page.rewound:
                if rewound:
                    raise AnswerDamaged("the platform's feed begins anew again and again")
                rewound = True
                log.warning("the platform lost what it had (restored from a backup); it is told what we sent")
                self._inventory()
            self._report.events += self._take(page.entries)
            cursor, mark = page.cursor, page.mark
            self._keep_place(cursor, mark)
            if not page.more:
                break
        if not self.missed:
            self._terminal.settle(page.settled)
        self._catalogue(page.catalogue)
        self._calendar(page.calendar)
        self._dictionary(page.dictionary, page.dictionary_hash)

    def _keep_place(self, cursor: int, mark: str) -> None:
        for name, value in (("cursor", str(cursor)), ("mark", mark)):
            if self._terminal.fact(name) != value:
                self._terminal.remember(name, value)

    def _take(self, entries: Sequence[str]) -> int:
        """One by one: an entry may change the keys by which the next is read."""
        if not entries:
            return 0

        def take(outbox: Outbox, inbox: Inbox, _spool: Spool) -> int:
            with outbox.together():
                return sum(inbox.take(entry, self._terminal.require_enrolment().platform) for entry in entries)

        return self._terminal.ask(take)

    # a platform that lost something

    def _inventory(self) -> None:
        def behind(record_id: str) -> list[tuple[str, str, list[str]]]:
            return self._terminal.ask(lambda outbox, _i, _s: outbox.delivered_page(record_id, INVENTORY_PAGE))

        def again(missing: InventoryAnswer) -> None:
            self._terminal.ask(lambda outbox, _i, _s: outbox.wait_again(missing.records, missing.attachments))

        after = ""
        while page := behind(after):
            files = [digest for _, _, digests in page for digest in digests]
            body = {"records": [[record_id, digest] for record_id, digest, _ in page], "attachments": files}
            answer = self._calls.post("/v1/inventory", json.dumps(body).encode(), "application/json")
            missing = InventoryAnswer.of(answer.content, [record_id for record_id, _, _ in page], files)
            if missing.records or missing.attachments:
                self.missed = True
                again(missing)
            after = page[-1][0]

    # what is published

    def _catalogue(self, content_hash: str) -> None:
        try:
            current = self._terminal.catalogue()
        except NoCatalogue:
            current = None
        if current is not None and current.content_hash == content_hash:
            return
        query = f"?since={current.version}" if current else ""
        answer = CatalogueAnswer.of(self._calls.get(f"/v1/catalogue{query}").content)
        document = answer.document
        if answer.delta is not None and current is not None:
            try:
                document = apply_delta(current.document, answer.delta)
            except ContractError:
                document = CatalogueAnswer.of(self._calls.get("/v1/catalogue").content).document
        if document is None:
            raise AnswerDamaged("the platform sent what changed in a catalogue instead of the whole")
        try:
            self._terminal.accept_catalogue(document)
        except ContractError as fault:
            log.warning("a new catalogue was refused, the old one stays: %s", fault)

    def _calendar(self, content_hash: str) -> None:
        if self._terminal.fact("calendar_hash") == content_hash:
            return
        answer = CalendarAnswer.of(self._calls.get("/v1/calendar").content)
        try:
            self._terminal.accept_calendar(answer.table)
        except ContractError as fault:
            log.warning("a new calendar was refused, the old one stays: %s", fault.code)
            return
        self._terminal.remember("calendar_hash", content_hash)

    def _dictionary(self, number: int, content_hash: str) -> None:
        if number != SHIPPED and not self._terminal.knows_dictionary(number, content_hash):
            try:
                answer = DictionaryAnswer.of(self._calls.get(f"/v1/dictionary/{number}").content, content_hash)
                self._terminal.accept_dictionary(number, answer.data)
            except AnswerDamaged:
                self._terminal.use_dictionary(SHIPPED)  # whatever we have, the platform may have lost it
                raise
            except ContractError as fault:
                log.warning("a new dictionary was refused: %s", fault.code)
                number = SHIPPED
        self._terminal.use_dictionary(number)
