# SPDX-License-Identifier: Apache-2.0
"""The home screen: apply, see how it stands, read the guide, print, complain, find a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kiosk.frame.page import Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import BigTile

if TYPE_CHECKING:
    from kiosk.visit.intents import Touch
    from kiosk.visit.view import VisitView


class HomePage(Page):
    """Six ways on, the most wanted one largest."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        grid = QGridLayout(self)
        grid.setContentsMargins(0, t.space(2), 0, 0)
        grid.setSpacing(max(t.gap, t.space(5)))
        count = len(context.catalogue.items)
        apply = self._tile(
            self.tr("办事"),
            self.tr("申请、登记、认证，{count} 件事").format(count=count),
            "file-pencil",
            intents.OpenChoose("apply"),
            emphatic=True,
        )
        grid.addWidget(apply, 0, 0, 1, 2)
        track = self._tile(self.tr("查进度"), self.tr("放身份证，或输 12 位编号"), "list-search", intents.Track(None))
        guide = self._tile(self.tr("办事指南"), self.tr("要带什么、多久、多少钱"), "book", intents.OpenChoose("guide"))
        printing = self._tile(self.tr("打印"), self.tr("清单、空白表、回执"), "printer", intents.OpenPrint())
        complain = self._tile(
            self.tr("评价和投诉"), self.tr("说句话，有回音"), "message-2-heart", intents.OpenComplaint()
        )
        for index, tile in enumerate((track, guide, printing, complain)):
            grid.addWidget(tile, 1 + index // 2, index % 2)
        self._person = self._tile(
            self.tr("找人帮忙"), self.tr("不会用、看不清、有话要问"), "heart-handshake", intents.CallStaff(), broad=True
        )
        for row, share in enumerate((3, 3, 3, 2)):
            grid.setRowStretch(row, share if row < 3 or not landscape else 0)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._help: QWidget | None = None
        if landscape:
            self._help = self._side()
        else:
            grid.addWidget(self._person, 3, 0, 1, 2)

    def _tile(
        self, title: str, detail: str, icon: str, intent: Touch, *, emphatic: bool = False, broad: bool = False
    ) -> BigTile:
        tile = BigTile(title, detail, icon, self, emphatic=emphatic, broad=broad or emphatic)
        tile.clicked.connect(lambda _=False, i=intent: self.say(i))
        return tile

    def _side(self) -> QWidget:
        t = self.tokens
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(max(t.gap, t.space(5)))
        column.addWidget(Illustration("village-office", side), 3)
        if self.context.station.notice:
            notice = self.context.text(self.context.station.notice)
            column.addWidget(Note("waiting", notice, "", side, icon="speakerphone"))
        column.addWidget(self._person, 2)
        return side

    def show_state(self, visit: VisitView) -> None:
        """The home screen is the same for everybody."""

    def title(self) -> str:
        return self.tr("您要做什么？")

    def spoken(self) -> str:
        return self.tr("您要做什么？办事、查进度、看指南、打印、评价和投诉，都在这里。要人帮忙，就点叫工作人员。")

    def help_widget(self) -> QWidget | None:
        return self._help
