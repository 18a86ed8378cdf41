# SPDX-License-Identifier: Apache-2.0
"""Parcels: readable at every length, in constant memory; every kind of damage is found."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest

from contract.parcel import (
    FRAME_OVERHEAD,
    HEADER_SIZE,
    PIECE,
    FrameType,
    ParcelError,
    frame,
    frame_pieces,
    parcel_header,
    read_frames,
    scan_parcel,
)  # fmt: skip
from contract.record import MAX_RECORD
from tests.contract.test_sealing import Dribble, Joined

BODIES = [b"one", b"", b"three" * 100]
PARCEL = parcel_header() + b"".join(frame(FrameType.RECORD, b) for b in BODIES)


def test_a_parcel_is_readable_at_every_length() -> None:
    ends = [HEADER_SIZE]
    for body in BODIES:
        ends.append(ends[-1] + len(body) + FRAME_OVERHEAD)
    for length in range(len(PARCEL) + 1):
        whole = sum(end <= length for end in ends[1:])
        assert [f.body for f in read_frames(io.BytesIO(PARCEL[:length]))] == BODIES[:whole]
        if length >= ends[0]:
            scan = scan_parcel(io.BytesIO(PARCEL[:length]))
            assert (scan.frames_end, scan.torn) == (ends[whole], length != ends[whole])


def test_a_flipped_byte_in_a_frame_is_damage() -> None:
    for place in range(HEADER_SIZE + 4, len(PARCEL)):
        broken = bytearray(PARCEL)
        broken[place] ^= 0x10
        found = []
        try:
            found = [f.body for f in read_frames(io.BytesIO(bytes(broken)))]
        except ParcelError as fault:
            assert fault.code == "parcel-damaged"
        assert found != BODIES


def test_what_is_no_parcel() -> None:
    for data, code in ((b"GIF89a....", "parcel-malformed"), (b"DSPARCEL\x07", "parcel-version")):
        with pytest.raises(ParcelError) as refused:
            list(read_frames(io.BytesIO(data)))
        assert refused.value.code == code
    assert list(read_frames(io.BytesIO(b"DSPAR"))) == []


def test_an_attachment_comes_as_place_and_digest_or_piece_by_piece() -> None:
    body = bytes(range(256)) * 1000
    data = PARCEL + frame(FrameType.ATTACHMENT, body) + frame(FrameType.RECORD, b"last")
    pieces: list[bytes] = []
    for stream in (io.BytesIO(data), cast(BinaryIO, Dribble(data))):
        pieces.clear()
        *_, attachment, last = read_frames(stream, sink=pieces.append)
        assert (attachment.body, attachment.size) == (b"", len(body))
        assert attachment.digest == hashlib.sha256(body).hexdigest()
        assert data[attachment.body_at : attachment.body_at + attachment.size] == body
        assert b"".join(pieces) == body
        assert max(map(len, pieces)) <= PIECE
        assert (last.body, last.offset) == (b"last", attachment.end)


def test_a_type_of_the_future_is_passed_over() -> None:
    data = parcel_header() + frame(9, b"new" * 9) + frame(FrameType.RECORD, b"known")
    pieces: list[bytes] = []
    frames = list(read_frames(io.BytesIO(data), sink=pieces.append))
    assert [f.type for f in frames] == [9, 1]
    assert [f.body for f in frames if f.type == FrameType.RECORD] == [b"known"]
    assert pieces == []


def test_pieces_make_the_same_frame() -> None:
    assert b"".join(frame_pieces(2, 5, [b"ab", b"", b"cde"])) == frame(2, b"abcde")
    with pytest.raises(ValueError, match="announced"):
        list(frame_pieces(2, 5, [b"ab"]))


def test_impossible_lengths() -> None:
    for length, kind in ((0, 1), (4, 1), (MAX_RECORD + 6, 1), (2**32 - 1, 2), (2**32 - 1, 77)):
        with pytest.raises(ParcelError) as refused:
            list(read_frames(io.BytesIO(parcel_header() + length.to_bytes(4, "big") + bytes([kind]) + bytes(99))))
        assert refused.value.code == "parcel-damaged"
    with pytest.raises(ParcelError):
        list(read_frames(io.BytesIO(parcel_header() + frame(2, bytes(101))), max_body=100))


def large() -> Iterator[bytes]:
    yield parcel_header()
    for _ in range(4):
        yield from frame_pieces(FrameType.ATTACHMENT, 128 * PIECE, (bytes(PIECE) for _ in range(128)))


def test_a_large_parcel_is_read_in_little_memory() -> None:
    tracemalloc.start()
    try:
        sizes = [f.size for f in read_frames(cast(BinaryIO, Joined(large())))]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sizes == [128 * PIECE] * 4
    assert peak < 16 * PIECE
