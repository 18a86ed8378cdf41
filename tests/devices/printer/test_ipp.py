# SPDX-License-Identifier: Apache-2.0
"""The A4 driver: the same expectations of our simulated printer and of a real IPP Everywhere printer program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.base import State
from devices.errors import PrintFailed
from devices.printer.ipp import IppPrinter, reasons_state
from devices.printer.ipp_simulator import SimulatedIppPrinter
from devices.printer.supplies import Supply, described, has_paper, low_words, supplies
from tests.devices.printer.stacks import CupsServer, RealPrinter, free_port, until
from tests.fuzzing import examples


@dataclass(frozen=True, slots=True)
class Peer:
    """A printer to print on, how to see what came out, and how to trouble it."""

    uri: str
    printed: Callable[[], list[bytes]]
    real: RealPrinter | None = None
    queue: CupsServer | None = None


@pytest.fixture
def simulated_printer() -> Iterator[SimulatedIppPrinter]:
    printer = SimulatedIppPrinter()
    yield printer
    printer.close()


@pytest.fixture
def real_printer() -> Iterator[Peer]:
    with ExitStack() as stack:
        printer = RealPrinter(stack)
        yield Peer(printer.uri, printer.printed, printer)


@pytest.fixture
def cups_queue() -> Iterator[Peer]:
    with ExitStack() as stack:
        printer = RealPrinter(stack)
        server = CupsServer(stack, printer)
        yield Peer(server.uri, printer.printed, printer, server)


REAL = [pytest.param(name, marks=pytest.mark.real_stack) for name in ("real_printer", "cups_queue")]


@pytest.fixture(params=["simulated", *REAL])
def peer(request: pytest.FixtureRequest) -> Peer:
    if request.param != "simulated":
        found: Peer = request.getfixturevalue(request.param)
        return found
    printer: SimulatedIppPrinter = request.getfixturevalue("simulated_printer")
    return Peer(printer.uri, lambda: printer.printed)


@pytest.fixture(params=REAL)
def troubled(request: pytest.FixtureRequest) -> Peer:
    """Only real stacks, bare and behind a queue."""
    found: Peer = request.getfixturevalue(request.param)
    return found


def one_page() -> bytes:
    """A page that a real filter chain accepts."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), pageCompression=0)
    canvas.drawString(72, 720, "doorstep")
    canvas.save()
    return out.getvalue()


PDF = one_page()


def test_a_job_is_done_when_the_printer_says_so(peer: Peer) -> None:
    printer = IppPrinter(peer.uri)
    assert printer.status().usable
    printer.print_pdf(PDF, "doorstep-receipt-1", timeout=30)
    assert len(peer.printed()) == 1
    assert peer.printed()[0].startswith(b"%PDF")
    printer.print_pdf(PDF, "doorstep-receipt-2", timeout=30)
    assert len(peer.printed()) == 2


def test_no_paper_is_said_and_printing_goes_on_when_there_is_some(troubled: Peer) -> None:
    assert troubled.real is not None
    printer = IppPrinter(troubled.uri)
    troubled.real.paper(0)
    until(lambda: printer.status().state is State.OUT_OF_PAPER, "the printer to say so")
    with pytest.raises(PrintFailed) as fault:
        printer.print_pdf(PDF, "x", timeout=20)
    assert fault.value.code == "out-of-paper"
    assert troubled.printed() == []
    troubled.real.paper(25)
    until(lambda: printer.status().usable, "the printer to see its paper")
    printer.print_pdf(PDF, "x", timeout=30)
    assert len(troubled.printed()) == 1


def test_one_empty_tray_beside_a_full_one_is_only_little_paper(troubled: Peer) -> None:
    assert troubled.real is not None
    printer = IppPrinter(troubled.uri)
    troubled.real.trays(250, 0)
    assert printer.status().state is State.PAPER_LOW
    troubled.real.trays(0, 0)
    assert printer.status().state is State.OUT_OF_PAPER


