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
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import ContractError
from contract.ids import id_bytes, id_text, id_time, is_uuid7
from contract.ids import uuid7 as uuid7  # where it was always looked for
from contract.packing import (
    ONLY_SHIPPED,
    SHIPPED,
    Dictionaries,
    PackingError,
    join_strings,
    load_cbor,
    pack,
    split_strings,
    to_cbor,
    unpack,
)  # fmt: skip
from contract.sealing import SUITES, Keyring, PlatformKeys, SealError, open_sealed, seal
from contract.tracking import code_of_number

VERSION = 1
MAX_RECORD = 1024 * 1024  # bytes
MAX_ATTACHMENTS = 64
MAX_ATTACHMENT = 1024 * 1024 * 1024  # sealed bytes of one
MAX_HEADER = 4096  # bytes
MAX_TERMINAL = 99_999
SIGNATURE = 64  # bytes
MAX_ITEM = 64  # characters of an item's code
_CONTEXT = b"doorstep record 1"
_NO_DIGEST = bytes(32)
_TYPES = [int, bytes, int, int, int, int, str, int, int, bytes, bytes, list]
_DIGEST_AT = 10
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
        head, sealed, signature = _split(data)
        parts = _read_parts(head)
        _check_payload(parts, sealed)
        record = Record(_header(parts), sealed, signature)
        object.__setattr__(record, "_bytes", data)
        return record


class Custody(NamedTuple):
    """What a platform notes of a record before it opens it; `digest` is the SHA-256 of the record's bytes.

    Read in a fourth of the time of `Record.decode`, with the same checks; raw where text would cost time.
    """

    id: bytes
    terminal: int
    sequence: int
    kind_number: int
    code_number: int
    item: str
    suite: int
    key_id: bytes
    attachments: list[Any]
    digest: bytes

    @property
    def kind(self) -> str:
        """The kind's name."""
        return _KINDS[self.kind_number - 1]

    @property
    def tracking_code(self) -> str:
        """The twelve digits; "" where no case is meant."""
        return code_of_number(self.code_number) if self.code_number else ""

    @property
    def refs(self) -> tuple[AttachmentRef, ...]:
        """The attachment manifest."""
        return tuple(AttachmentRef(digest.hex(), size) for digest, size in self.attachments)


def read_custody(data: bytes) -> Custody:
    """All that can be checked of a record without keys. Raises what Record.decode raises."""
    head, sealed, _ = _split(data)
    parts = _read_parts(head)
    _check_payload(parts, sealed)
    _, raw_id, terminal, sequence, kind, code, item, _, suite, key, _, refs = parts
    return Custody(
        raw_id, terminal, sequence, kind, code, item, suite, key, refs, hashlib.sha256(data).digest()
    )  # fmt: skip


def _split(data: bytes) -> list[bytes]:
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


def _check_payload(parts: list[Any], sealed: bytes) -> None:
    if hashlib.sha256(sealed).digest() != parts[_DIGEST_AT]:
        raise RecordError("record-digest", "the sealed payload does not fit the header")


def _read_parts(head: bytes) -> list[Any]:
    """The header's parts, each of its type and in its range. Raises RecordError."""
    try:
        parts = load_cbor(head)
    except PackingError as fault:
        raise RecordError("record-malformed", "the header is damaged") from fault
    if type(parts) is not list or not parts or type(parts[0]) is not int:
        raise RecordError("record-malformed", "the header is damaged")
    if parts[0] != VERSION:
        raise RecordError("record-version", f"record version {parts[0]} is not known here; update this program")
    if [type(part) for part in parts] != _TYPES:
        raise RecordError("record-malformed", "the header has not the parts it should have")
    _, raw_id, terminal, sequence, kind, code, item, clock, suite, key, digest, refs = parts
    if kind > len(_KINDS):
        raise RecordError("record-version", f"records of kind {kind} are not known here; update this program")
    if suite not in SUITES:
        raise RecordError("suite-unknown", f"sealing suite {suite} is not known here; update this program")
    coded, counter = divmod(code, 1_000_000)
    if not (
        is_uuid7(raw_id)
        and 0 < terminal <= MAX_TERMINAL
        and 0 <= sequence <= _LARGEST
        and kind > 0
        and (0 < coded <= MAX_TERMINAL and counter > 0 if code else kind != 1)
        and len(item) <= MAX_ITEM
        and 0 <= clock < len(_CLOCKS)
        and len(key) == 8
        and len(digest) == 32
        and len(refs) <= MAX_ATTACHMENTS
    ):
        raise RecordError("record-malformed", "a part of the header is out of its range")
    for ref in refs:
        match ref:
            case [bytes(name), int(size)] if len(name) == 32 and 0 < size <= MAX_ATTACHMENT and size is not True:
                continue
        raise RecordError("record-malformed", "an entry of the attachment manifest is damaged")
    if to_cbor(parts) != head:
        raise RecordError("record-malformed", "the header is not in its one encoding")
    return parts


def _header(parts: list[Any]) -> Header:
    _, raw_id, terminal, sequence, kind, code, item, clock, suite, key, digest, refs = parts
    return Header(
        id_text(raw_id), terminal, sequence, _KINDS[kind - 1], code_of_number(code) if code else "", item, digest.hex(),
        key.hex(), tuple(AttachmentRef(name.hex(), size) for name, size in refs), _CLOCKS[clock], suite, VERSION,
    )  # fmt: skip


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
