# SPDX-License-Identifier: Apache-2.0
"""What can be printed here, and how the printing goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from kiosk.frame.page import Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from kiosk.visit.view import VisitView


class PrintPage(Page):
    """Three things to print, each leading to where it is chosen."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(max(t.gap, t.space(5)))
        ways = (
            (self.tr("材料清单"), self.tr("先选一件事，再打印要带的东西"), "checklist", intents.OpenChoose("print")),
            (self.tr("空白申请表"), self.tr("拿回家用笔填，一样收"), "file-text", intents.OpenChoose("print")),
            (self.tr("补打回执"), self.tr("放身份证，或输 12 位编号"), "receipt", intents.Track(None)),
        )
        for title, detail, icon, intent in ways:
            tile = ChoiceTile(title, detail, icon, self)
            tile.setMinimumHeight(t.space(34 if context.orientation == "landscape" else 56))
            tile.clicked.connect(lambda _=False, i=intent: self.say(i))
            column.addWidget(tile)
        self._note = Note("waiting", "", "", self, icon="printer-off")
        self._note.hide()
        column.addWidget(self._note)
        column.addStretch(1)

    def show_state(self, visit: VisitView) -> None:
        """What is printing is shown where it was asked for; nothing of a visit is shown here."""

    def set_devices(self, statuses: tuple[DeviceStatus, ...]) -> None:
        printers = [s for s in statuses if s.device == "printer"]
        ready = all(s.state.name in ("READY", "BUSY", "PAPER_LOW") for s in printers)
        self._note.set_words(self.tr("打印机现在用不了"), self.tr("可以先看指南、拍下来，或者叫工作人员看一下打印机。"))
        self._note.setVisible(not ready)

    def title(self) -> str:
        return self.tr("要打印什么？")

    def subtitle(self) -> str:
        return self.tr("在这里打印不要钱")

    def help_text(self) -> str:
        return self.tr("选好以后，从打印机下面取纸。没打出来也不要紧，可以再打。")
