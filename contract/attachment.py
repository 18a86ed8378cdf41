# SPDX-License-Identifier: Apache-2.0
"""Attachments: sealed in chunks, so that neither side holds one whole.

Bytes: version (1), suite (1), key id (8), a fresh 32-byte content key sealed by the suite, then chunks: 64 KiB of the
plain bytes each (the last one shorter, and never empty but where all is), each with ChaCha20-Poly1305 and its tag of
16 bytes. A chunk's nonce is its number (11 bytes, big-endian) and one byte that is 1 for the last chunk, 0 before
(STREAM: Hoang, Reyhanitabar, Rogaway, Vizar, 2015): chunks cannot be moved, left out, or cut off at the end.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from contract.sealing import OVERHEAD, SUITE_X25519, Keyring, PlatformKeys, SealError, check_suite, open_sealed, seal

VERSION = 1
CHUNK = 64 * 1024  # plain bytes of a chunk
TAG = 16
CONTENT_KEY = 32
KEY_ID = 8
_PREFIX = 2 + KEY_ID
_CONTEXT = b"doorstep attachment 1"


def sealed_size(plain_size: int, suite: int = SUITE_X25519) -> int:
    """How many bytes `seal_attachment` gives for so many plain ones. Raises SealError suite-unknown."""
    head = _PREFIX + CONTENT_KEY + OVERHEAD[check_suite(suite)]
    return head + plain_size + max(1, -(-plain_size // CHUNK)) * TAG


def seal_attachment(plain: bytes | BinaryIO, platform: PlatformKeys) -> Iterator[bytes]:
    """The sealed bytes in pieces; the record's manifest names them by the SHA-256 of all together."""
    key = platform.seal
    prefix = bytes([VERSION, key.suite]) + bytes.fromhex(key.id)
    content_key = os.urandom(CONTENT_KEY)
    yield prefix + seal(content_key, key, _CONTEXT + prefix)
    cipher = ChaCha20Poly1305(content_key)
    for number, last, chunk in _chunked(_stream(plain), CHUNK):
        yield cipher.encrypt(_nonce(number, last), chunk, None)


def seal_whole(plain: bytes, platform: PlatformKeys) -> bytes:
    """`seal_attachment` for what is in memory anyway."""
    return b"".join(seal_attachment(plain, platform))


def open_attachment(sealed: bytes | BinaryIO, keys: Keyring) -> Iterator[bytes]:
    """The plain bytes in pieces, each of them authentic. The whole is so only when the iterator ends.

    Raises SealError attachment-version, suite-unknown, key-unknown, seal-broken.
    """
    stream = _stream(sealed)
    prefix = _exactly(stream, _PREFIX)
    if prefix[0] != VERSION:
        raise SealError("attachment-version", f"attachment version {prefix[0]} is not known here; update this program")
    key = keys.find(prefix[2:].hex(), prefix[1])
    content_key = open_sealed(_exactly(stream, OVERHEAD[key.suite] + CONTENT_KEY), key, _CONTEXT + prefix)
    if len(content_key) != CONTENT_KEY:
        raise SealError("seal-broken", "the attachment's content key has another length")
    cipher = ChaCha20Poly1305(content_key)
    for number, last, chunk in _chunked(stream, CHUNK + TAG):
        if len(chunk) < TAG or (number > 0 and len(chunk) == TAG):
            raise SealError("seal-broken", "the attachment is cut off")
        try:
            yield cipher.decrypt(_nonce(number, last), chunk, None)
        except InvalidTag as fault:
            raise SealError("seal-broken", f"chunk {number} of the attachment does not open, or was cut off") from fault


def open_whole(sealed: bytes | BinaryIO, keys: Keyring) -> bytes:
    """`open_attachment` for what fits into memory."""
    return b"".join(open_attachment(sealed, keys))


def _stream(data: bytes | BinaryIO) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data


def _exactly(stream: BinaryIO, size: int) -> bytes:
    found = _up_to(stream, size)
    if len(found) < size:
        raise SealError("seal-broken", "the attachment is cut off")
    return found


def _up_to(stream: BinaryIO, size: int) -> bytes:
    """A pipe may give less than asked for although more comes."""
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _chunked(stream: BinaryIO, size: int) -> Iterator[tuple[int, bool, bytes]]:
    """(number, whether it is the last, bytes); one empty chunk where there is nothing."""
    number, chunk = 0, _up_to(stream, size)
    while True:
        following = _up_to(stream, size) if len(chunk) == size else b""
        yield number, not following, chunk
        if not following:
            return
        number, chunk = number + 1, following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
