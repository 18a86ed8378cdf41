# SPDX-License-Identifier: Apache-2.0
"""Records and parcels: round trips, every kind of damage, hostile bytes."""

from __future__ import annotations

import io
from dataclasses import replace

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.errors import ContractError
from contract.events import CorrectionAsk, Event, Receipt, StatementError, case_state, read_statement, sign_statement
from contract.packing import PackingError, pack, unpack
from contract.parcel import FrameType, ParcelError, frame, parcel_header, read_frames, scan_parcel
from contract.record import AttachmentRef, Kind, Record, RecordError, open_record, seal_record, uuid7, verify_record
from contract.sealing import PlatformKeys, SealError, open_attachment, seal_attachment
from tests.fuzzing import examples

SIGN, SEAL = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
PLATFORM_SIGN = Ed25519PrivateKey.generate()
PLATFORM = PlatformKeys.of(PLATFORM_SIGN.public_key(), SEAL.public_key())
PAYLOAD = {"values": {"name": ["\U00020bb7·英", "card", True]}, "n": 1, "list": [1, None, "x"]}


def sealed(**changes: object) -> Record:
    parts: dict[str, object] = {
        "terminal": 421, "sequence": 1, "tracking_code": "004210001372", "item": "old80", "platform": PLATFORM,
        "attachments": [AttachmentRef("ab" * 32, 5)], "signer": SIGN, "now_ms": 1_795_000_000_000,
    }  # fmt: skip
    return seal_record(Kind.APPLICATION, PAYLOAD, **(parts | changes))  # type: ignore[arg-type]


def test_a_record_goes_there_and_back() -> None:
    record = Record.decode(sealed().encode())
    verify_record(record, SIGN.public_key())
    assert open_record(record, SEAL) == PAYLOAD
    assert record.header.attachments == (AttachmentRef("ab" * 32, 5),)
    assert len(record.encode()) < 450


def test_ids_are_ordered_in_time() -> None:
    assert uuid7(1000) < uuid7(2000)
    assert uuid7(1000) != uuid7(1000)


def test_no_flipped_byte_survives() -> None:
    data = sealed().encode()
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 1
        with pytest.raises(RecordError):
            verify_record(Record.decode(bytes(broken)), SIGN.public_key())


def test_another_terminals_signature_is_refused() -> None:
    with pytest.raises(RecordError) as refused:
        verify_record(sealed(), Ed25519PrivateKey.generate().public_key())
    assert refused.value.code == "record-signature"


def test_a_payload_does_not_fit_another_header() -> None:
    one, two = sealed(), sealed()
    mixed = Record(replace(one.header, payload_digest=two.header.payload_digest), two.sealed, one.signature)
    with pytest.raises(RecordError) as refused:
        open_record(mixed, SEAL)
    assert refused.value.code == "record-seal"


def test_a_newer_version_says_so() -> None:
    data = cbor2.loads(sealed().encode())
    data[0][0] = 2
    with pytest.raises(RecordError) as refused:
        Record.decode(cbor2.dumps(data, canonical=True))
    assert refused.value.code == "record-version"


def test_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(RecordError) as refused:
        Record.decode(b"\x00" * (1024 * 1024 + 1))
    assert refused.value.code == "record-too-large"


def test_a_bomb_is_not_unpacked() -> None:
    import zstandard

    bomb = b"\x00" + zstandard.ZstdCompressor().compress(b"\x00" * 50_000_000)
    with pytest.raises(PackingError) as refused:
        unpack(bomb)
    assert refused.value.code == "payload-too-large"


@settings(max_examples=examples(150), deadline=None)
@given(st.binary(max_size=400))
def test_hostile_bytes_end_in_a_clear_error(data: bytes) -> None:
    for read in (Record.decode, unpack, lambda b: list(read_frames(io.BytesIO(parcel_header() + b)))):
        try:
            read(data)
        except ContractError as fault:
            assert fault.code


