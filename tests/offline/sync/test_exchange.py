# SPDX-License-Identifier: Apache-2.0
"""To the platform and back over a real link that is cut: everything arrives, once."""

from __future__ import annotations

import copy
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from contract.event_body import CorrectionAsk, EventBody
from contract.events import open_body
from contract.record import Record
from contract.sample import sample_catalogue
from gateway.database.tables import records
from offline.enrolment import TerminalKeys
from offline.errors import GatewayRefused, LinkDown
from offline.sync.engine import SyncEngine
from offline.sync.enrol import enrol, enrol_terminal
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.live import Link, LiveGateway
from tests.offline.conftest import application, attachment


def submit(terminal: Terminal, count: int, side: int = 200) -> list[str]:
    return [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, side)]).record_id
        for n in range(count)
    ]


def arrived(gateway: LiveGateway) -> list[str]:
    gateway.opened()
    return sorted(row["record_id"] for row in gateway.platform.cases.listing())


def test_records_first_then_attachments_then_the_feed(terminal: Terminal, gateway: LiveGateway) -> None:
    ids = submit(terminal, 3)
    states: list[SyncState] = []
    report = SyncEngine(terminal, listener=states.append).run_once()
    assert (report.records_sent, report.attachments_sent, report.problem) == (3, 3, None)
    assert arrived(gateway) == sorted(ids)
    assert [s.phase for s in states if s.phase != "idle"][:2] == ["records", "records"] or states[0].phase == "records"
    assert states[-1].online
    status = terminal.outbox()
    assert (status.waiting, status.delivered, status.attachments_waiting, status.bytes_waiting) == (0, 3, 0, 0)
    assert report.bytes_sent < report.bytes_payload * 1.02 + 2000
    gateway.opened()
    for row in gateway.platform.cases.listing():
        assert all(a["complete"] for a in row["attachments"])


def test_offline_is_no_failure(terminal: Terminal, gateway: LiveGateway, link: Link) -> None:
    link.up = False
    (record_id,) = submit(terminal, 1)
    engine = SyncEngine(terminal)
    for _ in range(3):
        assert engine.run_once().problem == "link-down"
    case = terminal.cases_of(application("0" * 12, 0).applicant.id_number)[0]
    assert (case.outbox, case.state, case.received_at) == ("waiting", "waiting", None)
    assert not terminal.outbox().online
    link.up = True
    assert engine.run_once().records_sent == 1
    assert arrived(gateway) == [record_id]


@pytest.mark.parametrize("drop_answer", [False, True])
def test_cuts_at_many_bytes_lose_and_double_nothing(
    terminal: Terminal, gateway: LiveGateway, link: Link, drop_answer: bool
) -> None:
    engine = SyncEngine(terminal)
    ids: list[str] = []
    for cut in (1, 200, 900, 1500, 3000, 20_000, 35_000, 45_000):
        ids += [
            terminal.submit(application(terminal.new_tracking_code(), len(ids)), [attachment(len(ids), 250)]).record_id
        ]
        link.cut_after(cut, drop_answer=drop_answer)
        for _ in range(6):
            if engine.run_once().problem is None:
                break
    assert engine.run_once().problem is None
    assert link.cuts == 8
    assert arrived(gateway) == sorted(ids)
    assert terminal.outbox().bytes_waiting == 0
    assert all(a["complete"] for row in gateway.platform.cases.listing() for a in row["attachments"])


def test_an_attachment_goes_on_where_the_cut_left_it(terminal: Terminal, gateway: LiveGateway, link: Link) -> None:
    submit(terminal, 1, side=700)
    size = terminal.outbox().bytes_waiting
    link.rate = 800_000  # what has passed has been read: a reset throws away what a server has not read yet
    link.cut_after(size * 3 // 4)
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.cuts, report.attachments_sent) == (None, 1, 1)
    assert link.bytes_up < size * 1.5  # from the start again it would be 1.75
    assert gateway.platform.cases.listing()[0]["attachments"][0]["complete"]


def test_where_the_kernel_tells_nothing_of_its_flights_all_goes_the_same(
    terminal: Terminal, gateway: LiveGateway, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline.sync.link.connection.read_flight", lambda _sock: None)
    ids = submit(terminal, 3, side=300)
    link.cut_after(60_000)
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.cuts, report.records_sent, report.attachments_sent) == (None, 1, 3, 3)
    assert arrived(gateway) == sorted(ids)
    assert all(a["complete"] for row in gateway.platform.cases.listing() for a in row["attachments"])


