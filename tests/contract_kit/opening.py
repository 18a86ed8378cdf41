# SPDX-License-Identifier: Apache-2.0
"""O: what becomes of a record once it is opened, told in the feed of its terminal."""

from __future__ import annotations

from dataclasses import replace

from contract.application import Value
from contract.events import Event
from contract.record import Kind, Record
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import broken, must, point, same
from tests.contract_kit.terminal import Terminal


def told(kit: Kit, record: Record, kind: str, reason: str = "", terminal: Terminal | None = None) -> Event:
    """The event of a record; raises Broken where it is another."""
    event = kit.fate(terminal or kit.one, record.header.id)
    same((event.type, event.reason), (kind, reason), "event and its reason")
    same(event.tracking_code, record.header.tracking_code, "tracking code in the event")
    return event


@point(
    "O-01",
    "An application in order becomes `received`, with a case number of its own",
    "Open what is in custody by yourselves, soon; give each application a case number and say so in the feed.",
)
def received(kit: Kit) -> str:
    records = [kit.one.record(kit.one.application(kit.item)) for _ in range(2)]
    kit.one.kept(*records)
    numbers = [told(kit, record, "received").case_number for record in records]
    must(all(numbers), "a `received` event without a case number")
    must(numbers[0] != numbers[1], f"two applications have the case number {numbers[0]}")
    return f"case numbers like {numbers[0]}"


@point(
    "O-02",
    "Signed by somebody else: `refused`, record-signature",
    "Verify a terminal's own records too before they count: custody looks at the token only.",
)
def signature(kit: Kit) -> None:
    record = kit.one.note(signer=kit.two.sign)
    answer = kit.one.results(record.encode())[0]
    if answer.get("status") == "refused":  # some verify at once: as good
        same(answer.get("code"), "record-signature", "code")
        return
    told(kit, record, "refused", "record-signature")


@point(
    "O-03",
    "Sealed for another header: `refused`, record-seal",
    "Bind the seal to the header (docs/parcel.md, section 3): a payload cannot be put under another one.",
)
def seal(kit: Kit) -> None:
    one, two = kit.one.note(), kit.one.note()
    record = kit.one.signed(Record(one.header, two.sealed, b""), payload_digest=two.header.payload_digest)
    kit.one.kept(record)
    told(kit, record, "refused", "record-seal")


@point(
    "O-04",
    "Header and application speak of different cases: `refused`, header-differs",
    "Compare tracking code and item inside with those in the header.",
)
def differs(kit: Kit) -> None:
    application = kit.one.application(kit.item)
    other = kit.one.application(kit.item)
    record = kit.one.record(application, tracking_code=other.tracking_code)
    kit.one.kept(record)
    told(kit, record, "refused", "header-differs")


@point(
    "O-05",
    "An item that was never published in this wording: `refused`, unknown-item",
    "Keep every wording you published: an application may have waited for weeks. Refuse what you never published.",
)
def unknown_item(kit: Kit) -> None:
    record = kit.one.record(replace(kit.one.application(kit.item), item_hash="0" * 64))
    kit.one.kept(record)
    told(kit, record, "refused", "unknown-item")


@point(
    "O-06",
    "An application that lacks what its item asks for, or has more: `refused`, application-incomplete",
    "Check by the item as published, by the day of the application; demand nothing that is not listed.",
)
def incomplete(kit: Kit) -> None:
    whole = kit.one.application(kit.item)
    more = replace(kit.one.application(kit.item), values={**whole.values, "not_asked_for": Value("5", "resident")})
    unsigned = replace(kit.one.application(kit.item), signature=None)
    records = [kit.one.record(application) for application in (more, unsigned)]
    kit.one.kept(*records)
    for record in records:
        told(kit, record, "refused", "application-incomplete")


@point(
    "O-07",
    "A payload that is no application: `refused`, application-malformed",
    "Refuse it by that code; it is never tried again.",
)
def malformed(kit: Kit) -> None:
    application = kit.one.application(kit.item)
    record = kit.one.sealed(Kind.APPLICATION, {"x": [1]}, application.tracking_code, application.item_id)
    kit.one.kept(record)
    told(kit, record, "refused", "application-malformed")


@point(
    "O-08",
    "Corrections, withdrawals, ratings and journals are received too, and make no case",
    "Take every kind of docs/parcel.md, section 3; only an application gets a case number.",
)
def other_kinds(kit: Kit) -> None:
    application = kit.one.application(kit.item)
    code, item = application.tracking_code, application.item_id
    records = [
        kit.one.record(application),
        kit.one.sealed(Kind.CORRECTION, {"values": {}}, code, item),
        kit.one.sealed(Kind.RATING, {"stars": 5}, code, item),
        kit.one.sealed(Kind.COMPLAINT, {"text": "x"}, code, item),
        kit.one.sealed(Kind.HANDOVER, {"copies": 1}, code, item),
        kit.one.sealed(Kind.WITHDRAWAL, {"reason": "x"}, code, item),
        kit.one.note(),
    ]
    kit.one.kept(*records)
    for record in records[1:]:
        event = told(kit, record, "received")
        must(not event.case_number, f"a {record.header.kind} got the case number {event.case_number}")


@point(
    "O-09",
    "A record that comes by several ways is told once",
    "Online, on a stick, on paper, once more: one record, one case, one `received`.",
)
def once(kit: Kit) -> None:
    record = kit.one.record(kit.one.application(kit.item))
    kit.one.kept(record)
    kit.two.kept(record)
    kit.one.kept(record)
    told(kit, record, "received")
    last = kit.one.note()
    kit.one.kept(last)
    told(kit, last, "received")
    events = [e for e in kit.one.events() if e.record_id == record.header.id]
    same([e.type for e in events], ["received"], "events of a record that came three times")


@point(
    "O-10",
    "One that is refused holds up nobody",
    "Open the others of the batch; what is refused waits for nobody.",
)
def holds_up_nobody(kit: Kit) -> None:
    bad = kit.one.record(replace(kit.one.application(kit.item), item_hash="0" * 64))
    good = [kit.one.record(kit.one.application(kit.item)) for _ in range(2)]
    kit.one.kept(good[0], bad, good[1])
    for record in good:
        told(kit, record, "received")
    told(kit, bad, "refused", "unknown-item")


@point(
    "O-11",
    "A carried record is told to the terminal it came from, not to the carrier",
    "Put the event into the feed of the terminal in the header.",
)
def carried(kit: Kit) -> None:
    record = kit.two.note()
    kit.one.kept(record)
    told(kit, record, "received", terminal=kit.two)
    mine = kit.one.note()
    kit.one.kept(mine)
    told(kit, mine, "received")
    if any(e.record_id == record.header.id for e in kit.one.events()):
        broken("the carrier's feed speaks of the record of another terminal")
