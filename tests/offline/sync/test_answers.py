# SPDX-License-Identifier: Apache-2.0
"""Whatever a platform answers: a value, or answer-damaged, and nothing else."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.catalogue import apply_delta, catalogue_delta, load_catalogue
from contract.deadlines import WorkCalendar
from contract.errors import ContractError
from contract.events import StatementError, read_statement
from contract.sample import sample_calendar, sample_catalogue
from offline.errors import AnswerDamaged
from offline.sync.answers import (
    CalendarAnswer,
    CatalogueAnswer,
    DictionaryAnswer,
    EnrolAnswer,
    FeedPage,
    InCustody,
    InventoryAnswer,
    RecordsAnswer,
    Refused,
    TokenAnswer,
    Unclear,
    UploadOffset,
    UploadReceipt,
)
from offline.sync.refusals import http_date, refused, retry_after
from tests.contract.sealed import PLATFORM
from tests.fuzzing import examples

ROOT = Path(__file__).parents[3]
IDS = ["0191d3a4-b5c6-7d8e-9fa0-b1c2d3e4f5a1"]
FILES = ["3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"]
HASH = hashlib.sha256(b"dictionary").hexdigest()
OLD = dict(sample_catalogue().document)
NEW = {**OLD, "version": "2026.12.9"}


def documented(name: str) -> list[dict[str, Any]]:
    """The examples of docs/integrating.md of this name."""
    found = re.findall(rf"```json {name}\n(.*?)```", (ROOT / "docs/integrating.md").read_text("utf-8"), re.DOTALL)
    assert found
    return [json.loads(each) for each in found]


def taken(body: bytes) -> None:
    """As far as a catalogue goes before it is believed."""
    answer = CatalogueAnswer.of(body)
    with suppress(ContractError):
        load_catalogue(answer.document if answer.document is not None else apply_delta(OLD, answer.delta or {}))


def table(body: bytes) -> None:
    with suppress(ContractError):
        WorkCalendar.from_dict(CalendarAnswer.of(body).table)


def statements(body: bytes) -> None:
    """What is read in the parts that the parsers leave unread."""
    page = FeedPage.of(body, 0)
    for entry in page.entries:
        with suppress(StatementError):
            read_statement(entry, PLATFORM)


Parser = Callable[[bytes], object]
TOKEN = {"access_token": "a.b-c_d=", "token_type": "Bearer", "expires_in": 900}
CASES: dict[str, tuple[Parser, dict[str, Any]]] = {
    "token": (TokenAnswer.of, TOKEN),
    "records": (lambda body: RecordsAnswer.of(body, 2), documented("records 200")[1]),
    "receipt": (UploadReceipt.of, documented("attachment 200")[0]),
    "feed": (statements, documented("feed 200")[0]),
    "inventory": (lambda body: InventoryAnswer.of(body, IDS, FILES), documented("inventory 200")[0]),
    "catalogue": (taken, {"version": "2026.12.9", "content_hash": HASH, "document": NEW}),
    "delta": (taken, {"version": "2026.12.9", "content_hash": HASH, "delta": catalogue_delta(OLD, NEW)}),
    "calendar": (table, {"version": "1", "calendar": sample_calendar().to_dict()}),
    "enrol": (lambda body: EnrolAnswer.of(body, "https://gw.example"), documented("enrol 200")[0]),
}
NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([2**63, 2**64, -1, 10**400, 1e308, -0.0, True]),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(), st.sampled_from(["\ud800", "", "0" * 64, "NaN"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    keys: Any = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path, *(place for key in keys for place in places(value[key], (*path, key)))]


PLACES = {name: places(good) for name, (_, good) in CASES.items()}


def changed(value: Any, path: tuple[Any, ...], new: Any, gone: bool) -> Any:
    if not path:
        return new
    value = copy.copy(value)
    if len(path) == 1 and gone:
        del value[path[0]]
    else:
        value[path[0]] = changed(value[path[0]], path[1:], new, gone)
    return value


def only_damaged(parse: Parser, body: bytes) -> None:
    with suppress(AnswerDamaged):
        parse(body)


@pytest.mark.parametrize("name", CASES)
def test_what_the_documents_show_is_read(name: str) -> None:
    parse, good = CASES[name]
    parse(json.dumps(good).encode())


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=examples(100))
@given(body=st.one_of(st.binary(), VALUES.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_are_a_value_or_damaged(name: str, body: bytes) -> None:
    only_damaged(CASES[name][0], body)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=examples(60))
@given(data=st.data())
def test_any_part_may_be_anything(name: str, data: st.DataObject) -> None:
    parse, good = CASES[name]
    path = data.draw(st.sampled_from(PLACES[name]))
    value = changed(good, path, data.draw(VALUES), data.draw(st.booleans()))
    only_damaged(parse, json.dumps(value).encode())


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=examples(40))
@given(data=st.data())
def test_good_bytes_with_a_piece_spoilt(name: str, data: st.DataObject) -> None:
    parse, good = CASES[name]
    body = bytearray(json.dumps(good).encode())
    at = data.draw(st.integers(0, len(body)))
    body[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    only_damaged(parse, bytes(body))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe{}", b"[" * 200_000, b'{"a":' * 100_000, b"{" + b" " * 70_000_000 + b"}",
        b'{"expires_in": NaN}', b'{"cursor": 1e999}', b'{"cursor": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)  # fmt: skip
def test_no_answer_is_damaged(name: str, body: bytes) -> None:
    with pytest.raises(AnswerDamaged) as raised:
        CASES[name][0](body)
    assert raised.value.code == "answer-damaged"


def spoilt(name: str, **parts: Any) -> None:
    """The good answer with these parts instead is damaged."""
    parse, good = CASES[name]
    with pytest.raises(AnswerDamaged):
        parse(json.dumps({**good, **parts}).encode())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("token", {"expires_in": 0}), ("token", {"expires_in": -900}), ("token", {"expires_in": "900"}),
        ("token", {"expires_in": 900.5}), ("token", {"expires_in": True}), ("token", {"expires_in": 10**12}),
        ("token", {"access_token": ""}), ("token", {"access_token": "two words"}), ("token", {"token_type": "mac"}),
        ("token", {"access_token": "a\r\nX-Evil: 1"}), ("token", {"access_token": "a" * 20_000}),
        ("records", {"results": []}), ("records", {"results": [{}] * 3}), ("records", {"receipt": None}),
        ("feed", {"cursor": -1}), ("feed", {"cursor": 2**63}), ("feed", {"cursor": "2"}), ("feed", {"mark": "&x=1"}),
        ("feed", {"entries": ["x"] * 501}), ("feed", {"entries": [1]}), ("feed", {"settled": -1}),
        ("feed", {"more": True, "cursor": 0}), ("feed", {"more": True, "entries": []}), ("feed", {"more": "no"}),
        ("feed", {"catalogue": {"content_hash": "../x"}}), ("feed", {"dictionary": {"id": 0, "content_hash": HASH}}),
        ("inventory", {"missing_records": ["another"]}), ("inventory", {"missing_attachments": FILES * 2}),
        ("enrol", {"terminal": 0}), ("enrol", {"terminal": 100_000}), ("enrol", {"client_id": ""}),
        ("enrol", {"public_url": "javascript:x"}), ("enrol", {"platform": {"sign": "x"}}), ("enrol", {"station": {}}),
    ],
)  # fmt: skip
def test_types_ranges_and_sizes(name: str, parts: dict[str, Any]) -> None:
    spoilt(name, **parts)


def test_a_feed_goes_back_only_where_it_says_so() -> None:
    good = CASES["feed"][1]
    with pytest.raises(AnswerDamaged):
        FeedPage.of(json.dumps(good).encode(), 3)
    assert FeedPage.of(json.dumps({**good, "rewound": True}).encode(), 3).cursor == 2


@pytest.mark.parametrize(
    ("verdict", "read"),
    [
        ({"status": "stored"}, InCustody("stored", None)),
        ({"status": "duplicate", "wanted": [3, 0]}, InCustody("duplicate", (3, 0))),
        ({"status": "stored", "wanted": []}, InCustody("stored", ())),
        ({"status": "refused", "code": "conflict", "reason": "x"}, Refused("conflict")),
        ({"status": "refused", "code": "No Code!"}, Unclear()),
        ({"status": "refused"}, Unclear()),
        ({"status": "perhaps"}, Unclear()),
        ({"status": "stored", "wanted": [-1]}, Unclear()),
        ({"status": "stored", "wanted": [True]}, Unclear()),
        ({"status": "stored", "wanted": [0] * 65}, Unclear()),
        ({"status": "stored", "wanted": None}, Unclear()),
        ([], Unclear()),
        (None, Unclear()),
    ],
)
def test_one_odd_verdict_spoils_only_itself(verdict: Any, read: object) -> None:
    body = json.dumps({"results": [{"status": "stored"}, verdict], "receipt": ""}).encode()
    assert RecordsAnswer.of(body, 2).verdicts == (InCustody("stored", None), read)


@given(said=st.one_of(st.none(), st.text(), st.integers().map(str)), size=st.integers(0, 2**40))
def test_an_offset_is_within_its_attachment(said: str | None, size: int) -> None:
    with suppress(AnswerDamaged):
        found = UploadOffset.of({} if said is None else {"upload-offset": said}, size)
        assert (found is None) == (said is None)
        assert found is None or 0 <= found.bytes <= size


@pytest.mark.parametrize("said", ["-1", "11", "", "1e1", "٣", "0x1", " 1", "9" * 30])
def test_an_offset_that_is_none(said: str) -> None:
    with pytest.raises(AnswerDamaged):
        UploadOffset.of({"upload-offset": said}, 10)


def test_a_dictionary_is_the_announced_one() -> None:
    assert DictionaryAnswer.of(b"dictionary", HASH).data == b"dictionary"
    for body in (b"another", b"", bytes(2 * 1024 * 1024)):
        with pytest.raises(AnswerDamaged):
            DictionaryAnswer.of(body, HASH)


@given(body=st.one_of(st.binary(), VALUES.map(lambda value: json.dumps({"error": value, "message": value}).encode())))
def test_a_no_is_a_no_whatever_it_says(body: bytes) -> None:
    fault = refused(503, {"retry-after": "7"}, body)
    assert re.fullmatch("[a-z0-9-]{1,64}", fault.code)
    assert fault.retry_after == 7


@given(
    said=st.one_of(st.text(), st.floats().map(str), st.from_regex(r"[A-Z][a-z]{2}, \d+ (Jan|Feb) \d+ \d+:\d+:\d+ .*"))
)
def test_times_in_heads(said: str) -> None:
    assert 0 <= retry_after(said) < float("inf")
    found = http_date(said)
    assert found is None or found.tzinfo is not None
