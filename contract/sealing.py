# SPDX-License-Identifier: Apache-2.0
"""Sealing to a key, by suites with numbers: a suite can be added without touching the record's format.

Suite 1 is HPKE base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305:
32 bytes of encapsulated key and 16 of tag. The context is bound through HPKE's `info` (RFC 9180, 8.1).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from contract.errors import ContractError

SUITE_HPKE_X25519 = 1
OVERHEAD = 48  # bytes that suite 1 adds
_SUITES = {SUITE_HPKE_X25519: Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)}
_ATTACHMENT = b"doorstep attachment 1"


class SealError(ContractError):
    """Bytes that were not sealed to this key, or not in this context."""


@dataclass(frozen=True, slots=True)
class PlatformKeys:
    """The platform's public keys; `key_id` names the sealing key."""

    sign: Ed25519PublicKey
    seal: X25519PublicKey
    key_id: str

    @staticmethod
    def of(sign: Ed25519PublicKey, seal: X25519PublicKey) -> PlatformKeys:
        """The keys with the id that follows from them."""
        return PlatformKeys(sign, seal, key_id(seal))

    def to_dict(self) -> dict[str, str]:
        """As it travels."""
        return {
            "sign": base64.b64encode(self.sign.public_bytes_raw()).decode(),
            "seal": base64.b64encode(self.seal.public_bytes_raw()).decode(),
            "key_id": self.key_id,
        }

    @staticmethod
    def from_dict(values: Mapping[str, str]) -> PlatformKeys:
        """Raises SealError keys-malformed."""
        try:
            keys = PlatformKeys.of(
                Ed25519PublicKey.from_public_bytes(base64.b64decode(values["sign"], validate=True)),
                X25519PublicKey.from_public_bytes(base64.b64decode(values["seal"], validate=True)),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise SealError("keys-malformed", "the platform's keys are damaged; enrol this terminal again") from fault
        if keys.key_id != values.get("key_id"):
            raise SealError("keys-malformed", "the platform's key id does not fit its key")
        return keys


def key_id(public: X25519PublicKey) -> str:
    """The first 8 bytes of the key's SHA-256, in hex."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def _suite(number: int) -> Suite:
    try:
        return _SUITES[number]
    except KeyError:
        raise SealError("suite-unknown", f"sealing suite {number} is not known here; update this program") from None


def seal(plain: bytes, public: X25519PublicKey, context: bytes, *, suite: int = SUITE_HPKE_X25519) -> bytes:
    """`plain` for the holder of the private key only, and only together with `context`."""
    return _suite(suite).encrypt(plain, public, info=context)


def open_sealed(sealed: bytes, private: X25519PrivateKey, context: bytes, *, suite: int = SUITE_HPKE_X25519) -> bytes:
    """Raises SealError seal-broken."""
    if len(sealed) < OVERHEAD:
        raise SealError("seal-broken", "the sealed part is too short")
    try:
        return _suite(suite).decrypt(sealed, private, info=context)
    except (InvalidTag, ValueError) as fault:
        raise SealError("seal-broken", "the sealed part does not open: damaged, or for another key") from fault


def seal_attachment(plain: bytes, public: X25519PublicKey) -> bytes:
    """An attachment on its own; the record's manifest names it by the digest of what this returns."""
    return seal(plain, public, _ATTACHMENT)


def open_attachment(sealed: bytes, private: X25519PrivateKey) -> bytes:
    """Raises SealError seal-broken."""
    return open_sealed(sealed, private, _ATTACHMENT)
