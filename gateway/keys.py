# SPDX-License-Identifier: Apache-2.0
"""The platform's private keys: one signs receipts and events, one of each suite opens what terminals seal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.sealing import SUITE_X25519, SUITE_XWING, Keyring, OpeningKey, PlatformKeys


@dataclass(frozen=True, slots=True)
class Keys:
    """The private keys, and a secret for tokens and sessions. `preferred` is the suite that terminals are to use."""

    sign: Ed25519PrivateKey
    opening: tuple[OpeningKey, ...]
    session: bytes
    preferred: int = SUITE_X25519

    @property
    def ring(self) -> Keyring:
        """What opens records and attachments."""
        return Keyring(self.opening)

    @property
    def public(self) -> PlatformKeys:
        """What terminals may know."""
        return PlatformKeys(self.sign.public_key(), tuple(key.public for key in self.opening), self.preferred)


def load_keys(data: Path) -> Keys:
    """The keys of a data directory; made at the first call, readable by the owner only."""
    return Keys(
        Ed25519PrivateKey.from_private_bytes(_secret(data / "sign.key")),
        (
            OpeningKey(SUITE_X25519, _secret(data / "seal.key")),
            OpeningKey(SUITE_XWING, _secret(data / "seal-2.key")),
        ),
        _secret(data / "session.key"),
    )


def _secret(path: Path) -> bytes:
    """32 random bytes, written once: to a temporary name first, so that two starters agree on one."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(os.urandom(32))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
