# SPDX-License-Identifier: Apache-2.0
"""The sync engine: all waiting records first, in batches; then attachments, resumed at the byte; then the feed.

Network down is no failure and spends no retry. A refused record is parked and the others go on.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

from contract.catalogue import CatalogueError, apply_delta
from contract.errors import ContractError
from contract.events import ReceiptEntry, Receipts, StatementError, read_statement
from contract.parcel import FrameType, frame, parcel_header
from offline.errors import GatewayRefused, LinkDown, OfflineError
from offline.inbox import Inbox
from offline.outbox import OutboxStatus, WaitingAttachment, WaitingRecord
from offline.terminal import Terminal
from offline.transport import Transport

log = logging.getLogger(__name__)
BATCH = 64 * 1024  # bytes of one POST of records
FIRST_FRAME = 64 * 1024  # bytes of the first PATCH; then what 30 s carry
FRAME_TIME = 30.0
LEAST_FRAME, MOST_FRAME = 16 * 1024, 4 * 1024 * 1024
BACKOFF_FROM, BACKOFF_TO = 2.0, 300.0  # seconds; full jitter between
SKEW = 120.0  # seconds between the platform's clock and ours that make ours unsure


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the desk and the top band show."""

    online: bool = False
    phase: str = "idle"
    waiting: int = 0
    attachments_waiting: int = 0
    bytes_left: int = 0
    last_contact: str | None = None
    problem: str | None = None


@dataclass(slots=True)
class SyncReport:
    """What one exchange did. Bytes are of bodies; `cuts` counts exchanges that broke after something was sent."""

    records_sent: int = 0
    duplicates: int = 0
    refused: int = 0
    attachments_sent: int = 0
    bytes_sent: int = 0
    bytes_payload: int = 0
    events: int = 0
    cuts: int = 0
    problem: str | None = None
    retry_after: float = 0.0
    parked: list[str] = field(default_factory=list)


