# SPDX-License-Identifier: Apache-2.0
"""Who it is for: oneself, a person who could not come, a child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QVBoxLayout

from contract.checking import eligible
from contract.items import ServiceItem
from kiosk.frame.page import Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.surfaces import Note
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class ApplyForPage(Page):
    """Only the ways this item knows; one touch goes on."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.gap)
        self.own = self._tile(self.tr("给自己办"), "", "user", "self")
        self.other = self._tile(self.tr("替别人办"), self.tr("家里人、邻居来不了。要带上他的身份证"), "users", "other")
        self.child = self._tile(
            self.tr("给孩子办"), self.tr("不满 18 岁，由爸爸妈妈或其他监护人来办"), "mood-happy", "child"
        )
        for tile in (self.own, self.other, self.child):
            column.addWidget(tile)
        self._alone = Note("info", self.tr("这件事要本人来办，不能请人代办。"), "", self)
        column.addWidget(self._alone)
        column.addStretch(1)

    def _tile(self, title: str, detail: str, icon: str, whom: Literal["self", "other", "child"]) -> ChoiceTile:
        tile = ChoiceTile(title, detail, icon, self)
        tile.setMinimumHeight(self.tokens.space(30 if self.context.orientation == "landscape" else 44))
        tile.clicked.connect(lambda _=False: self.say(intents.ApplyFor(whom)))
        return tile

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        item = visit.item
        self.other.setVisible(item is not None and item.agent_allowed)
        self.child.setVisible(item is not None and _for_children(item))
        self._alone.setVisible(item is not None and not item.agent_allowed)

    def title(self) -> str:
        return self.tr("给谁办？")

    def subtitle(self) -> str:
        if self._view is None or self._view.holder is None:
            return ""
        return self.tr("读到的是：{name}").format(name=self._view.holder.name)

    def spoken(self) -> str:
        tiles = (tile.accessibleName() for tile in (self.own, self.other, self.child) if tile.isVisibleTo(self))
        return "。".join((self.title(), *tiles))

    def help_text(self) -> str:
        return self.tr("替别人办，两个人的身份证都要读。")


def _for_children(item: ServiceItem) -> bool:
    """A guardian may hand in for a child wherever an agent may, unless the item is for grown-ups only."""
    grown_ups = "age" in item.eligibility and not eligible(item, {"age": 10})
    return item.minor or (item.agent_allowed and not grown_ups)
