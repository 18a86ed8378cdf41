# SPDX-License-Identifier: Apache-2.0
"""What became of each record: waiting, sending, delivered (receipt verified) or parked; and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from contract.parcel import FrameType
from contract.record import Record
from offline.outbox_status import OutboxStatus
from offline.store.spool import Place
from offline.store.tallies import DELIVERED, WAITING, Left, outbox_status, what_is_left
from offline.store.vault import Vault


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record as it is listed. `reason`: why it is parked; times are ISO."""

    sequence: int
    id: str
    kind: str
    tracking_code: str
    item: str
    confirmed_at: str
    state: str
    reason: str
    received_at: str | None
    case_number: str | None


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
class ToCarry:
    """A record or attachment for a removable medium: `key` orders them, `place` is of the bytes with this digest."""

    key: tuple[str, int]
    place: Place
    digest: str


class Outbox:
    """Reads and moves the states. `own` is this terminal's number: what others recorded is only carried here."""

    def __init__(self, vault: Vault, own: int = 0) -> None:
        self.own = own
        self._vault = vault

    def has_taken(self, record_id: str, application: str = "") -> bool:
        """Whether a record of this id is here, or an application under this code of ours."""
        found = self._vault.row(
            "SELECT 1 FROM records WHERE id = ? UNION ALL "
            "SELECT 1 FROM records WHERE tracking_code = ? AND kind = 'application' AND terminal = ? LIMIT 1",
            *(record_id, application, self.own),
        )
        return found is not None

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
        """Attachments of delivered records, oldest application first; each once."""
        rows = self._vault.rows(
            "SELECT a.digest, a.segment, a.offset, a.size FROM records r INDEXED BY records_with_files "
            "CROSS JOIN attachments a ON a.record_id = r.id WHERE r.state = 'delivered' AND r.files_due > 0 "
            "AND a.state = 'waiting' ORDER BY r.sequence, a.position LIMIT ?",
            limit,
        )
        found = {r["digest"]: Place(r["segment"], r["offset"], r["size"]) for r in rows}
        return [WaitingAttachment(digest, place) for digest, place in found.items()]

    def tallies(self) -> object:
        """Equal to what it was before as long as no record or attachment changed its state."""
        return self._vault.rows("SELECT * FROM tallies ORDER BY what, terminal")

    def status(self) -> OutboxStatus:
        """Counts and times; see `outbox_status`."""
        return outbox_status(self._vault, self.own)

    def left(self) -> Left:
        """What has still to leave."""
        return what_is_left(self._vault)

    def attachments_here(self, record_id: str) -> set[str]:
        """Digests of a record's attachments that the spool holds or that the platform has."""
        rows = self._vault.rows("SELECT digest FROM attachments WHERE record_id = ?", record_id)
        return {str(r["digest"]) for r in rows}

    def manifest(self, record_id: str) -> list[tuple[str, int]]:
        """Digest and size of a record's attachments, in order."""
        rows = self._vault.rows("SELECT digest, size FROM attachments WHERE record_id = ? ORDER BY position", record_id)
        return [(r["digest"], r["size"]) for r in rows]

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
        lost = "state = 'delivered' AND segment != 0"  # what was settled and removed is not here any more
        with self._vault.atomic():
            for record_id in records:
                self._vault.run(
                    f"UPDATE records SET state = 'waiting', received_at = NULL WHERE id = ? AND {lost}", record_id
                )
                self._vault.run(f"UPDATE attachments SET state = 'waiting' WHERE record_id = ? AND {lost}", record_id)
            for digest in attachments:
                self._vault.run(f"UPDATE attachments SET state = 'waiting' WHERE digest = ? AND {lost}", digest)

    def park_attachment(self, digest: str) -> None:
        """Sets a refused attachment aside; the others go on."""
        self._vault.run("UPDATE attachments SET state = 'parked' WHERE digest = ?", digest)

    def to_carry(self, kind: int, after: ToCarry | None, limit: int) -> list[ToCarry]:
        """A page of what is neither delivered nor parked: records, or attachments, oldest application first."""
        key = after.key if after is not None else ("", -1)
        if kind == FrameType.RECORD:
            rows = self._vault.rows(
                "SELECT id, 0 AS position, segment, offset, size, digest FROM records "
                "WHERE state IN ('waiting', 'sending') AND id > ? ORDER BY id LIMIT ?",
                *(key[0], limit),
            )
        else:
            rows = self._vault.rows(
                "SELECT a.record_id AS id, a.position, a.segment, a.offset, a.size, a.digest FROM attachments a "
                "JOIN records r ON r.id = a.record_id WHERE a.state = 'waiting' AND r.state != 'parked' "
                "AND (a.record_id, a.position) > (?, ?) ORDER BY a.record_id, a.position LIMIT ?",
                *(*key, limit),
            )
        return [
            ToCarry((r["id"], r["position"]), Place(r["segment"], r["offset"], r["size"]), r["digest"]) for r in rows
        ]

    def bytes_to_carry(self) -> int:
        """Bytes of all that `to_carry` would give."""
        row = self._vault.row(
            "SELECT (SELECT coalesce(sum(size), 0) FROM records WHERE state IN ('waiting', 'sending')) + "
            "(SELECT coalesce(sum(a.size), 0) FROM attachments a JOIN records r ON r.id = a.record_id "
            "WHERE a.state = 'waiting' AND r.state != 'parked') AS n"
        )
        assert row is not None
        return int(row["n"])

    def holds(self, record_id: str, digest: str) -> bool:
        """Whether these bytes are in the index."""
        return self._vault.row("SELECT id FROM records WHERE id = ? AND digest = ?", record_id, digest) is not None

    def place_of(self, record_id: str) -> Place | None:
        """Where a record is in the spool; None where it is not known, or was settled and removed."""
        row = self._vault.row("SELECT segment, offset, size FROM records WHERE id = ? AND segment != 0", record_id)
        return Place(row["segment"], row["offset"], row["size"]) if row else None

    def state_of(self, record: Record) -> str:
        """The state of exactly this record; "" for one that is not here, "other" where another has its id or number."""
        header = record.header
        row = self._vault.row(
            "SELECT id, digest, state FROM records WHERE id = ? OR (terminal = ? AND sequence = ?)",
            *(header.id, header.terminal, header.sequence),
        )
        if row is None:
            return ""
        return str(row["state"]) if (row["id"], row["digest"]) == (header.id, record.digest) else "other"

    def is_settled(self, record_id: str, digest: str) -> bool:
        """Whether the platform has these bytes, and every attachment that goes with them."""
        row = self._vault.row(
            "SELECT id FROM records r WHERE id = ? AND digest = ? AND state = 'delivered' AND NOT EXISTS "
            "(SELECT 1 FROM attachments a WHERE a.record_id = r.id AND a.state != 'delivered')",
            *(record_id, digest),
        )
        return row is not None

    def is_attachment_delivered(self, digest: str) -> bool:
        """Whether the platform has it; False for one that is not known here."""
        states = {r["state"] for r in self._vault.rows("SELECT state FROM attachments WHERE digest = ?", digest)}
        return states == {DELIVERED}

    def is_attachment_known(self, digest: str) -> bool:
        """Whether a record here names it and has, or had, its bytes."""
        return self._vault.row("SELECT digest FROM attachments WHERE digest = ? LIMIT 1", digest) is not None

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
                self._vault.run(
                    "UPDATE attachments SET state = 'waiting' WHERE digest = ? AND segment != 0", row["digest"]
                )

    def park(self, record_id: str, reason: str) -> None:
        """Sets a refused record aside, for staff to see; the others go on."""
        self._vault.run("UPDATE records SET state = 'parked', reason = ? WHERE id = ?", reason, record_id)

    def unpark(self) -> int:
        """Offers parked records again; how many."""
        parked = self._vault.rows("SELECT id FROM records WHERE state = 'parked'")
        self._vault.run("UPDATE records SET state = 'waiting', reason = '' WHERE state = 'parked'")
        self._vault.run("UPDATE attachments SET state = 'waiting' WHERE state = 'parked'")
        return len(parked)

    def listed(self, limit: int, before: int | None = None, state: str | None = None) -> list[RecordLine]:
        """Records, newest first, from below the sequence `before` on; all or those in one state."""
        wanted = {None: "1", WAITING: "state IN ('waiting', 'sending')"}.get(state, "state = ?")
        rows = self._vault.rows(
            f"SELECT * FROM records WHERE {wanted} AND sequence < ? ORDER BY sequence DESC LIMIT ?",
            *(() if state in (None, WAITING) else (state,)),
            *(before if before is not None else 2**62, limit),
        )
        return [RecordLine(**{name: r[name] for name in RecordLine.__slots__}) for r in rows]
