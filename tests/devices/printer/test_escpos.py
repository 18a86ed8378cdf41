# SPDX-License-Identifier: Apache-2.0
"""The receipt printer: raster in, paper out, and every way paper can be missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw

from devices.base import State
from devices.errors import PrintFailed
from devices.printer.escpos import NetworkReceiptPrinter
from devices.printer.escpos_simulator import SimulatedReceiptPrinter


@pytest.fixture
def peer() -> Iterator[SimulatedReceiptPrinter]:
    printer = SimulatedReceiptPrinter()
    yield printer
    printer.close()


@pytest.fixture
def printer(peer: SimulatedReceiptPrinter) -> NetworkReceiptPrinter:
    return NetworkReceiptPrinter("127.0.0.1", peer.port)


def strip() -> Image.Image:
    image = Image.new("1", (576, 1400), 1)
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 30, 300, 1300), fill=0)
    draw.line((0, 0, 575, 1399), fill=0, width=9)
    return image


def test_what_comes_out_is_what_went_in(
    peer: SimulatedReceiptPrinter, printer: NetworkReceiptPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    printer.print_image(strip())
    [out] = peer.receipts
    assert out.size == (576, 1400)
    assert out.tobytes() == strip().tobytes()
    assert capsys.readouterr().out == "", "the library must not talk into our output"


@pytest.mark.parametrize(("paper", "state"), [("ok", State.READY), ("low", State.PAPER_LOW)])
def test_paper_that_is_there_prints(
    peer: SimulatedReceiptPrinter, printer: NetworkReceiptPrinter, paper: str, state: State
) -> None:
    peer.paper = paper
    assert printer.status().state is state
    printer.print_image(strip())
    assert len(peer.receipts) == 1


def test_no_paper_is_said_before_printing(peer: SimulatedReceiptPrinter, printer: NetworkReceiptPrinter) -> None:
    peer.paper = "out"
    assert printer.status().state is State.OUT_OF_PAPER
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "out-of-paper"
    assert peer.receipts == []


def test_open_cover(peer: SimulatedReceiptPrinter, printer: NetworkReceiptPrinter) -> None:
    peer.cover_open = True
    assert printer.status().state is State.COVER_OPEN
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "cover-open"


def test_paper_that_ends_in_the_middle_is_no_receipt(
    peer: SimulatedReceiptPrinter, printer: NetworkReceiptPrinter
) -> None:
    peer.runs_out_while_printing = True
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "out-of-paper"
    peer.paper, peer.runs_out_while_printing = "ok", False
    printer.print_image(strip())
    assert len(peer.receipts) == 1


def test_switched_off_and_on(peer: SimulatedReceiptPrinter, printer: NetworkReceiptPrinter) -> None:
    peer.unplug()
    assert printer.status().state is State.ABSENT
    with pytest.raises(PrintFailed) as fault:
        printer.print_image(strip())
    assert fault.value.code == "printer-absent"
    peer.plug()
    printer.print_image(strip())
    assert len(peer.receipts) == 1