class SyncEngine:
    """Exchanges with the platform, on its own thread (`start`) or once (`run_once`).

    `listener` is called with every change of state, on the engine's thread.
    """

    def __init__(
        self,
        terminal: Terminal,
        *,
        listener: Callable[[SyncState], None] | None = None,
        interval: float = 30.0,
        rng: random.Random | None = None,
    ) -> None:
        self._terminal = terminal
        self._listener = listener
        self._interval = interval
        self._rng = rng or random.Random()
        self._state = SyncState()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._transport: Transport | None = None
        self._frame = FIRST_FRAME

    def start(self) -> None:
        """Begins the thread."""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what is under way is resumed another time."""
        self._stop.set()
        self._wake.set()
        if self._transport is not None:
            self._transport.close()
        if self._thread is not None:
            self._thread.join(CLOSING)

    def wake(self) -> None:
        """Something waits, or the network changed: do not wait for the timer."""
        self._wake.set()

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._wake.clear()
            report = self.run_once()
            failures = 0 if report.problem is None else failures + 1
            wait = self._interval
            if failures:
                wait = self._rng.uniform(0.5, min(BACKOFF_TO, BACKOFF_FROM * 2 ** min(failures, 12)))
                wait = min(max(wait, report.retry_after), BACKOFF_TO)
            if self._wake.wait(wait):
                failures = 0

    def run_once(self) -> SyncReport:
        """One exchange. Never raises for the network; `problem` says why it ended early."""
        report = SyncReport()
        try:
            self._exchange(report)
        except LinkDown as fault:
            report.problem = fault.code
            report.cuts += self._transport is not None and self._transport.bytes_sent > 0
            self._tell(online=False, phase="offline", problem=fault.code)
        except GatewayRefused as fault:
            report.problem, report.retry_after = fault.code, fault.retry_after
            self._tell(online=True, phase="idle", problem=fault.code)
        except OfflineError as fault:
            report.problem = fault.code
            self._tell(phase="idle", problem=fault.code)
        finally:
            self._terminal.ask(lambda outbox, _i, _s: outbox.not_sent())
            self._close_transport(report)
        self._terminal.remember("online", "1" if self._state.online else "0")
        return report

    def _close_transport(self, report: SyncReport) -> None:
        if self._transport is not None:
            report.bytes_sent = self._transport.bytes_sent
            self._transport.close()
            self._transport = None

    def _exchange(self, report: SyncReport) -> None:
        self._transport = Transport(self._terminal.require_enrolment(), self._terminal.keys)
        self._send_records(report)
        self._send_attachments(report)
        self._read_feed(report)
        self._tell(online=True, phase="idle", problem=None)

    # records

    def _send_records(self, report: SyncReport) -> None:
        self._tell(phase="records")
        while batch := self._next_batch():
            body = bytearray(parcel_header())
            raws = self._terminal.ask(lambda _o, _i, spool, b=batch: [spool.read(r.place) for r in b])  # type: ignore[misc]
            for raw in raws:
                body += frame(FrameType.RECORD, raw)
            ids = [r.id for r in batch]
            self._terminal.ask(lambda outbox, _i, _s, names=ids: outbox.sending(names))  # type: ignore[misc]
            report.bytes_payload += sum(len(raw) for raw in raws)
            answer = self._request(
                "POST", "/v1/records", bytes(body), {"Content-Type": "application/vnd.doorstep.parcel"}
            )
            self._take_verdicts(batch, answer.json(), report)

    def _next_batch(self) -> list[WaitingRecord]:
        waiting = self._terminal.ask(lambda outbox, _i, _s: outbox.waiting_records(200))
        batch: list[WaitingRecord] = []
        size = 0
        for record in waiting:
            if batch and size + record.place.size > BATCH:
                break
            batch.append(record)
            size += record.place.size
        return batch

    def _take_verdicts(self, batch: list[WaitingRecord], answer: Any, report: SyncReport) -> None:
        results = _results(answer)
        if len(results) != len(batch):
            raise GatewayRefused("answer-incomplete", "the platform did not answer for every record", status=200)
        kept = self._receipts(str(answer.get("receipt", "")))
        settled = 0
        for record, verdict in zip(batch, results, strict=True):
            status = verdict.get("status")
            if status in ("stored", "duplicate") and ReceiptEntry(record.id, record.digest) in kept:
                settled += 1
                report.records_sent += status == "stored"
                report.duplicates += status == "duplicate"
                offsets = [int(o) for o in verdict.get("wanted", [])]
                self._terminal.ask(lambda o, _i, _s, r=record.id, at=offsets: o.attachments_wanted(r, at))  # type: ignore[misc]
            elif status == "refused":
                settled += 1
                report.refused += 1
                report.parked.append(record.id)
                code = str(verdict.get("code", "refused"))
                self._terminal.ask(lambda o, _i, _s, r=record.id, c=code: o.park(r, c))  # type: ignore[misc]
                log.warning("record %s was refused by the platform: %s", record.id, code)
        if settled == 0:
            raise GatewayRefused("receipt-wrong", "no receipt of the platform fits what was sent", status=200)

    def _receipts(self, statement: str) -> frozenset[ReceiptEntry]:
        """Only the platform's signed receipt for exactly these bytes ends the waiting."""
        if not statement:
            return frozenset()
        try:
            receipts = read_statement(statement, self._terminal.require_enrolment().platform)
        except StatementError as fault:
            log.warning("a receipt does not verify: %s", fault.code)
            return frozenset()
        if not isinstance(receipts, Receipts) or receipts.kind != "record":
            return frozenset()
        self._terminal.ask(lambda _o, inbox, _s: inbox.take_receipts(receipts))
        return frozenset(receipts.entries)

    # attachments

    def _send_attachments(self, report: SyncReport) -> None:
        self._tell(phase="attachments")
        while waiting := self._terminal.ask(lambda outbox, _i, _s: outbox.waiting_attachments(1)):
            if self._stop.is_set():
                raise LinkDown("stopping", "stopping")
            self._send_attachment(waiting[0], report)
            if self._next_batch():  # a new application came meanwhile: the case opens before pictures go on
                self._send_records(report)
                self._tell(phase="attachments")

    def _send_attachment(self, waiting: WaitingAttachment, report: SyncReport) -> None:
        path = f"/v1/attachments/{waiting.digest}"
        state = self._request("HEAD", path, b"", {}, (200,))
        offset = int(state.headers.get("Upload-Offset", "0"))
        report.bytes_payload += waiting.place.size - offset
        while True:
            start, size = offset, self._frame
            chunk = self._terminal.ask(lambda _o, _i, spool, s=start, n=size: spool.read(waiting.place, s, n))  # type: ignore[misc]
            began = time.monotonic()
            headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            answer = self._request("PATCH", path, chunk, headers, (200, 204, 409, 422))
            self._size_frame(len(chunk), time.monotonic() - began)
            offset = int(answer.headers.get("Upload-Offset", "0"))
            if answer.status_code == 200:
                self._take_attachment_receipt(waiting, str(answer.json().get("receipt", "")))
                report.attachments_sent += 1
                return
            self._tell(phase="attachments")
            if self._next_batch():
                self._send_records(report)

    def _take_attachment_receipt(self, waiting: WaitingAttachment, statement: str) -> None:
        try:
            receipt = read_statement(statement, self._terminal.require_enrolment().platform)
        except StatementError as fault:
            raise GatewayRefused(
                "receipt-wrong", "the receipt for an attachment does not verify", status=200
            ) from fault
        named = isinstance(receipt, Receipts) and receipt.kind == "attachment" and receipt.entries
        if not isinstance(receipt, Receipts) or not named or {e.digest for e in receipt.entries} != {waiting.digest}:
            raise GatewayRefused("receipt-wrong", "the receipt is for another attachment", status=200)
        self._terminal.ask(lambda _o, inbox, _s: inbox.take_receipts(receipt))

    def _size_frame(self, size: int, seconds: float) -> None:
        """A frame is about what the link carries in 30 s, growing at most twofold."""
        rate = size / max(seconds, 0.001)
        self._frame = int(max(LEAST_FRAME, min(MOST_FRAME, rate * FRAME_TIME, self._frame * 2)))

    # the feed

    def _read_feed(self, report: SyncReport) -> None:
        self._tell(phase="feed")
        cursor = int(self._terminal.fact("cursor") or 0)
        while True:
            page = self._request("GET", f"/v1/feed?since={cursor}&limit=200").json()
            entries = [str(e) for e in page["entries"]]
            taken = self._take_entries(entries)
            report.events += taken
            cursor = int(page["cursor"])
            self._terminal.remember("cursor", str(cursor))
            if not page["more"]:
                break
        self._refresh_catalogue(str(page["catalogue"]["content_hash"]))
        self._refresh_calendar(str(page["calendar"]["content_hash"]))

    def _take_entries(self, entries: list[str]) -> int:
        """One by one: an entry may change the keys by which the next is read."""

        def take(_outbox: Any, inbox: Inbox, _spool: Any) -> int:
            return sum(inbox.take(entry, self._terminal.require_enrolment().platform) for entry in entries)

        return self._terminal.ask(take)

    def _refresh_catalogue(self, content_hash: str) -> None:
        try:
            current = self._terminal.catalogue()
        except OfflineError:
            current = None
        if current is not None and current.content_hash == content_hash:
            return
        query = f"?since={current.version}" if current else ""
        answer = self._request("GET", f"/v1/catalogue{query}").json()
        try:
            if current is not None and "delta" in answer:
                try:
                    document = apply_delta(current.document, answer["delta"])
                except ContractError:
                    document = self._request("GET", "/v1/catalogue").json()["document"]
            else:
                document = answer["document"]
            self._terminal.accept_catalogue(document)
        except CatalogueError as fault:
            log.warning("a new catalogue was refused, the old one stays: %d problems", len(fault.problems))

    def _refresh_calendar(self, content_hash: str) -> None:
        if self._terminal.fact("calendar_hash") == content_hash:
            return
        answer = self._request("GET", "/v1/calendar").json()
        try:
            self._terminal.accept_calendar(answer["calendar"])
        except ContractError as fault:
            log.warning("a new calendar was refused, the old one stays: %s", fault.code)
            return
        self._terminal.remember("calendar_hash", content_hash)

    # common

    def _request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        accept: tuple[int, ...] = (200,),
    ) -> Any:
        assert self._transport is not None
        answer = self._transport.request(method, path, body=body, headers=headers, accept=accept)
        self._note_contact(answer.headers.get("Date"))
        return answer

    def _note_contact(self, date: str | None) -> None:
        now = self._terminal.clock.now()
        if date:
            skew = abs((parsedate_to_datetime(date) - now).total_seconds())
            self._terminal.remember("clock", "unsure" if skew > SKEW else "good")
        at = now.isoformat(timespec="seconds")
        if self._state.last_contact != at:
            self._terminal.remember("last_contact", at)
        self._state = replace(self._state, online=True, last_contact=at)

    def _tell(self, **changes: Any) -> None:
        status: OutboxStatus = self._terminal.ask(lambda outbox, _i, _s: outbox.status())
        state = replace(
            self._state,
            waiting=status.waiting + status.sending,
            attachments_waiting=status.attachments_waiting,
            bytes_left=status.bytes_waiting,
            **changes,
        )
        if state != self._state and self._listener is not None:
            self._listener(state)
        self._state = state


CLOSING = 15.0  # seconds to wait for the thread at the end


def _results(answer: Any) -> list[dict[str, Any]]:
    match answer:
        case {"results": list(results)} if all(isinstance(r, dict) for r in results):
            return results
    raise GatewayRefused("answer-incomplete", "the platform's answer has no results", status=200)
