# SPDX-License-Identifier: Apache-2.0
"""A record as a platform sees it before it opens it: all that can be checked without keys, in microseconds.

Usual records are read by pattern; whatever the pattern does not know goes through the strict reader, which also says
what is wrong. A test holds that both say the same of all bytes.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

from contract.header import (
    MAX_ATTACHMENT,
    MAX_ITEM,
    MAX_TERMINAL,
    AttachmentRef,
    kind_name,
    read_parts,
)  # fmt: skip
from contract.record import MAX_RECORD, SIGNATURE, check_payload, split_record
from contract.sealing import SUITES
from contract.tracking import code_of_number

_UINT = rb"([\x00-\x17]|\x18[\x18-\xff]|\x19[\x01-\xff].|\x1a(?!\x00\x00).{4}|\x1b(?!\x00{4}).{8})"  # shortest form
_UUID7 = rb"\x50(.{6}[\x70-\x7f].[\x80-\xbf].{7})"
_FRONT = re.compile(  # of the record: up to the length of the item's code
    rb"\x83(?:\x58([\x18-\xff])|\x59([\x01-\x0f].))\x8c\x01" + _UUID7 + _UINT + _UINT + rb"([\x01-\x07])" + _UINT
    + rb"([\x60-\x77]|\x78[\x18-\xff])", re.DOTALL,
)  # fmt: skip
_BACK = re.compile(rb"[\x00\x01]([\x01\x02])\x48(.{8})\x58\x20(.{32})([\x80-\x97])", re.DOTALL)
_REF = re.compile(rb"\x82\x58\x20(.{32})" + _UINT, re.DOTALL)
_SEALED = re.compile(rb"\x59([\x01-\xff].)|\x58([\x18-\xff])", re.DOTALL)
_SIGNED = bytes([0x58, SIGNATURE])
_LARGEST = 2**63 - 1
_APPLICATION = 1


class Custody(NamedTuple):
    """What a platform notes of a record before it opens it; `digest` is the SHA-256 of the record's bytes.

    Raw where text would cost time.
    """

    id: bytes
    terminal: int
    sequence: int
    kind_number: int
    code_number: int
    item: str
    suite: int
    key_id: bytes
    attachments: tuple[tuple[bytes, int], ...]
    digest: bytes

    @property
    def kind(self) -> str:
        """The kind's name."""
        return kind_name(self.kind_number)

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
    return _by_pattern(data) or _strictly(data)


def _strictly(data: bytes) -> Custody:
    head, sealed, _ = split_record(data)
    parts = read_parts(head)
    check_payload(parts, sealed)
    _, raw_id, terminal, sequence, kind, code, item, _, suite, key, _, refs = parts
    attachments = tuple((digest, size) for digest, size in refs)
    return Custody(raw_id, terminal, sequence, kind, code, item, suite, key, attachments, sha256(data).digest())


def _by_pattern(data: bytes) -> Custody | None:
    """None for what is unusual or wrong."""
    front = _FRONT.match(data)
    if front is None or len(data) > MAX_RECORD:
        return None
    short, long, raw_id, number, count, kind, coded, text = front.groups()
    end = 3 + short[0] if short else 4 + int.from_bytes(long)  # of the header
    at = front.end()
    after = at + (text[0] - 0x60 if len(text) == 1 else text[1])
    back = _BACK.match(data, after, end)
    if back is None:
        return None
    suite, key, payload, names = back.groups()
    attachments = _refs(data, back.end(), end, names[0] - 0x80)
    sealed = _SEALED.match(data, end)
    if attachments is None or sealed is None:
        return None
    wide, narrow = sealed.groups()
    begin = sealed.end()
    finish = begin + (int.from_bytes(wide) if wide else narrow[0])
    if data[finish : finish + 2] != _SIGNED or len(data) != finish + 2 + SIGNATURE:
        return None
    if sha256(data[begin:finish]).digest() != payload:
        return None
    terminal, sequence, code = _number(number), _number(count), _number(coded)
    case, counter = divmod(code, 1_000_000)
    try:
        item = data[at:after].decode()
    except UnicodeDecodeError:
        return None
    if (
        0 < terminal <= MAX_TERMINAL
        and sequence <= _LARGEST
        and (0 < case <= MAX_TERMINAL and counter > 0 if code else kind[0] != _APPLICATION)
        and len(item) <= MAX_ITEM
        and suite[0] in SUITES
    ):
        digest = sha256(data).digest()
        return Custody(raw_id, terminal, sequence, kind[0], code, item, suite[0], key, attachments, digest)
    return None


def _refs(data: bytes, at: int, end: int, count: int) -> tuple[tuple[bytes, int], ...] | None:
    refs = []
    for _ in range(count):
        ref = _REF.match(data, at, end)
        if ref is None or not 0 < (size := _number(ref[2])) <= MAX_ATTACHMENT:
            return None
        refs.append((ref[1], size))
        at = ref.end()
    return tuple(refs) if at == end else None


def _number(encoded: bytes) -> int:
    return encoded[0] if len(encoded) == 1 else int.from_bytes(encoded[1:])
