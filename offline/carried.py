# SPDX-License-Identifier: Apache-2.0
"""Records of other terminals, brought here on paper: kept in the spool and sent like our own, and never counted so.

Their signature can only be checked by the platform, which knows every terminal's key; it does before it takes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from contract.parcel import FrameType
from contract.record import Record, RecordError, verify_record
from offline.errors import OfflineError
from offline.inbox import Inbox
from offline.outbox import DELIVERED, Outbox
from offline.spool import Spool
from offline.terminal import Terminal


class NotCarried(OfflineError):
    """A record that cannot be kept here: carried-damaged, carried-foreign (not of our own keys although it bears our
    number), carried-conflict (the same id, or our own sequence number, with other content)."""

    code = "carried"


@dataclass(frozen=True, slots=True)
class Carried:
    """`status`: "kept" (now on disk), "known" (was here already) or "delivered" (the platform has it)."""

    status: str
    record_id: str
    tracking_code: str
    terminal: int
    item: str


def carry(terminal: Terminal, raw: bytes) -> Carried:
    """Takes a record's bytes over; when it returns "kept" they are on disk, and are sent at the next exchange.

    Raises NotCarried, NotEnrolled, DiskFull, DiskReadOnly.
    """
    enrolment = terminal.require_enrolment()
    try:
        record = Record.decode(raw)
        if record.header.terminal == enrolment.terminal:
            verify_record(record, terminal.keys.sign.public_key())
    except RecordError as fault:
        code = "carried-foreign" if fault.code == "record-signature" else "carried-damaged"
        raise NotCarried(f"this record cannot be taken: {fault}", code) from fault

    def work(outbox: Outbox, _inbox: Inbox, spool: Spool) -> str:
        state = outbox.state_of(record)
        if state == "other":
            raise NotCarried("another record has this id or number here; scan it at the platform", "carried-conflict")
        if state:
            return "delivered" if state == DELIVERED else "known"
        (place,) = spool.append([(int(FrameType.RECORD), raw)])
        terminal.index(record, [place], (), terminal.clock.now().isoformat(timespec="seconds"))
        terminal.journal("carried", record=record.header.id, terminal=record.header.terminal)
        return "kept"

    status = terminal.ask(work)
    header = record.header
    return Carried(status, header.id, header.tracking_code, header.terminal, header.item)
