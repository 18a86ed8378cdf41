# SPDX-License-Identifier: Apache-2.0
"""What an event says to a person or about one: a small map, sealed by the platform to the terminal the event is for.

Sealed is `length (u32) || CBOR map || zeros`, by suite 1, bound through HPKE's `info` to the terminal, the tracking
code and the event's place in the feed: a body opens nowhere else. Opening takes the secret of this one message
only (`contract.hpke`), never the terminal's private key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.errors import ContractError
from contract.hpke import ENC_SIZE, open_with_secret
from contract.packing import PackingError, from_cbor, to_cbor
from contract.sealing import SealError, SealingKey, seal

CONTEXT = b"doorstep event 1"
MAX_BODY = 320 * 1024  # bytes of the map: all values of the largest application, and what is asked about them
MAX_SEALED = MAX_BODY + 1024  # bytes of a sealed part
MAX_ASKS = 256
MAX_WORDS = 4000  # characters of the text, and of what is wrong with one thing
STEP = 128
"""Bytes to a multiple of which a body is filled up. An onlooker sees the length of sealed parts: with these steps
a remark, a request for one thing with its present value and a word of refusal are all equally long."""
_LENGTH = 4


class EventBodyError(ContractError):
    """event-body-malformed, event-body-too-large; event-body-sealed: it does not open here."""


@dataclass(frozen=True, slots=True)
class CorrectionAsk:
    """One thing a correction asks for: the id of a field or material of the item, and what is wrong with it."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class EventBody:
    """`text` is for the person; `asks` say what is to be put right, `values` what the platform has there now, by the
    field's id, in the form's data types. An empty one is not sealed at all."""

    text: str = ""
    asks: tuple[CorrectionAsk, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.text or self.asks or self.values)


def encode_body(body: EventBody) -> bytes:
    """CBOR map; what is empty is left out. Raises EventBodyError event-body-too-large."""
    parts = {
        "text": body.text,
        "asks": [[ask.subject, ask.text] for ask in body.asks],
        "values": dict(body.values),
    }
    data = to_cbor({name: part for name, part in parts.items() if part})
    too_long = any(len(words) > MAX_WORDS for words in (body.text, *(ask.text for ask in body.asks)))
    if len(data) > MAX_BODY or len(body.asks) > MAX_ASKS or too_long:
        raise EventBodyError("event-body-too-large", "an event says less than that; say it in fewer words")
    return data


def decode_body(data: bytes) -> EventBody:
    """Keys that are unknown here are passed over. Raises EventBodyError."""
    if len(data) > MAX_BODY:
        raise EventBodyError("event-body-too-large", f"the body of an event has at most {MAX_BODY} bytes")
    try:
        parts = from_cbor(data)
    except PackingError as fault:
        raise EventBodyError("event-body-malformed", "the body of the event is damaged") from fault
    match parts:
        case {**known}:
            found = (known.get("text", ""), known.get("asks", []), known.get("values", {}))
        case _:
            raise EventBodyError("event-body-malformed", "the body of the event is no map")
    match found:
        case str(text), list(asks), dict(values):
            return EventBody(_words(text), _asks(asks), values)
    raise EventBodyError("event-body-malformed", "the body of the event has not the parts it should have")


def _asks(asks: list[Any]) -> tuple[CorrectionAsk, ...]:
    """Of [[field or material, what is wrong], ...]. Raises EventBodyError."""
    if len(asks) > MAX_ASKS:
        raise EventBodyError("event-body-too-large", f"an event asks for at most {MAX_ASKS} things")
    found = []
    for ask in asks:
        match ask:
            case [str(subject), str(text)]:
                found.append(CorrectionAsk(subject, _words(text)))
            case _:
                raise EventBodyError("event-body-malformed", "a line of what is asked is damaged")
    return tuple(found)


def _words(text: str) -> str:
    if len(text) > MAX_WORDS:
        raise EventBodyError("event-body-too-large", f"a text has at most {MAX_WORDS} characters")
    return text


def body_info(terminal: int, tracking_code: str, seq: int) -> bytes:
    """What a sealed body is bound to."""
    return CONTEXT + to_cbor([terminal, tracking_code, seq])


def seal_body(body: EventBody, key: SealingKey, *, terminal: int, tracking_code: str, seq: int) -> bytes:
    """Sealed for one place of one terminal's feed; b"" where nothing is said. Raises EventBodyError."""
    if not body:
        return b""
    data = encode_body(body)
    plain = len(data).to_bytes(_LENGTH, "big") + data
    return seal(plain + bytes(-len(plain) % STEP), key, body_info(terminal, tracking_code, seq))


def open_sealed_body(sealed: bytes, secret: bytes, *, terminal: int, tracking_code: str, seq: int) -> EventBody:
    """`secret` is that of this message (`contract.hpke.decapsulate`). Raises EventBodyError."""
    plain = open_part(sealed, secret, body_info(terminal, tracking_code, seq))
    end = _LENGTH + int.from_bytes(plain[:_LENGTH], "big")
    if len(plain) < _LENGTH or end > len(plain) or any(plain[end:]):
        raise EventBodyError("event-body-malformed", "the body of the event is not as long as it says")
    return decode_body(plain[_LENGTH:end])


def open_part(sealed: bytes, secret: bytes, info: bytes) -> bytes:
    """Raises EventBodyError event-body-sealed."""
    try:
        return open_with_secret(sealed[ENC_SIZE:], secret, info)
    except SealError as fault:
        raise EventBodyError("event-body-sealed", "the body of the event does not open here") from fault
