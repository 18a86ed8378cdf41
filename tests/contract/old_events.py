# SPDX-License-Identifier: Apache-2.0
"""Events of the first form, in clear: nothing of ours writes them any more, but they lie in databases and vaults."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.ids import id_bytes
from contract.packing import join_strings, to_cbor
from contract.sealing import SealingKey, seal

AT = "2026-11-24T01:41:00+00:00"


def old_event(
    key: Ed25519PrivateKey,
    seq: int,
    record_id: str,
    code: str,
    kind: str,
    *,
    text: str = "",
    asks: Sequence[tuple[str, str]] = (),
    sealed: bytes = b"",
    case_number: str = "",
) -> str:
    """The signed statement."""
    parts = ["event", seq, id_bytes(record_id), code, kind, AT, case_number, text, [list(a) for a in asks], sealed]
    body = to_cbor(parts)
    return base64.b64encode(join_strings(body, key.sign(b"doorstep statement 1" + body))).decode()


def old_values(values: Mapping[str, Any], key: SealingKey) -> bytes:
    """Present values as they were sealed then: to the terminal, bound to no place."""
    return seal(to_cbor(dict(values)), key, b"doorstep correction 1")
