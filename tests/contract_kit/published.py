# SPDX-License-Identifier: Apache-2.0
"""P: what the platform publishes: catalogue, calendar, dictionaries."""

from __future__ import annotations

import hashlib

from contract.catalogue import apply_delta, document_hash, load_catalogue
from contract.deadlines import WorkCalendar
from contract.packing import FIRST_PUBLISHED, SHIPPED, Dictionaries
from tests.contract_kit.answers import header, refused, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import NotTried, must, point, same


@point(
    "P-01",
    "The catalogue is given whole, passes every check, and its hash is right",
    "Publish a document of contract/schema/catalogue.schema.json; content_hash is the SHA-256 of its deterministic "
    "CBOR.",
)
def catalogue(kit: Kit) -> str:
    answer = said(kit.one.call("GET", "/v1/catalogue"), 200)
    document = answer.get("document")
    must(isinstance(document, dict), "no `document` where nothing is known to the terminal")
    same(answer["content_hash"], document_hash(document), "content_hash")
    found = load_catalogue(document)
    same(found.version, answer["version"], "version")
    return f"version {found.version}, {len(found.items)} items"


@point(
    "P-02",
    "What the terminal has is not given again: ETag and 304",
    'Give ETag: "content_hash" with catalogue, calendar and dictionary, and answer If-None-Match with 304.',
)
def not_modified(kit: Kit) -> None:
    number = kit.one.page()["dictionary"]["id"]
    for path in ("/v1/catalogue", "/v1/calendar", f"/v1/dictionary/{number}"):
        tag = header(status(kit.one.call("GET", path), 200), "ETag")
        answer = kit.one.call("GET", path, If_None_Match=tag)
        same((answer.status_code, answer.content), (304, b""), f"status and body of GET {path} with If-None-Match")
        status(kit.one.call("GET", path, If_None_Match='"other"'), 200)


@point(
    "P-03",
    "`since` gives a delta from a version that is known, and the whole from one that is not",
    "Give `delta` only where it leads from `since` to content_hash; `document` is always right.",
)
def delta(kit: Kit) -> str:
    whole = said(kit.one.call("GET", "/v1/catalogue"), 200)
    unknown = said(kit.one.call("GET", "/v1/catalogue?since=0.0.0-unknown"), 200)
    must("document" in unknown, "no `document` for an unknown version")
    known = said(kit.one.call("GET", f"/v1/catalogue?since={whole['version']}"), 200)
    if "delta" not in known:
        must("document" in known, "neither `document` nor `delta`")
        return "always whole"
    changed = apply_delta(whole["document"], known["delta"])
    same(document_hash(changed), known["content_hash"], "hash of what the delta leads to")
    return "with deltas"


@point(
    "P-04",
    "The calendar is given with its hash",
    "Give version, years, holidays, workdays; ETag is its content_hash.",
)
def calendar(kit: Kit) -> str:
    answer = kit.one.call("GET", "/v1/calendar")
    given = said(answer, 200)
    table = given["calendar"]
    same(table["version"], given["version"], "version")
    same(header(answer, "ETag"), f'"{document_hash(table)}"', "ETag")
    WorkCalendar.from_dict(table)
    return f"years {table['years']}"


@point(
    "P-05",
    "The dictionary announced is one, and its bytes are those of its hash",
    "Serve the bytes of every number you ever announced; dictionary 1 is contract/dictionary/1.dict.",
)
def dictionary(kit: Kit) -> str:
    announced = kit.one.page()["dictionary"]
    number = announced["id"]
    content = status(kit.one.call("GET", f"/v1/dictionary/{number}"), 200).content
    same(hashlib.sha256(content).hexdigest(), announced["content_hash"], "content_hash")
    shipped = status(kit.one.call("GET", f"/v1/dictionary/{SHIPPED}"), 200).content
    same(shipped == Dictionaries().bytes_of(SHIPPED), True, f"dictionary {SHIPPED} as shipped")
    if number != SHIPPED:
        Dictionaries().add(number, content)
    return f"dictionary {number}, {len(content)} bytes"


@point("P-06", "A dictionary that was never published", "Answer 404 dictionary-unknown.")
def no_dictionary(kit: Kit) -> None:
    refused(kit.one.call("GET", "/v1/dictionary/32767"), 404, "dictionary-unknown")


@point(
    "P-07",
    "A record packed with the published dictionary opens",
    "Keep every dictionary with which a record may still come.",
)
def packed(kit: Kit) -> None:
    number = kit.one.page()["dictionary"]["id"]
    if number < FIRST_PUBLISHED:
        raise NotTried("the platform has published no dictionary of its own")
    dictionaries = Dictionaries()
    dictionaries.add(number, status(kit.one.call("GET", f"/v1/dictionary/{number}"), 200).content)
    record = kit.one.note(dictionary=number, dictionaries=dictionaries)
    kit.one.kept(record)
    event = kit.fate(kit.one, record.header.id)
    same((event.type, event.reason), ("received", ""), "event")
