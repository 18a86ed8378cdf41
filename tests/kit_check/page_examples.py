# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/integrating.md, made from the vectors: what must stand on the page."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.catalogue import document_hash
from contract.events import ReceiptEntry, Receipts, sign_statement
from contract.packing import SHIPPED, Dictionaries
from contract.sample import sample_catalogue
from contract.tracking import make_tracking_code
from tests.contract_kit.feed import mark_of
from tests.contract_kit.terminal import jwt, parcel_of

AT = "2026-11-24T01:41:00+00:00"
NOW = 1_795_484_460  # AT in seconds


def vectors(name: str) -> Any:
    """contract/vectors/NAME.json."""
    return json.loads(resources.files("contract.vectors").joinpath(f"{name}.json").read_text("utf-8"))


def examples(calendar: Mapping[str, Any]) -> dict[str, str]:
    """Values by the names under which the page was written."""
    keys, record = vectors("keys"), vectors("records")["records"][0]
    platform, terminal = keys["platform"], keys["terminal"]
    signer = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(platform["sign_private"]))
    header = record["header"]
    assert make_tracking_code(421, 137) == header["tracking_code"]
    attachment = header["attachments"][1]["digest"]
    statements = vectors("statements")["statements"]
    events = [s["text"] for s in statements if s["type"] == "Event"][:2]
    sealing = platform["as_it_travels"]["sealing"][0]
    claims = {"iss": "terminal-00421", "sub": "terminal-00421", "aud": "/v1/token", "jti": header["id"]}
    claims |= {"iat": NOW, "exp": NOW + 240}
    return {
        "TSIGN": _b64(terminal["sign_public"]), "TSEAL": _b64(terminal["seal_public"]),
        "PSIGN": platform["as_it_travels"]["sign"], "PKEY": sealing["key"], "PKEYID": sealing["key_id"],
        "JWT": jwt(claims, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(terminal["sign_private"]))),
        "PARCEL": parcel_of(bytes.fromhex(record["record"])).hex(),
        "RECEIPT": sign_statement(Receipts("record", AT, (ReceiptEntry(header["id"], record["digest"]),)), signer),
        "ARECEIPT": sign_statement(Receipts("attachment", AT, (ReceiptEntry(header["id"], attachment),)), signer),
        "DIGEST": attachment, "RID": header["id"], "RDIGEST": record["digest"],
        "EVENT1": events[0], "EVENT2": events[1], "MARK": mark_of(events[1]),
        "CATALOGUE": sample_catalogue().content_hash, "CALENDAR": document_hash(calendar),
        "DICTIONARY": hashlib.sha256(Dictionaries().bytes_of(SHIPPED)).hexdigest(),
    }  # fmt: skip


def _b64(digits: str) -> str:
    return base64.b64encode(bytes.fromhex(digits)).decode()
