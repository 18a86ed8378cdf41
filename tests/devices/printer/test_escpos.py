# SPDX-License-Identifier: Apache-2.0
"""The receipt printer: raster in, paper out, and every way paper can be missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from devices.base import State
from devices.errors import PrintFailed
from devices.printer import escpos_lines
from devices.printer.escpos import EscposPrinter, network_printer, serial_printer, usb_printer
from devices.printer.escpos_engine import EscposEngine
from devices.printer.escpos_simulator import SimulatedReceiptPrinter, SimulatedSerialPrinter
from devices.printer.usb_simulator import SimulatedUsbPrinter

Peer = SimulatedReceiptPrinter | SimulatedSerialPrinter | SimulatedUsbPrinter


@pytest.fixture(params=["network", "serial", "usb"])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    made: Peer
    if request.param == "network":
        made = SimulatedReceiptPrinter()
    else:
        made = SimulatedUsbPrinter() if request.param == "usb" else SimulatedSerialPrinter(tmp_path)
    yield made
    made.close()


@pytest.fixture
def printer(peer: Peer) -> EscposPrinter:
    if isinstance(peer, SimulatedUsbPrinter):
        return usb_printer(backend=peer)
    if isinstance(peer, SimulatedSerialPrinter):
        return serial_printer(peer.port)
    return network_printer("127.0.0.1", peer.port)


def strip() -> Image.Image:
    image = Image.new("1", (576, 1400), 1)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 30, 300, 1300), fill=0)
    draw.line((0, 0, 575, 1399), fill=0, width=9)
    return image


def test_what_comes_out_is_what_went_in(peer: Peer, printer: EscposPrinter, capsys: pytest.CaptureFixture[str]) -> None:
    printer.print_image(strip())
    [out] = peer.receipts
    assert out.size == (576, 1400)
    assert out.tobytes() == strip().tobytes()
    assert capsys.readouterr().out == "", "the library must not talk into our output"


@pytest.mark.parametrize(("paper", "state"), [("ok", State.READY), ("low", State.PAPER_LOW)])
def test_paper_that_is_there_prints(peer: Peer, printer: EscposPrinter, paper: str, state: State) -> None:
    peer.paper = paper
    assert printer.status().state is state
    printer.print_image(strip())
    assert len(peer.receipts) == 1


def test_no_paper_is_said_before_printing(peer: Peer, printer: EscposPrinter) -> None:
    peer.paper = "out"
    assert printer.status().state is State.OUT_OF_PAPER
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "out-of-paper"
    assert peer.receipts == []


def test_open_cover(peer: Peer, printer: EscposPrinter) -> None:
    peer.cover_open = True
    assert printer.status().state is State.COVER_OPEN
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "cover-open"


def test_paper_that_ends_in_the_middle_is_no_receipt(peer: Peer, printer: EscposPrinter) -> None:
    peer.runs_out_while_printing = True
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "out-of-paper"
    peer.paper, peer.runs_out_while_printing = "ok", False
    printer.print_image(strip())
    assert len(peer.receipts) == 1


def test_switched_off_and_on(peer: Peer, printer: EscposPrinter) -> None:
    peer.unplug()
    assert printer.status().state is State.ABSENT
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "printer-absent"
    peer.plug()
    printer.print_image(strip())
    assert len(peer.receipts) == 1


@pytest.mark.parametrize("after", [0, 40, 30_000])
def test_a_printer_that_goes_in_the_middle_gave_no_receipt(peer: Peer, printer: EscposPrinter, after: int) -> None:
    peer.goes_after = after
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code in ("printer-absent", "timeout")
    assert peer.receipts == []
    peer.unplug()
    peer.plug()
    printer.print_image(strip())
    assert len(peer.receipts) == 1


def test_a_silent_printer_is_given_up(peer: Peer, printer: EscposPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escpos_lines, "TIMEOUT", 0.2)
    peer.fault = "silent"
    assert printer.status().state is State.FAULT
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "timeout"


def test_answers_that_make_no_sense_are_a_fault_and_no_receipt(peer: Peer, printer: EscposPrinter) -> None:
    peer.fault = "garbage"
    assert printer.status().state is State.FAULT
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "printer-fault"


class _Answering:
    """A way to a printer that answers with these bytes, and then not at all."""

    def __init__(self, answers: bytes) -> None:
        self._answers = list(answers)

    def open(self) -> _Answering:
        return self

    def send(self, data: bytes) -> None:
        del data

    def receive(self) -> int:
        if not self._answers:
            raise PrintFailed("timeout", "no more")
        return self._answers.pop(0)

    def close(self) -> None:
        pass


@given(st.binary(max_size=6))
def test_whatever_is_answered_is_a_status_or_a_clear_error(answers: bytes) -> None:
    assert EscposPrinter(_Answering(answers)).status().device == "receipt-printer"
    try:
        EscposPrinter(_Answering(answers)).print_image(Image.new("1", (576, 8), 0))
    except PrintFailed:
        return
    assert len(answers) >= 3, "only a printer that confirmed has printed"


@given(st.binary(max_size=300))
def test_the_simulated_printer_takes_any_bytes(data: bytes) -> None:
    assert len(EscposEngine().feed(data)) <= len(data)
