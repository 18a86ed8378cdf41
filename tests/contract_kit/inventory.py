# SPDX-License-Identifier: Apache-2.0
"""I: what the platform lacks, asked for after it was restored from a backup."""

from __future__ import annotations

import json
from typing import Any

import requests

from contract.record import uuid7
from tests.contract_kit.answers import refused, said, status
from tests.contract_kit.kit import Kit
from tests.contract_kit.points import point, same
from tests.contract_kit.terminal import digest_of

MOST = 5000


def ask(kit: Kit, asked: Any) -> requests.Response:
    """POST /v1/inventory."""
    body = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    return kit.one.call("POST", "/v1/inventory", body, Content_Type="application/json")


@point(
    "I-01",
    "Of the records asked for, exactly those are missing that the platform has not, in these bytes",
    "Compare id and digest: a record you have with another digest is missing too.",
)
def records(kit: Kit) -> None:
    here = kit.one.note()
    kit.one.kept(here)
    gone, other = uuid7(), kit.one.note()
    kit.one.kept(other)
    asked = [[here.header.id, here.digest], [gone, "0" * 64], [other.header.id, "1" * 64]]
    found = said(ask(kit, {"records": asked, "attachments": []}), 200)
    same(sorted(found["missing_records"]), sorted([gone, other.header.id]), "missing_records")
    same(found["missing_attachments"], [], "missing_attachments")


@point(
    "I-02",
    "Of the attachments asked for, exactly those are missing that are not whole",
    "What is half there is missing; the terminal asks HEAD where to go on.",
)
def attachments(kit: Kit) -> None:
    whole, half, never = kit.one.file(500), kit.one.file(500), "2" * 64
    kit.one.kept(kit.one.note([whole, half]))
    status(kit.one.patch(digest_of(whole), 0, whole), 200)
    status(kit.one.patch(digest_of(half), 0, half[:100]), 204)
    asked = [digest_of(whole), digest_of(half), never]
    found = said(ask(kit, {"records": [], "attachments": asked}), 200)
    same(sorted(found["missing_attachments"]), sorted([digest_of(half), never]), "missing_attachments")
    same(found["missing_records"], [], "missing_records")


@point("I-03", "Who asks for nothing lacks nothing", "Answer 200 with two empty lists; both parts may be left out.")
def nothing(kit: Kit) -> None:
    wanted = {"missing_records": [], "missing_attachments": []}
    for asked in ({}, {"records": []}, {"records": [], "attachments": []}):
        same(said(ask(kit, asked), 200), wanted, "answer")


@point("I-04", "What has not the form is refused", "Answer 400.")
def form(kit: Kit) -> None:
    for asked in (
        {"records": "all"}, {"records": [["no id", "0" * 64]]}, {"records": [[uuid7()]]}, {"attachments": [5]},
        {"attachments": ["no digest"]}, {"records": [[uuid7(), "0" * 63]]}, [], b"{", b"\xff\xfe",
    ):  # fmt: skip
        status(ask(kit, asked), 400)


@point("I-05", "5000 at once are answered, more are refused", "Answer 413 above 5000 entries; terminals ask in pages.")
def pages(kit: Kit) -> None:
    asked = [[uuid7(), "3" * 64] for _ in range(MOST)]
    found = said(ask(kit, {"records": asked}), 200)
    same(len(found["missing_records"]), MOST, "number of missing records")
    refused(ask(kit, {"records": asked, "attachments": ["4" * 64]}), 413, "inventory")
