# SPDX-License-Identifier: Apache-2.0
"""The eSCL scanner: pages in their order, feeders that jam, glass, and answers of every kind."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.base import State
from devices.errors import ScanFailed
from devices.scanner import escl
from devices.scanner.escl import EsclScanner
from devices.scanner.simulator import SimulatedScanner


def page(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 440), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


PAGES = [page(60 * n) for n in range(4)]


@pytest.fixture
def peer() -> Iterator[SimulatedScanner]:
    scanner = SimulatedScanner()
    yield scanner
    scanner.close()


@pytest.fixture
def scanner(peer: SimulatedScanner) -> EsclScanner:
    return EsclScanner(peer.url)


def code_of(scanner: EsclScanner) -> str:
    with pytest.raises(ScanFailed) as fault:
        scanner.scan()
    return fault.value.code


@pytest.mark.parametrize("count", [1, 3])
def test_all_pages_in_their_order(peer: SimulatedScanner, scanner: EsclScanner, count: int) -> None:
    peer.load(PAGES[:count])
    assert scanner.status().state is State.READY
    assert [page.data for page in scanner.scan()] == PAGES[:count]


def test_no_page(scanner: EsclScanner) -> None:
    assert code_of(scanner) == "no-pages"


def test_an_empty_feeder_leaves_the_glass(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.glass = PAGES[3]
    assert [page.data for page in scanner.scan()] == [PAGES[3]]
    peer.load(PAGES[:2])
    assert [page.data for page in scanner.scan()] == PAGES[:2]


@pytest.mark.parametrize("fault", ["jam", "cover-open"])
def test_a_feeder_that_must_be_looked_at(peer: SimulatedScanner, scanner: EsclScanner, fault: str) -> None:
    peer.load(PAGES)
    peer.fault = fault
    assert scanner.status().state.value == fault
    assert code_of(scanner) == fault


def test_a_jam_in_the_middle_takes_no_half_document(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.load(PAGES)
    peer.jams_after = 1
    assert code_of(scanner) == "jam"
    peer.fault = None
    peer.load(PAGES)
    assert len(scanner.scan()) == 4


def test_half_a_page_is_no_page_and_the_job_is_taken_back(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.load(PAGES)
    peer.fault = "half"
    assert code_of(scanner) == "scanner-fault"
    assert peer.taken_back == ["/eSCL/ScanJobs/1"]


def test_a_page_without_its_end_is_no_page(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.load([PAGES[0][:-300]])
    assert code_of(scanner) == "scanner-fault"


def test_a_busy_scanner_is_asked_again(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.load(PAGES)
    peer.fault = "busy"
    assert len(scanner.scan()) == 4


def test_a_scanner_that_stays_busy_is_given_up(
    peer: SimulatedScanner, scanner: EsclScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escl, "PATIENCE", 0.1)
    peer.load(PAGES)
    peer.busy = 10_000
    assert code_of(scanner) == "timeout"


def test_it_names_itself_as_only_it_knows(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.names_itself = "http://scanner.invalid:80"
    peer.load(PAGES)
    assert len(scanner.scan()) == 4


@pytest.mark.parametrize(("fault", "state"), [("mute", State.ABSENT), ("garbage", State.FAULT)])
def test_no_sense_and_no_answer(peer: SimulatedScanner, scanner: EsclScanner, fault: str, state: State) -> None:
    peer.fault = fault
    assert scanner.status().state is state
    assert code_of(scanner) == {"mute": "scanner-absent", "garbage": "scanner-fault"}[fault]
    peer.fault = None
    assert scanner.status().state is State.READY


def test_a_scan_can_be_taken_back(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.load(PAGES)
    peer.busy = 10_000
    ends = threading.Event()

    def until_heard() -> None:
        while not ends.wait(0.02):
            scanner.cancel()

    taking_back = threading.Thread(target=until_heard)
    taking_back.start()
    try:
        assert code_of(scanner) == "cancelled"
    finally:
        ends.set()
        taking_back.join()


def test_switched_off_and_on(peer: SimulatedScanner, scanner: EsclScanner) -> None:
    peer.unplug()
    assert scanner.status().state is State.ABSENT
    assert code_of(scanner) == "scanner-absent"
    peer.plug()
    peer.load(PAGES[:1])
    assert len(scanner.scan()) == 1


@contextmanager
def answering() -> Iterator[tuple[str, type[BaseHTTPRequestHandler]]]:
    class Handler(BaseHTTPRequestHandler):
        body: ClassVar[bytes] = b""
        code: ClassVar[int] = 200

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(self.code)
            self.send_header("Location", self.body[:40].decode("ascii", "ignore").replace("\n", "").replace("\r", ""))
            self.end_headers()
            self.wfile.write(self.body)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/eSCL", Handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_WORDS = st.sampled_from(["Idle", "ScannerAdfLoaded", "ScannerAdfJam", "ScannerAdfEmpty", "", "\x7f", "&#0;", "&x;"])
_XML = st.builds(lambda a, b: f"<s><State>{a}</State><AdfState>{b}</AdfState><Platen/></s>".encode(), _WORDS, _WORDS)
_BOMB = st.just(b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><s>&b;</s>')


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=400), _XML, _BOMB), st.sampled_from([200, 201, 404, 409, 410, 500]))
def test_whatever_is_answered_is_a_clear_error_or_whole_pages(body: bytes, code: int) -> None:
    with answering() as (url, handler):
        handler.body, handler.code = body, code  # type: ignore[attr-defined]
        scanner = EsclScanner(url)
        assert scanner.status().device == "scanner"
        with pytest.raises(ScanFailed):
            scanner.scan()
