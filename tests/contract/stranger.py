# SPDX-License-Identifier: Apache-2.0
"""Another implementation of docs/parcel.md, from primitives and without a line of ours: it holds the page to its word.

Only reading; short rather than careful. HPKE is spelled out (RFC 9180), X-Wing too (draft-connolly-cfrg-xwing-kem).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from collections.abc import Iterator
from typing import Any

import cbor2
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    info, out, block = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, b"", b""
    while len(out) < size:
        block = hmac.digest(key, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:size]


def x25519_secret(secret: bytes, enc: bytes) -> bytes:
    private = X25519PrivateKey.from_private_bytes(secret)
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    suite = b"KEM\x00\x20"
    key = extract(suite, b"", b"eae_prk", shared)
    return expand(suite, key, b"shared_secret", enc + private.public_key().public_bytes_raw(), 32)


def xwing_secret(secret: bytes, enc: bytes) -> bytes:
    seeds = hashlib.shake_256(secret).digest(96)
    lattice, curve = MLKEM768PrivateKey.from_seed_bytes(seeds[:64]), X25519PrivateKey.from_private_bytes(seeds[64:])
    one, two = lattice.decapsulate(enc[:1088]), curve.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    mixed = one + two + enc[1088:] + curve.public_key().public_bytes_raw() + b"\\.//^\\"
    return hashlib.sha3_256(mixed).digest()


def unseal(suite: int, secret: bytes, sealed: bytes, context: bytes) -> bytes:
    size, kem, shared = {1: (32, b"\x00\x20", x25519_secret), 2: (1120, b"\x64\x7a", xwing_secret)}[suite]
    name = b"HPKE" + kem + b"\x00\x01\x00\x03"
    schedule = b"\x00" + extract(name, b"", b"psk_id_hash", b"") + extract(name, b"", b"info_hash", context)
    key = extract(name, shared(secret, sealed[:size]), b"secret", b"")
    cipher = ChaCha20Poly1305(expand(name, key, b"key", schedule, 32))
    return cipher.decrypt(expand(name, key, b"base_nonce", schedule, 12), sealed[size:], b"")


def unpack(packed: bytes, dictionaries: dict[int, bytes]) -> Any:
    number, frame = packed[0], packed[1:]
    if number > 127:
        number, frame = int.from_bytes(packed[:2], "big") - 0x8000, packed[2:]
    dictionary = zstandard.ZstdCompressionDict(dictionaries[number]) if number else None
    return cbor2.loads(zstandard.ZstdDecompressor(dict_data=dictionary).decompress(frame))


def record(data: bytes, terminal: bytes, secrets: dict[str, bytes], dictionaries: dict[int, bytes]) -> Any:
    """(header's parts, payload). Fails where signature, digest or seal do not fit."""
    head, sealed, signature = cbor2.loads(data)
    Ed25519PublicKey.from_public_bytes(terminal).verify(signature, b"doorstep record 1" + head)
    parts = cbor2.loads(head)
    assert hashlib.sha256(sealed).digest() == parts[10]
    bound = b"doorstep record 1" + cbor2.dumps([*parts[:10], bytes(32), parts[11]], canonical=True)
    return parts, unpack(unseal(parts[8], secrets[parts[9].hex()], sealed, bound), dictionaries)


def frames(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(type, offset, body) of the complete frames."""
    assert data[:9] == b"DSPARCEL\x01"
    at = 9
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        content = data[at + 4 : at + size]
        check = data[at + size : at + size + 4]
        if len(check) < 4:
            return
        assert zlib.crc32(content).to_bytes(4, "big") == check
        yield content[0], at, content[1:]
        at += size + 4


def attachment(data: bytes, secrets: dict[str, bytes]) -> bytes:
    assert data[0] == 1
    suite, prefix = data[1], data[:10]
    size = 32 + {1: 48, 2: 1136}[suite]
    key = unseal(suite, secrets[prefix[2:].hex()], data[10 : 10 + size], b"doorstep attachment 1" + prefix)
    chunks = [data[at : at + 65536 + 16] for at in range(10 + size, len(data), 65536 + 16)]
    cipher, plain = ChaCha20Poly1305(key), b""
    for number, chunk in enumerate(chunks):
        plain += cipher.decrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, b"")
    return plain


def statement(text: str, platform: bytes) -> Any:
    body, signature = cbor2.loads(base64.b64decode(text))
    Ed25519PublicKey.from_public_bytes(platform).verify(signature, b"doorstep statement 1" + body)
    return cbor2.loads(body)


def event_body(sealed: bytes, secret: bytes, terminal: int, code: str, seq: int) -> Any:
    """What an event says: length, map, zeros."""
    bound = b"doorstep event 1" + cbor2.dumps([terminal, code, seq], canonical=True)
    plain = unseal(1, secret, sealed, bound)
    end = 4 + int.from_bytes(plain[:4], "big")
    assert not any(plain[end:])
    return cbor2.loads(plain[4:end])


def returned(data: bytes, secret: bytes, platform: bytes) -> Any:
    """(terminal, created, map) of a return; the announcements are followed to the key that signed."""
    assert data[:9] == b"DSRETURN\x01"
    about, sealed, signature = cbor2.loads(data[9:])
    terminal, created, changes = cbor2.loads(about)
    for change in changes:
        platform = base64.b64decode(statement(change, platform)[2]["sign"])
    signed = b"doorstep return 1" + hashlib.sha256(about).digest() + hashlib.sha256(sealed).digest()
    Ed25519PublicKey.from_public_bytes(platform).verify(signature, signed)
    return terminal, created, unpack(unseal(1, secret, sealed, b"doorstep return 1" + about), {})


def from_base45(text: str) -> bytes:
    out = b""
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        out += sum(ALPHABET.index(c) * 45**n for n, c in enumerate(group)).to_bytes(len(group) - 1, "big")
    return out


def paper(texts: list[str]) -> bytes:
    pieces = {}
    for text in texts:
        assert text[:4] == "DS1/"
        data = from_base45(text[4:])
        assert zlib.crc32(data[:-4]).to_bytes(4, "big") == data[-4:]
        pieces[data[5]] = data
    one = pieces[1]
    whole = b"".join(pieces[number][6:-4] for number in range(1, one[4] + 1))
    assert hashlib.sha256(whole).digest()[:4] == one[:4]
    return whole


def tracking_code(terminal: int, counter: int) -> str:
    digits, product = f"{terminal:05d}{counter:06d}", 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return digits + str((11 - product) % 10)
