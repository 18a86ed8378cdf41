# SPDX-License-Identifier: Apache-2.0
"""The operator's panel does to the simulated devices what its keys say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from devices.base import State
from devices.id_card.serial_reader import serial_reader
from devices.printer.escpos import network_printer
from devices.printer.ipp import IppPrinter
from devices.scanner.escl import EsclScanner
from devices.simulation import SimulatedDevices
from kiosk.demo import people
from kiosk.operator.panel import OperatorPanel, SampleCard
from kiosk.widgets.buttons import Button


class Bench:
    """The panel, its devices, and what it did to the link."""

    def __init__(self, devices: SimulatedDevices) -> None:
        self.devices = devices
        self.link: list[str] = []
        cards = [SampleCard("王秀英", people.GRANDMOTHER), SampleCard("坏卡", people.NEIGHBOUR, "card-read-failed")]
        pages = [lambda: b"\xff\xd8one\xff\xd9", lambda: b"\xff\xd8two\xff\xd9"]
        self.panel = OperatorPanel(
            devices, cards, pages, link_up=lambda: self.link.append("up"), link_down=lambda: self.link.append("down")
        )

    def press(self, words: str, section: str = "") -> None:
        self.panel.button(words, section).click()
        self.panel.hands.wait()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    with SimulatedDevices() as devices:
        made = Bench(devices)
        qtbot.addWidget(made.panel)
        made.panel.show()
        yield made
        made.panel.stop()


def test_cards(bench: Bench) -> None:
    reader = serial_reader(str((bench.devices.profile.id_card or {})["port"]))
    reader.open()
    try:
        bench.press("王秀英")
        assert reader.read().identity == people.GRANDMOTHER
        bench.press("拿走身份证")
        assert not reader.present()
    finally:
        reader.close()


def test_network(bench: Bench) -> None:
    bench.press("断", "网络")
    bench.press("通", "网络")
    assert bench.link == ["down", "up"]


def test_paper_and_plugs(bench: Bench) -> None:
    profile = bench.devices.profile
    printer = IppPrinter(str((profile.printer or {})["uri"]))
    slips = network_printer("127.0.0.1", int((profile.receipt or {})["port"]))
    bench.press("没纸", "A4 打印机")
    assert printer.status().state is State.OUT_OF_PAPER
    assert slips.status().state is State.READY
    bench.press("纸少", "小票打印机")
    assert slips.status().state is State.PAPER_LOW
    bench.press("拔掉", "A4 打印机")
    assert printer.status().state is State.ABSENT
    bench.press("插上", "A4 打印机")
    bench.press("有纸", "A4 打印机")
    assert printer.status().state is State.READY


def test_pages(bench: Bench) -> None:
    scanner = EsclScanner(str((bench.devices.profile.scanner or {})["url"]))
    bench.press("放两页纸")
    assert [page.data for page in scanner.scan()] == [b"\xff\xd8one\xff\xd9", b"\xff\xd8two\xff\xd9"]


def test_every_key_says_something_and_has_no_default_look(bench: Bench) -> None:
    bench.panel.grab()
    for button in bench.panel.findChildren(Button):
        assert button.text()
        assert not button.cut
    assert not [label.text() for label in bench.panel.findChildren(QLabel) if label.text().isascii() and label.text()]


def test_closing_only_puts_it_away(bench: Bench) -> None:
    assert not bench.panel.close()
    bench.press("断", "网络")
    assert bench.link == ["down"]
