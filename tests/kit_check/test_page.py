# SPDX-License-Identifier: Apache-2.0
"""docs/integrating.md is held to its word: examples, calls, codes, points, options, numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contract.events import known_statement, read_statement
from contract.openapi import openapi
from contract.parcel import record_bodies
from contract.record import Record
from contract.sealing import PlatformKeys
from gateway import feeds
from gateway.attachments import partials
from gateway.http.admission import USUAL
from gateway.ingest import inventory
from gateway.ingest.batches import MAX_PARCEL, MAX_RECORDS
from gateway.platform import Setup
from tests.contract_kit.everything import POINTS
from tests.kit_check.page_examples import examples, vectors

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "integrating.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+) (\w+)(?: (\w+))?\n(.*?)\n```$", PAGE, re.DOTALL | re.MULTILINE)
DOCUMENT = openapi()
CALLS = {
    call["operationId"]: call
    for methods in DOCUMENT["paths"].values()
    for method, call in methods.items()
    if method != "parameters"
}


def block(kind: str, name: str, what: str = "") -> list[str]:
    """The bodies of the fenced blocks of a name."""
    return [body for k, n, w, body in BLOCKS if (k, n, w) == (kind, name, what)]


def schema_of(name: str, what: str) -> Any:
    """Of a block's JSON."""
    if name == "error":
        return DOCUMENT["components"]["schemas"]["Error"]
    call = CALLS[name]
    content = call["requestBody"] if what == "request" else call["responses"][what]
    return content["content"]["application/json"]["schema"]


JSON = [(name, what, body) for kind, name, what, body in BLOCKS if kind == "json"]


@pytest.mark.parametrize(("name", "what", "body"), JSON, ids=[f"{n}-{w}-{i}" for i, (n, w, _) in enumerate(JSON)])
def test_every_json_example_is_as_described(name: str, what: str, body: str) -> None:
    schema = dict(schema_of(name, what)) | {"components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(body))


def test_no_example_is_unnamed() -> None:
    fences = re.findall(r"^```(\w.*)$", PAGE, re.MULTILINE)
    assert len(fences) == len(BLOCKS)
    assert len(JSON) >= 12


def test_examples_are_what_the_vectors_give() -> None:
    (calendar,) = (json.loads(body)["calendar"] for body in block("json", "calendar", "200"))
    bare = re.sub(r"\s", "", PAGE)
    missing = [name for name, value in examples(calendar).items() if re.sub(r"\s", "", value) not in bare]
    assert not missing


def test_the_parcel_is_answered_by_the_receipt() -> None:
    bodies, fault = record_bodies(bytes.fromhex("".join(block("hex", "parcel")[0].split())))
    assert fault == ""
    record = Record.decode(bodies[0])
    keys = PlatformKeys.from_dict(json.loads(block("json", "enrol", "200")[0])["platform"])
    for body in block("json", "records", "200") + block("json", "records", "400"):
        receipt = read_statement(json.loads(body)["receipt"], keys)
        assert [(e.record_id, e.digest) for e in receipt.entries] == [(record.header.id, record.digest)]  # type: ignore[union-attr]
    (attachment,) = block("json", "attachment", "200")
    entry = read_statement(json.loads(attachment)["receipt"], keys).entries[0]  # type: ignore[union-attr]
    assert entry.digest in [a.digest for a in record.header.attachments]
    (page,) = block("json", "feed", "200")
    assert [known_statement(t).type for t in json.loads(page)["entries"]] == ["received", "correction"]  # type: ignore[union-attr]
    assert vectors("keys")["terminal"]["number"] == record.header.terminal


def calls_named() -> Iterator[tuple[str, str]]:
    for method, path in re.findall(r"`(GET|POST|HEAD|PATCH) (/[^`? ]*)", PAGE):
        path = re.sub(r"(?<=attachments/)[0-9a-f]{64}", "{digest}", path)
        yield method.lower(), path.replace("NUMBER", "{number}").replace("CODE", "{code}")


def test_every_call_named_is_described_and_every_described_one_is_named() -> None:
    described = {(m, path) for path, methods in DOCUMENT["paths"].items() for m in methods if m != "parameters"}
    named = set(calls_named())
    assert named <= described
    assert described - named == {("get", "/health"), ("get", "/v1/openapi.json")}


def test_every_code_named_is_one() -> None:
    source = "".join(
        path.read_text("utf-8") for room in ("contract", "gateway") for path in (ROOT / room).rglob("*.py")
    )
    cells = re.findall(r"^\| ([^|]*`[^|]*) \|", PAGE, re.MULTILINE)
    codes = {code for cell in cells for code in re.findall(r"`([a-z]+-[a-z-]+|offset|digest|conflict|busy)`", cell)}
    assert len(codes) > 20
    assert not {code for code in codes if f'"{code}"' not in source}
    described = set(
        re.findall(
            r"[a-z]+(?:-[a-z]+)+|conflict",
            " ".join(DOCUMENT["components"]["schemas"]["Verdict"]["oneOf"][1]["properties"]["code"]["enum"]),
        )
    )
    assert described <= codes


def test_every_point_named_is_one() -> None:
    named = set(re.findall(r"\b[A-Z]-\d\d\b", PAGE))
    assert len(named) > 50
    assert named <= set(POINTS)


def test_the_options_are_those_of_the_kit() -> None:
    source = (ROOT / "tests" / "contract_kit" / "conftest.py").read_text("utf-8")
    options = set(re.findall(r'addoption\(\s*"(--[\w-]+)"', source))
    section = PAGE[PAGE.index("## 16. The kit") : PAGE.index("## 17.")]
    assert options == set(re.findall(r"--[a-z][\w-]+", section))


def test_numbers_are_those_of_the_code() -> None:
    for said in (
        f"one POST of records | {MAX_PARCEL // 2**20} MiB, {MAX_RECORDS} records",
        f"a page of the feed | {feeds.MOST} entries",
        f"one question to the inventory | {inventory.MOST} entries",
        f"ours: {partials.KEPT_DAYS} days",
        f"ours: {Setup(ROOT).retention_days} days",
        f"ours: {USUAL.attachments_of_terminal})",
    ):
        assert said in PAGE, said


def test_it_stays_short() -> None:
    assert len(PAGE.split()) < 4000  # words
