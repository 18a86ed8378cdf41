# SPDX-License-Identifier: Apache-2.0
"""What the platform says, signed: receipts (it has a record) and events (what became of it)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import ContractError
from contract.packing import PackingError, from_cbor, to_cbor
from contract.sealing import PlatformKeys

_CONTEXT = b"doorstep statement 1"
EVENT_TYPES = (
    *("received", "accepted", "correction", "processing", "paused"),
    *("finished", "rejected", "result", "message"),
)
_STATES = {t: t for t in EVENT_TYPES if t not in ("message", "result")} | {"result": "finished"}


class StatementError(ContractError):
    """A statement that the platform did not make."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """ "I durably have this": `kind` "record" (digest of the record's bytes) or "attachment" (of the sealed bytes)."""

    record_id: str
    digest: str
    kind: str
    received_at: str
    case_number: str


@dataclass(frozen=True, slots=True)
class CorrectionAsk:
    """One thing a correction asks for: the id of a field or material of the item, and what is wrong with it."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a case, in the order of the platform's `seq`. `sealed` holds present values for the terminal."""

    seq: int
    record_id: str
    tracking_code: str
    type: str
    at: str
    text: str = ""
    asks: tuple[CorrectionAsk, ...] = ()
    sealed: bytes = b""


def sign_statement(statement: Receipt | Event, key: Ed25519PrivateKey) -> str:
    """Base64 of CBOR [body, signature]."""
    body = to_cbor(_to_list(statement))
    return base64.b64encode(to_cbor([body, key.sign(_CONTEXT + body)])).decode()


def read_statement(text: str, platform: PlatformKeys | Ed25519PublicKey) -> Receipt | Event:
    """Raises StatementError statement-malformed or statement-signature."""
    key = platform.sign if isinstance(platform, PlatformKeys) else platform
    try:
        outer = from_cbor(base64.b64decode(text, validate=True))
    except (PackingError, binascii.Error, ValueError) as fault:
        raise StatementError("statement-malformed", "this is no statement") from fault
    match outer:
        case [bytes(body), bytes(signature)]:
            pass
        case _:
            raise StatementError("statement-malformed", "this is no statement")
    try:
        key.verify(signature, _CONTEXT + body)
    except InvalidSignature as fault:
        raise StatementError("statement-signature", "the platform's signature does not fit") from fault
    try:
        return _from_list(from_cbor(body))
    except PackingError as fault:
        raise StatementError("statement-malformed", "the statement is damaged") from fault


def _to_list(s: Receipt | Event) -> list[Any]:
    if isinstance(s, Receipt):
        return ["receipt", s.record_id, s.digest, s.kind, s.received_at, s.case_number]
    asks = [[a.subject, a.text] for a in s.asks]
    return ["event", s.seq, s.record_id, s.tracking_code, s.type, s.at, s.text, asks, s.sealed]


def _from_list(parts: Any) -> Receipt | Event:
    match parts:
        case ["receipt", str(record_id), str(digest), "record" | "attachment" as kind, str(at), str(case)]:
            return Receipt(record_id, digest, kind, at, case)
        case [
            "event", int(seq), str(record_id), str(code), str(kind), str(at), str(text), list(asks), bytes(sealed)
        ] if kind in EVENT_TYPES:  # fmt: skip
            return Event(seq, record_id, code, kind, at, text, tuple(_ask(a) for a in asks), sealed)
    raise StatementError("statement-malformed", "the statement has not the parts it should have")


def _ask(part: Any) -> CorrectionAsk:
    match part:
        case [str(subject), str(text)]:
            return CorrectionAsk(subject, text)
    raise StatementError("statement-malformed", "a correction's line is damaged")


def case_state(events: Iterable[Event]) -> str:
    """The state that follows from the events: "waiting" before the first one."""
    state = "waiting"
    for event in sorted(events, key=lambda e: e.seq):
        state = _STATES.get(event.type, state)
    return state
