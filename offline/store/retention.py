# SPDX-License-Identifier: Apache-2.0
"""When what was submitted leaves the disk: never before the platform has it, has its attachments, and says that it
keeps them for good (`settled`). Whole segments go; what is known of the cases and the floors of all numbers stay."""

from __future__ import annotations

import logging

from contract.errors import ContractError
from contract.parcel import FrameType
from contract.record import Record
from offline.store.outbox import Outbox
from offline.store.spool import Spool
from offline.store.vault import Vault

log = logging.getLogger(__name__)
GONE = 0  # a record's segment in the index after its bytes were removed


class Retention:
    """Frees the spool."""

    def __init__(self, vault: Vault, outbox: Outbox, spool: Spool) -> None:
        self._vault = vault
        self._outbox = outbox
        self._spool = spool

    def settle(self, settled: int) -> int:
        """Removes the segments that are done with; the bytes gained. `settled` never goes back, whatever is said.

        Raises DiskFull, DiskReadOnly: what is not removed yet is removed another time.
        """
        settled = max(settled, self.settled)
        if settled > self.settled:
            self._vault.remember("settled", str(settled))
        gained = 0
        for number in self._spool.segments():
            if number != self._spool.active and self._is_done(number, settled):
                gained += self._remove(number)
        return gained

    @property
    def settled(self) -> int:
        """Up to which of this terminal's sequence numbers the platform keeps everything for good."""
        return int(self._vault.fact("settled") or 0)

    def _is_done(self, segment: int, settled: int) -> bool:
        """First by the index; then by what really stands in the segment, in case the index has lagged."""
        open_record = self._vault.row(
            "SELECT id FROM records WHERE segment = ? AND "
            "(state != 'delivered' OR files_due > 0 OR (terminal = ? AND sequence > ?)) LIMIT 1",
            *(segment, self._outbox.own, settled),
        )
        open_file = self._vault.row(
            "SELECT digest FROM attachments WHERE segment = ? AND state != 'delivered' LIMIT 1", segment
        )
        if open_record is not None or open_file is not None:
            return False
        return all(
            self._is_delivered(placed.frame.body)
            for placed in self._spool.walk_segment(segment)
            if placed.frame.type == FrameType.RECORD
        )

    def _is_delivered(self, raw: bytes) -> bool:
        try:
            record = Record.decode(raw)
        except ContractError:
            return False  # nobody here knows what it is: it stays
        return self._outbox.is_settled(record.header.id, record.digest)

    def _remove(self, segment: int) -> int:
        """The index first: after a crash between the two, the segment is found again by what stands in it."""
        with self._vault.atomic():
            for table in ("records", "attachments"):
                self._vault.run(f"UPDATE {table} SET segment = ? WHERE segment = ?", GONE, segment)
        gained = self._spool.delete(segment)
        log.info("segment %d is delivered and settled: removed", segment)
        return gained
