# SPDX-License-Identifier: Apache-2.0
"""To the platform and back over a real link that is cut: everything arrives, once."""

from __future__ import annotations

import copy
import threading
import time
from pathlib import Path

import pytest

from contract.events import CorrectionAsk
from contract.sample import sample_catalogue
from offline.enrolment import TerminalKeys
from offline.errors import GatewayRefused, LinkDown
from offline.sync import SyncEngine, SyncState
from offline.terminal import Terminal
from offline.transport import enrol_terminal
from tests.live import Link, LiveGateway
from tests.offline.conftest import application, attachment


def submit(terminal: Terminal, count: int, side: int = 200) -> list[str]:
    return [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, side)]).record_id
        for n in range(count)
    ]


def arrived(gateway: LiveGateway) -> list[str]:
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


def test_a_resumed_attachment_is_not_sent_again_from_the_start(terminal: Terminal, link: Link) -> None:
    # Large against the 320 KiB a server may hold unread when the reset comes: those are honestly lost.
    submit(terminal, 1, side=1500)
    size = terminal.outbox().bytes_waiting
    assert size > 1_500_000
    engine = SyncEngine(terminal)
    link.cut_after(size * 3 // 4)
    first = engine.run_once()
    assert first.problem == "link-down"
    assert first.cuts == 1
    second = engine.run_once()
    assert second.problem is None
    assert second.bytes_payload < size * 0.75


def test_events_reach_the_person_who_comes_back(terminal: Terminal, gateway: LiveGateway) -> None:
    made = application(terminal.new_tracking_code())
    terminal.submit(made)
    engine = SyncEngine(terminal)
    engine.run_once()
    gateway.platform.cases.act(made.tracking_code, "correct", asks=(CorrectionAsk("bank_no", "账号少一位，请核对"),))
    assert engine.run_once().events == 1
    case = terminal.cases_of(made.applicant.id_number)[0]
    assert (case.state, case.outbox) == ("correction", "delivered")
    assert case.events[-1].asks[0].text == "账号少一位，请核对"
    assert case.case_number
    gateway.platform.cases.act(made.tracking_code, "accept")
    engine.run_once()
    found = terminal.case(made.tracking_code)
    assert found is not None
    assert found.state == "accepted"


def test_a_refused_record_is_parked_and_blocks_nobody(terminal: Terminal, gateway: LiveGateway) -> None:
    from dataclasses import replace

    wrong = replace(application(terminal.new_tracking_code(), 1), signature=None)
    parked = terminal.submit(wrong)
    good = terminal.submit(application(terminal.new_tracking_code(), 2))
    engine = SyncEngine(terminal)
    report = engine.run_once()
    assert (report.records_sent, report.refused, report.parked) == (1, 1, [parked.record_id])
    assert engine.run_once().refused == 0
    case = terminal.case(parked.tracking_code)
    assert case is not None
    assert (case.outbox, case.parked_reason) == ("parked", "application-incomplete")
    assert arrived(gateway) == [good.record_id]
    assert terminal.ask(lambda outbox, _i, _s: outbox.unpark()) == 1
    assert terminal.outbox().waiting == 1


def test_a_forged_receipt_is_not_believed(terminal: Terminal, gateway: LiveGateway) -> None:
    from dataclasses import replace

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    submit(terminal, 1)
    gateway.platform.keys = replace(gateway.platform.keys, sign=Ed25519PrivateKey.generate())
    gateway.platform.ingest._keys = gateway.platform.keys
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
        other.enrol(gateway.url, "AAAAA-BBBBB")
    assert refused.value.code == "enrol-code"


def test_a_new_catalogue_comes_as_a_delta(terminal: Terminal, gateway: LiveGateway) -> None:
    document = copy.deepcopy(dict(sample_catalogue().document))
    document["version"] = "2026.12.1"
    document["items"][0]["fee"] = "5元"
    gateway.platform.shelf.publish(document)
    assert SyncEngine(terminal).run_once().problem is None
    assert terminal.catalogue().version == "2026.12.1"
    assert terminal.catalogue().items[document["items"][0]["id"]].fee == "5元"


def test_an_application_in_the_old_wording_is_still_taken(terminal: Terminal, gateway: LiveGateway) -> None:
    submit(terminal, 1)
    document = copy.deepcopy(dict(sample_catalogue().document))
    document["version"] = "2026.12.1"
    document["items"] = [i for i in document["items"] if i["id"] != "old80"]
    gateway.platform.shelf.publish(document)
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