@settings(max_examples=examples(60), deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=30),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
                    max_leaves=20))  # fmt: skip
def test_whatever_is_packed_comes_back(value: object) -> None:
    assert unpack(pack(value)) == value


def test_attachments_open_only_with_the_key() -> None:
    box = seal_attachment(b"picture", PLATFORM.seal)
    assert open_attachment(box, SEAL) == b"picture"
    for data, key in ((box, X25519PrivateKey.generate()), (box[:-1], SEAL), (b"", SEAL)):
        with pytest.raises(SealError):
            open_attachment(data, key)


def test_the_platforms_keys_travel() -> None:
    assert PlatformKeys.from_dict(PLATFORM.to_dict()).key_id == PLATFORM.key_id
    for broken in ({}, {**PLATFORM.to_dict(), "seal": "AAAA"}, {**PLATFORM.to_dict(), "key_id": "0" * 16}):
        with pytest.raises(SealError):
            PlatformKeys.from_dict(broken)


BODIES = [b"one", b"", b"three" * 100]
PARCEL = parcel_header() + b"".join(frame(FrameType.RECORD, b) for b in BODIES)


def test_a_parcel_is_readable_at_every_length() -> None:
    ends = [len(parcel_header())]
    for body in BODIES:
        ends.append(ends[-1] + len(body) + 9)
    for length in range(len(PARCEL) + 1):
        whole = sum(end <= length for end in ends[1:])
        assert [f.body for f in read_frames(io.BytesIO(PARCEL[:length]))] == BODIES[:whole]
        if length >= ends[0]:
            scan = scan_parcel(io.BytesIO(PARCEL[:length]))
            assert (scan.frames_end, scan.torn) == (ends[whole], length != ends[whole])


def test_a_flipped_byte_in_a_frame_is_damage() -> None:
    for place in range(len(parcel_header()) + 4, len(PARCEL)):
        broken = bytearray(PARCEL)
        broken[place] ^= 0x10
        found = []
        try:
            found = [f.body for f in read_frames(io.BytesIO(bytes(broken)))]
        except ParcelError as fault:
            assert fault.code == "parcel-damaged"
        assert found != BODIES


def test_what_is_no_parcel() -> None:
    with pytest.raises(ParcelError):
        list(read_frames(io.BytesIO(b"GIF89a....")))
    with pytest.raises(ParcelError) as refused:
        list(read_frames(io.BytesIO(b"DSPARCEL\x07")))
    assert refused.value.code == "parcel-version"


RECEIPT = Receipt("id", "cd" * 32, "record", "2026-11-23T10:00:00+00:00", "C1")
EVENT = Event(
    7,
    "id",
    "004210001372",
    "correction",
    "2026-11-23T10:00:00+00:00",
    "请补",
    (CorrectionAsk("bank_no", "少一位"),),
    b"x",
)


@pytest.mark.parametrize("statement", [RECEIPT, EVENT])
def test_statements_are_believed_only_from_the_platform(statement: Receipt | Event) -> None:
    text = sign_statement(statement, PLATFORM_SIGN)
    assert read_statement(text, PLATFORM) == statement
    with pytest.raises(StatementError):
        read_statement(sign_statement(statement, SIGN), PLATFORM)
    for broken in ("", "???", text[:-8], text.swapcase()):
        with pytest.raises(StatementError):
            read_statement(broken, PLATFORM)


def test_the_state_follows_from_the_events_in_order() -> None:
    def event(seq: int, kind: str) -> Event:
        return replace(EVENT, seq=seq, type=kind)

    assert case_state([]) == "waiting"
    assert case_state([event(2, "accepted"), event(1, "received")]) == "accepted"
    assert case_state([event(1, "received"), event(2, "correction"), event(3, "message")]) == "correction"
    assert case_state([event(1, "received"), event(2, "accepted"), event(3, "result")]) == "finished"
