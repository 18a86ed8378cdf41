# SPDX-License-Identifier: Apache-2.0
"""The index of the spool: where each record and attachment stands; it may lag, and catches up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from contract.errors import ContractError
from contract.parcel import FrameType
from contract.record import Header, Record
from offline.store.segment import LocalFrame
from offline.store.spool import Place, Placed, Spool
from offline.store.vault import Vault

log = logging.getLogger(__name__)


class SpoolIndex:
    """Keeps the vault's list of what the spool holds. `own` is this terminal's number: what others recorded is only
    carried here."""

    def __init__(self, vault: Vault, spool: Spool, own: int = 0) -> None:
        self.own = own
        self._vault = vault
        self._spool = spool
        self._held = False

    def add(self, record: Record, place: Place, attachments: Sequence[tuple[str, Place]], confirmed_at: str) -> None:
        """Notes a record that the spool holds, with its attachments (digest, place of the sealed bytes)."""
        header = record.header
        with self._vault.atomic():
            self._vault.run(
                "INSERT OR IGNORE INTO records (id, terminal, sequence, kind, tracking_code, item, segment, offset, "
                "size, digest, confirmed_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')",
                *(header.id, header.terminal, header.sequence, header.kind, header.tracking_code, header.item),
                *(place.segment, place.offset, place.size, record.digest, confirmed_at),
            )
            manifest = [ref.digest for ref in header.attachments]  # of which a carried record may bring a part
            for digest, where in attachments:
                self._vault.run(
                    "INSERT OR IGNORE INTO attachments (record_id, position, digest, segment, offset, size, state) "
                    "VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
                    *(header.id, manifest.index(digest), digest, where.segment, where.offset, where.size),
                )
            if not self._held:
                self._vault.remember("indexed", f"{place.segment} {place.offset} {place.size}")

    def hold(self) -> None:
        """A record could not be noted: the next `catch_up` begins before it."""
        self._held = True

    def catch_up(self, summary: Callable[[Header, bytes], None]) -> int:
        """Indexes what the spool holds beyond the index: after a crash, or everything after a lost vault. `summary`
        is given what the spool keeps beside a record for this terminal alone."""
        found: dict[str, Place] = {}
        beside: list[Place] = []
        count = 0
        for placed in self._spool.walk(indexed(self._vault)):
            match placed.frame.type:
                case FrameType.ATTACHMENT:
                    found[placed.frame.digest] = placed.place
                case LocalFrame.SUMMARY:
                    beside.append(placed.place)
                case FrameType.RECORD:
                    with self._vault.atomic():
                        if record := self._decoded(placed):
                            count += self._add_found(record, placed.place, found)
                            for place in beside:
                                summary(record.header, self._spool.read(place))
                    found, beside = {}, []
        return count

    @staticmethod
    def _decoded(placed: Placed) -> Record | None:
        try:
            return Record.decode(placed.frame.body)
        except ContractError as fault:  # whole, so it was written like this: by a newer program, before this one
            log.warning("a record in segment %d is left where it is: %s", placed.place.segment, fault.code)
            return None

    def _add_found(self, record: Record, place: Place, found: dict[str, Place]) -> bool:
        """Adds what is missing in the index; whether the record itself was."""
        header = record.header
        known = self._vault.row("SELECT id FROM records WHERE id = ?", header.id)
        attachments = [(a.digest, found[a.digest]) for a in header.attachments if a.digest in found]
        lost = len({a.digest for a in header.attachments} - set(found))
        if lost and header.terminal == self.own:
            log.warning("%d attachments of record %s are damaged in segment %d", lost, header.id, place.segment)
        self.add(record, place, attachments, created_at(header))
        return known is None

    def floors(self) -> tuple[int, int]:
        """The highest sequence and the highest tracking counter of this terminal; those carried have their own."""
        highest = self._vault.row("SELECT max(sequence) AS s FROM records WHERE terminal = ?", self.own)
        code = self._vault.row(
            "SELECT max(tracking_code) AS code FROM records WHERE tracking_code >= ? AND tracking_code < ?",
            *(f"{self.own:05d}", f"{self.own + 1:05d}"),
        )
        return int((highest or {}).get("s") or 0), int(str((code or {}).get("code") or "")[5:11] or 0)


def indexed(vault: Vault) -> Place | None:
    """Up to where the vault knows the spool."""
    known = vault.fact("indexed")
    return Place(*map(int, known.split())) if known else None


def created_at(header: Header) -> str:
    """The header's time in ISO, for records whose index entry was lost."""
    return datetime.fromtimestamp(header.created_ms / 1000, UTC).isoformat(timespec="seconds")
