# SPDX-License-Identifier: Apache-2.0
"""S: what events say to a person: sealed to the terminal, for one case and one place of its feed."""

from __future__ import annotations

from dataclasses import replace

from contract.application import Application
from contract.event_body import STEP, EventBody, EventBodyError
from contract.events import Event, open_body
from contract.hpke import ENC_SIZE, decapsulate
from contract.sealing import OVERHEAD, SUITE_X25519
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import NotTried, broken, must, point, same
from tests.contract_kit.terminal import Terminal

TEXT = "少一位，请核对"


@point(
    "S-01",
    "No event says anything to a person in clear",
    "Write events of the form `event 2`: what is said stands sealed in them; in clear is a code alone, why one is "
    "`refused`.",
)
def no_clear_words(kit: Kit) -> None:
    good = kit.one.record(kit.one.application(kit.item))
    bad = kit.one.record(replace(kit.one.application(kit.item), item_hash="0" * 64))
    kit.one.kept(good, bad)
    for record in (good, bad):
        kit.fate(kit.one, record.header.id)
    for event in kit.one.events():
        must(
            event.clear is None, f"event {event.seq} ({event.type}) is of the first form, which has its words in clear"
        )
        must(event.type == "refused" or not event.reason, f"event {event.seq} ({event.type}) has a reason in clear")


@point(
    "S-02",
    "What an event says opens at its terminal, for its case and place, and says what the officer said",
    "Seal text, asks and present values by suite 1 to the terminal's key, bound to terminal, tracking code and seq, "
    "filled up to a multiple of 128 bytes (docs/parcel.md, section 6).",
)
def opens_there(kit: Kit) -> None:
    if kit.choices.correct is None:
        raise NotTried("it needs an officer; name a command that asks for a correction with --correct-command")
    application = kit.one.application(kit.item)
    record = kit.one.record(application)
    kit.one.kept(record)
    kit.fate(kit.one, record.header.id)
    field = next(iter(application.values))
    kit.choices.correct(application.tracking_code, field, TEXT)

    def look() -> Event | None:
        events = (e for e in kit.one.events() if e.record_id == record.header.id)
        return next((e for e in events if e.type == "correction"), None)

    event: Event = kit.wait("a `correction` in the feed after an officer asked for one", look)
    said_as_asked(opened(kit.one, event), application, field)


def opened(terminal: Terminal, event: Event) -> EventBody:
    """What it says. Raises Broken, SealError."""
    must(event.clear is None, "the correction is of the first form, which has its words in clear")
    must(event.sealed, "the correction has nothing sealed")
    must(
        (len(event.sealed) - OVERHEAD[SUITE_X25519]) % STEP == 0,
        f"the sealed part has {len(event.sealed)} bytes: what is in it is not filled up to a multiple of {STEP}",
    )
    secret = decapsulate(event.sealed[:ENC_SIZE], terminal.seal)
    try:
        return open_body(event, secret, terminal.number)
    except EventBodyError as fault:
        broken(f"the correction does not open at terminal {terminal.number} for its case and seq: {fault.code}")


def said_as_asked(body: EventBody, application: Application, field: str) -> None:
    """Raises Broken."""
    same([ask.subject for ask in body.asks], [field], "what the correction asks for")
    must(TEXT in (body.text, body.asks[0].text), f"neither text nor ask says what the officer said: {body}")
    same(body.values.get(field), application.values[field].data, f"the present value of {field}")
