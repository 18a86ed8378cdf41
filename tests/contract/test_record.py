# SPDX-License-Identifier: Apache-2.0
"""Records: there and back, and every kind of damage."""

from __future__ import annotations

from dataclasses import replace

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.custody import read_custody
from contract.ids import id_text
from contract.packing import to_cbor
from contract.record import AttachmentRef, Kind, Record, RecordError, open_record, uuid7, verify_record
from contract.sealing import SUITE_X25519, SUITE_XWING, Keyring, OpeningKey, PlatformKeys
from tests.contract.sealed import HYBRID, OPENING, PAYLOAD, PLATFORM, RING, SIGN, sealed


@pytest.mark.parametrize("platform", [PLATFORM, HYBRID], ids=["x25519", "x-wing"])
def test_a_record_goes_there_and_back(platform: PlatformKeys) -> None:
    made = sealed(platform=platform)
    record = Record.decode(made.encode())
    assert record == made
    verify_record(record, SIGN.public_key())
    assert open_record(record, RING) == PAYLOAD
    assert record.header.attachments == (AttachmentRef("ab" * 32, 5),)
    assert record.header.created_ms == 1_795_000_000_000
    assert record.header.suite == platform.preferred


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_and_clock_comes_back(kind: Kind) -> None:
    header = Record.decode(sealed(kind=kind, clock="unsure").encode()).header
    assert (header.kind, header.clock) == (kind, "unsure")


def test_only_an_application_needs_a_code() -> None:
    assert Record.decode(sealed(kind=Kind.JOURNAL, tracking_code="").encode()).header.tracking_code == ""
    with pytest.raises(RecordError):
        Record.decode(sealed(tracking_code="").encode())


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


def test_no_cut_record_is_read() -> None:
    data = sealed().encode()
    for end in range(len(data)):
        with pytest.raises(RecordError):
            Record.decode(data[:end])
    with pytest.raises(RecordError):
        Record.decode(data + b"\x00")


def test_a_changed_copy_is_encoded_anew() -> None:
    record = Record.decode(sealed().encode())
    assert Record.decode(replace(record, signature=bytes(64)).encode()).signature == bytes(64)


def test_another_terminals_signature_is_refused() -> None:
    with pytest.raises(RecordError) as refused:
        verify_record(sealed(), Ed25519PrivateKey.generate().public_key())
    assert refused.value.code == "record-signature"


def test_another_payload_does_not_fit() -> None:
    one, two = sealed(), sealed()
    mixed = Record(one.header, two.sealed, one.signature)
    for read in (lambda: Record.decode(mixed.encode()), lambda: verify_record(mixed, SIGN.public_key())):
        with pytest.raises(RecordError) as refused:
            read()
        assert refused.value.code == "record-digest"


def test_a_payload_does_not_open_under_another_header() -> None:
    one, two = sealed(), sealed()
    mixed = Record(replace(one.header, payload_digest=two.header.payload_digest), two.sealed, one.signature)
    with pytest.raises(RecordError) as refused:
        open_record(mixed, RING)
    assert refused.value.code == "record-seal"


def test_keys_of_other_platforms_and_times() -> None:
    record = sealed()
    later = Keyring([OpeningKey.new(SUITE_X25519), *OPENING])
    assert open_record(record, later) == PAYLOAD
    for ring in (Keyring([]), Keyring([OpeningKey.new(SUITE_X25519)])):
        with pytest.raises(RecordError) as refused:
            open_record(record, ring)
        assert refused.value.code == "key-unknown"


def changed(place: int, value: object) -> bytes:
    """A record with one part of its header replaced."""
    outer = cbor2.loads(sealed().encode())
    parts = cbor2.loads(outer[0])
    parts[place] = value
    return to_cbor([to_cbor(parts), *outer[1:]])


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (0, 2, "record-version"),
        (0, "1", "record-malformed"),
        (1, b"short", "record-malformed"),
        (1, bytes(16), "record-malformed"),
        (2, 0, "record-malformed"),
        (2, 100_000, "record-malformed"),
        (3, -1, "record-malformed"),
        (3, 2**63, "record-malformed"),
        (3, True, "record-malformed"),
        (4, 0, "record-malformed"),
        (4, 8, "record-version"),
        (5, 0, "record-malformed"),
        (5, -4_210_001_37, "record-malformed"),
        (5, 10**12, "record-malformed"),
        (6, "x" * 65, "record-malformed"),
        (7, 2, "record-malformed"),
        (8, 9, "suite-unknown"),
        (8, SUITE_XWING, "ok"),
        (9, b"1234567", "record-malformed"),
        (10, bytes(31), "record-malformed"),
        (10, bytes(32), "record-digest"),
        (11, [[bytes(32), 0]], "record-malformed"),
        (11, [[bytes(32), 2**40]], "record-malformed"),
        (11, [[bytes(32), 1]] * 65, "record-malformed"),
        (11, {}, "record-malformed"),
    ],
)
def test_each_part_has_its_range(place: int, value: object, code: str) -> None:
    if code == "ok":
        assert Record.decode(changed(place, value)).header.suite == value
        return
    with pytest.raises(RecordError) as refused:
        Record.decode(changed(place, value))
    with pytest.raises(RecordError) as also:
        read_custody(changed(place, value))
    assert refused.value.code == also.value.code == code


def test_the_custodian_sees_the_same() -> None:
    for record in (sealed(), sealed(kind=Kind.JOURNAL, tracking_code="", attachments=[])):
        header, seen = record.header, read_custody(record.encode())
        assert (id_text(seen.id), seen.digest.hex(), seen.key_id.hex()) == (header.id, record.digest, header.key_id)
        assert (seen.terminal, seen.sequence, seen.kind) == (header.terminal, header.sequence, header.kind)
        assert (seen.tracking_code, seen.item, seen.suite) == (header.tracking_code, header.item, header.suite)
        assert seen.refs == header.attachments


def test_a_header_has_one_encoding_only() -> None:
    outer = cbor2.loads(sealed().encode())
    longer = outer[0].replace(b"\x19\x01\xa5", b"\x1a\x00\x00\x01\xa5", 1)  # terminal 421 in five bytes
    assert cbor2.loads(longer) == cbor2.loads(outer[0])
    with pytest.raises(RecordError) as refused:
        Record.decode(to_cbor([longer, *outer[1:]]))
    assert refused.value.code == "record-malformed"


def test_a_record_has_one_encoding_only() -> None:
    data = sealed().encode()
    assert data[:1] == b"\x83"
    longer = data[:1] + b"\x59\x00" + data[2:]  # the header's length in two bytes instead of one
    assert cbor2.loads(longer) == cbor2.loads(data)
    for other in (b"\x9f" + data[1:] + b"\xff", b"\x98\x03" + data[1:], b"\xd9\xd9\xf7" + data, longer):
        with pytest.raises(RecordError) as refused:
            Record.decode(other)
        assert refused.value.code == "record-malformed"


def test_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(RecordError) as refused:
        Record.decode(b"\x00" * (1024 * 1024 + 1))
    assert refused.value.code == "record-too-large"
