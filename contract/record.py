# SPDX-License-Identifier: Apache-2.0
"""The record: a small sealed, signed statement of one terminal.

Bytes: CBOR array [header, sealed, signature], all three byte strings. The header is a deterministic CBOR array in
clear and names the sealed payload by its SHA-256; the Ed25519 signature is over CONTEXT + header and so covers both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.header import (
    CONTEXT,
    DIGEST_AT,
    MAX_ATTACHMENT,
    MAX_ATTACHMENTS,
    MAX_HEADER,
    NO_DIGEST,
    AttachmentRef,
    Header,
    Kind,
    RecordError,
    header_of,
    read_parts,
)  # fmt: skip
from contract.ids import uuid7
from contract.packing import (
    ONLY_SHIPPED,
    SHIPPED,
    Dictionaries,
    PackingError,
    join_strings,
    pack,
    split_strings,
    unpack,
)  # fmt: skip
from contract.sealing import Keyring, PlatformKeys, SealError, open_sealed, seal

__all__ = [
    "MAX_ATTACHMENT", "MAX_ATTACHMENTS", "MAX_RECORD", "AttachmentRef", "Header", "Kind", "Record",
    "RecordError", "open_record", "seal_payload", "seal_record", "sign_record", "uuid7", "verify_record",
]  # fmt: skip
MAX_RECORD = 1024 * 1024  # bytes
SIGNATURE = 64  # bytes


@dataclass(frozen=True, slots=True)
class Record:
    """A header, the sealed payload and the terminal's signature over the header (which names the payload)."""

    header: Header
    sealed: bytes
    signature: bytes
    _bytes: bytes = field(default=b"", init=False, repr=False, compare=False)

    def encode(self) -> bytes:
        """The record's bytes; the same record always gives the same bytes."""
        return self._bytes or join_strings(self.header.encode(), self.sealed, self.signature)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.encode()).hexdigest()

    @staticmethod
    def decode(data: bytes) -> Record:
        """A record whose payload fits its header. Its signature is not looked at.

        Raises RecordError record-too-large, record-malformed, record-version, record-digest, suite-unknown.
        """
        head, sealed, signature = split_record(data)
        parts = read_parts(head)
        check_payload(parts, sealed)
        record = Record(header_of(parts), sealed, signature)
        object.__setattr__(record, "_bytes", data)
        return record


def split_record(data: bytes) -> list[bytes]:
    """Header, sealed payload, signature. Raises RecordError."""
    if len(data) > MAX_RECORD:
        raise RecordError("record-too-large", f"a record has at most {MAX_RECORD} bytes")
    try:
        parts = split_strings(data, 3)
    except PackingError as fault:
        raise RecordError("record-malformed", "these bytes are no record") from fault
    if len(parts[0]) > MAX_HEADER or len(parts[2]) != SIGNATURE:
        raise RecordError("record-malformed", "a record is [header, sealed, signature]")
    return parts


def check_payload(parts: list[Any], sealed: bytes) -> None:
    """Raises RecordError record-digest."""
    if hashlib.sha256(sealed).digest() != parts[DIGEST_AT]:
        raise RecordError("record-digest", "the sealed payload does not fit the header")


def seal_payload(
    payload: Mapping[str, Any],
    header: Header,
    platform: PlatformKeys,
    dictionary: int = SHIPPED,
    dictionaries: Dictionaries = ONLY_SHIPPED,
) -> tuple[Header, bytes]:
    """The payload sealed to the platform and bound to `header`, and the header with the payload's digest in it.

    Key and suite of the header are put in too. What comes out still lacks the terminal's signature: who seals
    need not hold the terminal's keys. Raises PackingError payload-too-large, dictionary-unknown.
    """
    key = platform.seal
    header = replace(header, payload_digest=NO_DIGEST.hex(), key_id=key.id, suite=key.suite)
    sealed = seal(pack(dict(payload), dictionary=dictionary, dictionaries=dictionaries), key, header.binding())
    return replace(header, payload_digest=hashlib.sha256(sealed).hexdigest()), sealed


def sign_record(header: Header, sealed: bytes, signer: Ed25519PrivateKey) -> Record:
    """The record of a payload that was sealed to this header. Raises RecordError record-digest."""
    if hashlib.sha256(sealed).hexdigest() != header.payload_digest:
        raise RecordError("record-digest", "the sealed payload does not fit the header")
    return Record(header, sealed, signer.sign(CONTEXT + header.encode()))


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
    header = Header(
        record_id or uuid7(now_ms), terminal, sequence, str(kind), tracking_code, item, NO_DIGEST.hex(),
        platform.key_id, tuple(attachments), clock, platform.seal.suite,
    )  # fmt: skip
    header, sealed = seal_payload(payload, header, platform, dictionary, dictionaries)
    return Record(header, sealed, signer.sign(CONTEXT + header.encode()))


def verify_record(record: Record, terminal_key: Ed25519PublicKey) -> None:
    """Raises RecordError record-digest or record-signature."""
    if hashlib.sha256(record.sealed).hexdigest() != record.header.payload_digest:
        raise RecordError("record-digest", "the sealed payload does not fit the header")
    try:
        terminal_key.verify(record.signature, CONTEXT + record.header.encode())
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
