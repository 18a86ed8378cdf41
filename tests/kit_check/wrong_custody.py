# SPDX-License-Identifier: Apache-2.0
"""R: records into custody."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contract.events import ReceiptEntry, Receipts, known_statement, sign_statement
from contract.ids import uuid7
from contract.parcel import FrameType, ParcelError, read_frames, record_bodies, scan_parcel
from contract.record import Record
from tests.kit_check.breaking import (
    Answer,
    Asked,
    Fault,
    Forward,
    answering,
    in_json,
    in_receipt,
    in_results,
)
from tests.kit_check.wrong import (
    OURS,
    STRANGER,
    ignoring,
    refusing,
    status_of,
    wrong,
)

# -- R: receipts


def of_new_only(asked: Asked, answer: Answer) -> Answer | None:
    said = answer.json
    if asked.path != "/v1/records" or not said or any(r["status"] == "stored" for r in said.get("results", [])):
        return None
    return answer.saying(said | {"receipt": ""})


def signed_by_a_stranger(asked: Asked, answer: Answer) -> Answer | None:
    said = answer.json
    if asked.path != "/v1/records" or not said or not said.get("receipt"):
        return None
    return answer.saying(said | {"receipt": sign_statement(known_statement(said["receipt"]), STRANGER)})


wrong(
    "the receipt is dropped", "R-02 R-03 R-04", "R-01 R-06 R-16",
    in_json("/v1/records", lambda said: said | {"receipt": ""}),
)  # fmt: skip
wrong("a stranger signs the receipt", "R-02 R-03 R-04 R-19", "R-01 R-06", answering(signed_by_a_stranger))
wrong(
    "the receipt is about attachments", "R-02 R-03", "R-01 R-06",
    in_receipt(lambda r: replace(r, kind="attachment")),
)  # fmt: skip
wrong(
    "the receipt forgets a record", "R-03", "R-01 R-02 R-04 R-05",
    in_receipt(lambda r: replace(r, entries=r.entries[1:] or r.entries)),
)  # fmt: skip
wrong("no receipt for duplicates", "R-04", "R-01 R-02 R-03 R-05", answering(of_new_only))
wrong(
    "the receipt names what nobody sent", "R-05", "R-01 R-02 R-03 R-04",
    in_receipt(lambda r: replace(r, entries=(*r.entries, ReceiptEntry(uuid7(), "a" * 64)))),
)  # fmt: skip
wrong(
    "the receipt's time has no offset",
    "R-19",
    "R-02 R-03",
    in_receipt(lambda r: replace(r, received_at="2026-11-24T09:00:00")),
)

# -- R: results and parcels

wrong(
    "what was known is stored again", "R-01 R-06 R-15 C-01", "R-02 R-03",
    in_results(lambda results: [r | {"status": "stored"} if r["status"] == "duplicate" else r for r in results]),
)  # fmt: skip
wrong("results are in another order", "R-06", "R-01 R-03 R-20", in_results(lambda results: results[::-1]))
wrong(
    "one result is missing",
    "R-06 R-13",
    "R-01 R-04 R-20",
    in_results(lambda results: results[:-1] if len(results) > 3 else results),
)


def only_full(asked: Asked, answer: Answer) -> Answer | None:
    if asked.path == "/v1/records" and answer.status == 200 and answer.json["results"] == []:
        return refusing(400, "empty")
    return None


wrong("an empty parcel is refused", "R-07", "R-01 R-09", answering(only_full))


def damage(change: Callable[[Any], Any]) -> Fault:
    def changed(asked: Asked, answer: Answer) -> Answer | None:
        said = answer.json
        if asked.path != "/v1/records" or answer.status != 400 or not said:
            return None
        return answer.saying(change(said))

    return answering(changed)


wrong(
    "a damaged parcel says nothing of what stood before", "R-08 R-09", "R-01 R-10",
    damage(lambda said: {"error": said["error"], "message": said["message"]}),
)  # fmt: skip


def throwing_away() -> Fault:
    """Looks at the whole parcel first, and keeps nothing of a damaged one, whatever it says."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.path != "/v1/records":
            return await forward(asked)
        bodies, fault = record_bodies(await asked.whole())
        if not fault:
            return await forward(asked)
        entries = tuple(ReceiptEntry((r := Record.decode(b)).header.id, r.digest) for b in bodies)
        text = sign_statement(
            Receipts("record", "2026-11-24T09:00:00+00:00", entries), asked.platform.keys.current.sign
        )
        said = {"results": [{"status": "stored"}] * len(bodies), "receipt": text if bodies else ""}
        return Answer(400, OURS).saying(said | {"error": "parcel-damaged", "message": fault})

    return fault


