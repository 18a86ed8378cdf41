# SPDX-License-Identifier: Apache-2.0
"""The staff's desk: what they do at this terminal beside helping a resident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout

from kiosk.pages.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.tiles import BigTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class DeskPage(Page):
    """Ways on: forms on paper, a stick, the devices."""

    name = "desk"
    wide = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        grid = QGridLayout(self)
        grid.setContentsMargins(0, t.space(2), 0, 0)
        grid.setSpacing(max(t.gap, t.space(5)))
        ways = (
            (self.tr("扫描纸质申请表"), self.tr("扫一下就登记，不用重填"), "square-code", intents.OpenPaper()),
            (self.tr("U盘收发"), self.tr("没有网时，带走申请，带回回执"), "usb-stick", intents.OpenUsb()),
            (self.tr("设备"), self.tr("好不好用，试一试"), "tools", intents.OpenDevices()),
        )
        beside = context.orientation == "landscape"
        for place, (title, detail, icon, intent) in enumerate(ways):
            tile = BigTile(title, detail, icon, self, broad=not beside)
            tile.clicked.connect(lambda _=False, i=intent: self.intent.emit(i))
            grid.addWidget(tile, *((0, place) if beside else (place, 0)))
        if not beside:
            grid.setRowStretch(len(ways), 1)

    def show_state(self, visit: VisitView) -> None:
        """Nothing of a visit is shown here."""

    def title(self) -> str:
        return self.tr("工作台")

    def subtitle(self) -> str:
        return self.tr("居民填的都留着，回去接着办")

    def primary(self) -> ActionSpec | None:
        return ActionSpec(self.tr("回去"), "check", intent=intents.GoBack())
