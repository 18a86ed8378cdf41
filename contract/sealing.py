# SPDX-License-Identifier: Apache-2.0
"""Sealing to a key, by suites with numbers: a suite can be added without touching the record's format.

Both suites are HPKE base mode (RFC 9180) with HKDF-SHA256 and ChaCha20-Poly1305; the context is bound through HPKE's
`info` (RFC 9180, 8.1). Suite 1 has DHKEM(X25519, HKDF-SHA256). Suite 2 has X-Wing (ML-KEM-768 with X25519), which
stays closed even to an eavesdropper who keeps today's traffic for a quantum computer.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from contract.errors import ContractError

SUITE_X25519 = 1
SUITE_XWING = 2
SUITES = (SUITE_X25519, SUITE_XWING)
OVERHEAD = {SUITE_X25519: 48, SUITE_XWING: 1136}  # bytes: encapsulated key and tag
KEY_SIZE = {SUITE_X25519: 32, SUITE_XWING: 1216}  # bytes of a public key; a private key has 32 in both
PRIVATE_SIZE = 32
_MLKEM_PUBLIC = 1184
_HPKE = {
    SUITE_X25519: hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305),
    SUITE_XWING: hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305),
}


class SealError(ContractError):
    """Bytes that were not sealed to this key, or not in this context; keys that are none."""


def check_suite(number: int) -> int:
    """Raises SealError suite-unknown."""
    if number not in SUITES:
        raise SealError("suite-unknown", f"sealing suite {number} is not known here; update this program")
    return number


@dataclass(frozen=True)
class SealingKey:
    """A public key to seal to. Raises SealError suite-unknown, keys-malformed when it is made."""

    suite: int
    raw: bytes

    def __post_init__(self) -> None:
        check_suite(self.suite)
        if len(self.raw) != KEY_SIZE[self.suite]:
            raise SealError("keys-malformed", f"a public key of suite {self.suite} has {KEY_SIZE[self.suite]} bytes")
        _ = self._key

    @cached_property
    def _key(self) -> Any:
        try:
            if self.suite == SUITE_X25519:
                return X25519PublicKey.from_public_bytes(self.raw)
            return hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC:]),
            )
        except (ValueError, UnsupportedAlgorithm) as fault:
            raise SealError("keys-malformed", "these bytes are no public key of their suite") from fault

    @cached_property
    def id(self) -> str:
        """The first 8 bytes of the key's SHA-256, in hex."""
        return hashlib.sha256(self.raw).hexdigest()[:16]