wrong("what stood before the damage is forgotten", "R-08", "R-01 R-09", throwing_away())


def refusing_parcels(bad: Callable[[bytes], bool], answer: Answer) -> Fault:
    async def fault(asked: Asked, forward: Forward) -> Answer:
        if asked.path == "/v1/records" and bad(await asked.whole()):
            return answer
        return await forward(asked)

    return fault


def torn(parcel: bytes) -> bool:
    try:
        return scan_parcel(io.BytesIO(parcel)).torn
    except ParcelError:
        return False


def foreign_frames(parcel: bytes) -> bool:
    try:
        return any(f.type != FrameType.RECORD for f in read_frames(io.BytesIO(parcel)))
    except ParcelError:
        return False


DAMAGED = Answer(400, OURS).saying({"error": "parcel-damaged", "message": "x", "results": [], "receipt": ""})
wrong("a torn end is damage", "R-10", "R-01 R-08 R-11", refusing_parcels(torn, DAMAGED))
wrong("frames of later programs are damage", "R-11", "R-01 R-08 R-10", refusing_parcels(foreign_frames, DAMAGED))
wrong(
    "too much is refused as something else",
    "R-12 R-29",
    "R-13",
    status_of("/v1/records", 413, refusing(400, "parcel-damaged")),
)
wrong(
    "32 KB are too much", "R-13", "R-01 R-06",
    refusing_parcels(lambda parcel: len(parcel) > 32_768, refusing(413, "parcel-too-large")),
)  # fmt: skip
wrong("nothing is zipped", "R-14", "R-01", ignoring("POST /v1/records", "accept-encoding"))
wrong(
    "a conflict is called a duplicate", "R-16 R-17", "R-01 R-06 R-18",
    in_results(lambda results: [{"status": "duplicate"} if r.get("code") == "conflict" else r for r in results]),
)  # fmt: skip


def all_or_nothing(asked: Asked, answer: Answer) -> Answer | None:
    said = answer.json
    if asked.path == "/v1/records" and said and any(r["status"] == "refused" for r in said.get("results", [])):
        return refusing(400, "parcel-damaged")
    return None


wrong("one bad record refuses the batch", "R-18 R-06 R-20 R-22", "R-01 R-03 R-04", answering(all_or_nothing))


def other_code(code: str) -> Fault:
    return in_results(lambda results: [r | {"code": "no"} if r.get("code") == code else r for r in results])


for number, code in (
    ("R-20", "record-malformed"), ("R-21", "record-version"), ("R-22", "record-digest"), ("R-23", "suite-unknown"),
    ("R-24", "key-unknown"), ("R-26", "record-signature"), ("R-27", "terminal-unknown"),
):  # fmt: skip
    others = " ".join(f"R-{n}" for n in (20, 21, 22, 23, 24, 26, 27) if f"R-{n}" != number)
    wrong(f"{code} has another name", number, others, other_code(code))


def per_record(refuse: Callable[[Asked, Record], str]) -> Fault:
    """Refuses records that the gateway would take."""

    async def fault(asked: Asked, forward: Forward) -> Answer:
        answer = await forward(replace(asked, body=await asked.whole())) if asked.path == "/v1/records" else None
        if answer is None:
            return await forward(asked)
        said = answer.json
        bodies, _ = record_bodies(await asked.whole())
        if answer.status == 200 and said and len(bodies) == len(said["results"]):
            for place, raw in enumerate(bodies):
                if said["results"][place]["status"] != "refused" and (code := refuse(asked, Record.decode(raw))):
                    said["results"][place] = {"status": "refused", "code": code, "reason": "x"}
            return answer.saying(said)
        return answer

    return fault


wrong(
    "nothing is carried", "R-25", "R-01 R-26 R-27",
    per_record(lambda asked, record: "terminal-unknown" if record.header.terminal != asked.terminal else ""),
)  # fmt: skip
wrong(
    "suite 2 is offered and not taken", "R-28", "R-01 R-23",
    per_record(lambda _, record: "suite-unknown" if record.header.suite == 2 else ""),
)  # fmt: skip
