# SPDX-License-Identifier: Apache-2.0
"""What the platform has for us: events, catalogue, calendar, dictionary, each only where it changed.

A platform restored from an old backup notices by our mark that it lost something; we tell it what it had, and what
it misses is sent again.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from contract.catalogue import CatalogueError, apply_delta
from contract.errors import ContractError
from contract.packing import SHIPPED
from offline.errors import GatewayRefused, NoCatalogue
from offline.sync.report import SyncReport

if TYPE_CHECKING:
    from offline.inbox import Inbox
    from offline.outbox import Outbox
    from offline.spool import Spool
    from offline.terminal import Terminal
    from offline.transport import Calls

log = logging.getLogger(__name__)
PAGE = 200  # entries of the feed
INVENTORY_PAGE = 500  # records asked about at once


class News:
    """Reads the feed once. `missed` is true when the platform had lost something that waits again now."""

    def __init__(self, terminal: Terminal, calls: Calls, report: SyncReport) -> None:
        self._terminal = terminal
        self._calls = calls
        self._report = report
        self.missed = False

    def read(self) -> None:
        """Raises LinkDown, GatewayRefused."""
        cursor = int(self._terminal.fact("cursor") or 0)
        mark = self._terminal.fact("mark") or ""
        while True:
            page = self._page(cursor, mark)
            if page.get("rewound"):
                log.warning("the platform lost what it had (restored from a backup); it is told what we sent")
                self._inventory()
            entries = [str(entry) for entry in page["entries"]]
            self._report.events += self._take(entries)
            cursor, mark = int(page["cursor"]), str(page.get("mark", ""))
            self._keep_place(cursor, mark)
            if not page["more"]:
                break
        if not self.missed:
            self._terminal.settle(int(page.get("settled", 0)))
        self._catalogue(str(page["catalogue"]["content_hash"]))
        self._calendar(str(page["calendar"]["content_hash"]))
        self._dictionary(page.get("dictionary"))

    def _page(self, cursor: int, mark: str) -> dict[str, Any]:
        page = self._calls.get(f"/v1/feed?since={cursor}&mark={mark}&limit={PAGE}").json()
        match page:
            case {"entries": list(), "cursor": int(), "catalogue": dict(), "calendar": dict(), "more": bool()}:
                return dict(page)
        raise GatewayRefused("answer-damaged", "the platform's feed is damaged", status=200)

    def _keep_place(self, cursor: int, mark: str) -> None:
        for name, value in (("cursor", str(cursor)), ("mark", mark)):
            if self._terminal.fact(name) != value:
                self._terminal.remember(name, value)

    def _take(self, entries: list[str]) -> int:
        """One by one: an entry may change the keys by which the next is read."""
        if not entries:
            return 0

        def take(outbox: Outbox, inbox: Inbox, _spool: Spool) -> int:
            with outbox.together():
                return sum(inbox.take(entry, self._terminal.require_enrolment().platform) for entry in entries)

        return self._terminal.ask(take)

    # a platform that lost something

    def _inventory(self) -> None:
        after = ""
        while page := self._terminal.ask(lambda o, _i, _s, a=after: o.delivered_page(a, INVENTORY_PAGE)):  # type: ignore[misc]  # no type is inferred for a default
            body = {
                "records": [[record_id, digest] for record_id, digest, _ in page],
                "attachments": [digest for _, _, files in page for digest in files],
            }
            answer = self._calls.post("/v1/inventory", json.dumps(body).encode(), "application/json").json()
            records = [str(r) for r in answer.get("missing_records", [])]
            attachments = [str(a) for a in answer.get("missing_attachments", [])]
            if records or attachments:
                self.missed = True
                self._terminal.ask(lambda o, _i, _s, r=records, a=attachments: o.wait_again(r, a))  # type: ignore[misc]  # as above
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
        answer = self._calls.get(f"/v1/catalogue{query}").json()
        try:
            document = None
            if current is not None and "delta" in answer:
                try:
                    document = apply_delta(current.document, answer["delta"])
                except ContractError:
                    answer = self._calls.get("/v1/catalogue").json()
            self._terminal.accept_catalogue(document if document is not None else answer["document"])
        except CatalogueError as fault:
            log.warning("a new catalogue was refused, the old one stays: %d problems", len(fault.problems))

    def _calendar(self, content_hash: str) -> None:
        if self._terminal.fact("calendar_hash") == content_hash:
            return
        answer = self._calls.get("/v1/calendar").json()
        try:
            self._terminal.accept_calendar(answer["calendar"])
        except ContractError as fault:
            log.warning("a new calendar was refused, the old one stays: %s", fault.code)
            return
        self._terminal.remember("calendar_hash", content_hash)

    def _dictionary(self, told: Any) -> None:
        match told:
            case {"id": int(number), "content_hash": str(content_hash)}:
                pass
            case _:
                return
        if number != SHIPPED and not self._terminal.knows_dictionary(number, content_hash):
            data = self._calls.get(f"/v1/dictionary/{number}").content
            try:
                self._terminal.accept_dictionary(number, data)
            except ContractError as fault:
                log.warning("a new dictionary was refused: %s", fault.code)
                number = SHIPPED
        self._terminal.use_dictionary(number)
