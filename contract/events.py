# SPDX-License-Identifier: Apache-2.0
"""What the platform says, signed: receipts (it has these records), events (what became of one), new keys.

A statement is base64 of CBOR [body, signature]; the Ed25519 signature is over CONTEXT + body; the body is CBOR too.
What an event says to a person is sealed to the terminal (`contract.event_body`). Events of the first form said it in
clear: they are read for ever and never written.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import ContractError
from contract.event_body import MAX_SEALED, CorrectionAsk, EventBody, EventBodyError, open_part, open_sealed_body
from contract.ids import id_bytes, id_text
from contract.packing import PackingError, from_cbor, join_strings, split_strings, to_cbor
from contract.sealing import PlatformKeys, SealError

_CONTEXT = b"doorstep statement 1"
_OLD_CONTEXT = b"doorstep correction 1"
EVENT_TYPES = (
    *("received", "accepted", "correction", "processing", "paused"),
    *("finished", "rejected", "result", "message", "refused"),
)
_STATES = {t: t for t in EVENT_TYPES if t not in ("message", "result")} | {"result": "finished"}
MAX_ENTRIES = 65536  # of one statement of receipts
MAX_SEQ = 2**63 - 1  # of an event: what databases count to


class StatementError(ContractError):
    """A statement that the platform did not make."""


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """A record by its id and the SHA-256 (hex) of its bytes, or an attachment by the id of a record that names it
    and the SHA-256 of the sealed bytes."""

    record_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Receipts:
    """ "I durably have these": `kind` is "record" or "attachment". `received_at` is ISO with offset."""

    kind: str
    received_at: str
    entries: tuple[ReceiptEntry, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a record, in the order of the platform's `seq`. `case_number` comes with "received"; `reason` is
    the code by which a record is "refused": it will never be taken as it is.

    `sealed` is what is said to the person, for the terminal to open; b"" where nothing is. Only an event of the first
    form has `clear`: what it said in clear; `sealed` are then the present values alone.
    """

    seq: int
    record_id: str
    tracking_code: str
    type: str
    at: str
    case_number: str = ""
    reason: str = ""
    sealed: bytes = b""
    clear: EventBody | None = None


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The platform's keys from now on; signed by the key that they replace."""

    platform: PlatformKeys
    at: str


Statement = Receipts | Event | KeyChange


def sign_statement(statement: Statement, key: Ed25519PrivateKey) -> str:
    """Base64 of CBOR [body, signature]. Raises ValueError for more receipts than one statement may have, and for an
    event in clear."""
    if isinstance(statement, Receipts) and len(statement.entries) > MAX_ENTRIES:
        raise ValueError(f"a statement has at most {MAX_ENTRIES} receipts; make several")
    if isinstance(statement, Event) and statement.clear is not None:
        raise ValueError("an event in clear is read, never written; seal what it says")
    return _signed(to_cbor(_to_list(statement)), key)


def sign_receipts(kind: str, received_at: str, entries: Sequence[tuple[bytes, bytes]], key: Ed25519PrivateKey) -> str:
    """sign_statement for `Receipts` whose ids and digests are bytes already: 16 and 32 of them."""
    if len(entries) > MAX_ENTRIES:
        raise ValueError(f"a statement has at most {MAX_ENTRIES} receipts; make several")
    body = bytearray(to_cbor(["receipts", kind, received_at, []]))
    body[-1:] = _array_head(len(entries))
    for raw_id, digest in entries:  # all look alike: put together here in a tenth of the time
        body += b"\x82\x50" + raw_id + b"\x58\x20" + digest
    return _signed(bytes(body), key)


def _array_head(size: int) -> bytes:
    """As it is before the parts of a CBOR array (RFC 8949, 3)."""
    if size < 24:
        return bytes([0x80 | size])
    if size < 256:
        return bytes([0x98, size])
    return b"\x99" + size.to_bytes(2, "big") if size < 65536 else b"\x9a" + size.to_bytes(4, "big")


def _signed(body: bytes, key: Ed25519PrivateKey) -> str:
    return base64.b64encode(join_strings(body, key.sign(_CONTEXT + body))).decode()


def read_statement(text: str, platform: PlatformKeys | Ed25519PublicKey) -> Statement:
    """Raises StatementError statement-malformed or statement-signature."""
    key = platform.sign if isinstance(platform, PlatformKeys) else platform
    body, signature = _outer(text)
    try:
        key.verify(signature, _CONTEXT + body)
    except InvalidSignature as fault:
        raise StatementError("statement-signature", "the platform's signature does not fit") from fault
    return _inner(body)


