# SPDX-License-Identifier: Apache-2.0
"""Simulated devices fail at the answer they are told to, and at random with a seed that brings the same again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from devices.base import State
from devices.code_scanner import SerialCodeScanner
from devices.code_simulator import SimulatedCodeScanner
from devices.errors import CardError, DeviceError, PrintFailed, ReaderError, ScanFailed
from devices.events import CardPresented, PrintFinished, ScanFinished
from devices.faults import Faults
from devices.id_card import sam_reader
from devices.id_card.serial_reader import serial_reader
from devices.id_card.simulator import SimulatedSamReader
from devices.id_card.usb_reader import usb_reader
from devices.id_card.usb_simulator import SimulatedUsbReader
from devices.manager import DeviceManager
from devices.printer import escpos_lines, ipp
from devices.printer.escpos import network_printer, serial_printer, usb_printer
from devices.printer.escpos_simulator import SimulatedReceiptPrinter, SimulatedSerialPrinter
from devices.printer.ipp import IppPrinter
from devices.printer.ipp_simulator import SimulatedIppPrinter
from devices.printer.usb_simulator import SimulatedUsbPrinter
from devices.scanner.escl import EsclScanner
from devices.scanner.simulator import SimulatedScanner
from devices.simulation import SimulatedDevices
from tests.devices.conftest import Heard, person
from tests.devices.rigs import until

PDF = b"%PDF-1.4\n%%EOF\n"
PAGE = b"\xff\xd8one\xff\xd9"


def drawn(faults: Faults, answers: int) -> list[str | None]:
    return [faults.next() for _ in range(answers)]


def test_a_fault_comes_at_its_answer_and_only_there() -> None:
    faults = Faults(["silent", "half"])
    drawn(faults, 3)
    faults.once("half", after=2)
    assert drawn(faults, 5) == [None, None, "half", None, None]
    assert (faults.answers, faults.told) == (8, [(5, "half")])


def test_the_same_seed_brings_the_same_faults_and_another_brings_others() -> None:
    first, second, other = (Faults(["silent", "half", "garbage"]) for _ in range(3))
    first.randomly(7, 0.3)
    second.randomly(7, 0.3)
    other.randomly(8, 0.3)
    came = drawn(first, 400)
    assert came == drawn(second, 400) != drawn(other, 400)
    assert set(came) == {None, "silent", "half", "garbage"}
    assert 80 < len(first.told) < 160
    first.clear()
    assert set(drawn(first, 50)) == {None}


def test_a_kind_or_share_that_cannot_be_is_refused() -> None:
    faults = Faults(["silent"])
    with pytest.raises(ValueError, match="explode"):
        faults.once("explode")
    with pytest.raises(ValueError, match="0 to 1"):
        faults.randomly(1, 2.0)
    with pytest.raises(ValueError, match="explode"):
        faults.randomly(1, 0.5, ["explode"])


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos_lines, "TIMEOUT", 0.15)
    monkeypatch.setattr(ipp, "PATIENCE", 0.1)
    monkeypatch.setattr(sam_reader, "SHORT", 0.3)
    monkeypatch.setattr(sam_reader, "LONG", 0.3)


def code_of(work: Callable[[], Any], kind: type[DeviceError] | tuple[type[DeviceError], ...]) -> str:
    try:
        work()
    except kind as fault:
        return fault.code
    return "done"


@pytest.mark.parametrize("way", ["serial", "usb"])
def test_every_fault_of_a_card_reader_at_every_answer(ends: ExitStack, way: str) -> None:
    """Reading asks three times: select, base, address. A fault of the address is survived, except a pulled plug."""
    wanted = {
        "silent": "reader-silent",
        "silent-mid-frame": "reader-silent",
        "checksum": "reader-checksum",
        "garbage": "done",
        "card-unknown": "card-unknown",
        "card-read-failed": "card-read-failed",
        "unlicensed": "reader-unlicensed",
        "unplug": "reader-absent",
    }
    for kind, code in wanted.items():
        for after in range(3):
            if way == "serial":
                line = SimulatedSamReader()
                ends.callback(line.close)
                peer: SimulatedSamReader | SimulatedUsbReader = line
                driver = serial_reader(line.port)
            else:
                peer = SimulatedUsbReader()
                driver = usb_reader(backend=peer)
            driver.open()
            peer.present_card(person())
            peer.faults.once(kind, after)
            found = code_of(driver.read, (CardError, ReaderError))
            driver.close()
            assert found == ("done" if after == 2 and kind != "unplug" else code), (kind, after)


def receipt_peer(way: str, folder: Path) -> tuple[Any, Any]:
    if way == "network":
        peer = SimulatedReceiptPrinter()
        return peer, network_printer("127.0.0.1", peer.port)
    if way == "serial":
        line = SimulatedSerialPrinter(folder)
        return line, serial_printer(line.port)
    bus = SimulatedUsbPrinter()
    return bus, usb_printer(backend=bus)


@pytest.mark.parametrize("way", ["network", "serial", "usb"])
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("silent", "timeout"),
        ("garbage", "printer-fault"),
        ("out-of-paper", "out-of-paper"),
        ("cover-open", "cover-open"),
        ("unplug", "printer-absent"),
    ],
)
def test_every_fault_of_a_receipt_printer_before_and_while_it_prints(
    ends: ExitStack, tmp_path: Path, way: str, kind: str, code: str
) -> None:
    peer, driver = receipt_peer(way, tmp_path)
    ends.callback(peer.close)
    for after in range(3):  # cover, paper, the strip
        peer.faults.once(kind, after)
        before = len(peer.receipts)
        found = code_of(lambda: driver.print_image(Image.new("1", (576, 80), 0)), PrintFailed)
        if (kind, after) == ("cover-open", 1):  # the cover opened right after it was asked for: found by the strip
            assert found in (code, "timeout")
        else:
            assert found == code, after
        if code in ("out-of-paper", "cover-open", "printer-absent"):
            assert len(peer.receipts) == before, "what was not printed is not out"
        peer.paper, peer.cover_open = "ok", False
        peer.unplug()
        peer.plug()
        driver.print_image(Image.new("1", (576, 80), 0))


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("silent", {"printer-absent"}),
        ("garbage", {"printer-fault"}),
        ("half", {"printer-absent", "printer-fault"}),
        ("aborted", {"job-aborted"}),
        ("out-of-paper", {"out-of-paper"}),
        ("jam", {"jam"}),
        ("cover-open", {"cover-open"}),
        ("unplug", {"printer-absent"}),
    ],
)
def test_every_fault_of_a_printer_in_the_middle_of_its_job(ends: ExitStack, kind: str, codes: set[str]) -> None:
    peer = SimulatedIppPrinter()
    ends.callback(peer.close)
    driver = IppPrinter(peer.uri)
    peer.faults.once(kind, after=1)  # the question how it is was well answered; then comes the job
    assert code_of(lambda: driver.print_pdf(PDF, "x", timeout=5), PrintFailed) in codes
    peer.plug()
    peer.set_reasons()
    driver.print_pdf(PDF, "x", timeout=5)
    assert peer.printed[-1] == PDF


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("jam", "jam"), ("cover-open", "cover-open"), ("mute", "scanner-absent"), ("garbage", "scanner-fault"),
        ("half", "scanner-fault"), ("busy", "done"), ("unplug", "scanner-absent"),
    ],
)  # fmt: skip
def test_every_fault_of_a_scanner_in_the_middle_of_its_pages(ends: ExitStack, kind: str, code: str) -> None:
    peer = SimulatedScanner()
    ends.callback(peer.close)
    peer.load([PAGE, PAGE, PAGE])
    driver = EsclScanner(peer.url)
    peer.faults.once(kind, after=3)  # state, job and first page were well
    assert code_of(driver.scan, ScanFailed) == code
    peer.plug()
    peer.fault = None
    peer.load([PAGE])
    assert [page.data for page in driver.scan()] == [PAGE]


def test_every_fault_of_a_code_scanner_loses_a_code_and_no_other(ends: ExitStack, tmp_path: Path) -> None:
    peer = SimulatedCodeScanner(tmp_path)
    ends.callback(peer.close)
    driver = SerialCodeScanner(peer.port)
    driver.codes()
    for kind in peer.faults.kinds:
        peer.faults.once(kind)
        peer.read("004210001375")
        gone = kind == "unplug"
        until(lambda: driver.codes() == [] and (not gone or driver.status().state is State.ABSENT))  # noqa: B023
        peer.plug()
        until(lambda: driver.codes() == [] and driver.status().state is State.READY)
        peer.send(b"\r")  # whatever was half sent ends here
        peer.read("whole")
        found: list[str] = []
        until(lambda: bool(found.extend(driver.codes()) or "whole" in found))  # noqa: B023
        assert found[-1] == "whole", kind
        assert "004210001375" not in found
    driver.close()


def test_a_whole_desk_fails_by_one_seed(simulated: SimulatedDevices) -> None:
    simulated.fail_randomly(11, 1.0)
    scanner = EsclScanner(simulated.scanner.url)
    assert code_of(scanner.scan, ScanFailed) != "done"
    assert simulated.faults("scanner").told
    simulated.fail_randomly(11, 0.0)
    simulated.scanner.fault = None
    simulated.load_pages([PAGE])
    assert len(scanner.scan()) == 1


def test_under_faults_at_random_every_job_ends_and_afterwards_all_is_well(
    manager: DeviceManager, simulated: SimulatedDevices, heard: Heard
) -> None:
    simulated.fail_randomly(5, 0.3)
    ends = 0
    for count in range(6):
        simulated.scanner.fault = None
        simulated.load_pages([PAGE])
        manager.print_document(f"a{count}", PDF, "x")
        manager.print_receipt(f"r{count}", Image.new("1", (576, 40), 0))
        manager.scan(f"s{count}")
        over = {f"a{count}", f"r{count}", f"s{count}"}
        while over:
            end = heard.wait((PrintFinished, ScanFinished))  # type: ignore[arg-type]
            assert end.ok != bool(end.code)  # type: ignore[attr-defined]
            over.discard(end.job_id)  # type: ignore[attr-defined]
            ends += 1
    assert ends == 18
    assert any(simulated.faults(device).told for device in ("printer", "receipt-printer", "scanner"))
    simulated.fail_randomly(5, 0.0)
    simulated.scanner.fault = None
    simulated.present_card(person())
    until(lambda: {s.state for s in manager.statuses()} == {State.READY})
    heard.wait(CardPresented)
