# SPDX-License-Identifier: Apache-2.0
"""Records of other terminals, brought here on paper or on a stick: kept in the spool and sent like our own, and never
counted so.

Their signature can only be checked by the platform, which knows every terminal's key; it does before it takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from contract.parcel import FrameType
from contract.record import Record, RecordError, verify_record
from offline.errors import OfflineError
from offline.store.inbox import Inbox
from offline.store.outbox import Outbox
from offline.store.spool import Spool
from offline.store.tallies import DELIVERED
from offline.terminal import Terminal

TakenStatus = Literal["kept", "known", "delivered"]


class RecordNotTaken(OfflineError):
    """A record that cannot be kept here: carried-damaged, carried-foreign (not of our own keys although it bears our
    number), carried-conflict (the same id, or our own sequence number, with other content)."""

    code = "carried"


@dataclass(frozen=True, slots=True)
class TakenRecord:
    """`status`: "kept" (now on disk), "known" (was here already) or "delivered" (the platform has it)."""

    status: TakenStatus
    record_id: str
    tracking_code: str
    terminal: int
    item: str
    attachments: int


def take_record(terminal: Terminal, raw: bytes) -> TakenRecord:
    """Takes a record's bytes over; when it returns "kept" they are on disk, and are sent at the next exchange.

    Raises RecordNotTaken, NotEnrolled, DiskFull, DiskReadOnly.
    """
    record = check_record(terminal, raw)
    status = keep_record(terminal, record, raw, {})
    header = record.header
    return TakenRecord(status, header.id, header.tracking_code, header.terminal, header.item, len(header.attachments))


def check_record(terminal: Terminal, raw: bytes) -> Record:
    """All that can be said here of a record's bytes. Raises RecordNotTaken, NotEnrolled."""
    enrolment = terminal.require_enrolment()
    try:
        record = Record.decode(raw)
        if record.header.terminal == enrolment.terminal:
            verify_record(record, terminal.keys.sign.public_key())
    except RecordError as fault:
        code = "carried-foreign" if fault.code == "record-signature" else "carried-damaged"
        raise RecordNotTaken(f"this record cannot be taken: {fault}", code) from fault
    return record


def keep_record(terminal: Terminal, record: Record, raw: bytes, attachments: Mapping[str, bytes]) -> TakenStatus:
    """One append and one sync: the sealed attachments (by digest) that came with it, then the record.

    A record that is here already is kept once more only to name attachments that were not.
    Raises RecordNotTaken carried-conflict, DiskFull, DiskReadOnly.
    """

    def work(outbox: Outbox, _inbox: Inbox, spool: Spool) -> TakenStatus:
        state = outbox.state_of(record)
        if state == "other":
            raise RecordNotTaken(
                "another record has this id or number here; scan it at the platform", "carried-conflict"
            )
        if not state or attachments:
            files = [(int(FrameType.ATTACHMENT), body) for body in attachments.values()]
            places = spool.append([*files, (int(FrameType.RECORD), raw)])
            terminal.index(record, places, list(attachments), terminal.clock.now().isoformat(timespec="seconds"))
        if state:
            return "delivered" if state == DELIVERED else "known"
        terminal.journal("carried", record=record.header.id, terminal=record.header.terminal)
        return "kept"

    return terminal.ask(work)
