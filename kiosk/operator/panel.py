# SPDX-License-Identifier: Apache-2.0
"""The operator's panel: cards, printers, scanner, network, each with its states as keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.operator.hands import Hands
from kiosk.theme.stylesheet import clothe
from kiosk.theme.tokens import Scale, Tokens
from kiosk.widgets.buttons import SecondaryButton
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Heading, Secondary, Title

if TYPE_CHECKING:
    from contract.identity import Identity
    from devices.simulation import SimulatedDevices

PX_PER_MM = 2.1
"""A mouse at a desk needs less than a finger at a terminal."""


@dataclass(frozen=True, slots=True)
class SampleCard:
    """A card in the operator's hand; `fault` as the simulated reader knows it."""

    label: str
    identity: Identity
    fault: str | None = None


class OperatorPanel(QWidget):
    """Build it after the kiosk's window; closing it ends nothing but itself. `stop()` ends its thread."""

    def __init__(
        self,
        devices: SimulatedDevices,
        cards: Sequence[SampleCard],
        pages: Sequence[Callable[[], bytes]],
        *,
        link_up: Callable[[], None],
        link_down: Callable[[], None],
    ) -> None:
        super().__init__()
        self.tokens = t = Tokens.of(Scale(PX_PER_MM))
        self.setObjectName("Ground")
        clothe(self, t, ground=True)
        self.setWindowTitle(self.tr("操作台"))
        self.hands = Hands(devices)
        self._stopped = False
        self._groups: list[QButtonGroup] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(t.margin, t.margin, t.margin, t.margin)
        self._column.setSpacing(t.space(4))
        self._column.addWidget(Title(self.tr("操作台"), self))
        self._column.addWidget(Secondary(self.tr("模拟的设备和网络，都在这里拨弄"), self))
        self._cards(cards)
        network = self._section(self.tr("网络"))
        self._choice(network, ((self.tr("通"), "wifi", link_up), (self.tr("断"), "wifi-off", link_down)))
        self._printer(self.tr("A4 打印机"), "printer")
        self._printer(self.tr("小票打印机"), "receipt-printer")
        self._scanner(pages)
        reader = self._section(self.tr("读卡器"))
        self._plug(reader, "id-card")
        self._column.addStretch(1)

    def button(self, words: str, section: str = "") -> SecondaryButton:
        """The key that says `words`, in a section where several do. Raises KeyError."""
        for card in self.findChildren(Card):
            if section in ("", card.accessibleName()):
                for button in card.findChildren(SecondaryButton):
                    if button.text() == words:
                        return button
        raise KeyError(words)

    def stop(self) -> None:
        """Ends its thread."""
        self._stopped = True
        self.hands.close()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        # Without the panel nobody could lay a card down: it is only put away while the demo runs.
        if self._stopped:
            event.accept()
        else:
            event.ignore()
            self.showMinimized()

    # --- sections ---------------------------------------------------------------------------------------------

    def _section(self, title: str) -> Card:
        card = Card(self, padding_mm=4)
        card.setAccessibleName(title)
        card.column.addWidget(Heading(title, card))
        self._column.addWidget(card)
        return card

    def _cards(self, cards: Sequence[SampleCard]) -> None:
        card = self._section(self.tr("身份证"))
        grid = QGridLayout()
        grid.setSpacing(self.tokens.space(3))
        for place, sample in enumerate(cards):
            button = SecondaryButton(sample.label, "id", card)
            button.clicked.connect(partial(self._present, sample))
            grid.addWidget(button, place // 2, place % 2)
        away = SecondaryButton(self.tr("拿走身份证"), "hand-finger", card, bold=True)
        away.clicked.connect(lambda: self.hands.take_card())
        grid.addWidget(away, (len(cards) + 1) // 2, 0, 1, 2)
        card.column.addLayout(grid)

    def _present(self, sample: SampleCard, _checked: bool = False) -> None:
        self.hands.present(sample.identity, sample.fault)

    def _printer(self, title: str, device: str) -> None:
        card = self._section(title)
        states = ((self.tr("有纸"), "ok"), (self.tr("纸少"), "low"), (self.tr("没纸"), "out"))
        self._choice(card, tuple((words, "", partial(self.hands.paper, device, state)) for words, state in states))
        self._plug(card, device)

    def _scanner(self, pages: Sequence[Callable[[], bytes]]) -> None:
        card = self._section(self.tr("扫描仪"))
        row = QHBoxLayout()
        row.setSpacing(self.tokens.space(3))
        for words, count in ((self.tr("放一页纸"), 1), (self.tr("放两页纸"), 2)):
            button = SecondaryButton(words, "file-plus", card)
            button.clicked.connect(partial(self._lay, tuple(pages[:count])))
            row.addWidget(button)
        card.column.addLayout(row)
        self._plug(card, "scanner")

    def _lay(self, pages: Sequence[Callable[[], bytes]], _checked: bool = False) -> None:
        self.hands.lay_pages(pages)

    def _plug(self, card: Card, device: str) -> None:
        ways = ((self.tr("插上"), "plug", True), (self.tr("拔掉"), "x", False))
        self._choice(card, tuple((words, icon, partial(self.hands.plug, device, on)) for words, icon, on in ways))

    def _choice(self, card: Card, ways: Sequence[tuple[str, str, Callable[[], None]]]) -> None:
        """Keys of which one holds; the first at the beginning."""
        row = QHBoxLayout()
        row.setSpacing(self.tokens.space(3))
        group = QButtonGroup(card)
        self._groups.append(group)
        for place, (words, icon, act) in enumerate(ways):
            button = SecondaryButton(words, icon, card, checkable=True)
            button.setChecked(place == 0)
            button.clicked.connect(lambda _=False, a=act: a())
            group.addButton(button)
            row.addWidget(button)
        card.column.addLayout(row)
