# SPDX-License-Identifier: Apache-2.0
"""The A4 driver: the same expectations of our simulated printer and of a real IPP Everywhere printer program."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devices.base import State
from devices.errors import PrintFailed
from devices.printer.ipp import IppPrinter, reasons_state
from devices.printer.ipp_simulator import SimulatedIppPrinter

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Peer:
    """A printer to print on, and how to see what came out."""

    uri: str
    printed: Callable[[], list[bytes]]


@pytest.fixture
def simulated_printer() -> Iterator[SimulatedIppPrinter]:
    printer = SimulatedIppPrinter()
    yield printer
    printer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def real_printer(tmp_path: Path) -> Iterator[Peer]:
    """`ippeveprinter` on loopback, with a message bus of its own (it will not start without one)."""
    assert shutil.which("ippeveprinter"), "the package cups-ipp-utils is missing; `make setup` installs it"
    spool, bus = tmp_path / "spool", tmp_path / "bus"
    spool.mkdir()
    keeper = tmp_path / "keep.sh"
    keeper.write_text(f'#!/bin/sh\ncp "$1" "{tmp_path}/printed-$$.pdf"\n')
    keeper.chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        command = ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={bus}"]
        started.append(subprocess.Popen(command, **quiet))  # type: ignore[call-overload]
        _until(bus.exists, "the message bus")
        port = _free_port()
        command = ["ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(port)]
        command += ["-d", str(spool), "-c", str(keeper), "-f", "application/pdf", "Test A4"]
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
        started.append(subprocess.Popen(command, env=environment, **quiet))  # type: ignore[call-overload]
        uri = f"ipp://localhost:{port}/ipp/print"
        _until(lambda: IppPrinter(uri).status().state is not State.ABSENT, "the printer")
        yield Peer(uri, lambda: [p.read_bytes() for p in sorted(tmp_path.glob("printed-*.pdf"))])
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(10)


def _until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, f"{what} did not start"
        time.sleep(0.05)


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.real_stack)])
def peer(request: pytest.FixtureRequest) -> Peer:
    if request.param == "real":
        real: Peer = request.getfixturevalue("real_printer")
        return real
    printer: SimulatedIppPrinter = request.getfixturevalue("simulated_printer")
    return Peer(printer.uri, lambda: printer.printed)


def test_a_job_is_done_when_the_printer_says_so(peer: Peer) -> None:
    printer = IppPrinter(peer.uri)
    assert printer.status().usable
    printer.print_pdf(PDF, "doorstep-receipt-1", timeout=20)
    assert peer.printed() == [PDF]
    printer.print_pdf(PDF, "doorstep-receipt-2", timeout=20)
    assert len(peer.printed()) == 2


def test_no_printer_says_what_to_check() -> None:
    printer = IppPrinter(f"ipp://127.0.0.1:{_free_port()}/ipp/print")
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
