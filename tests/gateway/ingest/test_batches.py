# SPDX-License-Identifier: Apache-2.0
"""Custody: records are taken once, refused with a reason, answered with one signed statement a batch."""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
from dataclasses import replace

from sqlalchemy import func, select

from contract.events import ReceiptEntry, Receipts, read_statement
from contract.parcel import FrameType, frame, parcel_header
from contract.record import Record, uuid7
from contract.sealing import OpeningKey, SealingKey
from gateway.database.tables import records
from gateway.ingest.batches import MAX_PARCEL, MAX_RECORDS
from tests.gateway.conftest import HandTerminal
from tests.live import LiveGateway


def entries(terminal: HandTerminal, receipt: str) -> list[ReceiptEntry]:
    said = read_statement(receipt, terminal.platform_keys)
    assert isinstance(said, Receipts)
    assert said.kind == "record"
    return list(said.entries)


def test_a_record_is_stored_once_and_its_receipt_can_be_had_again(terminal: HandTerminal) -> None:
    record = terminal.record(terminal.application())
    first, again = (terminal.post(record.encode()).json() for _ in range(2))
    assert [a["results"] for a in (first, again)] == [[{"status": "stored"}], [{"status": "duplicate"}]]
    for answer in (first, again):
        assert entries(terminal, answer["receipt"]) == [ReceiptEntry(record.header.id, record.digest)]
    terminal.gateway.opened()
    assert len(terminal.gateway.platform.cases.listing()) == 1


def test_many_in_one_parcel_are_answered_in_order_with_one_statement(terminal: HandTerminal) -> None:
    sent = [terminal.record(terminal.application()) for _ in range(20)]
    terminal.post(*(r.encode() for r in sent[5:8]))
    answer = terminal.post(*(r.encode() for r in sent), sent[0].encode()).json()
    wanted = ["stored"] * 5 + ["duplicate"] * 3 + ["stored"] * 12 + ["duplicate"]
    assert [r["status"] for r in answer["results"]] == wanted
    assert entries(terminal, answer["receipt"]) == [ReceiptEntry(r.header.id, r.digest) for r in sent]
    terminal.gateway.opened()
    numbers = {c["case_number"] for c in terminal.gateway.platform.cases.listing()}
    assert len(numbers) == 20