@dataclass(frozen=True)
class OpeningKey:
    """A private key: 32 secret bytes. For suite 2 they are X-Wing's seed (draft-connolly-cfrg-xwing-kem, 5.2):
    SHAKE-256 makes 96 bytes of them, 64 for ML-KEM's key generation (FIPS 203: d, z) and 32 for X25519."""

    suite: int
    secret: bytes

    def __post_init__(self) -> None:
        check_suite(self.suite)
        if len(self.secret) != PRIVATE_SIZE:
            raise SealError("keys-malformed", f"a private key has {PRIVATE_SIZE} bytes")

    def __repr__(self) -> str:
        return f"OpeningKey(suite={self.suite}, id={self.id})"

    @staticmethod
    def new(suite: int = SUITE_X25519) -> OpeningKey:
        """A fresh one."""
        return OpeningKey(suite, os.urandom(PRIVATE_SIZE))

    @staticmethod
    def of(key: X25519PrivateKey) -> OpeningKey:
        """A suite 1 key from the library's form of it."""
        return OpeningKey(SUITE_X25519, key.private_bytes_raw())

    @cached_property
    def _parts(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        spread = hashlib.shake_256(self.secret).digest(96)
        return MLKEM768PrivateKey.from_seed_bytes(spread[:64]), X25519PrivateKey.from_private_bytes(spread[64:])

    @cached_property
    def _key(self) -> Any:
        if self.suite == SUITE_X25519:
            return X25519PrivateKey.from_private_bytes(self.secret)
        return hpke.MLKEM768X25519PrivateKey(*self._parts)

    @cached_property
    def public(self) -> SealingKey:
        """What others may know."""
        if self.suite == SUITE_X25519:
            return SealingKey(self.suite, self._key.public_key().public_bytes_raw())
        mlkem, x25519 = self._parts
        raw = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return SealingKey(self.suite, raw)

    @property
    def id(self) -> str:
        """The public key's id."""
        return self.public.id


class Keyring:
    """The private keys by which what was sealed can be opened; also those of earlier times."""

    def __init__(self, keys: Iterable[OpeningKey]) -> None:
        self._keys = {key.id: key for key in keys}

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._keys

    def __iter__(self) -> Any:
        return iter(self._keys.values())

    def find(self, key_id: str, suite: int) -> OpeningKey:
        """Raises SealError suite-unknown, key-unknown."""
        check_suite(suite)
        found = self._keys.get(key_id)
        if found is None or found.suite != suite:
            raise SealError("key-unknown", f"sealed to the key {key_id}, which is not among the platform's")
        return found


@dataclass(frozen=True, slots=True)
class PlatformKeys:
    """The platform's public keys: one that signs, one or more to seal to. `preferred` is the suite to use."""

    sign: Ed25519PublicKey
    sealing: tuple[SealingKey, ...]
    preferred: int = SUITE_X25519

    @property
    def seal(self) -> SealingKey:
        """The key to seal to."""
        return self.of_suite(self.preferred)

    @property
    def key_id(self) -> str:
        """Of the key to seal to."""
        return self.seal.id

    def of_suite(self, suite: int) -> SealingKey:
        """Raises SealError suite-unknown."""
        for key in self.sealing:
            if key.suite == suite:
                return key
        raise SealError("suite-unknown", f"the platform has no key of suite {suite}")

    def to_dict(self) -> dict[str, Any]:
        """As it travels."""
        return {
            "sign": base64.b64encode(self.sign.public_bytes_raw()).decode(),
            "sealing": [
                {"suite": key.suite, "key": base64.b64encode(key.raw).decode(), "key_id": key.id}
                for key in self.sealing
            ],
            "preferred": self.preferred,
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> PlatformKeys:
        """Keys of suites that are not known here are left out. Raises SealError keys-malformed."""
        try:
            sign = Ed25519PublicKey.from_public_bytes(base64.b64decode(values["sign"], validate=True))
            known = tuple(_sealing_key(entry) for entry in values["sealing"] if entry["suite"] in SUITES)
            preferred = values["preferred"]
        except (KeyError, TypeError, ValueError) as fault:
            raise SealError("keys-malformed", "the platform's keys are damaged; enrol this terminal again") from fault
        suites = [key.suite for key in known]
        if not known or len(set(suites)) != len(suites):
            raise SealError("keys-malformed", "the platform has no key that is known here; update this program")
        return PlatformKeys(sign, known, preferred if preferred in suites else suites[0])


def _sealing_key(entry: Mapping[str, Any]) -> SealingKey:
    key = SealingKey(entry["suite"], base64.b64decode(entry["key"], validate=True))
    if key.id != entry["key_id"]:
        raise SealError("keys-malformed", "the platform's key id does not fit its key")
    return key


def seal(plain: bytes, key: SealingKey, context: bytes) -> bytes:
    """`plain` for the holder of the private key only, and only together with `context`."""
    return _HPKE[key.suite].encrypt(plain, key._key, info=context)


def open_sealed(sealed: bytes, key: OpeningKey, context: bytes) -> bytes:
    """Raises SealError seal-broken."""
    if len(sealed) < OVERHEAD[key.suite]:
        raise SealError("seal-broken", "the sealed part is too short")
    try:
        return _HPKE[key.suite].decrypt(sealed, key._key, info=context)
    except (InvalidTag, ValueError) as fault:
        raise SealError("seal-broken", "the sealed part does not open: damaged, or for another key") from fault
