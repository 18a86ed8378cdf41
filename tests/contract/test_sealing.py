# SPDX-License-Identifier: Apache-2.0
"""Sealing by suites, the keys that travel, and attachments in chunks."""

from __future__ import annotations

import io
import os
import tracemalloc
from typing import BinaryIO, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.attachment import CHUNK, TAG, open_attachment, open_whole, seal_attachment, seal_whole, sealed_size
from contract.sealing import (
    OVERHEAD,
    SUITES,
    Keyring,
    OpeningKey,
    PlatformKeys,
    SealError,
    SealingKey,
    open_sealed,
    seal,
)
from tests.contract.sealed import HYBRID, OPENING, PLATFORM, RING

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 17]
BOTH = pytest.mark.parametrize("platform", [PLATFORM, HYBRID], ids=["x25519", "x-wing"])


@pytest.mark.parametrize("suite", SUITES)
def test_only_the_key_opens_and_only_in_its_context(suite: int) -> None:
    key = OpeningKey.new(suite)
    box = seal(b"plain", key.public, b"here")
    assert len(box) == len(b"plain") + OVERHEAD[suite]
    assert open_sealed(box, key, b"here") == b"plain"
    broken = bytearray(box)
    broken[3] ^= 1
    for data, other, context in (
        (box, OpeningKey.new(suite), b"here"),
        (box, key, b"there"),
        (box[:-1], key, b"here"),
        (b"", key, b"here"),
        (bytes(broken), key, b"here"),
    ):
        with pytest.raises(SealError) as refused:
            open_sealed(data, other, context)
        assert refused.value.code == "seal-broken"


def test_a_private_key_is_kept_as_32_bytes_and_never_shown() -> None:
    for key in OPENING:
        assert OpeningKey(key.suite, key.secret).public == key.public
        assert key.secret.hex() not in repr(key)
        assert repr(key.secret) not in repr(key)


def test_keys_that_are_none() -> None:
    for suite, raw, code in ((1, b"x", "keys-malformed"), (2, bytes(32), "keys-malformed"), (9, b"", "suite-unknown")):
        with pytest.raises(SealError) as refused:
            SealingKey(suite, raw)
        assert refused.value.code == code
    with pytest.raises(SealError):
        SealingKey(2, b"\xff" * 1216)  # coefficients beyond the modulus
    with pytest.raises(SealError):
        OpeningKey(1, b"short")


def test_the_platforms_keys_travel() -> None:
    for platform in (PLATFORM, HYBRID):
        assert PlatformKeys.from_dict(platform.to_dict()) == platform


def test_a_suite_of_the_future_is_left_out() -> None:
    values = PLATFORM.to_dict()
    values["sealing"].append({"suite": 77, "key": "????", "key_id": ""})
    assert PlatformKeys.from_dict(values | {"preferred": 77}) == PLATFORM
    with pytest.raises(SealError):
        PlatformKeys.from_dict(values | {"sealing": values["sealing"][-1:]})


@pytest.mark.parametrize(
    "change",
    [
        {"sealing": [{"suite": 1, "key": "AAAA", "key_id": ""}]},
        {"sealing": [PLATFORM.to_dict()["sealing"][0] | {"key_id": "0" * 16}]},
        {"sealing": PLATFORM.to_dict()["sealing"] * 2},
        {"sealing": []},
        {"sealing": [1]},
        {"sealing": None},
        {"sign": "AAAA"},
        {"sign": 7},
    ],
)
def test_damaged_keys_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(SealError) as refused:
        PlatformKeys.from_dict(PLATFORM.to_dict() | change)
    assert refused.value.code == "keys-malformed"


def test_a_missing_part_is_refused() -> None:
    for name in ("sign", "sealing", "preferred"):
        values = PLATFORM.to_dict()
        del values[name]
        with pytest.raises(SealError):
            PlatformKeys.from_dict(values)


@BOTH
@pytest.mark.parametrize("size", SIZES)
def test_attachments_open_at_every_size(platform: PlatformKeys, size: int) -> None:
    plain = os.urandom(size)
    box = seal_whole(plain, platform)
    assert len(box) == sealed_size(size, platform.preferred)
    assert open_whole(box, RING) == plain
    assert b"".join(open_attachment(io.BytesIO(box), RING)) == plain


class Dribble:
    """A stream that gives a little at a time, as a pipe does."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def read(self, size: int) -> bytes:
        return self._inner.read(min(size, 1000))


def test_a_stream_may_give_little_at_a_time() -> None:
    plain = os.urandom(CHUNK + 5)
    box = b"".join(seal_attachment(cast(BinaryIO, Dribble(plain)), PLATFORM))
    assert len(box) == sealed_size(len(plain))
    assert b"".join(open_attachment(cast(BinaryIO, Dribble(box)), RING)) == plain


def test_chunks_cannot_be_cut_moved_or_joined() -> None:
    plain = os.urandom(3 * CHUNK)
    box = seal_whole(plain, PLATFORM)
    head, sealed = sealed_size(0) - TAG, CHUNK + TAG
    parts = [box[head + n * sealed : head + (n + 1) * sealed] for n in range(3)]
    start = box[:head]
    for wrong in (
        b"",
        box[:5],
        box[:-1],
        box[:-TAG],
        start,
        start + parts[0],
        start + parts[0] + parts[1],
        start + parts[1] + parts[0] + parts[2],
        start + parts[0] + parts[2],
        box + b"x",
        box + bytes(TAG),
        bytes([box[0], 2]) + box[2:],
    ):
        with pytest.raises(SealError) as refused:
            open_whole(wrong, RING)
        assert refused.value.code in ("seal-broken", "key-unknown")


def test_an_attachment_names_its_key_and_version() -> None:
    box = seal_whole(b"picture", PLATFORM)
    for wrong, ring, code in (
        (bytes([7]) + box[1:], RING, "attachment-version"),
        (bytes([1, 7]) + box[2:], RING, "suite-unknown"),
        (box, Keyring([OpeningKey.new()]), "key-unknown"),
    ):
        with pytest.raises(SealError) as refused:
            open_whole(wrong, ring)
        assert refused.value.code == code


class Zeros(io.RawIOBase):
    """So many zero bytes, made as they are read."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        take = min(size, self.left)
        self.left -= take
        return bytes(take)


class Joined(io.RawIOBase):
    """Reads what an iterator gives."""

    def __init__(self, pieces: object) -> None:
        self._pieces = iter(cast(list[bytes], pieces))
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            try:
                self._rest = next(self._pieces)
            except StopIteration:
                return b""
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def test_sealing_and_opening_hold_little() -> None:
    size = 16 * 1024 * 1024
    tracemalloc.start()
    try:
        sealed_pieces = seal_attachment(cast(BinaryIO, Zeros(size)), PLATFORM)
        opened = sum(len(p) for p in open_attachment(cast(BinaryIO, Joined(sealed_pieces)), RING))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert opened == size
    assert peak < 16 * CHUNK


def test_platforms_are_told_apart() -> None:
    other = PlatformKeys(Ed25519PrivateKey.generate().public_key(), PLATFORM.sealing)
    assert other != PLATFORM
