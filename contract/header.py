# SPDX-License-Identifier: Apache-2.0
"""The header of a record: what may be read without a key. A deterministic CBOR array; each part has type and range."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contract.errors import ContractError
from contract.ids import id_bytes, id_text, id_time, is_uuid7
from contract.packing import PackingError, load_cbor, to_cbor
from contract.sealing import SUITES
from contract.tracking import code_of_number

VERSION = 1
MAX_ATTACHMENTS = 64
MAX_ATTACHMENT = 1024 * 1024 * 1024  # sealed bytes of one
MAX_HEADER = 4096  # bytes
MAX_TERMINAL = 99_999
MAX_ITEM = 64  # characters of an item's code
CONTEXT = b"doorstep record 1"  # of a record's signature and seal
NO_DIGEST = bytes(32)
_TYPES = [int, bytes, int, int, int, int, str, int, int, bytes, bytes, list]
DIGEST_AT = 10  # the payload's digest among the parts
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
        return CONTEXT + to_cbor(self._parts(NO_DIGEST))

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


def read_parts(head: bytes) -> list[Any]:
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


def header_of(parts: list[Any]) -> Header:
    """The header of parts that `read_parts` gave."""
    _, raw_id, terminal, sequence, kind, code, item, clock, suite, key, digest, refs = parts
    return Header(
        id_text(raw_id), terminal, sequence, _KINDS[kind - 1], code_of_number(code) if code else "", item, digest.hex(),
        key.hex(), tuple(AttachmentRef(name.hex(), size) for name, size in refs), _CLOCKS[clock], suite, VERSION,
    )  # fmt: skip


def kind_name(number: int) -> str:
    """Of a kind's number in the format."""
    return _KINDS[number - 1]
