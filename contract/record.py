# SPDX-License-Identifier: Apache-2.0
"""The record: a small sealed, signed statement of one terminal.

Bytes: CBOR array [header, sealed, signature], all three byte strings. The header is a deterministic CBOR array in
clear and names the sealed payload by its SHA-256; the Ed25519 signature is over CONTEXT + header and so covers both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import ContractError
from contract.ids import id_bytes, id_text, id_time, is_uuid7
from contract.ids import uuid7 as uuid7  # where it was always looked for
from contract.packing import ONLY_SHIPPED, SHIPPED, Dictionaries, PackingError, from_cbor, pack, to_cbor, unpack
from contract.sealing import SUITES, Keyring, PlatformKeys, SealError, open_sealed, seal
from contract.tracking import code_of_number

VERSION = 1
MAX_RECORD = 1024 * 1024  # bytes
MAX_ATTACHMENTS = 64
MAX_ATTACHMENT = 1024 * 1024 * 1024  # sealed bytes of one
MAX_ITEM = 64  # characters of an item's code
_CONTEXT = b"doorstep record 1"
_NO_DIGEST = bytes(32)
_CLOCKS = ("good", "unsure")  # by their number in the format
_LARGEST = 2**63 - 1


class RecordError(ContractError):
    """Bytes that are no record, or a record that was changed on its way."""


class Kind(StrEnum):
    """What a record is about."""

    APPLICATION = "application"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    RATING = "rating"
    COMPLAINT = "complaint"
    HANDOVER = "handover"
    JOURNAL = "journal"


_KINDS = tuple(str(kind) for kind in Kind)  # a kind's number in the format is its place here, from 1


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment by the SHA-256 (hex) and size of its sealed bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """What may be read without a key. `clock` is "good" or "unsure"; `tracking_code` is "" where no case is meant.

    `created_ms` (Unix time) is the time in the id.
    """

    id: str
    terminal: int
    sequence: int
    kind: str
    tracking_code: str
    item: str
    payload_digest: str
    key_id: str
    attachments: tuple[AttachmentRef, ...] = ()
    clock: str = "good"
    suite: int = 1
    version: int = VERSION

    @property
    def created_ms(self) -> int:
        """Milliseconds since 1970, by the terminal's clock."""
        return id_time(self.id)

    def encode(self) -> bytes:
        """The header's bytes."""
        return to_cbor(self._parts(bytes.fromhex(self.payload_digest)))

    def binding(self) -> bytes:
        """What the seal is bound to: the header without the digest, which is only known after sealing."""
        return _CONTEXT + to_cbor(self._parts(_NO_DIGEST))

    def _parts(self, digest: bytes) -> list[Any]:
        return [
            self.version,
            id_bytes(self.id),
            self.terminal,
            self.sequence,
            _KINDS.index(self.kind) + 1,
            int(self.tracking_code[:11] or 0),
            self.item,
            _CLOCKS.index(self.clock),
            self.suite,
            bytes.fromhex(self.key_id),
            digest,
            [[bytes.fromhex(a.digest), a.size] for a in self.attachments],
        ]


@dataclass(frozen=True, slots=True)
class Record:
    """A header, the sealed payload and the terminal's signature over the header (which names the payload)."""

    header: Header
    sealed: bytes
    signature: bytes
    _bytes: bytes = field(default=b"", init=False, repr=False, compare=False)

    def encode(self) -> bytes:
        """The record's bytes; the same record always gives the same bytes."""
        return self._bytes or to_cbor([self.header.encode(), self.sealed, self.signature])

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    @staticmethod
    def decode(data: bytes) -> Record:
        """A record whose payload fits its header. Its signature is not looked at.

        Raises RecordError record-too-large, record-malformed, record-version, record-digest, suite-unknown.
        """
        if len(data) > MAX_RECORD:
            raise RecordError("record-too-large", f"a record has at most {MAX_RECORD} bytes")
        try:
            head, sealed, signature = _split(data)
            parts = from_cbor(head)
        except PackingError as fault:
            raise RecordError("record-malformed", "these bytes are no record") from fault
        header = _read_header(parts)
        if to_cbor(parts) != head:
            raise RecordError("record-malformed", "the header is not in its one encoding")
        if hashlib.sha256(sealed).hexdigest() != header.payload_digest:
            raise RecordError("record-digest", "the sealed payload does not fit the header")
        record = Record(header, sealed, signature)
        object.__setattr__(record, "_bytes", data)
        return record


