# SPDX-License-Identifier: Apache-2.0
"""The custodian's two readers: the one by pattern takes usual records, and nothing that the strict one would refuse."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.custody import Custody, _by_pattern, _strictly, read_custody
from contract.errors import ContractError
from contract.header import MAX_ATTACHMENT
from contract.ids import id_bytes, uuid7
from contract.packing import join_strings, to_cbor
from contract.record import AttachmentRef, Kind, Record
from contract.tracking import make_tracking_code
from tests.contract.sealed import HYBRID, sealed
from tests.fuzzing import examples

USUAL = {
    "one attachment": sealed(),
    "none": sealed(attachments=[]),
    "23": sealed(attachments=[AttachmentRef(f"{i:064x}", 1 + i * 40_000_000) for i in range(23)]),
    "long item": sealed(item="村" * 64),
    "no item": sealed(kind=Kind.JOURNAL, item="", tracking_code="", attachments=[]),
    "post-quantum": sealed(platform=HYBRID),
    "large numbers": sealed(terminal=99_999, sequence=2**63 - 1, tracking_code=make_tracking_code(99_999, 999_999)),
    "small numbers": sealed(terminal=1, sequence=0, tracking_code=make_tracking_code(1, 1)),
}
NUMBERS = st.sampled_from([0, 1, 7, 8, 23, 24, 255, 256, 65535, 65536, 99_999, 100_000, 2**32, 2**63 - 1, 2**63, -1])
DIGESTS = st.binary(min_size=31, max_size=33)
PARTS: dict[int, st.SearchStrategy[Any]] = {
    0: st.sampled_from([1, 2, True]),
    1: st.binary(max_size=17) | st.builds(lambda: id_bytes(uuid7())),
    2: NUMBERS, 3: NUMBERS, 4: NUMBERS,
    5: NUMBERS | st.sampled_from([421_000_137, 421_000_000, 99_999_999_999, 100_000_000_001]),
    6: st.text(max_size=70) | st.binary(max_size=3),
    7: NUMBERS, 8: NUMBERS,
    9: st.binary(min_size=7, max_size=9),
    11: st.lists(st.tuples(DIGESTS, NUMBERS | st.just(MAX_ATTACHMENT)).map(list), max_size=3) | st.just(0),
}  # fmt: skip


def agree(data: bytes) -> Custody | None:
    """What the pattern sees, the strict reader sees too."""
    quick = _by_pattern(data)
    try:
        strict = _strictly(data)
    except ContractError:
        assert quick is None
        return None
    assert quick in (None, strict)
    return strict


@pytest.mark.parametrize("name", USUAL)
def test_usual_records_are_read_by_pattern(name: str) -> None:
    data = USUAL[name].encode()
    assert _by_pattern(data) == _strictly(data) == read_custody(data)
    assert Record.decode(data) == USUAL[name]


def test_unusual_records_are_read_all_the_same() -> None:
    many = [AttachmentRef(f"{i:064x}", 5) for i in range(64)]
    record = sealed(attachments=many)
    assert _by_pattern(record.encode()) is None
    assert read_custody(record.encode()).refs == tuple(many)


@pytest.mark.fuzz
@settings(max_examples=examples(300), deadline=None)
@given(changed=st.sets(st.sampled_from(sorted(PARTS)), max_size=3), data=st.data())
def test_both_agree_on_any_header(changed: set[int], data: st.DataObject) -> None:
    payload = data.draw(st.sampled_from([b"", b"x" * 23, b"x" * 24, b"x" * 255, b"x" * 256, b"x" * 65536]))
    parts: list[Any] = [
        1, id_bytes(uuid7()), 421, 5, 1, 421_000_137, "old80", 0, 1, bytes(8), hashlib.sha256(payload).digest(), [],
    ]  # fmt: skip
    for place in sorted(changed):
        parts[place] = data.draw(PARTS[place])
    agree(join_strings(to_cbor(parts), payload, bytes(64)))


@pytest.mark.fuzz
@settings(max_examples=examples(200), deadline=None)
@given(name=st.sampled_from(sorted(USUAL)), change=st.data())
def test_both_agree_on_bytes_that_were_changed(name: str, change: st.DataObject) -> None:
    data = bytearray(USUAL[name].encode())
    for _ in range(change.draw(st.integers(1, 3))):
        at = change.draw(st.integers(0, 120) | st.integers(0, len(data)))
        gone = change.draw(st.integers(0, 3))
        data[at : at + gone] = change.draw(st.binary(max_size=3))
    agree(bytes(data))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (b"\x19\x01\xa5", b"\x1a\x00\x00\x01\xa5"),  # the terminal
        (b"\x65old80", b"\x78\x05old80"),
        (b"\x81\x82\x58\x20", b"\x98\x01\x82\x58\x20"),
    ],
)
def test_both_want_the_one_encoding(short: bytes, long: bytes) -> None:
    header = sealed().header.encode()
    assert short in header
    assert agree(join_strings(header.replace(short, long, 1), sealed().sealed, bytes(64))) is None
