# SPDX-License-Identifier: Apache-2.0
"""O: what becomes of a record."""

from __future__ import annotations

from sqlalchemy import select

from contract.events import Event, ReceiptEntry, Receipts, known_statement, sign_statement
from contract.parcel import record_bodies
from contract.record import Kind, Record
from gateway.database.tables import feed
from tests.kit_check.breaking import (
    Answer,
    Asked,
    Fault,
    Forward,
    answering,
)
from tests.kit_check.wrong import (
    OURS,
    event_change,
    wrong,
)

wrong("no case number is given", "O-01", "O-02 O-03", event_change(lambda e: e.type == "received", case_number=""))
wrong(
    "all have the same case number", "O-01", "O-02",
    event_change(lambda e: bool(e.case_number), case_number="1"),
)  # fmt: skip
for number, code in (
    ("O-02", "record-signature"), ("O-03", "record-seal"), ("O-04", "header-differs"), ("O-05 O-10", "unknown-item"),
    ("O-06", "application-incomplete"), ("O-07", "application-malformed"),
):  # fmt: skip
    others = {"O-02", "O-03", "O-04", "O-05", "O-07", "O-10"} - set(number.split())
    wrong(
        f"{code} is told by another name", number, " ".join(sorted(others)[:3]),
        event_change(lambda e, code=code: e.reason == code, reason="no"),  # type: ignore[misc]
    )  # fmt: skip
wrong("every record gets a case number", "O-08", "O-02", event_change(lambda e: not e.case_number, case_number="7"))
wrong(
    "corrections are refused",
    "O-08",
    "O-01",
    event_change(lambda e: e.case_number == "" and bool(e.tracking_code), type="refused", reason="no"),
)


def twice(asked: Asked, answer: Answer) -> Answer | None:
    if asked.path != "/v1/feed" or answer.status != 200:
        return None
    page = answer.json
    return answer.saying(page | {"entries": [text for text in page["entries"] for _ in range(2)]})


wrong("each event is told twice", "O-09 F-02", "O-01", answering(twice))


def until_the_refused(asked: Asked, answer: Answer) -> Answer | None:
    if asked.path != "/v1/feed" or answer.status != 200:
        return None
    page, kept = answer.json, []
    for text in page["entries"]:
        statement = known_statement(text)
        kept.append(text)
        if isinstance(statement, Event) and statement.type == "refused":
            break
    return answer.saying(page | {"entries": kept})


wrong("a refused one holds up the others", "O-10", "O-01", answering(until_the_refused), hurried=True)


def everybodys(asked: Asked, answer: Answer) -> Answer | None:
    if asked.path != "/v1/feed" or answer.status != 200:
        return None
    with asked.platform.store.reading() as db:
        others = db.execute(select(feed.c.statement).where(feed.c.terminal > asked.terminal)).scalars().all()
    page = answer.json
    return answer.saying(page | {"entries": [*others, *page["entries"]]})


wrong("everybody's events are in every feed", "O-11 F-10", "O-01", answering(everybodys))


def named_feed(asked: Asked, answer: Answer) -> Answer | None:
    if asked.path != "/v1/feed" or "terminal" not in asked.query:
        return None
    with asked.platform.store.reading() as db:
        mine = (
            db.execute(select(feed.c.statement).where(feed.c.terminal == int(asked.query["terminal"]))).scalars().all()
        )
    return answer.saying(answer.json | {"entries": list(mine)})


wrong("one may ask for another's feed", "F-10", "O-11 F-02", answering(named_feed))


def forgetting() -> Fault:
    """Says that applications are stored, signs for it, and throws them away."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.path != "/v1/records":
            return await forward(asked)
        bodies, _ = record_bodies(await asked.whole())
        records = [Record.decode(raw) for raw in bodies]
        if not any(r.header.kind == Kind.APPLICATION for r in records):
            return await forward(asked)
        entries = tuple(ReceiptEntry(r.header.id, r.digest) for r in records)
        text = sign_statement(
            Receipts("record", "2026-11-24T09:00:00+00:00", entries), asked.platform.keys.current.sign
        )
        return Answer(200, OURS).saying({"results": [{"status": "stored"}] * len(records), "receipt": text})

    return fault


wrong("applications are forgotten", "O-01", "R-01 R-03", forgetting(), hurried=True)
