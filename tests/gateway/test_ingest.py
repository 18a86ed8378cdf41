# SPDX-License-Identifier: Apache-2.0
"""Records: taken once, refused with a reason, answered with a signed receipt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.application import Value
from contract.events import Event, ReceiptEntry, Receipts, read_statement
from contract.parcel import FrameType, frame, parcel_header
from contract.record import Record, uuid7
from contract.sealing import SUITES, OpeningKey
from tests.gateway.conftest import HandTerminal
from tests.live import LiveGateway


def test_a_record_is_stored_once_and_its_receipt_can_be_had_again(terminal: HandTerminal) -> None:
    record = terminal.record(terminal.application())
    first, again = (terminal.post(record.encode()).json() for _ in range(2))
    assert [a["results"] for a in (first, again)] == [[{"status": "stored"}], [{"status": "duplicate"}]]
    for answer in (first, again):
        receipts = read_statement(answer["receipt"], terminal.platform_keys)
        assert isinstance(receipts, Receipts)
        assert receipts.entries == (ReceiptEntry(record.header.id, record.digest),)
    (event,) = terminal.gateway.platform.cases.case(record.header.tracking_code).events
    assert event.case_number.startswith("1199012399900011XX4990500010000")
    assert event.case_number.endswith("0001")
    assert len(terminal.gateway.platform.cases.listing()) == 1


def test_many_in_one_parcel_are_answered_in_order(terminal: HandTerminal) -> None:
    records = [terminal.record(terminal.application()) for _ in range(20)]
    answer = terminal.post(*(r.encode() for r in records)).json()
    assert {r["status"] for r in answer["results"]} == {"stored"}
    receipts = read_statement(answer["receipt"], terminal.platform_keys)
    assert isinstance(receipts, Receipts)
    assert receipts.entries == tuple(ReceiptEntry(r.header.id, r.digest) for r in records)
    numbers = {c["case_number"] for c in terminal.gateway.platform.cases.listing()}
    assert len(numbers) == 20


def test_a_broken_signature_is_refused_and_the_others_go_on(terminal: HandTerminal) -> None:
    good, bad = (terminal.record(terminal.application()) for _ in range(2))
    broken = replace(bad, signature=bytes(64))
    results = terminal.post(broken.encode(), good.encode()).json()["results"]
    assert [(r["status"], r.get("code")) for r in results] == [("refused", "record-signature"), ("stored", None)]


def test_a_flipped_byte_is_refused(terminal: HandTerminal) -> None:
    data = bytearray(terminal.record(terminal.application()).encode())
    data[len(data) // 2] ^= 4
    verdict = terminal.post(bytes(data)).json()["results"][0]
    assert verdict["status"] == "refused"
    assert verdict["code"] in ("record-digest", "record-malformed")


def test_a_torn_frame_is_reported_and_what_came_before_is_kept(terminal: HandTerminal) -> None:
    one, two = (terminal.record(terminal.application()).encode() for _ in range(2))
    second = bytearray(frame(FrameType.RECORD, two))
    second[40] ^= 1
    answer = terminal.call("POST", "/v1/records", data=parcel_header() + frame(FrameType.RECORD, one) + bytes(second))
    assert (answer.status_code, answer.json()["error"]) == (400, "parcel-damaged")
    assert [r["status"] for r in answer.json()["results"]] == ["stored"]
    assert terminal.call("POST", "/v1/records", data=b"hello").json()["error"] == "parcel-damaged"


def test_an_unknown_item_or_wording_is_refused(terminal: HandTerminal) -> None:
    application = terminal.application()
    for changed in (replace(application, item_id="moon"), replace(application, item_hash="0" * 64)):
        verdict = terminal.verdict(terminal.record(changed))
        assert (verdict["status"], verdict["code"]) == ("refused", "unknown-item")


def test_the_same_id_with_other_bytes_is_a_conflict_never_an_overwrite(terminal: HandTerminal) -> None:
    name = uuid7()
    first = terminal.record(terminal.application(), record_id=name)
    second = terminal.record(terminal.application(), record_id=name)
    assert terminal.verdict(first)["status"] == "stored"
    assert terminal.verdict(second)["code"] == "conflict"
    assert terminal.gateway.platform.cases.listing()[0]["digest"] == first.digest


def test_another_terminals_record_is_refused(terminal: HandTerminal, gateway: LiveGateway) -> None:
    other = HandTerminal(gateway).ready()
    with other.session:
        verdict = other.verdict(terminal.record(terminal.application()))
        assert verdict["code"] == "terminal-differs"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"materials": ()}, "application-incomplete"),
        ({"signature": None}, "application-incomplete"),
        ({"values": {}}, "application-incomplete"),
        ({"created_at": "yesterday"}, "application-malformed"),
        ({"tracking_code": "004210000999"}, "header-differs"),
    ],
)
def test_incomplete_applications_are_refused(terminal: HandTerminal, changes: dict[str, object], code: str) -> None:
    application = terminal.application()
    record = terminal.record(replace(application, **changes), tracking_code=application.tracking_code)  # type: ignore[arg-type]
    assert terminal.verdict(record)["code"] == code


def test_more_than_the_item_asks_for_is_refused(terminal: HandTerminal) -> None:
    application = terminal.application()
    more = replace(application, values={**application.values, "income_m": Value("5", "resident")})
    verdict = terminal.verdict(terminal.record(more))
    assert "income_m: unknown-field" in verdict["reason"]


def test_sealed_to_another_key_is_refused(terminal: HandTerminal) -> None:
    other = replace(terminal.platform_keys, sealing=(OpeningKey.new().public,))
    record = terminal.record(terminal.application(), platform=other)
    assert terminal.verdict(record)["code"] == "key-unknown"


def test_either_suite_is_taken(terminal: HandTerminal) -> None:
    for suite in SUITES:
        record = terminal.record(terminal.application(), platform=replace(terminal.platform_keys, preferred=suite))
        assert record.header.suite == suite
        assert terminal.verdict(record)["status"] == "stored"


def test_the_feed_tells_each_terminal_its_own(terminal: HandTerminal, gateway: LiveGateway) -> None:
    other = HandTerminal(gateway).ready()
    record = terminal.record(terminal.application())
    terminal.verdict(record)
    terminal.gateway.platform.cases.act(record.header.tracking_code, "accept")
    page = terminal.call("GET", "/v1/feed?since=0&limit=1").json()
    assert page["more"] is True
    rest = terminal.call("GET", f"/v1/feed?since={page['cursor']}").json()
    said = [read_statement(s, terminal.platform_keys) for s in page["entries"] + rest["entries"]]
    assert [s.type for s in said if isinstance(s, Event)] == ["received", "accepted"]
    with other.session:
        assert other.call("GET", "/v1/feed").json()["entries"] == []
        assert other.call("GET", "/v1/feed?since=x").status_code == 400


def test_stored_bytes_are_the_terminals_own(terminal: HandTerminal) -> None:
    from sqlalchemy import select

    from gateway.store import records

    record = terminal.record(terminal.application())
    terminal.verdict(record)
    with terminal.gateway.platform.store.transaction() as db:
        raw = db.execute(select(records.c.raw)).scalar_one()
    assert Record.decode(raw) == record
