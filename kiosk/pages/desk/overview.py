# SPDX-License-Identifier: Apache-2.0
"""The staff's desk: how sending stands, and what staff do at this terminal beside helping a resident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.frame.state import NetState
from kiosk.pages.desk.sync_card import SyncCard
from kiosk.visit import intents
from kiosk.widgets.tiles import BigTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

TRYING = 8000  # milliseconds that "send now" says it is trying; a dead link may take longer to say so


class DeskPage(Page):
    """What waits to be sent; ways on: forms on paper, a stick, the devices."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._state = NetState("down")
        self._lying = context.orientation == "landscape"
        gap = max(t.gap, t.space(5))
        self.sync = SyncCard(context.now, self)
        tiles = QVBoxLayout()
        tiles.setSpacing(gap)
        ways = (
            (self.tr("扫描纸质申请表"), self.tr("扫一下就登记，不用重填"), "square-code", intents.OpenPaper()),
            (self.tr("U盘收发"), self.tr("没有网时，带走申请，带回回执"), "usb-stick", intents.OpenUsb()),
            (self.tr("设备"), self.tr("好不好用，试一试"), "tools", intents.OpenDevices()),
        )
        for title, detail, icon, intent in ways:
            tile = BigTile(title, detail, icon, self, broad=True)
            tile.setMaximumHeight(t.space(62))
            tile.clicked.connect(lambda _=False, i=intent: self.say(i))
            tiles.addWidget(tile, 1)
        # How sending stands over the ways on; lying, beside them.
        outer: QBoxLayout = QHBoxLayout(self) if self._lying else QVBoxLayout(self)
        outer.setContentsMargins(0, t.space(4), 0, 0)
        outer.setSpacing(gap)
        outer.addWidget(self.sync, 1 if self._lying else 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(tiles, 1 if self._lying else 100)
        if not self._lying:
            outer.addStretch(1)
        self._trying = QTimer(self)
        self._trying.setSingleShot(True)
        self._trying.setInterval(TRYING)
        self._trying.timeout.connect(self.changed)

    @property
    def wide(self) -> bool:
        return True

    def show_state(self, visit: VisitView) -> None:
        """Nothing of a visit is shown here."""

    def set_network(self, state: NetState) -> None:
        before, self._state = self._state, state
        self.sync.set_state(state)
        if _may_send(before) != _may_send(state) or self._trying.isActive():
            self._trying.stop()
            self.changed.emit()

    def title(self) -> str:
        return self.tr("工作台")

    def subtitle(self) -> str:
        return "" if self._lying else self.tr("居民填的都留着，回去接着办")

    def spoken(self) -> str:
        return f"{self.title()}。{self.sync.spoken()}"

    def primary(self) -> ActionSpec | None:
        if not _may_send(self._state):
            return ActionSpec(self.tr("回去"), "check", intent=intents.GoBack())
        if self._trying.isActive():
            return ActionSpec(self.tr("正在联系平台……"), "hourglass", enabled=False)
        return ActionSpec(
            self.tr("现在就上报"), "cloud-upload", intent=intents.SendNow(), run=self._begin_trying, kind="primary"
        )

    def _begin_trying(self) -> None:
        self._trying.start()
        self.changed.emit()


def _may_send(state: NetState) -> bool:
    """Whether asking now is of any use: something waits and is not under way."""
    return bool(state.waiting or state.files) and state.phase != "sending"
