# SPDX-License-Identifier: Apache-2.0
"""Hostile bytes at every decoder: one of our errors, in bounded memory, whatever comes."""

from __future__ import annotations

import base64
import io
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.attachment import open_whole, seal_whole
from contract.custody import read_custody
from contract.errors import ContractError
from contract.event_body import EventBody, decode_body, encode_body
from contract.events import known_statement, read_statement, sign_statement
from contract.header import MAX_HEADER
from contract.packing import (
    MAX_PLAIN,
    Dictionaries,
    PackingError,
    from_cbor,
    join_strings,
    pack,
    split_strings,
    to_cbor,
    unpack,
)  # fmt: skip
from contract.paper import Assembly, to_symbols
from contract.parcel import FrameType, frame, parcel_header, read_frames
from contract.record import MAX_RECORD, Record, RecordError, open_record, verify_record
from contract.returns import Return, build_return, open_return, return_terminal
from contract.sealing import OpeningKey, PlatformKeys, seal
from contract.tracking import check_tracking_code, code_from_scan
from tests.contract.old_events import old_event
from tests.contract.sealed import OPENING, PLATFORM, PLATFORM_SIGN, RING, SIGN, sealed
from tests.contract.test_events import EVENT
from tests.fuzzing import examples

KEY = OpeningKey.new()
OLD_EVENT = old_event(PLATFORM_SIGN, 7, EVENT.record_id, "004210001372", "correction", asks=[("bank_no", "x")])


def through_record(data: bytes) -> None:
    read_custody(data)
    record = Record.decode(data)
    verify_record(record, SIGN.public_key())
    open_record(record, RING)


def through_parcel(data: bytes) -> None:
    for _ in read_frames(io.BytesIO(data), sink=len):
        pass


def through_statement(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    known_statement(text)
    read_statement(text, PLATFORM)


def through_return(data: bytes) -> None:
    return_terminal(data)
    open_return(data, 421, KEY, PLATFORM)


def through_keys(data: bytes) -> None:
    value = from_cbor(data)
    if isinstance(value, dict):
        PlatformKeys.from_dict(value)


def through_dictionary(data: bytes) -> None:
    Dictionaries().add(16, data)


GOOD: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "record": (through_record, sealed().encode()),
    "parcel": (through_parcel, parcel_header() + frame(1, b"one") + frame(2, b"two" * 99) + frame(9, b"three")),
    "statement": (through_statement, base64.b64decode(sign_statement(EVENT, PLATFORM_SIGN))),
    "event in clear": (through_statement, base64.b64decode(OLD_EVENT)),
    "event body": (decode_body, encode_body(EventBody("x", (), {"a": [1, {"b": "y"}]}))),
    "return": (through_return, build_return(Return(421, 1, 0, 0, "", 0), KEY.public, PLATFORM_SIGN)),
    "attachment": (lambda data: open_whole(data, RING), seal_whole(b"picture" * 99, PLATFORM)),
    "packed": (unpack, pack({"a": [1, "x", b"y", None, 1.5]})),
    "cbor": (from_cbor, to_cbor({"a": [1, "x", b"y", None, 1.5]})),
    "strings": (lambda data: split_strings(data, 3), join_strings(b"", b"x" * 24, b"y" * 300)),
    "keys": (through_keys, to_cbor(PLATFORM.to_dict())),
    "dictionary": (through_dictionary, b"\x37\xa4\x30\xec" + bytes(64)),
    "paper": (lambda data: Assembly().add(data.decode("latin-1")), to_symbols(b"record" * 50)[0].encode()),
    "code": (lambda data: code_from_scan(data.decode("latin-1")), b"http://127.0.0.1/t/004210001372"),
    "typed code": (lambda data: check_tracking_code(data.decode("latin-1")), b"0042 1000 1372"),
}
EVERY = pytest.mark.parametrize("name", GOOD)


def told(name: str, data: bytes) -> None:
    """Reads; only our errors may come."""
    try:
        GOOD[name][0](data)
    except ContractError as fault:
        assert fault.code
        assert str(fault)


