# SPDX-License-Identifier: Apache-2.0
"""Keys of a platform and of a terminal, and records between them."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.record import AttachmentRef, Kind, Record, seal_record
from contract.sealing import SUITE_X25519, SUITE_XWING, Keyring, OpeningKey, PlatformKeys

SIGN = Ed25519PrivateKey.generate()
PLATFORM_SIGN = Ed25519PrivateKey.generate()
OPENING = (OpeningKey.new(SUITE_X25519), OpeningKey.new(SUITE_XWING))
RING = Keyring(OPENING)
PLATFORM = PlatformKeys(PLATFORM_SIGN.public_key(), tuple(key.public for key in OPENING))
HYBRID = PlatformKeys(PLATFORM.sign, PLATFORM.sealing, SUITE_XWING)
PAYLOAD = {"values": {"name": ["\U00020bb7·英", "card", True]}, "n": 1, "list": [1, None, "x"]}


def sealed(**changes: Any) -> Record:
    """A record of terminal 421."""
    parts: dict[str, Any] = {
        "terminal": 421, "sequence": 1, "tracking_code": "004210001372", "item": "old80", "platform": PLATFORM,
        "attachments": [AttachmentRef("ab" * 32, 5)], "signer": SIGN, "now_ms": 1_795_000_000_000,
    }  # fmt: skip
    kind = changes.pop("kind", Kind.APPLICATION)
    payload = changes.pop("payload", PAYLOAD)
    return seal_record(kind, payload, **(parts | changes))
