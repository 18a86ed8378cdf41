# SPDX-License-Identifier: Apache-2.0
"""Each way in which a network or a platform misbehaves, made to happen: nothing is lost, and the reason is said."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from offline.errors import GatewayRefused, LinkDown
from offline.sync.attachments import AttachmentFlow, AttachmentUpload, Standing
from offline.sync.engine import SyncEngine
from offline.sync.enrol import enrol_terminal
from offline.sync.link.transfer import Transfer
from offline.sync.network_changes import NetworkChanges, _came
from offline.sync.state import SyncState
from offline.terminal import Terminal
from tests.live import Link, LiveGateway, enrolled_terminal
from tests.offline.conftest import application, attachment
from tests.offline.sync.scripted import OURS, Said, certificate, point_at, raw_server, scripted


def submit(terminal: Terminal, count: int, side: int = 200) -> list[str]:
    return [
        terminal.submit(application(terminal.new_tracking_code(), n), [attachment(n, side)]).record_id
        for n in range(count)
    ]


def arrived(gateway: LiveGateway) -> list[str]:
    gateway.opened()
    return sorted(row["record_id"] for row in gateway.platform.cases.listing())


def whole(gateway: LiveGateway) -> bool:
    gateway.opened()
    return all(a["complete"] for row in gateway.platform.cases.listing() for a in row["attachments"])


# what answers is not the platform


def test_a_portal_that_says_200_to_everything_takes_nothing(terminal: Terminal, gateway: LiveGateway) -> None:
    (record_id,) = submit(terminal, 1)
    with scripted(lambda _method, _path: Said(200, {}, b"<html>log in</html>")) as portal:
        point_at(terminal, portal)
        assert SyncEngine(terminal).run_once().problem == "captive-portal"
    assert (terminal.outbox().waiting, terminal.outbox().online) == (1, False)
    point_at(terminal, gateway.url)
    assert SyncEngine(terminal).run_once().records_sent == 1
    assert arrived(gateway) == [record_id]


def test_a_portal_that_redirects_is_not_followed(terminal: Terminal) -> None:
    submit(terminal, 1)
    asked: list[str] = []

    def answer(_method: str, path: str) -> Said:
        asked.append(path)
        return Said(302, {"Location": "/login"}, b"")

    with scripted(answer) as portal:
        point_at(terminal, portal)
        assert SyncEngine(terminal).run_once().problem == "captive-portal"
    assert asked == ["/v1/token"]


@pytest.mark.parametrize("noise", [b"SSH-2.0-box\r\n", b"\x00\x01\x02\x03" * 64, b"HTTP/1.1 abc\r\n\r\n"])
def test_what_speaks_no_http_is_not_the_platform(terminal: Terminal, noise: bytes) -> None:
    submit(terminal, 1)

    def speak(end: socket.socket) -> None:
        end.recv(4096)
        end.sendall(noise)
        end.recv(1)

    with raw_server(speak) as url:
        point_at(terminal, url)
        assert SyncEngine(terminal).run_once().problem == "captive-portal"
    assert terminal.outbox().waiting == 1


def test_an_answer_without_end_is_not_kept_in_memory(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("offline.sync.link.http1.MOST_ANSWER", 100_000)

    def speak(end: socket.socket) -> None:
        end.recv(4096)
        end.sendall(b"HTTP/1.1 200 OK\r\nDoorstep-Gateway: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            end.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    with raw_server(speak) as url:
        point_at(terminal, url)
        assert SyncEngine(terminal).run_once().problem == "captive-portal"


def test_a_certificate_that_nobody_vouches_for_ends_it(terminal: Terminal, tmp_path: Path) -> None:
    submit(terminal, 1)
    asked: list[str] = []

    def answer(_method: str, path: str) -> Said:
        asked.append(path)
        return Said(200, OURS)

    with scripted(answer, tls=certificate(tmp_path)) as url:
        point_at(terminal, url)
        assert SyncEngine(terminal).run_once().problem == "tls"
        with pytest.raises(LinkDown) as refused:
            enrol_terminal(url, "x", "", terminal.keys)
        assert refused.value.code == "tls"
    assert not asked
    assert terminal.outbox().waiting == 1


def test_a_province_s_own_authority_is_trusted_when_named(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    with scripted(lambda _m, _p: Said(503, {**OURS, "Retry-After": "9"}), tls=pem) as url:
        point_at(terminal, url)
        report = SyncEngine(terminal).run_once()
    assert (report.problem, report.retry_after) == ("http-503", 9.0)


@pytest.mark.parametrize("name", ["no-such-host.invalid", "two..dots.invalid", "x" * 70 + ".invalid"])
def test_an_address_that_does_not_exist(terminal: Terminal, name: str) -> None:
    """The last two are no names at all."""
    point_at(terminal, f"http://{name}")
    assert SyncEngine(terminal).run_once().problem == "link-down"


# the platform is not well


@pytest.mark.parametrize("as_date", [False, True])
def test_an_overloaded_platform_is_left_alone_as_long_as_it_asks(terminal: Terminal, as_date: bool) -> None:
    said = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True) if as_date else "120"
    with scripted(lambda _m, _p: Said(503, {**OURS, "Retry-After": said})) as url:
        point_at(terminal, url)
        report = SyncEngine(terminal).run_once()
    assert 110 <= report.retry_after <= 121
    assert report.problem == "http-503"


def test_a_platform_that_takes_and_never_answers_is_given_up(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transfer, "patience", 0.3)
    submit(terminal, 1)
    with scripted(lambda _m, _p: None) as url:
        point_at(terminal, url)
        assert SyncEngine(terminal).run_once().problem == "no-answer"
    point_at(terminal, gateway.url)
    monkeypatch.undo()
    assert SyncEngine(terminal).run_once().problem is None


@pytest.mark.parametrize("answer", [b"no json", b'{"results": 3}', b'{"results": []}', b"[]"])
def test_an_answer_that_does_not_fit_settles_nothing(terminal: Terminal, answer: bytes) -> None:
    submit(terminal, 1)

    def say(_method: str, path: str) -> Said:
        token = b'{"access_token": "t", "token_type": "Bearer", "expires_in": 900}'
        return Said(200, OURS, token if path == "/v1/token" else answer)

    with scripted(say) as url:
        point_at(terminal, url)
        assert SyncEngine(terminal).run_once().problem == "answer-damaged"
    assert terminal.outbox().waiting == 1


def test_an_expired_token_is_replaced_and_nothing_is_sent_in_vain(terminal: Terminal, gateway: LiveGateway) -> None:
    engine = SyncEngine(terminal)
    assert engine.run_once().problem is None
    engine._session.token()._value = "expired.token.here"
    ids = submit(terminal, 2)
    report = engine.run_once()
    assert (report.problem, report.records_sent, report.attachments_sent) == (None, 2, 2)
    assert arrived(gateway) == sorted(ids)
    engine._session.token()._value = "expired.again"
    assert engine.run_once().problem is None


def test_a_token_outlives_the_program_and_a_bad_one_costs_one_question(
    terminal: Terminal, gateway: LiveGateway
) -> None:
    assert SyncEngine(terminal).run_once().problem is None
    value = SyncEngine(terminal)._session.token().value
    assert value
    assert SyncEngine(terminal).run_once().problem is None
    assert SyncEngine(terminal)._session.token().value == value, "no new one was asked for"
    client, url, _, ends = json.loads(terminal.fact("token") or "")
    for bad in (
        [client, url, "spoiled", ends],
        [client, url, value, ends + 1e6],
        [client, "http://other", value, ends],
    ):
        terminal.remember("token", json.dumps(bad))
        (record_id,) = submit(terminal, 1)
        assert SyncEngine(terminal).run_once().problem is None
        assert record_id in arrived(gateway)
        assert json.loads(terminal.fact("token") or "")[2] not in ("spoiled", "")


def test_a_token_whose_answer_was_lost_is_asked_for_once_more(
    terminal: Terminal, gateway: LiveGateway, link: Link
) -> None:
    """The same assertion twice is a replay to the platform."""
    (record_id,) = submit(terminal, 1)
    link.cut_after(100, drop_answer=True)  # the first that goes up is the token's
    assert SyncEngine(terminal).run_once().problem is None
    assert link.cuts == 1
    assert arrived(gateway) == [record_id]


def test_a_terminal_that_is_not_known_any_more_says_so(terminal: Terminal) -> None:
    with scripted(lambda _m, _p: Said(401, OURS, b'{"error": "invalid-client", "message": "enrol it again"}')) as url:
        point_at(terminal, url)
        assert SyncEngine(terminal).run_once().problem == "invalid-client"


# clocks


class Shifted:
    """A clock that is wrong."""

    def __init__(self, shift: timedelta) -> None:
        self._shift = shift

    def now(self) -> datetime:
        return datetime.now(UTC).astimezone() + self._shift

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.mark.parametrize("shift", [timedelta(days=400), timedelta(days=-400), timedelta(minutes=9)])
def test_a_wrong_clock_is_noted_and_does_not_keep_anything_from_leaving(
    tmp_path: Path, gateway: LiveGateway, shift: timedelta
) -> None:
    with enrolled_terminal(tmp_path / "t", gateway) as first:
        pass
    with Terminal.open(first.data, clock=Shifted(shift)) as terminal:
        submit(terminal, 1)
        engine = SyncEngine(terminal)
        report = engine.run_once()
        assert (report.problem, report.records_sent) == (None, 1)
        assert terminal.fact("clock") == "unsure"
        assert abs(float(terminal.fact("skew") or 0) + shift.total_seconds()) < 5
    with Terminal.open(first.data, clock=Shifted(timedelta())) as terminal:
        assert SyncEngine(terminal).run_once().problem is None
        assert terminal.fact("clock") == "good"


# the link


def test_open_flows_become_black_holes_while_attachments_go(
    terminal: Terminal, gateway: LiveGateway, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead box that still acknowledges: nothing moves, so it goes on elsewhere, at the platform's own byte."""
    monkeypatch.setattr(Transfer, "patience", 0.3)
    ids = submit(terminal, 2, side=400)
    link.rate = 400_000
    states: list[SyncState] = []
    hung = threading.Event()

    def listen(state: SyncState) -> None:
        states.append(state)
        if link.bytes_up > 60_000 and not hung.is_set():
            hung.set()
            link.hang()
            link.rate = 0

    monkeypatch.setattr("offline.sync.exchange.TELL_EVERY", 0.01)
    engine = SyncEngine(terminal, listener=listen)
    reports = [engine.run_once() for _ in range(3)]
    assert hung.is_set()
    assert sum(r.cuts for r in reports) >= 1
    assert reports[-1].problem is None
    assert arrived(gateway) == sorted(ids)
    assert whole(gateway)