@pytest.mark.fuzz
@EVERY
@settings(max_examples=examples(60), deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_end_in_a_clear_error(name: str, data: bytes) -> None:
    told(name, data)


@pytest.mark.fuzz
@EVERY
@settings(max_examples=examples(60), deadline=None)
@given(change=st.data())
def test_good_bytes_with_some_changed_cut_or_added(name: str, change: st.DataObject) -> None:
    data = bytearray(GOOD[name][1])
    for _ in range(change.draw(st.integers(1, 3))):
        at = change.draw(st.integers(0, len(data)))
        gone = change.draw(st.integers(0, 8))
        data[at : at + gone] = change.draw(st.binary(max_size=12))
    told(name, bytes(data))


HEADS = st.sampled_from(
    [bytes([major << 5 | 24 + width]) for major in range(8) for width in range(4)]
    + [b"\x9f", b"\xbf", b"\x5f", b"\xff"]
)
CBOR_LIKE = st.lists(
    HEADS
    | st.binary(max_size=9)
    | st.sampled_from([b"\x00" * 8, b"\xff" * 8, b"\x81", b"\xa1\x61a", b"\x1b" + b"\xff" * 8]),
    max_size=40,
).map(b"".join)


@pytest.mark.fuzz
@settings(max_examples=examples(300), deadline=None)
@given(CBOR_LIKE)
def test_what_looks_like_cbor(data: bytes) -> None:
    for name in ("cbor", "strings", "record", "statement", "keys"):
        told(name, data)
    told("return", b"DSRETURN\x01" + data)
    told("packed", b"\x00" + zstandard.ZstdCompressor().compress(data))


@pytest.mark.fuzz
@settings(max_examples=examples(100), deadline=None)
@given(CBOR_LIKE)
def test_a_hostile_header_of_a_valid_record(header: bytes) -> None:
    told("record", join_strings(header[:MAX_HEADER], b"", bytes(64)))


@pytest.mark.fuzz
@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 255), st.binary(max_size=60))
def test_frames_that_claim_anything(length: int, kind: int, rest: bytes) -> None:
    told("parcel", parcel_header() + struct.pack(">IB", length, kind) + rest)
    whole = bytes([kind]) + rest
    told("parcel", parcel_header() + struct.pack(">I", len(whole) + 4) + whole + struct.pack(">I", zlib.crc32(whole)))


REFUSED_CBOR = {
    "nested": b"\x81" * 100_000,
    "17 deep": b"\x81" * 17 + b"\x00",
    "array without end": b"\x9f\xff",
    "text without end": b"\x7f\x61a\xff",
    "double key": b"\xa2\x61a\x00\x61a\x01",
    "number as key": b"\xa1\x01\x01",
    "bytes as key": b"\xa1\x41a\x01",
    "more than one": b"\x00\x00",
    "nothing": b"",
    "large array": b"\x9b" + b"\x00" * 3 + b"\xff" * 5,
    "large map": b"\xbb" + b"\x00" * 3 + b"\xff" * 5,
    "large text": b"\x7b" + b"\x00" * 3 + b"\xff" * 5,
    "large bytes": b"\x5b" + b"\x00" * 3 + b"\xff" * 5,
    "big number": b"\xc2\x42\x01\x00",
    "decimal": b"\xc4\x82\x1a\x3f\xff\xff\xff\x01",
    "date": b"\xc1\x00",
    "pattern": b"\xd8\x23\x6a(a+)+(a+)+",
    "shared": b"\xd8\x1c\x81\xd8\x1d\x00",
    "string reference": b"\xd9\x01\x00\x80",
    "tag that says CBOR": b"\xd9\xd9\xf7\x00",
    "unknown tag": b"\xd8\x63\x00",
    "undefined": b"\xf7",
    "simple value": b"\xe0",
    "bad text": b"\x62\xff\xff",
}


@pytest.mark.parametrize("name", REFUSED_CBOR)
def test_cbor_that_is_not_used_here(name: str) -> None:
    with pytest.raises(PackingError) as refused:
        from_cbor(REFUSED_CBOR[name])
    assert refused.value.code == "cbor-malformed"


def test_depth_of_16_is_taken() -> None:
    assert from_cbor(b"\x81" * 16 + b"\x00")


@pytest.mark.parametrize(
    "data",
    [
        b"\x84\x40\x40\x40",  # four announced
        b"\x83\x40\x40",  # one missing
        b"\x83\x40\x40\x40\x00",  # one byte more
        b"\x83\x40\x40\x60",  # a text
        b"\x83\x40\x40\x58\x17" + bytes(23),  # a length that fits the first byte
        b"\x83\x40\x40\x59\x00\xff" + bytes(255),  # one that fits one byte
        b"\x83\x40\x40\x5a\x00\x00\xff\xff" + bytes(65535),  # one that fits two
        b"\x83\x40\x40\x5b" + bytes(7) + b"\x01x",  # eight bytes are never needed here
        b"\x83\x40\x40\x5f\xff",  # without end
        b"\x83\x40\x40\x5a\xff\xff\xff\xff",  # more than is there
    ],
)
def test_strings_have_one_encoding(data: bytes) -> None:
    with pytest.raises(PackingError):
        split_strings(data, 3)


