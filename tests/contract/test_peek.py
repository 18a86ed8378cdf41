# SPDX-License-Identifier: Apache-2.0
"""Peeking takes what decoding takes and refuses what decoding refuses, byte by byte."""

from __future__ import annotations

import os

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from contract import peek as peeking
from contract.errors import ContractError
from contract.peek import Peek, peek
from contract.record import AttachmentRef, Kind, Record
from tests.contract.sealed import sealed

RECORDS = [
    sealed(),
    sealed(attachments=[]),
    sealed(attachments=[AttachmentRef(os.urandom(32).hex(), size) for size in (1, 300, 70_000, 5_000_000) * 6]),
    sealed(kind=Kind.JOURNAL, tracking_code="", item=""),
    sealed(terminal=99_999, sequence=2**40, item="x" * 64, payload={"x": os.urandom(70_000)}),
    sealed(terminal=9, sequence=0, item="高龄", payload={}),
    sealed(payload={"x": os.urandom(150)}),
    sealed(payload={"x": os.urandom(300)}),
]


def decoded(data: bytes) -> Peek | str:
    try:
        header = Record.decode(data).header
    except ContractError as fault:
        return fault.code
    refs = tuple((bytes.fromhex(a.digest), a.size) for a in header.attachments)
    return Peek(bytes.fromhex(header.id.replace("-", "")), header.terminal, header.sequence, header.key_id, refs)


def peeked(data: bytes) -> Peek | str:
    try:
        return peek(data)
    except ContractError as fault:
        return fault.code


def test_what_decoding_says_peeking_says() -> None:
    for record in RECORDS:
        assert isinstance(peeked(record.encode()), Peek)
        assert peeked(record.encode()) == decoded(record.encode())


def test_the_usual_form_is_recognised_without_decoding() -> None:
    for record in (RECORDS[0], RECORDS[1], RECORDS[2], RECORDS[6], RECORDS[7]):
        assert peeking._usual(record.encode()) is not None


def test_every_changed_bit_and_cut_is_judged_alike() -> None:
    data = sealed(attachments=[AttachmentRef("ab" * 32, 300)]).encode()
    for place in range(len(data)):
        for bit in (1, 2, 4, 8, 16, 32, 64, 128):
            changed = bytearray(data)
            changed[place] ^= bit
            assert peeked(bytes(changed)) == decoded(bytes(changed))
        assert peeked(data[:place]) == decoded(data[:place])
    assert peeked(data + b"\0") == decoded(data + b"\0")


@given(
    st.lists(
        st.one_of(
            st.integers(0, 2**64 - 1), st.integers(0, 2**17), st.booleans(), st.text(max_size=70),
            st.sampled_from([bytes(8), bytes(32), bytes.fromhex("019f0000000070008000000000000000")]),
            st.lists(st.tuples(st.binary(min_size=31, max_size=32), st.integers(0, 2**31)), max_size=3),
        ),
        min_size=12, max_size=12,
    ),
    st.lists(st.integers(0, 11), max_size=4),
)  # fmt: skip
def test_other_headers_are_judged_alike(parts: list[object], places: list[int]) -> None:
    head, body, signature = cbor2.loads(RECORDS[0].encode())
    header = cbor2.loads(head)
    for place in places:
        header[place] = parts[place]
    data = cbor2.dumps([cbor2.dumps(header, canonical=True), body, signature], canonical=True)
    assert peeked(data) == decoded(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_alike(data: bytes) -> None:
    assert peeked(data) == decoded(data)
    assert peeked(RECORDS[1].encode()[:40] + data) == decoded(RECORDS[1].encode()[:40] + data)
