# SPDX-License-Identifier: Apache-2.0
"""The data directory's secret and the keys that follow from it.

The secret is a file that only the service's user can read; a machine with a TPM provides it through systemd-creds.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from offline.errors import VaultDamaged
from offline.files import write_whole

CREDENTIAL = "doorstep-key"  # systemd: LoadCredentialEncrypted=doorstep-key
_SIZE = 32
_NONCE = 12
_LOCKED = ("enrolment", "vault.db")
EXPORT = "What waits can be taken to the platform meanwhile: doorstep sync export"


class Secrets:
    """Keys by purpose, the keyed hash of an ID number, and small sealed files."""

    def __init__(self, master: bytes) -> None:
        self._master = master

    @staticmethod
    def of(data: Path) -> Secrets:
        """The secret of a data directory, made at the first call. Raises VaultDamaged when it was truncated or is
        gone: a fresh one would open nothing of what is there."""
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        path = Path(given) / CREDENTIAL if given and (Path(given) / CREDENTIAL).exists() else data / "key"
        if not path.exists():
            if locked := next((name for name in _LOCKED if (data / name).exists()), None):
                raise VaultDamaged(f"{path} is gone, and without it {locked} cannot be opened; put it back. {EXPORT}")
            write_whole(path, os.urandom(_SIZE))
        master = path.read_bytes()
        if len(master) != _SIZE:
            raise VaultDamaged(f"{path} does not hold {_SIZE} bytes, nothing can be opened; put it back. {EXPORT}")
        return Secrets(master)

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose."""
        return HKDF(SHA256(), _SIZE, None, b"doorstep " + purpose.encode()).derive(self._master)

    @property
    def hash_key(self) -> bytes:
        """Makes the keyed hash of an ID number: `person_hash`."""
        return self.key("person")

    def person(self, id_number: str) -> str:
        """A person without the number: a keyed hash, in hex."""
        return person_hash(self.hash_key, id_number)

    def lock(self, plain: bytes, purpose: str) -> bytes:
        """Encrypts a small file."""
        return lock(self.key(purpose), plain, purpose)

    def unlock(self, locked: bytes, purpose: str) -> bytes:
        """Raises VaultDamaged."""
        return unlock(self.key(purpose), locked, purpose)


def person_hash(key: bytes, id_number: str) -> str:
    """A person without the number: HMAC-SHA256, in hex."""
    return hmac.new(key, id_number.strip().upper().encode(), "sha256").hexdigest()


def lock(key: bytes, plain: bytes, purpose: str) -> bytes:
    """Encrypts and authenticates something small, bound to its purpose."""
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, purpose.encode())


def unlock(key: bytes, locked: bytes, purpose: str) -> bytes:
    """Raises VaultDamaged."""
    try:
        return ChaCha20Poly1305(key).decrypt(locked[:_NONCE], locked[_NONCE:], purpose.encode())
    except (InvalidTag, ValueError) as fault:
        raise VaultDamaged(f"the {purpose} is damaged or belongs to another key; put it back. {EXPORT}") from fault