@pytest.mark.parametrize("size", [0, 1, 23, 24, 255, 256, 65535, 65536, 70000])
def test_strings_of_every_length_come_back(size: int) -> None:
    parts = [b"x" * size, b"", b"y" * size]
    data = join_strings(*parts)
    assert cbor2.loads(data) == parts
    assert split_strings(data, 3) == parts


def peak(work: Callable[[], Any]) -> int:
    """The most memory, in bytes, that `work` held at a time; it must end in one of our errors."""
    tracemalloc.start()
    try:
        with pytest.raises(ContractError):
            work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


EMPTY_LISTS = b"\x9a\x00\x03\xff\xf0" + b"\x80" * (MAX_PLAIN - 16)  # the most that a payload can build
MUCH = 32 * 1024 * 1024


def test_a_payload_of_nothing_but_empty_lists_builds_little() -> None:
    data = b"\x00" + zstandard.ZstdCompressor().compress(EMPTY_LISTS)
    assert len(data) < 200
    tracemalloc.start()
    try:
        assert len(unpack(data)) == MAX_PLAIN - 16
        assert tracemalloc.get_traced_memory()[1] < MUCH
    finally:
        tracemalloc.stop()


def test_a_record_of_nothing_but_empty_lists_builds_nothing() -> None:
    data = b"\x83" + b"\x80" * (MAX_RECORD - 1)
    assert peak(lambda: Record.decode(data)) < 64 * 1024
    lists = b"\x9a\x00\x0f\xff\xf0" + b"\x80" * (MAX_RECORD - 200)
    assert peak(lambda: Record.decode(join_strings(lists, b"", bytes(64)))) < 4 * MAX_RECORD


def test_a_record_is_too_large_before_it_is_read() -> None:
    data = bytes(MAX_RECORD + 1)
    assert peak(lambda: Record.decode(data)) < 64 * 1024


def frames(*parts: bytes) -> bytes:
    return b"\x00" + b"".join(parts)


def bomb(size: int, **options: Any) -> bytes:
    return zstandard.ZstdCompressor(level=3, **options).compress(b"\x00" * size)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frames(bomb(50_000_000)), "payload-too-large"),
        (frames(bomb(MAX_PLAIN + 1)), "payload-too-large"),
        (frames(bomb(50_000_000, write_content_size=False)), "payload-too-large"),
        (frames(bomb(10), bomb(10)), "payload-malformed"),
        (frames(bomb(10), b"x"), "payload-malformed"),
        (frames(bomb(10)[:-1]), "payload-malformed"),
        (frames(), "payload-malformed"),
        (b"", "payload-malformed"),
        (b"\x80", "payload-malformed"),
        (b"\x09" + bomb(10), "dictionary-unknown"),
        (b"\xff\xff" + bomb(10), "dictionary-unknown"),
    ],
)
def test_compressed_bombs(data: bytes, code: str) -> None:
    with pytest.raises(PackingError) as refused:
        unpack(data)
    assert refused.value.code == code
    assert peak(lambda: unpack(data)) < 1024 * 1024


def test_a_frame_that_lies_about_its_size() -> None:
    honest = bytearray(bomb(100))
    assert honest[4:6] == b"\x20\x64"  # one byte of size: 100
    honest[5] = 90
    told("packed", b"\x00" + bytes(honest))
    assert peak(lambda: unpack(b"\x00" + bytes(honest))) < 1024 * 1024


def test_a_window_beyond_all_need_is_refused() -> None:
    params = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=True)
    large = zstandard.ZstdCompressor(compression_params=params).compressobj(size=-1)
    data = large.compress(b"x" * 100) + large.flush()
    assert peak(lambda: unpack(b"\x00" + data)) < 1024 * 1024


def test_a_claimed_frame_takes_no_memory() -> None:
    head = parcel_header() + struct.pack(">IB", 2**30, FrameType.ATTACHMENT)
    tracemalloc.start()
    try:
        assert list(read_frames(io.BytesIO(head + b"x"))) == []
        assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_sealed_bomb_in_a_good_record() -> None:
    """The terminal itself may be in foreign hands: its signature is right, what it sealed is hostile."""
    from dataclasses import replace
    from hashlib import sha256

    from contract.header import CONTEXT

    header = sealed().header
    for packed in (b"\x00" + bomb(50_000_000), b"\x09" + bomb(3), b"\x00" + zstandard.compress(b"\x81" * 1000), b""):
        box = seal(packed, OPENING[0].public, header.binding())
        named = replace(header, payload_digest=sha256(box).hexdigest())
        record = Record(named, box, SIGN.sign(CONTEXT + named.encode()))
        verify_record(record, SIGN.public_key())
        with pytest.raises(RecordError) as refused:
            open_record(record, RING)
        assert refused.value.code in ("record-seal", "dictionary-unknown")
