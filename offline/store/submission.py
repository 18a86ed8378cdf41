# SPDX-License-Identifier: Apache-2.0
"""The keeper's half of handing in: what the next record has to say, and taking one that was sealed to it.

The payload and the pictures come sealed; here the header is judged and signed, and all of it appended with one sync.
The client half, which knows what is sealed, is `offline.client.registrar`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract.errors import ContractError
from contract.header import header_of, read_parts
from contract.packing import PackingError, from_cbor, to_cbor
from contract.parcel import FrameType
from contract.record import MAX_RECORD, Header, Kind, Record, sign_record
from contract.tracking import split_code
from offline.enrolment import TerminalKeys
from offline.errors import OfflineError, VaultDamaged
from offline.secrets import Secrets
from offline.store.segment import LocalFrame
from offline.store.spool import Place, Spool
from offline.store.staging import StagedAttachment

_PURPOSE = "summary"
STALE = 60_000  # milliseconds after which an offer's time is no longer taken for the moment of handing in


class HandInRefused(OfflineError):
    """What was handed in is not what may be: hand-in-malformed, -foreign, -attachment, -code, -known. A bug of
    the client."""

    code = "hand-in"


@dataclass(frozen=True, slots=True)
class Summary:
    """By what a case is found again here: the keyed hash of the person's ID number, a masked name that the visit has
    locked (or, in what earlier versions kept, in clear), the item's name. `draft` is the draft that the submission
    ends."""

    person: str
    locked_name: bytes
    item_name: str
    draft: str = ""
    applicant: str = ""

    def lock(self, secrets: Secrets) -> bytes:
        """As it stands in the spool."""
        return secrets.lock(to_cbor([self.person, self.locked_name, self.item_name, self.draft]), _PURPOSE)

    @staticmethod
    def unlock(locked: bytes, secrets: Secrets) -> Summary | None:
        """None where it was locked with another key."""
        try:
            parts = from_cbor(secrets.unlock(locked, _PURPOSE))
        except (PackingError, VaultDamaged):
            return None
        match parts:
            case [str(person), bytes(name), str(item_name), str(draft), *_]:
                return Summary(person, name, item_name, draft)
            case [str(person), str(applicant), str(item_name), str(draft), *_]:
                return Summary(person, b"", item_name, draft, applicant)
        return None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the next record has to say of itself; `key_id` and `suite` are of the platform's present key."""

    record_id: str
    terminal: int
    sequence: int
    clock: str
    key_id: str
    suite: int


@dataclass(frozen=True, slots=True)
class SpooledRecord:
    """A record that is on disk, with the places of the record and its attachments (digest, place)."""

    record: Record
    place: Place
    attachments: tuple[tuple[str, Place], ...]


def read_header(data: bytes) -> Header:
    """Raises HandInRefused hand-in-malformed."""
    try:
        return header_of(read_parts(data))
    except ContractError as fault:
        raise HandInRefused(f"what was handed in has no header: {fault}", "hand-in-malformed") from fault


def fits(header: Header, offer: Offer, now_ms: int) -> bool:
    """Whether the record says what was offered. If not, it is sealed again to a new offer."""
    said = (header.terminal, header.sequence, header.clock, header.key_id, header.suite)
    offered = (offer.terminal, offer.sequence, offer.clock, offer.key_id, offer.suite)
    return said == offered and abs(now_ms - header.created_ms) <= STALE


def check_hand_in(
    header: Header, sealed: bytes, staged: Mapping[str, StagedAttachment], given_out: int, *, known: bool
) -> None:
    """What no honest client hands in. `given_out`: the highest counter of a tracking code; `known`: a record of this
    id, or an application under this code, is here already. Raises HandInRefused."""
    if len(sealed) > MAX_RECORD:
        raise HandInRefused("the sealed payload is too large", "hand-in-malformed")
    if known:
        raise HandInRefused("this was handed in before", "hand-in-known")
    for ref in header.attachments:
        found = staged.get(ref.digest)
        if found is None or found.size != ref.size:
            raise HandInRefused("an attachment of the manifest was not staged", "hand-in-attachment")
    if header.kind == Kind.APPLICATION:
        number, counter = split_code(header.tracking_code)
        if number != header.terminal:
            raise HandInRefused("an application carries a code of its own terminal", "hand-in-foreign")
        if counter > given_out:
            raise HandInRefused("this code was never given out", "hand-in-code")


def keep(
    spool: Spool, header: Header, sealed: bytes, attachments: Sequence[StagedAttachment], locked: bytes,
    keys: TerminalKeys,
) -> SpooledRecord:  # fmt: skip
    """Signs and appends; when it returns everything is on disk, when it raises nothing is.

    `locked` is a locked summary or empty. Raises DiskFull, DiskReadOnly, HandInRefused.
    """
    try:
        record = sign_record(header, sealed, keys.sign)
    except ContractError as fault:
        raise HandInRefused(str(fault), "hand-in-malformed") from fault
    body = record.encode()
    if len(body) > MAX_RECORD:  # nobody would read it, and in the spool nothing behind it
        raise HandInRefused("the record is too large; send pictures as attachments", "hand-in-malformed")
    with spool.appending() as out:
        placed = [(one.digest, out.stream(FrameType.ATTACHMENT, one.size, one.pieces())[0]) for one in attachments]
        if locked:
            out.add(LocalFrame.SUMMARY, locked)
        place = out.add(FrameType.RECORD, body)
    return SpooledRecord(record, place, tuple(placed))
