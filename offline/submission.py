# SPDX-License-Identifier: Apache-2.0
"""One submission: attachments, a summary for this terminal alone, the record; one append to the spool, one sync."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from contract.attachment import seal_attachment, sealed_size
from contract.packing import Dictionaries, PackingError, from_cbor, to_cbor
from contract.parcel import FrameType
from contract.record import AttachmentRef, Kind, Record, seal_record
from offline.enrolment import Enrolment, TerminalKeys
from offline.errors import AttachmentRejected, VaultDamaged
from offline.secrets import Secrets
from offline.segment import LocalFrame
from offline.spool import Append, Place, Spool

_PURPOSE = "summary"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture to send: SHA-256 (hex) of its bytes, its type, and the material it belongs to.

    Small ones are given as `data`; a large one as `file`, which is never held whole.
    """

    digest: str
    data: bytes
    media_type: str
    material: str | None = None
    file: Path | None = None

    def open(self) -> BinaryIO:
        """The plain bytes."""
        return io.BytesIO(self.data) if self.file is None else self.file.open("rb")

    @property
    def size(self) -> int:
        """Of the plain bytes."""
        return len(self.data) if self.file is None else self.file.stat().st_size


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was confirmed, and when (ISO)."""

    record_id: str
    tracking_code: str
    confirmed_at: str


@dataclass(frozen=True, slots=True)
class Summary:
    """By what a case is found again here: the keyed hash of the person's ID number, a masked name, the item's name.
    `draft` is the draft that the submission ends."""

    person: str
    applicant: str
    item_name: str
    draft: str = ""

    def lock(self, secrets: Secrets) -> bytes:
        """As it stands in the spool."""
        return secrets.lock(to_cbor([self.person, self.applicant, self.item_name, self.draft]), _PURPOSE)

    @staticmethod
    def unlock(locked: bytes, secrets: Secrets) -> Summary | None:
        """None where it was locked with another key."""
        try:
            parts = from_cbor(secrets.unlock(locked, _PURPOSE))
        except (PackingError, VaultDamaged):
            return None
        match parts:
            case [str(person), str(applicant), str(item_name), str(draft), *_]:
                return Summary(person, applicant, item_name, draft)
        return None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a record says, before it is sealed."""

    kind: Kind
    tracking_code: str
    item: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that is on disk, with the places of the record and its attachments (digest, place)."""

    record: Record
    place: Place
    attachments: tuple[tuple[str, Place], ...]


def keep(
    spool: Spool, said: Statement, attachments: Sequence[Attachment], locked: bytes, *,
    enrolment: Enrolment, keys: TerminalKeys, sequence: int, now_ms: int, clock: str,
    dictionary: int, dictionaries: Dictionaries,
) -> Kept:  # fmt: skip
    """Seals and appends; when it returns everything is on disk, when it raises nothing is.

    `locked` is a locked summary or empty; `dictionary` is the number of one of `dictionaries`.

    Raises DiskFull, DiskReadOnly, AttachmentRejected.
    """
    platform = enrolment.platform
    with spool.appending() as out:
        placed = [(one, *_stream(out, one, enrolment)) for one in attachments]
        payload = dict(said.payload)
        if placed:
            payload["files"] = [[a.digest, digest, a.media_type, a.material or ""] for a, _, digest in placed]
        record = seal_record(
            said.kind, payload, terminal=enrolment.terminal, sequence=sequence, tracking_code=said.tracking_code,
            item=said.item, attachments=[AttachmentRef(digest, place.size) for _, place, digest in placed],
            platform=platform, signer=keys.sign, now_ms=now_ms, clock=clock,
            dictionary=dictionary, dictionaries=dictionaries,
        )  # fmt: skip
        if locked:
            out.add(LocalFrame.SUMMARY, locked)
        place = out.add(FrameType.RECORD, record.encode())
    return Kept(record, place, tuple((digest, where) for _, where, digest in placed))


def _stream(out: Append, one: Attachment, enrolment: Enrolment) -> tuple[Place, str]:
    platform = enrolment.platform
    try:
        with one.open() as plain:
            size = sealed_size(one.size, platform.preferred)
            return out.stream(FrameType.ATTACHMENT, size, seal_attachment(plain, platform))
    except (OSError, ValueError) as fault:
        raise AttachmentRejected(
            "a picture changed while it was taken; scan it again", "attachment-truncated"
        ) from fault
