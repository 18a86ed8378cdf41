# SPDX-License-Identifier: Apache-2.0
"""Who this terminal is to its platform; kept apart from the vault, so that a lost vault loses no identity."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.errors import ContractError
from contract.sealing import PlatformKeys
from offline.errors import VaultDamaged
from offline.files import write_whole
from offline.secrets import EXPORT, Secrets

_PURPOSE = "enrolment"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the platform said at enrolment."""

    terminal: int
    client_id: str
    gateway_url: str
    platform: PlatformKeys
    public_url: str
    station_name: str
    station_area: str
    station_phone: str


@dataclass(frozen=True, slots=True)
class TerminalKeys:
    """The terminal's private keys."""

    sign: Ed25519PrivateKey
    seal: X25519PrivateKey

    @staticmethod
    def new() -> TerminalKeys:
        """Fresh ones."""
        return TerminalKeys(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


def save_enrolment(data: Path, secrets: Secrets, enrolment: Enrolment, keys: TerminalKeys) -> None:
    """Keeps both, encrypted."""
    values: dict[str, Any] = {name: getattr(enrolment, name) for name in Enrolment.__slots__ if name != "platform"}
    values["platform"] = enrolment.platform.to_dict()
    values["keys"] = [base64.b64encode(k.private_bytes_raw()).decode() for k in (keys.sign, keys.seal)]
    write_whole(data / "enrolment", secrets.lock(json.dumps(values).encode(), _PURPOSE))


def load_enrolment(data: Path, secrets: Secrets) -> tuple[Enrolment, TerminalKeys] | None:
    """None before the first enrolment; what a later release has added is passed over. Raises VaultDamaged."""
    try:
        locked = (data / "enrolment").read_bytes()
    except FileNotFoundError:
        return None
    plain = secrets.unlock(locked, _PURPOSE)
    try:
        values = json.loads(plain)
        sign, seal = (base64.b64decode(k) for k in values["keys"])
        values["platform"] = PlatformKeys.from_dict(values["platform"])
        keys = TerminalKeys(Ed25519PrivateKey.from_private_bytes(sign), X25519PrivateKey.from_private_bytes(seal))
        return Enrolment(**{name: values[name] for name in Enrolment.__slots__}), keys
    except (ContractError, ValueError, KeyError, TypeError) as fault:
        raise VaultDamaged(f"what stands in {data / _PURPOSE} is no enrolment; put it back. {EXPORT}") from fault
