# SPDX-License-Identifier: Apache-2.0
"""S: what events say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

from contract.event_body import EventBody, body_info, decode_body, encode_body, seal_body
from contract.events import Event, known_statement, sign_statement
from contract.sealing import SUITE_X25519, SealingKey, seal
from contract.tracking import make_tracking_code
from gateway.database.tables import event_bodies, terminals
from tests.contract.old_events import old_event, old_values
from tests.kit_check.breaking import Answer, Asked, Fault, answering
from tests.kit_check.wrong import event_change, wrong

Reseal = Callable[[Asked, Event, EventBody, SealingKey], str]


def in_events(change: Reseal) -> Fault:
    """A fault that writes events of the feed anew, knowing what they say; those that say nothing too."""

    def changed(asked: Asked, answer: Answer) -> Answer | None:
        if asked.path != "/v1/feed" or answer.status != 200:
            return None
        page, terminal = answer.json, asked.terminal
        with asked.platform.store.reading() as db:
            copies = select(event_bodies.c.seq, event_bodies.c.body).where(event_bodies.c.terminal == terminal)
            bodies = {row.seq: decode_body(bytes(row.body)) for row in db.execute(copies)}
            raw = db.execute(select(terminals.c.seal_key).where(terminals.c.terminal == terminal)).scalar_one()
        key, entries = SealingKey(SUITE_X25519, bytes(raw)), []
        for text in page["entries"]:
            event = known_statement(text)
            entries.append(
                change(asked, event, bodies.get(event.seq, EventBody()), key) if isinstance(event, Event) else text
            )
        return answer.saying(page | {"entries": entries})

    return answering(changed)


def sealing(make: Callable[[Asked, Event, EventBody, SealingKey], bytes]) -> Fault:
    """Sealed parts are made another way."""

    def change(asked: Asked, event: Event, body: EventBody, key: SealingKey) -> str:
        sealed = make(asked, event, body, key) if body else b""
        return sign_statement(replace(event, sealed=sealed), asked.platform.keys.current.sign)

    return in_events(change)


def in_clear(asked: Asked, event: Event, body: EventBody, key: SealingKey) -> str:
    return old_event(
        asked.platform.keys.current.sign, event.seq, event.record_id, event.tracking_code, event.type,
        text=body.text or event.reason, asks=[(a.subject, a.text) for a in body.asks],
        sealed=old_values(body.values, key) if body.values else b"", case_number=event.case_number,
    )  # fmt: skip


wrong("what is said is in clear", "S-01 S-02", "O-01 O-05", in_events(in_clear))
wrong(
    "a received event gives a reason in clear", "S-01", "F-01",
    event_change(lambda e: bool(e.case_number), reason="bank_no"),
)  # fmt: skip
wrong(
    "bodies are bound to another case", "S-02", "S-01",
    sealing(
        lambda a, e, b, k: seal_body(b, k, terminal=a.terminal, tracking_code=make_tracking_code(421, 1), seq=e.seq)
    ),
)  # fmt: skip
wrong(
    "bodies are bound to another terminal", "S-02", "S-01",
    sealing(lambda a, e, b, k: seal_body(b, k, terminal=a.terminal + 1, tracking_code=e.tracking_code, seq=e.seq)),
)  # fmt: skip
wrong(
    "bodies are bound to another place", "S-02", "S-01",
    sealing(lambda a, e, b, k: seal_body(b, k, terminal=a.terminal, tracking_code=e.tracking_code, seq=e.seq + 1)),
)  # fmt: skip


def to_somebody_else(asked: Asked, event: Event, body: EventBody, _key: SealingKey) -> bytes:
    key = SealingKey(SUITE_X25519, X25519PrivateKey.generate().public_key().public_bytes_raw())
    return seal_body(body, key, terminal=asked.terminal, tracking_code=event.tracking_code, seq=event.seq)


def unfilled(asked: Asked, event: Event, body: EventBody, key: SealingKey) -> bytes:
    data = encode_body(body)
    return seal(len(data).to_bytes(4, "big") + data, key, body_info(asked.terminal, event.tracking_code, event.seq))


def without_values(asked: Asked, event: Event, body: EventBody, key: SealingKey) -> bytes:
    poor = replace(body, values={})
    return seal_body(poor, key, terminal=asked.terminal, tracking_code=event.tracking_code, seq=event.seq)


wrong("bodies are sealed to another key", "S-02", "S-01", sealing(to_somebody_else))
wrong("bodies are as long as what they say", "S-02", "S-01", sealing(unfilled))
wrong("corrections come without present values", "S-02", "S-01", sealing(without_values))
wrong("corrections say nothing", "S-02", "S-01", sealing(lambda _a, _e, _b, _k: b""))
