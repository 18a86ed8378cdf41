# SPDX-License-Identifier: Apache-2.0
"""The record: a small sealed, signed statement of one terminal.

Bytes: deterministic CBOR array [header, sealed, signature]. The header is a CBOR array in clear (HEADER_FIELDS order);
the sealed payload is bound to it; the Ed25519 signature covers both: sign(CONTEXT + cbor([header, sealed])).
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.errors import ContractError
from contract.packing import PackingError, from_cbor, pack, to_cbor, unpack
from contract.sealing import OVERHEAD, SUITE_HPKE_X25519, PlatformKeys, SealError, open_sealed, seal
from contract.tracking import check_tracking_code

VERSION = 1
MAX_RECORD = 1024 * 1024  # bytes
MAX_ATTACHMENTS = 64
_CONTEXT = b"doorstep record 1"
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


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


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment by the SHA-256 (hex) and size of its sealed bytes."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """What may be read without a key. `created_ms` is Unix time; `clock` is "good" or "unsure"."""

    id: str
    terminal: int
    sequence: int
    kind: str
    tracking_code: str
    item: str
    created_ms: int
    payload_digest: str
    payload_size: int
    key_id: str
    attachments: tuple[AttachmentRef, ...] = ()
    clock: str = "good"
    suite: int = SUITE_HPKE_X25519
    version: int = VERSION

    def to_list(self) -> list[Any]:
        """In the order of the format."""
        return [
            self.version,
            bytes.fromhex(self.id.replace("-", "")),
            self.terminal,
            self.sequence,
            self.kind,
            self.tracking_code,
            self.item,
            self.created_ms,
            self.clock,
            self.suite,
            bytes.fromhex(self.key_id),
            bytes.fromhex(self.payload_digest),
            self.payload_size,
            [[bytes.fromhex(a.digest), a.size] for a in self.attachments],
        ]


@dataclass(frozen=True, slots=True)
class Record:
    """A header, the sealed payload and the terminal's signature over both."""

    header: Header
    sealed: bytes
    signature: bytes

    def encode(self) -> bytes:
        """The record's bytes; the same record always gives the same bytes."""
        return to_cbor([self.header.to_list(), self.sealed, self.signature])

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    @staticmethod
    def decode(data: bytes) -> Record:
        """Raises RecordError record-too-large, record-malformed, record-version."""
        if len(data) > MAX_RECORD:
            raise RecordError("record-too-large", f"a record has at most {MAX_RECORD} bytes")
        try:
            value = from_cbor(data)
        except PackingError as fault:
            raise RecordError("record-malformed", "these bytes are no record") from fault
        match value:
            case [list(parts), bytes(sealed), bytes(signature)] if len(signature) == 64:
                record = Record(_read_header(parts), sealed, signature)
            case _:
                raise RecordError("record-malformed", "a record is [header, sealed, signature]")
        if record.encode() != data:
            raise RecordError("record-malformed", "the record is not in its one canonical encoding")
        return record


def _read_header(parts: list[Any]) -> Header:
    if not parts or not isinstance(parts[0], int):
        raise RecordError("record-malformed", "the header is damaged")
    if parts[0] != VERSION:
        raise RecordError("record-version", f"record version {parts[0]} is not known here; update this program")
    match parts:
        case [
            int(),
            bytes(raw_id),
            int(terminal),
            int(sequence),
            str(kind),
            str(code),
            str(item),
            int(created),
            str(clock),
            int(suite),
            bytes(key),
            bytes(digest),
            int(size),
            list(refs),
        ] if len(raw_id) == 16 and len(key) == 8 and len(digest) == 32 and len(refs) <= MAX_ATTACHMENTS:
            text = raw_id.hex()
            record_id = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
            if (
                not _UUID7.fullmatch(record_id)
                or kind not in set(Kind)
                or clock not in ("good", "unsure")
                or not 0 < terminal <= 99_999
                or min(sequence, created, size) < 0
                or len(item) > 64
            ):
                raise RecordError("record-malformed", "a part of the header is out of its range")
            try:
                check_tracking_code(code)
            except ContractError as fault:
                raise RecordError("record-malformed", "the tracking code in the header is wrong") from fault
            return Header(
                record_id, terminal, sequence, kind, code, item, created, digest.hex(), size, key.hex(),
                tuple(_read_ref(ref) for ref in refs), clock, suite, VERSION,
            )  # fmt: skip
        case _:
            raise RecordError("record-malformed", "the header has not the parts it should have")


def _read_ref(ref: Any) -> AttachmentRef:
    match ref:
        case [bytes(digest), int(size)] if len(digest) == 32 and size > 0:
            return AttachmentRef(digest.hex(), size)
    raise RecordError("record-malformed", "an entry of the attachment manifest is damaged")


def uuid7(now_ms: int | None = None) -> str:
    """A time-ordered unique id (RFC 9562, 5.7)."""
    stamp = int(time.time() * 1000) if now_ms is None else now_ms
    raw = bytearray(stamp.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _binding(header: Header) -> bytes:
    """What the seal is bound to: the header without what is only known after sealing."""
    return _CONTEXT + to_cbor(replace(header, payload_digest="00" * 32).to_list())


def _signed(header: Header, sealed: bytes) -> bytes:
    return _CONTEXT + to_cbor([header.to_list(), sealed])


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
) -> Record:
    """Seals `payload` to the platform and signs it for the terminal. Raises PackingError payload-too-large."""
    packed = pack(dict(payload))
    header = Header(
        record_id or uuid7(now_ms),
        terminal,
        sequence,
        str(kind),
        tracking_code,
        item,
        now_ms,
        "00" * 32,
        len(packed) + OVERHEAD,
        platform.key_id,
        tuple(attachments),
        clock,
    )
    sealed = seal(packed, platform.seal, _binding(header))
    header = replace(header, payload_digest=hashlib.sha256(sealed).hexdigest())
    return Record(header, sealed, signer.sign(_signed(header, sealed)))


def verify_record(record: Record, terminal_key: Ed25519PublicKey) -> None:
    """Raises RecordError record-digest or record-signature."""
    header = record.header
    if len(record.sealed) != header.payload_size or hashlib.sha256(record.sealed).hexdigest() != header.payload_digest:
        raise RecordError("record-digest", "the sealed payload does not fit the header")
    try:
        terminal_key.verify(record.signature, _signed(header, record.sealed))
    except InvalidSignature as fault:
        raise RecordError("record-signature", "the terminal's signature does not fit") from fault


def open_record(record: Record, seal_private: X25519PrivateKey) -> dict[str, Any]:
    """The payload. Raises RecordError record-seal."""
    try:
        packed = open_sealed(record.sealed, seal_private, _binding(record.header), suite=record.header.suite)
        payload = unpack(packed)
    except (SealError, PackingError) as fault:
        raise RecordError("record-seal", f"the payload does not open: {fault}") from fault
    if not isinstance(payload, dict):
        raise RecordError("record-seal", "the payload is no map")
    return payload
