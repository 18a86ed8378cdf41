# SPDX-License-Identifier: Apache-2.0
"""HPKE of suite 1 (RFC 9180: DHKEM(X25519), HKDF-SHA256, ChaCha20-Poly1305, base mode, single shot) in two halves.

Whoever holds the private key takes the first step and gives away the secret of that one message; whoever reads does the
rest and never sees the key. Both together open what `contract.sealing.seal` sealed.
"""

from __future__ import annotations

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from contract.sealing import SealError

ENC_SIZE = 32  # bytes of the encapsulated key, before the ciphertext
SECRET_SIZE = 32  # bytes of the shared secret
_KEM = b"KEM\x00\x20"  # suite_id of DHKEM(X25519, HKDF-SHA256), section 4.1
_SUITE = b"HPKE\x00\x20\x00\x01\x00\x03"  # suite_id of the whole, section 5.1
_MODE_BASE = b"\x00"
_HASH_SIZE = 32


def decapsulate(enc: bytes, key: X25519PrivateKey) -> bytes:
    """The half with the private key: the KEM's shared secret for one `enc` (section 4.1, Decap).

    It opens this message and no other. Raises SealError seal-broken for an `enc` that is no point, or one of small
    order: its Diffie-Hellman result is all zeros and known to everybody (section 7.1.4).
    """
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(enc))
    except ValueError as fault:
        raise SealError("seal-broken", "the encapsulated key is none") from fault
    kem_context = enc + key.public_key().public_bytes_raw()
    return _expand(_KEM, _extract(_KEM, b"", b"eae_prk", shared), b"shared_secret", kem_context, SECRET_SIZE)


def open_with_secret(ciphertext: bytes, shared_secret: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """The half without: key schedule (section 5.1, base mode) and opening of the first message (section 5.2).

    `ciphertext` is what follows `enc`. Raises SealError seal-broken.
    """
    key, nonce = key_schedule(shared_secret, info)
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, aad)
    except InvalidTag as fault:
        raise SealError("seal-broken", "the sealed part does not open: damaged, or for another place") from fault


def key_schedule(shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Key and base nonce (section 5.1, mode_base, no PSK)."""
    context = _MODE_BASE + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    secret = _extract(_SUITE, shared_secret, b"secret", b"")
    return _expand(_SUITE, secret, b"key", context, 32), _expand(_SUITE, secret, b"base_nonce", context, 12)


def _extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    """LabeledExtract of section 4, over HKDF-Extract (RFC 5869, 2.2)."""
    return hmac.digest(salt or bytes(_HASH_SIZE), b"HPKE-v1" + suite + label + key, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    """LabeledExpand of section 4, over HKDF-Expand (RFC 5869, 2.3): nothing here is longer than its first block."""
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\x01", "sha256")[:size]