def test_paper_that_runs_out_under_the_job_takes_it_back(troubled: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.printer.ipp.PATIENCE", 0.5)
    assert troubled.real is not None
    troubled.real.is_slow(True)
    with ThreadPoolExecutor(1, "printing") as pool:
        job = pool.submit(IppPrinter(troubled.uri).print_pdf, PDF, "x", timeout=30)
        troubled.real.paper(0)
        fault = job.exception(40)
    assert isinstance(fault, PrintFailed)
    assert fault.code in ("out-of-paper", "job-aborted")
    if troubled.queue is not None:
        assert troubled.queue.jobs() == ""


def test_a_job_can_be_taken_back(troubled: Peer) -> None:
    assert troubled.real is not None
    troubled.real.is_slow(True)
    printer = IppPrinter(troubled.uri)
    with ThreadPoolExecutor(1, "printing") as pool:
        job = pool.submit(printer.print_pdf, PDF, "x", timeout=30)
        while not job.done():
            printer.cancel()
            time.sleep(0.05)
        fault = job.exception(40)
    assert isinstance(fault, PrintFailed)
    assert fault.code == "job-cancelled"


def test_a_printer_switched_off_behind_a_queue_is_absent(cups_queue: Peer) -> None:
    assert cups_queue.real is not None
    printer = IppPrinter(cups_queue.uri)
    cups_queue.real.unplug()
    assert printer.status().state is State.ABSENT
    with pytest.raises(PrintFailed) as fault:
        printer.print_pdf(PDF, "x", timeout=20)
    assert fault.value.code == "printer-absent"
    cups_queue.real.plug()
    printer.print_pdf(PDF, "x", timeout=30)
    assert len(cups_queue.printed()) == 1


def test_toner_that_runs_low_is_said_and_prints(real_printer: Peer) -> None:
    assert real_printer.real is not None
    real_printer.real.toner(7)
    printer = IppPrinter(real_printer.uri)
    found = printer.status()
    assert found.usable
    assert "7 %" in found.detail
    printer.print_pdf(PDF, "x", timeout=20)


def test_a_job_that_the_printer_fails_is_not_done(real_printer: Peer) -> None:
    assert real_printer.real is not None
    real_printer.real.fails(True)
    with pytest.raises(PrintFailed) as fault:
        IppPrinter(real_printer.uri).print_pdf(PDF, "x", timeout=20)
    assert fault.value.code == "job-aborted"
    assert real_printer.printed() == []


def test_rows_that_say_nothing_are_nothing() -> None:
    assert described(["", "level=7", "class=supplyThatIsConsumed;level=x;type"]) == (Supply("", None),)
    assert has_paper([]) is None
    assert has_paper(["mediafeed=0;level=5", "garbage"]) is None
    assert has_paper(["mediafeed=29700;level=0", "mediafeed=29700;level=-3"]) is True


@pytest.mark.parametrize("level", [-1, -2, 101, "x", None, True])
def test_a_level_that_is_no_level_is_unknown(level: object) -> None:
    assert supplies(["Black"], [level]) == (Supply("Black", None),)
    assert low_words(supplies(["Black", "Waste"], [3, 1])) == "Black 3 %"


@settings(max_examples=examples(60), deadline=None)
@given(body=st.binary(max_size=400), head=st.booleans())
def test_whatever_answers_is_a_status_or_a_clear_error(body: bytes, head: bool) -> None:
    with answering((b"\x02\x00\x00\x00\x00\x00\x00\x01" if head else b"") + body) as uri:
        printer = IppPrinter(uri)
        assert printer.status().device == "printer"
        with pytest.raises(PrintFailed):
            printer.print_pdf(PDF, "x", timeout=1)


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Type", "application/ipp")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"ipp://127.0.0.1:{server.server_port}/ipp/print"
    server.shutdown()
    server.server_close()
    thread.join()


def test_no_printer_says_what_to_check() -> None:
    printer = IppPrinter(f"ipp://127.0.0.1:{free_port()}/ipp/print")
    assert printer.status().state is State.ABSENT
    with pytest.raises(PrintFailed, match="check that it is on") as fault:
        printer.print_pdf(PDF, "x")
    assert fault.value.code == "printer-absent"


@pytest.mark.parametrize(
    ("reason", "state", "code"),
    [
        ("media-empty-error", State.OUT_OF_PAPER, "out-of-paper"),
        ("media-jam-error", State.JAM, "jam"),
        ("cover-open-error", State.COVER_OPEN, "cover-open"),
    ],
)
def test_what_stops_a_printer_is_seen_before_the_job(
    simulated_printer: SimulatedIppPrinter, reason: str, state: State, code: str
) -> None:
    simulated_printer.set_reasons(reason)
    printer = IppPrinter(simulated_printer.uri)
    assert printer.status().state is state
    with pytest.raises(PrintFailed) as fault:
        printer.print_pdf(PDF, "x", timeout=5)
    assert fault.value.code == code
    simulated_printer.set_reasons()
    printer.print_pdf(PDF, "x", timeout=5)
    assert simulated_printer.printed == [PDF]


def test_a_job_given_up_by_the_printer_is_not_done(simulated_printer: SimulatedIppPrinter) -> None:
    simulated_printer.abort_jobs(True)
    with pytest.raises(PrintFailed) as fault:
        IppPrinter(simulated_printer.uri).print_pdf(PDF, "x", timeout=5)
    assert fault.value.code == "job-aborted"


def test_paper_low_still_prints(simulated_printer: SimulatedIppPrinter) -> None:
    simulated_printer.set_reasons("media-low-warning")
    printer = IppPrinter(simulated_printer.uri)
    assert printer.status().state is State.PAPER_LOW
    printer.print_pdf(PDF, "x", timeout=5)
    assert simulated_printer.printed == [PDF]


@pytest.mark.parametrize("suffix", ["", "-report", "-warning", "-error"])
def test_suffixes_do_not_matter(suffix: str) -> None:
    assert reasons_state([f"media-jam{suffix}"]) == (State.JAM, "jam")
    assert reasons_state(["none"]) == (State.READY, "")