def known_statement(text: str) -> Statement:
    """A statement from our own store, whose signature was checked when it came (its key may be gone since).

    Raises StatementError statement-malformed.
    """
    return _inner(_outer(text)[0])


def _outer(text: str) -> tuple[bytes, bytes]:
    try:
        body, signature = split_strings(base64.b64decode(text, validate=True), 2)
    except (PackingError, binascii.Error, ValueError) as fault:
        raise StatementError("statement-malformed", "this is no statement") from fault
    return body, signature


def _inner(body: bytes) -> Statement:
    try:
        return _from_list(from_cbor(body))
    except (PackingError, SealError) as fault:
        raise StatementError("statement-malformed", "the statement is damaged") from fault


def _to_list(s: Statement) -> list[Any]:
    match s:
        case Receipts():
            entries = [[id_bytes(e.record_id), bytes.fromhex(e.digest)] for e in s.entries]
            return ["receipts", s.kind, s.received_at, entries]
        case KeyChange():
            return ["keys", s.at, s.platform.to_dict()]
        case Event():
            return [
                *("event 2", s.seq, id_bytes(s.record_id), s.tracking_code),
                *(s.type, s.at, s.case_number, s.reason, s.sealed),
            ]


def _from_list(parts: Any) -> Statement:
    match parts:
        case ["receipts", "record" | "attachment" as kind, str(at), list(entries)] if len(entries) <= MAX_ENTRIES:
            return Receipts(kind, at, tuple(_entry(e) for e in entries))
        case [
            "event 2", int(seq), bytes(raw_id), str(code), str(kind), str(at), str(case), str(reason), bytes(sealed),
        ] if _good(kind, raw_id, seq) and len(sealed) <= MAX_SEALED:  # fmt: skip
            return Event(seq, id_text(raw_id), code, kind, at, case, reason, sealed)
        case [
            "event", int(seq), bytes(raw_id), str(code), str(kind), str(at), str(case), str(text), list(asks),
            bytes(sealed),
        ] if _good(kind, raw_id, seq):  # fmt: skip
            event = Event(seq, id_text(raw_id), code, kind, at, case, sealed=sealed)
            if kind == "refused":  # its text was the reason's code
                return replace(event, reason=text, clear=EventBody())
            return replace(event, clear=EventBody(text, tuple(_old_ask(a) for a in asks)))
        case ["keys", str(at), dict(platform)]:
            return KeyChange(PlatformKeys.from_dict(platform), at)
    raise StatementError("statement-malformed", "the statement has not the parts it should have; update this program")


def _entry(part: Any) -> ReceiptEntry:
    match part:
        case [bytes(raw_id), bytes(digest)] if len(raw_id) == 16 and len(digest) == 32:
            return ReceiptEntry(id_text(raw_id), digest.hex())
    raise StatementError("statement-malformed", "an entry of the receipts is damaged")


def _good(kind: str, raw_id: bytes, seq: int) -> bool:
    return kind in EVENT_TYPES and len(raw_id) == 16 and 0 < seq <= MAX_SEQ


def _old_ask(part: Any) -> CorrectionAsk:
    match part:
        case [str(subject), str(text)]:
            return CorrectionAsk(subject, text)
    raise StatementError("statement-malformed", "a correction's line is damaged")


def open_body(event: Event, secret: bytes, terminal: int) -> EventBody:
    """What an event says. `secret` is that of its sealed part (`contract.hpke.decapsulate`), `terminal` the number of
    the one that it is for; both are of no account where nothing is sealed.

    Raises EventBodyError. Of an event of the first form `clear` may still be shown then.
    """
    if not event.sealed:
        return event.clear or EventBody()
    if event.clear is not None:
        values = _old_values(open_part(event.sealed, secret, _OLD_CONTEXT))
        return replace(event.clear, values=values)
    return open_sealed_body(event.sealed, secret, terminal=terminal, tracking_code=event.tracking_code, seq=event.seq)


def _old_values(plain: bytes) -> dict[str, Any]:
    try:
        values = from_cbor(plain)
    except PackingError as fault:
        raise EventBodyError("event-body-malformed", "the present values are damaged") from fault
    if not isinstance(values, dict):
        raise EventBodyError("event-body-malformed", "the present values are no map")
    return values


def case_state(events: Iterable[Event]) -> str:
    """The state that follows from the events: "waiting" before the first one.

    Later records of a case (a correction, a rating) are received or refused too: that does not move the case.
    """
    state = "waiting"
    for event in sorted(events, key=lambda e: e.seq):
        if event.type in ("received", "refused") and state not in ("waiting", "refused"):
            continue
        state = _STATES.get(event.type, state)
    return state