def _split(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The three byte strings. Raises PackingError, RecordError."""
    match from_cbor(data):
        case [bytes(head), bytes(sealed), bytes(signature)] as parts if len(signature) == 64:
            if to_cbor(parts) != data:
                raise RecordError("record-malformed", "the record is not in its one encoding")
            return head, sealed, signature
    raise RecordError("record-malformed", "a record is [header, sealed, signature]")


def _read_header(parts: Any) -> Header:
    if not isinstance(parts, list) or not parts or any(type(p) is bool for p in parts) or not isinstance(parts[0], int):
        raise RecordError("record-malformed", "the header is damaged")
    if parts[0] != VERSION:
        raise RecordError("record-version", f"record version {parts[0]} is not known here; update this program")
    match parts:
        case [
            int(),
            bytes(raw_id),
            int(terminal),
            int(sequence),
            int(kind),
            int(code),
            str(item),
            int(clock),
            int(suite),
            bytes(key),
            bytes(digest),
            list(refs),
        ] if is_uuid7(raw_id) and len(key) == 8 and len(digest) == 32 and len(refs) <= MAX_ATTACHMENTS:
            if kind > len(_KINDS):
                raise RecordError("record-version", f"records of kind {kind} are not known here; update this program")
            if suite not in SUITES:
                raise RecordError("suite-unknown", f"sealing suite {suite} is not known here; update this program")
            if (
                kind < 1
                or clock not in (0, 1)
                or not 0 < terminal <= 99_999
                or not 0 <= sequence <= _LARGEST
                or len(item) > MAX_ITEM
                or (code == 0 and kind == 1)
            ):
                raise RecordError("record-malformed", "a part of the header is out of its range")
            try:
                tracking_code = code_of_number(code) if code else ""
            except ContractError as fault:
                raise RecordError("record-malformed", "the tracking code in the header is wrong") from fault
            return Header(
                id_text(raw_id), terminal, sequence, _KINDS[kind - 1], tracking_code, item, digest.hex(), key.hex(),
                tuple(_read_ref(ref) for ref in refs), _CLOCKS[clock], suite, VERSION,
            )  # fmt: skip
        case _:
            raise RecordError("record-malformed", "the header has not the parts it should have")


def _read_ref(ref: Any) -> AttachmentRef:
    match ref:
        case [bytes(digest), int(size)] if len(digest) == 32 and 0 < size <= MAX_ATTACHMENT:
            return AttachmentRef(digest.hex(), size)
    raise RecordError("record-malformed", "an entry of the attachment manifest is damaged")


def seal_record(
    kind: str,
    payload: Mapping[str, Any],
    *,
    terminal: int,
    sequence: int,
    tracking_code: str,
    item: str,
    attachments: Sequence[AttachmentRef],
    platform: PlatformKeys,
    signer: Ed25519PrivateKey,
    now_ms: int,
    clock: str = "good",
    record_id: str | None = None,
    dictionary: int = SHIPPED,
    dictionaries: Dictionaries = ONLY_SHIPPED,
) -> Record:
    """Seals `payload` to the platform and signs it for the terminal. `record_id`, where given, tells the time.

    Raises PackingError payload-too-large, dictionary-unknown.
    """
    key = platform.seal
    header = Header(
        record_id or uuid7(now_ms), terminal, sequence, str(kind), tracking_code, item, _NO_DIGEST.hex(), key.id,
        tuple(attachments), clock, key.suite,
    )  # fmt: skip
    sealed = seal(pack(dict(payload), dictionary=dictionary, dictionaries=dictionaries), key, header.binding())
    header = replace(header, payload_digest=hashlib.sha256(sealed).hexdigest())
    return Record(header, sealed, signer.sign(_CONTEXT + header.encode()))


def verify_record(record: Record, terminal_key: Ed25519PublicKey) -> None:
    """Raises RecordError record-digest or record-signature."""
    if hashlib.sha256(record.sealed).hexdigest() != record.header.payload_digest:
        raise RecordError("record-digest", "the sealed payload does not fit the header")
    try:
        terminal_key.verify(record.signature, _CONTEXT + record.header.encode())
    except InvalidSignature as fault:
        raise RecordError("record-signature", "the terminal's signature does not fit") from fault


def open_record(record: Record, keys: Keyring, dictionaries: Dictionaries = ONLY_SHIPPED) -> dict[str, Any]:
    """The payload. Raises RecordError key-unknown, record-seal, dictionary-unknown."""
    header = record.header
    try:
        key = keys.find(header.key_id, header.suite)
        payload = unpack(open_sealed(record.sealed, key, header.binding()), dictionaries=dictionaries)
    except (SealError, PackingError) as fault:
        code = fault.code if fault.code in ("key-unknown", "dictionary-unknown") else "record-seal"
        raise RecordError(code, f"the payload does not open: {fault}") from fault
    if not isinstance(payload, dict):
        raise RecordError("record-seal", "the payload is no map")
    return payload