def test_events_reach_the_person_who_comes_back(terminal: Terminal, gateway: LiveGateway) -> None:
    made = application(terminal.new_tracking_code())
    terminal.submit(made)
    engine = SyncEngine(terminal)
    engine.run_once()
    gateway.opened()
    gateway.platform.cases.act(made.tracking_code, "correct", asks=(CorrectionAsk("bank_no", "账号少一位，请核对"),))
    engine.run_once()
    case = terminal.cases_of(made.applicant.id_number)[0]
    assert (case.state, case.outbox) == ("correction", "delivered")
    event = case.events[-1]
    said = open_body(event, terminal.shared_secret(event.seq), terminal.require_enrolment().terminal)
    asked = (CorrectionAsk("bank_no", "账号少一位，请核对"),)
    assert said == EventBody("", asked, {"bank_no": made.values["bank_no"].data})
    assert case.case_number
    gateway.platform.cases.act(made.tracking_code, "accept")
    engine.run_once()
    found = terminal.case(made.tracking_code)
    assert found is not None
    assert found.state == "accepted"


def test_what_custody_refuses_is_parked_at_once_and_blocks_nobody(terminal: Terminal, gateway: LiveGateway) -> None:
    first, second = (terminal.submit(application(terminal.new_tracking_code(), n)) for n in (1, 2))
    other = terminal.ask(lambda outbox, _i, spool: spool.read(outbox.waiting_records(1)[0].place))
    _claim_id(gateway, first.record_id, other)
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.records_sent, report.refused) == (None, 1, 1)
    assert report.parked == [first.record_id]
    case = terminal.case(first.tracking_code)
    assert case is not None
    assert (case.outbox, case.parked_reason) == ("parked", "conflict")
    gateway.opened()
    assert second.record_id in arrived(gateway)


def _claim_id(gateway: LiveGateway, record_id: str, raw: bytes) -> None:
    """Another record has this id at the platform."""
    header = Record.decode(raw).header
    with gateway.platform.store.transaction() as db:
        db.execute(
            insert(records).values(id=record_id, terminal=header.terminal, digest="00" * 32, raw=raw, received_ms=1)
        )


def test_what_opening_refuses_is_parked_by_the_feed_and_blocks_nobody(terminal: Terminal, gateway: LiveGateway) -> None:
    wrong = replace(application(terminal.new_tracking_code(), 1), signature=None)
    parked = terminal.submit(wrong)
    good = terminal.submit(application(terminal.new_tracking_code(), 2))
    engine = SyncEngine(terminal)
    assert engine.run_once().records_sent == 2
    gateway.opened()
    engine.run_once()
    case = terminal.case(parked.tracking_code)
    assert case is not None
    assert (case.outbox, case.parked_reason) == ("parked", "application-incomplete")
    assert {row["record_id"]: row["state"] for row in gateway.platform.cases.listing()} == {
        parked.record_id: "refused", good.record_id: "received"
    }  # fmt: skip
    assert terminal.ask(lambda outbox, _i, _s: outbox.unpark()) == 1
    assert terminal.outbox().waiting == 1


def test_a_forged_receipt_is_not_believed(terminal: Terminal, gateway: LiveGateway) -> None:
    submit(terminal, 1)
    generations = gateway.platform.keys._generations
    generations[1] = replace(generations[1], sign=Ed25519PrivateKey.generate())
    assert SyncEngine(terminal).run_once().problem == "receipt-wrong"
    assert terminal.outbox().delivered == 0


def test_a_portal_that_says_200_is_not_the_platform() -> None:
    import http.server

    class Portal(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>log in</html>")

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(LinkDown) as down:
            enrol_terminal(f"http://127.0.0.1:{server.server_port}", "x", "", TerminalKeys.new())
        assert down.value.code == "captive-portal"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_wrong_code_is_said(tmp_path: Path, gateway: LiveGateway) -> None:
    with Terminal.open(tmp_path / "other") as other, pytest.raises(GatewayRefused) as refused:
        enrol(other, gateway.url, "AAAAA-BBBBB")
    assert refused.value.code == "enrol-code"


def test_an_application_in_the_old_wording_is_still_taken(terminal: Terminal, gateway: LiveGateway) -> None:
    submit(terminal, 1)
    document = copy.deepcopy(dict(sample_catalogue().document))
    document["version"] = "2026.12.1"
    document["items"] = [i for i in document["items"] if i["id"] != "old80"]
    gateway.platform.publications.publish(document)
    assert SyncEngine(terminal).run_once().records_sent == 1


def test_the_thread_wakes_sends_and_ends(terminal: Terminal, gateway: LiveGateway) -> None:
    engine = SyncEngine(terminal, interval=3600)
    engine.start()
    (record_id,) = submit(terminal, 1)
    engine.wake()
    deadline = time.monotonic() + 20
    while terminal.outbox().bytes_waiting or not terminal.outbox().delivered:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    engine.stop()
    assert arrived(gateway) == [record_id]
