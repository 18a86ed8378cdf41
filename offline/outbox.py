# SPDX-License-Identifier: Apache-2.0
"""The index of the spool: per record waiting, sending, delivered (receipt verified) or parked; and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from contract.parcel import FrameType
from contract.record import Header, Record
from offline.spool import Place, Placed, Spool
from offline.vault import Vault

WAITING, SENDING, DELIVERED, PARKED = "waiting", "sending", "delivered", "parked"


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """What has left and what has not. `bytes_waiting` counts records and attachments; times are ISO."""

    waiting: int
    sending: int
    delivered: int
    parked: int
    attachments_waiting: int
    bytes_waiting: int
    oldest_waiting_at: str | None
    last_contact: str | None
    online: bool


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A record to send."""

    id: str
    place: Place
    digest: str
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class WaitingAttachment:
    """An attachment to send; `place` is of its sealed bytes."""

    digest: str
    place: Place


@dataclass(frozen=True, slots=True)
class Left:
    """What has still to leave: counts and bytes. Costs as much as is left, however much was delivered."""

    records: int
    record_bytes: int
    attachments: int
    attachment_bytes: int
    parked: int


class Outbox:
    """Reads and moves the index."""

    def __init__(self, vault: Vault, spool: Spool) -> None:
        self._vault = vault
        self._spool = spool

    def index(self, record: Record, place: Place, attachments: Sequence[tuple[str, Place]], confirmed_at: str) -> None:
        """Notes a record that the spool holds, with its attachments (digest, place of the sealed bytes)."""
        header = record.header
        with self._vault.atomic():
            self._vault.run(
                "INSERT OR IGNORE INTO records (id, sequence, kind, tracking_code, item, segment, offset, size, "
                "digest, confirmed_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')",
                *(header.id, header.sequence, header.kind, header.tracking_code, header.item),
                *(place.segment, place.offset, place.size, record.digest, confirmed_at),
            )
            for position, (digest, where) in enumerate(attachments):
                self._vault.run(
                    "INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
                    *(header.id, position, digest, where.segment, where.offset, where.size),
                )
            self._vault.remember("indexed", f"{place.segment} {place.offset} {place.size}")

    def catch_up(self) -> int:
        """Indexes what the spool holds beyond the index: after a crash, or everything after a lost vault."""
        known = self._vault.fact("indexed")
        after = Place(*map(int, known.split())) if known else None
        found: dict[str, Place] = {}
        count = 0
        for placed in self._spool.walk(after):
            if placed.frame.type == FrameType.ATTACHMENT:
                found[placed.frame.digest] = placed.place
            elif placed.frame.type == FrameType.RECORD:
                count += self._index_found(placed, found)
                found = {}
        return count

    def _index_found(self, placed: Placed, found: dict[str, Place]) -> int:
        record = Record.decode(placed.frame.body)
        if self._vault.row("SELECT id FROM records WHERE id = ?", record.header.id):
            return 0
        attachments = [(a.digest, found[a.digest]) for a in record.header.attachments if a.digest in found]
        self.index(record, placed.place, attachments, created_at(record.header))
        return 1

    def floors(self) -> tuple[int, int]:
        """The highest sequence and the highest tracking counter."""
        row = self._vault.row("SELECT max(sequence) AS s, max(substr(tracking_code, 6, 6)) AS c FROM records")
        return (int(row["s"] or 0), int(row["c"] or 0)) if row else (0, 0)

    def waiting_records(self, limit: int) -> list[WaitingRecord]:
        """The oldest records that are not delivered and not on their way."""
        rows = self._vault.rows(
            "SELECT * FROM records WHERE state IN ('waiting', 'sending') AND state = 'waiting' "
            "ORDER BY sequence LIMIT ?",
            limit,
        )
        return [
            WaitingRecord(r["id"], Place(r["segment"], r["offset"], r["size"]), r["digest"], r["sequence"])
            for r in rows
        ]

    def waiting_attachments(self, limit: int) -> list[WaitingAttachment]:
        """Attachments of delivered records, oldest application first (the ids of records are ordered by time)."""
        rows = self._vault.rows(
            "SELECT a.digest, a.segment, a.offset, a.size FROM attachments a WHERE a.state = 'waiting' "
            "AND EXISTS (SELECT 1 FROM records r WHERE r.id = a.record_id AND r.state = 'delivered') "
            "ORDER BY a.record_id, a.position LIMIT ?",
            limit,
        )
        found = {r["digest"]: Place(r["segment"], r["offset"], r["size"]) for r in rows}
        return [WaitingAttachment(digest, place) for digest, place in found.items()]

    def manifest(self, record_id: str) -> list[tuple[str, int]]:
        """Digest and size of a record's attachments, in order."""
        rows = self._vault.rows("SELECT digest, size FROM attachments WHERE record_id = ? ORDER BY position", record_id)
        return [(r["digest"], r["size"]) for r in rows]

    def left(self) -> Left:
        """What has still to leave."""
        records = self._vault.row(
            "SELECT count(*) AS n, coalesce(sum(size), 0) AS bytes FROM records WHERE state IN ('waiting', 'sending')"
        )
        files = self._vault.row(
            "SELECT count(*) AS n, coalesce(sum(size), 0) AS bytes FROM attachments WHERE state = 'waiting'"
        )
        parked = self._vault.row("SELECT count(*) AS n FROM records WHERE state = 'parked'")
        assert records is not None
        assert files is not None
        assert parked is not None
        return Left(records["n"], records["bytes"], files["n"], files["bytes"], parked["n"])

    def together(self) -> AbstractContextManager[None]:
        """All of the block's changes in one commit. Raises DiskFull and DiskReadOnly."""
        return self._vault.atomic()

    def delivered_page(self, after: str, limit: int) -> list[tuple[str, str, list[str]]]:
        """Delivered records by id: id, digest, digests of delivered attachments."""
        rows = self._vault.rows(
            "SELECT id, digest FROM records WHERE state = 'delivered' AND id > ? ORDER BY id LIMIT ?", after, limit
        )
        return [
            (
                r["id"],
                r["digest"],
                [
                    a["digest"]
                    for a in self._vault.rows(
                        "SELECT digest FROM attachments WHERE record_id = ? AND state = 'delivered'", r["id"]
                    )
                ],
            )
            for r in rows
        ]

    def wait_again(self, records: Sequence[str], attachments: Sequence[str]) -> None:
        """The platform has lost these: they wait as if they had never been delivered."""
        with self._vault.atomic():
            for record_id in records:
                self._vault.run(
                    "UPDATE records SET state = 'waiting', received_at = NULL WHERE id = ? AND state = 'delivered'",
                    record_id,
                )
                self._vault.run(
                    "UPDATE attachments SET state = 'waiting' WHERE record_id = ? AND state = 'delivered'", record_id
                )
            for digest in attachments:
                self._vault.run(
                    "UPDATE attachments SET state = 'waiting' WHERE digest = ? AND state = 'delivered'", digest
                )

    def park_attachment(self, digest: str) -> None:
        """Sets a refused attachment aside; the others go on."""
        self._vault.run("UPDATE attachments SET state = 'parked' WHERE digest = ?", digest)

    def sending(self, ids: Sequence[str]) -> None:
        """Marks records as on their way."""
        marks = ",".join("?" * len(ids))
        self._vault.run(f"UPDATE records SET state = 'sending' WHERE state = 'waiting' AND id IN ({marks})", *ids)

    def not_sent(self) -> None:
        """Nothing is on its way any more."""
        self._vault.run("UPDATE records SET state = 'waiting' WHERE state = 'sending'")

    def registered(self, record_id: str, case_number: str) -> None:
        """Notes the platform's own number for a case."""
        self._vault.run("UPDATE records SET case_number = ? WHERE id = ?", case_number, record_id)

    def delivered(self, record_id: str, digest: str, received_at: str) -> bool:
        """Takes a verified receipt; False when it is for other bytes than ours."""
        row = self._vault.row("SELECT digest, state FROM records WHERE id = ?", record_id)
        if row is None or row["digest"] != digest:
            return False
        self._vault.run(
            "UPDATE records SET state = 'delivered', reason = '', received_at = ? WHERE id = ?",
            *(received_at, record_id),
        )
        return True

    def attachment_delivered(self, digest: str) -> None:
        """Takes a verified receipt for an attachment."""
        self._vault.run("UPDATE attachments SET state = 'delivered' WHERE digest = ?", digest)

    def attachments_wanted(self, record_id: str, offsets: Sequence[int]) -> None:
        """The platform says how much of each attachment it has (nothing: no bytes of any). It may want again what it
        had: it may have been restored from a backup."""
        for row in self._vault.rows("SELECT position, digest, size FROM attachments WHERE record_id = ?", record_id):
            if row["position"] >= len(offsets) or offsets[row["position"]] < row["size"]:
                self._vault.run("UPDATE attachments SET state = 'waiting' WHERE digest = ?", row["digest"])

    def park(self, record_id: str, reason: str) -> None:
        """Sets a refused record aside, for staff to see; the others go on."""
        self._vault.run("UPDATE records SET state = 'parked', reason = ? WHERE id = ?", reason, record_id)

    def unpark(self) -> int:
        """Offers parked records again; how many."""
        parked = self._vault.rows("SELECT id FROM records WHERE state = 'parked'")
        self._vault.run("UPDATE records SET state = 'waiting', reason = '' WHERE state = 'parked'")
        self._vault.run("UPDATE attachments SET state = 'waiting' WHERE state = 'parked'")
        return len(parked)

    def status(self) -> OutboxStatus:
        """Counts and times."""
        by_state = {
            r["state"]: r
            for r in self._vault.rows(
                "SELECT state, count(*) AS n, sum(size) AS bytes, min(confirmed_at) AS oldest "
                "FROM records GROUP BY state"
            )
        }

        def number(state: str, what: str = "n") -> int:
            return int(by_state[state][what] or 0) if state in by_state else 0

        files = self._vault.row(
            "SELECT count(DISTINCT digest) AS n, coalesce(sum(size), 0) AS bytes "
            "FROM attachments WHERE state = 'waiting'"
        )
        assert files is not None
        oldest = [by_state[s]["oldest"] for s in (WAITING, SENDING) if s in by_state]
        return OutboxStatus(
            number(WAITING),
            number(SENDING),
            number(DELIVERED),
            number(PARKED),
            int(files["n"]),
            number(WAITING, "bytes") + number(SENDING, "bytes") + int(files["bytes"]),
            min(oldest, default=None),
            self._vault.fact("last_contact"),
            self._vault.fact("online") == "1",
        )


def created_at(header: Header) -> str:
    """The header's time in ISO, for records whose index entry was lost."""
    return datetime.fromtimestamp(header.created_ms / 1000, UTC).isoformat(timespec="seconds")
