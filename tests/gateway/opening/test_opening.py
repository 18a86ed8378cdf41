# SPDX-License-Identifier: Apache-2.0
"""Opening: what custody holds becomes a case or is refused in the feed, once, whatever happens meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from sqlalchemy import func, select, update

from contract.application import Value
from contract.events import Event
from contract.packing import FIRST_PUBLISHED, Dictionaries
from contract.record import Kind, Record, seal_record
from gateway.database.tables import opened, waiting
from gateway.opening.judging import Judge
from gateway.opening.rounds import Opening
from gateway.platform import Setup
from tests.gateway.conftest import HandTerminal
from tests.live import live_gateway


@pytest.fixture
def closed(setup: Setup) -> Iterator[HandTerminal]:
    """A terminal at a gateway that opens nothing by itself."""
    with live_gateway(setup.data, setup=setup, opening=False) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            yield terminal


def send(terminal: HandTerminal, count: int) -> list[Record]:
    sent = [terminal.record(terminal.application()) for _ in range(count)]
    results = terminal.post(*(r.encode() for r in sent)).json()["results"]
    assert results == [{"status": "stored"}] * count
    return sent


def events(terminal: HandTerminal) -> list[Event]:
    return [s for s in terminal.said() if isinstance(s, Event)]


def test_a_record_becomes_a_case_with_a_number(terminal: HandTerminal) -> None:
    record = terminal.record(terminal.application())
    assert terminal.fate(record) == ("received", "")
    (event,) = events(terminal)
    assert event.case_number.startswith("1199012399900011XX4990500010000")
    assert event.case_number.endswith("0001")
    assert terminal.gateway.platform.cases.case(record.header.tracking_code).case_number == event.case_number


def test_a_broken_signature_is_found(terminal: HandTerminal) -> None:
    broken = replace(terminal.record(terminal.application()), signature=bytes(64))
    assert terminal.fate(Record.decode(broken.encode())) == ("refused", "record-signature")
    (row,) = terminal.gateway.platform.cases.listing()
    assert (row["state"], row["refusal"], row["case_number"]) == ("refused", "record-signature", "")


def test_an_unknown_item_or_wording_is_refused(terminal: HandTerminal) -> None:
    application = terminal.application()
    for changed in (replace(application, item_id="moon"), replace(application, item_hash="0" * 64)):
        assert terminal.fate(terminal.record(changed)) == ("refused", "unknown-item")


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
    assert terminal.fate(record) == ("refused", code)


def test_more_than_the_item_asks_for_is_refused(terminal: HandTerminal) -> None:
    application = terminal.application()
    more = replace(application, values={**application.values, "income_m": Value("5", "resident")})
    assert terminal.fate(terminal.record(more)) == ("refused", "application-incomplete")


def test_a_payload_for_another_context_does_not_open(terminal: HandTerminal) -> None:
    one, two = (terminal.record(terminal.application()) for _ in range(2))
    header = replace(one.header, payload_digest=two.header.payload_digest)
    signature = terminal.sign.sign(b"doorstep record 1" + header.encode())
    assert terminal.fate(Record(header, two.sealed, signature)) == ("refused", "record-seal")


def test_the_refused_one_holds_up_nobody(terminal: HandTerminal) -> None:
    good, bad = (
        terminal.record(terminal.application()),
        terminal.record(replace(terminal.application(), item_id="moon")),
    )
    terminal.post(bad.encode(), good.encode())
    terminal.gateway.opened()
    assert {e.record_id: e.type for e in events(terminal)} == {good.header.id: "received", bad.header.id: "refused"}


def test_other_kinds_are_received_without_moving_the_case(terminal: HandTerminal) -> None:
    application = terminal.application()
    terminal.verdict(terminal.record(application))
    terminal.gateway.platform.cases.act(application.tracking_code, "accept")
    parts = {
        "terminal": terminal.number, "sequence": 90, "attachments": [], "platform": terminal.platform_keys,
        "signer": terminal.sign, "now_ms": 1_795_000_000_000,
    }  # fmt: skip
    rating = seal_record(Kind.RATING, {"stars": 5}, tracking_code=application.tracking_code, item="old80", **parts)
    journal = seal_record(Kind.JOURNAL, {"head": b"x"}, tracking_code="", item="", **parts)
    assert [terminal.fate(r) for r in (rating, journal)] == [("received", ""), ("received", "")]
    case = terminal.gateway.platform.cases.case(application.tracking_code)
    assert (case.state, [o["kind"] for o in case.others]) == ("accepted", ["rating"])
    assert [told.event.type for told in case.events] == ["received", "accepted"]
    rows = terminal.gateway.platform.cases.listing(state="accepted")
    assert [r["kind"] for r in rows] == ["rating", "application"]


def test_a_record_packed_with_a_lost_dictionary_waits_until_it_is_published_again(
    closed: HandTerminal, caplog: pytest.LogCaptureFixture
) -> None:
    platform, application = closed.gateway.platform, closed.application()
    trained = zstandard.train_dictionary(4096, [f"{n} 高龄津贴 {n * n}".encode() * 9 for n in range(400)]).as_bytes()
    dictionaries = Dictionaries()
    dictionaries.add(FIRST_PUBLISHED, trained)
    record = seal_record(
        Kind.APPLICATION, application.to_payload(), tracking_code=application.tracking_code, item="old80",
        terminal=closed.number, sequence=1, attachments=[], platform=closed.platform_keys, signer=closed.sign,
        now_ms=1_795_000_000_000, dictionary=FIRST_PUBLISHED, dictionaries=dictionaries,
    )  # fmt: skip
    assert closed.post(record.encode()).json()["results"] == [{"status": "stored"}]
    assert platform.opening.open_some() == 1
    assert platform.opening.waiting() == 1
    assert events(closed) == []
    assert "wait in custody" in caplog.text
    caplog.clear()
    assert platform.publications.publish_dictionary(trained) == FIRST_PUBLISHED
    platform.opening.retry()
    assert platform.opening.drain() == 1
    assert [e.type for e in events(closed)] == ["received"]


def test_what_waits_is_seen_by_officers(closed: HandTerminal) -> None:
    record = send(closed, 1)[0]
    platform = closed.gateway.platform
    (row,) = platform.cases.listing()
    assert (row["state"], row["tracking_code"], row["applicant"]) == ("waiting", record.header.tracking_code, "")
    assert platform.cases.waiting() == 1
    assert platform.opening.drain() == 1
    assert [r["state"] for r in platform.cases.listing()] == ["received"]
    assert platform.cases.waiting() == 0


def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(closed: HandTerminal) -> None:
    send(closed, 5)
    platform = closed.gateway.platform
    seen = 0

    class Died(BaseException):
        pass

    def die() -> None:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise Died

    with pytest.raises(Died):
        platform.opening.open_some(die)
    assert events(closed) == []
    assert platform.opening.drain() == 0  # leased by the dead one
    with platform.store.transaction() as db:
        db.execute(update(waiting).values(leased_until_ms=1))
    assert platform.opening.drain() == 5
    assert len(events(closed)) == 5


def test_two_workers_with_the_same_row_give_one_outcome(closed: HandTerminal) -> None:
    sent = send(closed, 4)
    platform = closed.gateway.platform

    def lose_the_lease() -> None:
        with platform.store.transaction() as db:
            db.execute(update(waiting).values(leased_until_ms=1))
        other = Opening(platform.store, platform.keys, platform.publications, platform.feeds)
        other.open_some()

    platform.opening.open_some(lose_the_lease)
    assert sorted(e.record_id for e in events(closed)) == sorted(r.header.id for r in sent)
    assert len({e.case_number for e in events(closed)}) == 4


def test_many_workers_open_each_record_once(closed: HandTerminal) -> None:
    for _ in range(12):
        send(closed, 3)
    platform = closed.gateway.platform
    workers = [threading.Thread(target=platform.opening.drain) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    told = events(closed)
    assert len(told) == len({e.record_id for e in told}) == len({e.case_number for e in told}) == 36
    assert [e.seq for e in told] == list(range(1, 37))
    with platform.store.reading() as db:
        assert db.execute(select(func.count()).select_from(opened)).scalar_one() == 36


@pytest.mark.expects_log
def test_a_fault_of_ours_with_one_record_holds_up_no_other(
    closed: HandTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(closed, 3)
    platform = closed.gateway.platform

    class Faulty(Judge):
        def judge(self, record: Record, received_ms: int) -> Any:
            if record.header.id == sent[1].header.id:
                raise ZeroDivisionError
            return super().judge(record, received_ms)

    faulty = Faulty(platform.store, platform.keys, platform.publications)
    monkeypatch.setattr(platform.opening, "_judge", faulty)
    platform.opening.drain()
    monkeypatch.undo()
    assert {e.record_id for e in events(closed)} == {sent[0].header.id, sent[2].header.id}
    assert platform.opening.waiting() == 1
    with platform.store.transaction() as db:
        db.execute(update(waiting).values(leased_until_ms=1))
    platform.opening.drain()
    assert {e.record_id for e in events(closed)} == {r.header.id for r in sent}


def test_a_restarted_gateway_goes_on_opening(setup: Setup) -> None:
    with live_gateway(setup.data, setup=setup, opening=False) as live:
        terminal = HandTerminal(live).ready()
        with terminal.session:
            send(terminal, 3)
    with live_gateway(setup.data, setup=setup) as live:
        live.opened()
        assert len(live.platform.cases.listing(state="received")) == 3