def test_a_flipped_byte_is_refused_and_the_others_go_on(terminal: HandTerminal) -> None:
    good, bad = (terminal.record(terminal.application()) for _ in range(2))
    data = bytearray(bad.encode())
    data[len(data) // 2] ^= 4
    results = terminal.post(bytes(data), good.encode()).json()["results"]
    assert (results[0]["status"], results[0]["code"]) == ("refused", "record-digest")
    assert results[0]["reason"]
    assert results[1] == {"status": "stored"}


def test_what_is_no_record_is_refused_by_name(terminal: HandTerminal) -> None:
    record = terminal.record(terminal.application())
    later = bytearray(record.encode())
    later[4] = 2  # the header's version
    for raw, code in ((b"", "record-malformed"), (b"hello", "record-malformed"), (bytes(later), "record-version")):
        assert terminal.post(raw).json() == {
            "results": [
                {"status": "refused", "code": code, "reason": terminal.post(raw).json()["results"][0]["reason"]}
            ],
            "receipt": "",
        }


def test_a_torn_frame_is_reported_and_what_came_before_is_kept(terminal: HandTerminal) -> None:
    one, two = (terminal.record(terminal.application()).encode() for _ in range(2))
    second = bytearray(frame(FrameType.RECORD, two))
    second[40] ^= 1
    answer = terminal.call("POST", "/v1/records", data=parcel_header() + frame(FrameType.RECORD, one) + bytes(second))
    assert (answer.status_code, answer.json()["error"]) == (400, "parcel-damaged")
    assert answer.json()["results"] == [{"status": "stored"}]
    assert len(entries(terminal, answer.json()["receipt"])) == 1
    assert terminal.call("POST", "/v1/records", data=b"hello").json()["error"] == "parcel-damaged"


def test_an_empty_parcel_is_answered(terminal: HandTerminal) -> None:
    assert terminal.post().json() == {"results": [], "receipt": ""}


def test_the_same_id_with_other_bytes_is_a_conflict_never_an_overwrite(terminal: HandTerminal) -> None:
    name = uuid7()
    first, second = (terminal.record(terminal.application(), record_id=name) for _ in range(2))
    assert terminal.verdict(first) == {"status": "stored"}
    assert terminal.verdict(second)["code"] == "conflict"
    together = [terminal.record(terminal.application(), record_id=(same := uuid7())) for _ in range(1)]
    together.append(terminal.record(terminal.application(), record_id=same))
    results = terminal.post(*(r.encode() for r in together)).json()["results"]
    assert [r.get("code") for r in results] == [None, "conflict"]
    kept = terminal.gateway.platform.cases.listing(search=first.header.tracking_code)
    assert [row["digest"] for row in kept] == [first.digest]


def test_a_key_that_is_not_ours_is_refused_at_once(terminal: HandTerminal) -> None:
    strange: SealingKey = OpeningKey.new().public
    record = terminal.record(terminal.application(), platform=replace(terminal.platform_keys, sealing=(strange,)))
    assert terminal.verdict(record)["code"] == "key-unknown"


def test_another_terminals_record_is_carried_with_its_own_signature_only(
    terminal: HandTerminal, gateway: LiveGateway
) -> None:
    carrier = HandTerminal(gateway).ready()
    with carrier.session:
        good, forged = (terminal.record(terminal.application()) for _ in range(2))
        forged = replace(forged, signature=carrier.sign.sign(b"x"))
        unknown = terminal.record(terminal.application(), terminal=9999)
        results = carrier.post(good.encode(), forged.encode(), unknown.encode()).json()["results"]
        assert [r.get("code") for r in results] == [None, "record-signature", "terminal-unknown"]
        assert terminal.verdict(good) == {"status": "duplicate"}
        assert carrier.feed()["entries"] == []
    assert [row["terminal"] for row in gateway.platform.cases.listing()] == [terminal.number]


def test_too_much_at_once_is_refused_before_anything_is_stored(terminal: HandTerminal) -> None:
    assert terminal.call("POST", "/v1/records", data=bytes(MAX_PARCEL + 1)).status_code == 413
    chunks = (bytes(64 * 1024) for _ in range(MAX_PARCEL // 65536 + 1))  # no Content-Length
    assert terminal.call("POST", "/v1/records", data=chunks).json()["error"] == "parcel-too-large"
    record = terminal.record(terminal.application()).encode()
    assert terminal.post(*[record] * (MAX_RECORDS + 1)).json()["error"] == "too-many"
    assert terminal.gateway.platform.cases.listing() == []


def test_the_answer_is_zipped_for_whoever_asks(terminal: HandTerminal) -> None:
    sent = [terminal.record(terminal.application()).encode() for _ in range(20)]
    plain = terminal.call(
        "POST", "/v1/records", headers={"Accept-Encoding": "identity"},
        data=parcel_header() + b"".join(frame(FrameType.RECORD, r) for r in sent),
    )  # fmt: skip
    zipped = terminal.post(*sent)
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) < 0.8 * len(plain.content)
    assert gzip.decompress(gzip.compress(zipped.content)) == zipped.content
    assert {r["status"] for r in zipped.json()["results"]} == {"duplicate"}


def test_a_verdict_says_which_attachments_are_here_already(terminal: HandTerminal) -> None:
    one, two = (terminal.sealed_file(os.urandom(1000)) for _ in range(2))
    record = terminal.record(terminal.application(), [one, two])
    assert terminal.verdict(record) == {"status": "stored"}
    path = f"/v1/attachments/{hashlib.sha256(one).hexdigest()}"
    terminal.call("PATCH", path, headers={"Upload-Offset": "0"}, data=one[:300])
    assert terminal.verdict(record) == {"status": "duplicate", "wanted": [300, 0]}
    terminal.call("PATCH", path, headers={"Upload-Offset": "300"}, data=one[300:])
    assert terminal.verdict(record) == {"status": "duplicate", "wanted": [len(one), 0]}
    shared = terminal.record(terminal.application(), [two, one])
    assert terminal.verdict(shared) == {"status": "stored", "wanted": [0, len(one)]}


def test_the_same_batch_from_many_sides_is_stored_once(terminal: HandTerminal) -> None:
    sent = [terminal.record(terminal.application(), [terminal.sealed_file(b"x")]).encode() for _ in range(30)]
    answers: list[list[str]] = []

    def post(order: list[bytes]) -> None:
        results = terminal.gateway.platform.ingest.take_records(order, terminal.number).results
        answers.append([r["status"] for r in results])

    threads = [threading.Thread(target=post, args=(sent[i:] + sent[:i],)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(a.count("stored") for a in answers) == 30
    assert sum(a.count("duplicate") for a in answers) == 150
    terminal.gateway.opened()
    with terminal.gateway.platform.store.reading() as db:
        assert db.execute(select(func.count()).select_from(records)).scalar_one() == 30
    assert len(terminal.gateway.platform.cases.listing()) == 30


def test_stored_bytes_are_the_terminals_own(terminal: HandTerminal) -> None:
    record = terminal.record(terminal.application())
    terminal.verdict(record)
    with terminal.gateway.platform.store.reading() as db:
        raw = db.execute(select(records.c.raw)).scalar_one()
    assert Record.decode(bytes(raw)) == record
