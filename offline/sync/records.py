# SPDX-License-Identifier: Apache-2.0
"""All waiting records, in batches, several in flight; a verdict for each; only a signed receipt ends the waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, assert_never

from contract.events import ReceiptEntry, Receipts, StatementError, read_statement
from contract.parcel import FrameType, frame, parcel_header
from offline.errors import AnswerDamaged, GatewayRefused
from offline.store.outbox import WaitingRecord
from offline.sync.answers import InCustody, RecordsAnswer, Refused, Unclear, Verdict
from offline.sync.link.transfer import RECORDS, Answer, Request, Transfer
from offline.sync.refusals import refused
from offline.sync.report import SyncReport

if TYPE_CHECKING:
    from offline.store.inbox import Inbox
    from offline.store.outbox import Outbox
    from offline.store.spool import Spool
    from offline.sync.token import Token
    from offline.terminal import Terminal

log = logging.getLogger(__name__)
BATCH = 64 * 1024  # bytes of one POST
MOST_BATCHES = 3  # in flight
Offsets = Callable[[str, list[tuple[str, int]], Sequence[int] | None], None]


class RecordBatch(Transfer):
    """One POST /v1/records."""

    priority = RECORDS

    def __init__(self, flow: RecordFlow, records: list[WaitingRecord], raws: list[bytes]) -> None:
        self._flow = flow
        self.records = records
        self.order = records[0].sequence
        body = bytearray(parcel_header())
        for raw in raws:
            body += frame(FrameType.RECORD, raw)
        self._body = bytes(body)
        self.token = ""

    def begin(self) -> Request:
        """The same batch again, under the token of now."""
        self.token = self._flow.token.value or self.token
        self._flow.report.bytes_sent += len(self._body)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/vnd.doorstep.parcel",
            "Accept-Encoding": "gzip",
        }
        return Request("POST", "/v1/records", headers, len(self._body))

    def body(self, start: int, size: int) -> bytes:
        """Of the parcel."""
        return self._body[start : start + size]

    def answered(self, answer: Answer) -> None:
        """Verdicts, or the gateway's no to the whole."""
        self._flow.take(self, answer)

    def failed(self, _fault: Exception) -> None:
        """They wait again."""
        self._flow.lost(self)


class RecordFlow:
    """Makes batches and takes verdicts. `offsets(record, manifest, wanted)` hears what of the attachments is there."""

    def __init__(self, terminal: Terminal, token: Token, report: SyncReport, offsets: Offsets) -> None:
        self._terminal = terminal
        self._offsets = offsets
        self.token = token
        self.report = report
        self._in_flight: list[RecordBatch] = []
        self._again: list[RecordBatch] = []
        self.maybe_more = True

    @property
    def active(self) -> bool:
        """Whether something is on its way or may wait."""
        return bool(self._in_flight or self._again or self.maybe_more)

    def next(self) -> RecordBatch | None:
        """The next batch, when there is one and room for it in flight."""
        if len(self._in_flight) >= MOST_BATCHES:
            return None
        if self._again:
            batch = self._again.pop()
        elif not self.maybe_more or (made := self._make()) is None:
            return None
        else:
            batch = made
        self._in_flight.append(batch)
        return batch

    def _make(self) -> RecordBatch | None:
        def read(outbox: Outbox, _inbox: Inbox, spool: Spool) -> tuple[list[WaitingRecord], list[bytes], bool]:
            records: list[WaitingRecord] = []
            size = 0
            waiting = outbox.waiting_records(BATCH // 128)
            for record in waiting:
                if records and size + record.place.size > BATCH:
                    break
                records.append(record)
                size += record.place.size
            outbox.sending([r.id for r in records])
            return records, [spool.read(r.place) for r in records], len(records) < len(waiting)

        records, raws, self.maybe_more = self._terminal.ask(read)
        if not records:
            return None
        self.report.bytes_payload += sum(map(len, raws))
        return RecordBatch(self, records, raws)

    def lost(self, batch: RecordBatch) -> None:
        """The link was given up under it."""
        if batch in self._in_flight:
            self._in_flight.remove(batch)

    def take(self, batch: RecordBatch, answer: Answer) -> None:
        """Raises GatewayRefused when the platform said no to the whole or signed for nothing, AnswerDamaged when it
        said what the contract does not know; what was clear in it is noted before."""
        self._in_flight.remove(batch)
        if answer.status == 401 and batch.token:
            self.token.spoiled(batch.token)
            batch.token = ""
            self._again.append(batch)
            return
        if answer.status != 200:
            raise refused(answer.status, answer.headers, answer.body)
        said = RecordsAnswer.of(answer.body, len(batch.records))
        self._settle(batch, said.verdicts, self._receipts(said.receipt))
        if any(isinstance(verdict, Unclear) for verdict in said.verdicts):
            raise AnswerDamaged("the platform's verdict on a record is none that the contract knows; it waits on")

    def _settle(self, batch: RecordBatch, verdicts: Sequence[Verdict], receipts: Receipts | None) -> None:
        kept = frozenset(receipts.entries) if receipts else frozenset()
        stored: list[tuple[WaitingRecord, Sequence[int] | None]] = []
        parked: list[tuple[str, str]] = []
        unclear = 0
        for record, verdict in zip(batch.records, verdicts, strict=True):
            match verdict:
                case InCustody(status, wanted) if ReceiptEntry(record.id, record.digest) in kept:
                    self.report.records_sent += status == "stored"
                    self.report.duplicates += status == "duplicate"
                    stored.append((record, wanted))
                case InCustody():
                    pass  # it says so and does not sign for it
                case Refused(code):
                    self.report.refused += 1
                    self.report.parked.append(record.id)
                    parked.append((record.id, code))
                    log.warning("record %s was refused by the platform: %s", record.id, code)
                case Unclear():
                    unclear += 1
                case _:
                    assert_never(verdict)
        if not stored and not parked and not unclear:
            raise GatewayRefused("receipt-wrong", "no receipt of the platform fits what was sent", status=200)

        def note(outbox: Outbox, inbox: Inbox, _spool: Spool) -> list[list[tuple[str, int]]]:
            with outbox.together():
                if receipts is not None:
                    inbox.take_receipts(receipts)
                for record, wanted in stored:
                    if wanted is not None:
                        outbox.attachments_wanted(record.id, wanted)
                for record_id, code in parked:
                    outbox.park(record_id, code)
            return [outbox.manifest(record.id) for record, _ in stored]

        for (record, offsets), manifest in zip(stored, self._terminal.ask(note), strict=True):
            self._offsets(record.id, manifest, offsets)

    def _receipts(self, statement: str) -> Receipts | None:
        """Verified, or nothing."""
        if not statement:
            return None
        try:
            receipts = read_statement(statement, self._terminal.require_enrolment().platform)
        except StatementError as fault:
            log.warning("a receipt does not verify: %s", fault.code)
            return None
        return receipts if isinstance(receipts, Receipts) and receipts.kind == "record" else None