def test_a_slow_upload_takes_as_long_as_it_takes(
    terminal: Terminal, gateway: LiveGateway, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No timeout spans a whole send (urllib3 issue 857): this one takes several times the patience."""
    monkeypatch.setattr(Transfer, "patience", 0.3)
    submit(terminal, 1, side=400)
    link.rate = 120_000
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.cuts, report.attachments_sent) == (None, 0, 1)
    assert whole(gateway)


def test_a_box_on_the_way_that_passes_on_slowly_is_no_dead_flow(terminal: Terminal, link: Link) -> None:
    terminal.submit(application(terminal.new_tracking_code()), [attachment(1, 300)])
    link.hold_little(32768)
    link.rate = 25_000  # room comes in steps: nothing is acknowledged for most of a second at a time
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.cuts, report.attachments_sent) == (None, 0, 1)
    assert report.bytes_sent < 1.01 * report.bytes_payload


def test_a_new_application_overtakes_the_pictures(terminal: Terminal, gateway: LiveGateway, link: Link) -> None:
    terminal.submit(application(terminal.new_tracking_code(), 1), [attachment(n, 500) for n in range(3)])
    link.rate = 400_000
    engine = SyncEngine(terminal, interval=3600)
    link_began = terminal.outbox().bytes_waiting
    engine.start()
    try:
        until(lambda: gateway.platform.cases.listing() and link.bytes_up > 60_000)
        late = terminal.submit(application(terminal.new_tracking_code(), 2))
        engine.wake()
        until(lambda: late.record_id in arrived(gateway))
        before = link.bytes_up
        assert not whole(gateway)
        assert before < link_began * 0.8
        link.rate = 0
        until(lambda: terminal.outbox().bytes_waiting == 0)
    finally:
        engine.stop()
    assert whole(gateway)


def test_pictures_go_oldest_application_first(terminal: Terminal, link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(terminal, 5, side=300)
    records = terminal.ask(lambda o, _i, _s: o.waiting_records(5))
    order = [digest for r in records for digest, _ in terminal.ask(lambda o, _i, _s, r=r: o.manifest(r.id))]
    done: list[str] = []
    usual = AttachmentFlow._done

    def note(self: AttachmentFlow, upload: AttachmentUpload, statement: str) -> None:
        done.append(upload.waiting.digest)
        usual(self, upload, statement)

    monkeypatch.setattr(AttachmentFlow, "_done", note)
    link.rate = 400_000
    assert SyncEngine(terminal).run_once().problem is None
    assert sorted(done) == sorted(order)
    assert all(abs(order.index(digest) - at) <= 2 for at, digest in enumerate(done))


def test_a_gateway_that_restarts_in_the_middle_is_waited_for(
    terminal: Terminal, gateway: LiveGateway, link: Link
) -> None:
    ids = submit(terminal, 2, side=400)
    link.rate = 400_000

    def blink() -> None:
        until(lambda: link.bytes_up > 60_000)
        link.up = False
        link.cut_after(1)
        refused = link.refused
        until(lambda: link.refused > refused + 3)
        link.rate = 0
        link.up = True

    blinking = threading.Thread(target=blink)
    blinking.start()
    engine = SyncEngine(terminal)
    reports = [engine.run_once()]
    blinking.join()
    reports.append(engine.run_once())
    assert reports[-1].problem is None
    assert sum(r.cuts for r in reports) >= 1
    assert arrived(gateway) == sorted(ids)
    assert whole(gateway)


def until(ready: object) -> None:
    deadline = time.monotonic() + 30
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


# waiting


def test_waking_ends_a_backoff(terminal: Terminal, gateway: LiveGateway, link: Link) -> None:
    link.up = False
    (record_id,) = submit(terminal, 1)
    down = threading.Event()

    def listen(state: SyncState) -> None:
        if state.problem == "link-down":
            down.set()

    class Patient(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return 3600.0 if b > 1.5 else super().uniform(a, b)

    engine = SyncEngine(terminal, listener=listen, rng=Patient(1))
    engine.start()
    try:
        assert down.wait(20)
        link.up = True
        until(lambda: engine.wake() or arrived(gateway) == [record_id])
    finally:
        engine.stop()


def test_a_network_that_comes_ends_a_wait() -> None:
    changes = NetworkChanges()
    try:
        changes.wake()
        assert changes.wait(30)
        assert not changes.wait(0.01)
    finally:
        changes.close()
    new_address = (20).to_bytes(4, "little") + (20).to_bytes(2, "little") + bytes(14)
    gone_address = (20).to_bytes(4, "little") + (21).to_bytes(2, "little") + bytes(14)
    assert _came(new_address)
    assert _came(gone_address + new_address)
    assert not _came(gone_address)
    assert not _came(b"\0" * 64)
    assert not _came(b"\1")


# what the platform refuses


def test_a_refused_attachment_is_set_aside_and_the_others_go_on(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.errors import GatewayError

    terminal.submit(application(terminal.new_tracking_code(), 1), [attachment(n, 150) for n in range(3)])
    bad = terminal.ask(lambda outbox, _i, _s: outbox.waiting_attachments(9)) or []
    uploads = gateway.platform.uploads
    wanted = type(uploads).wanted
    refused: list[str] = []

    def picky(self: object, *arguments: object) -> object:
        digest = str(arguments[-1])
        if not refused or digest in refused:
            refused.append(digest)
            raise GatewayError(413, "too-long", "the attachment is longer than its record says")
        return wanted(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(uploads), "wanted", picky)
    report = SyncEngine(terminal).run_once()
    assert bad == []  # nothing waits before the record is delivered
    assert (report.problem, report.attachments_sent) == (None, 2)
    assert terminal.outbox().attachments_waiting == 0
    monkeypatch.undo()
    terminal.ask(lambda outbox, _i, _s: outbox.unpark())
    assert SyncEngine(terminal).run_once().attachments_sent == 1
    assert whole(gateway)


def test_an_attachment_that_arrived_damaged_is_sent_again_from_the_start(
    terminal: Terminal, gateway: LiveGateway
) -> None:
    submit(terminal, 1)
    ((digest, size),) = terminal.ask(lambda o, _i, _s: o.manifest(o.waiting_records(1)[0].id))
    gateway.platform.partials.path(digest).write_bytes(bytes(size // 2))  # a disk that lies
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.attachments_sent) == (None, 1)
    assert report.bytes_sent > size * 1.4
    assert whole(gateway)


def test_what_always_arrives_damaged_is_set_aside(
    terminal: Terminal, gateway: LiveGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.attachments.partials import Partials
    from gateway.errors import GatewayError

    tries: list[str] = []

    def check(self: Partials, digest: str, _size: int) -> bool:
        tries.append(digest)
        self.path(digest).write_bytes(b"")
        raise GatewayError(422, "digest-wrong", "the bytes do not give the digest", {"Upload-Offset": "0"})

    monkeypatch.setattr(Partials, "check", check)
    submit(terminal, 1)
    report = SyncEngine(terminal).run_once()
    assert (report.problem, report.attachments_sent, len(tries)) == (None, 0, 3)
    assert terminal.outbox().attachments_waiting == 0
    monkeypatch.undo()
    terminal.ask(lambda outbox, _i, _s: outbox.unpark())
    assert SyncEngine(terminal).run_once().attachments_sent == 1
    assert whole(gateway)


def test_a_platform_that_has_less_than_it_acknowledged_is_believed(terminal: Terminal, gateway: LiveGateway) -> None:
    """It lost what was not on its disk: its own offset counts, whatever we hoped."""
    submit(terminal, 1, side=400)
    engine = SyncEngine(terminal)
    (waiting_digest,) = [d for d, _ in terminal.ask(lambda o, _i, _s: o.manifest(o.waiting_records(1)[0].id))]
    report = SyncReportWithHope(engine, waiting_digest).run()
    assert report == (None, 1)
    assert whole(gateway)


class SyncReportWithHope:
    """An engine that believes in more bytes at the platform than there are."""

    def __init__(self, engine: SyncEngine, digest: str) -> None:
        self._engine, self._digest = engine, digest

    def run(self) -> tuple[str | None, int]:
        learn = AttachmentFlow.learn

        def hope(flow: AttachmentFlow, *arguments: object) -> None:
            learn(flow, *arguments)  # type: ignore[arg-type]
            flow.known.standing[self._digest] = Standing(5000, told=False)

        AttachmentFlow.learn = hope  # type: ignore[method-assign,assignment]
        try:
            report = self._engine.run_once()
        finally:
            AttachmentFlow.learn = learn  # type: ignore[method-assign]
        return report.problem, report.attachments_sent


def test_the_gateway_s_no_has_its_reason_and_its_wait() -> None:
    fault = GatewayRefused("busy", "come later", status=503, retry_after=4.0)
    assert (fault.code, fault.status, fault.retry_after) == ("busy", 503, 4.0)
