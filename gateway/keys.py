# SPDX-License-Identifier: Apache-2.0
"""The platform's private keys: one signs receipts and events, one opens what terminals seal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.sealing import PlatformKeys


@dataclass(frozen=True, slots=True)
class Keys:
    """Both private keys, and a secret for tokens and sessions."""

    sign: Ed25519PrivateKey
    seal: X25519PrivateKey
    session: bytes

    @property
    def public(self) -> PlatformKeys:
        """What terminals may know."""
        return PlatformKeys.of(self.sign.public_key(), self.seal.public_key())


def load_keys(data: Path) -> Keys:
    """The keys of a data directory; made at the first call, readable by the owner only."""
    return Keys(
        Ed25519PrivateKey.from_private_bytes(_secret(data / "sign.key")),
        X25519PrivateKey.from_private_bytes(_secret(data / "seal.key")),
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
