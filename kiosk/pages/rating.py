# SPDX-License-Identifier: Apache-2.0
"""How was it? Five faces with words, or none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class RatingPage(Page):
    """One touch rates and ends the visit; skipping is as easy."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        columns = 2 if context.orientation == "landscape" else 1
        grid = QGridLayout(self)
        grid.setContentsMargins(0, t.space(2), 0, 0)
        grid.setSpacing(t.gap)
        levels = (
            (5, self.tr("非常满意"), "heart"),
            (4, self.tr("满意"), "mood-happy"),
            (3, self.tr("一般"), "mood-neutral"),
            (2, self.tr("不满意"), "mood-empty"),
            (1, self.tr("非常不满意"), "mood-sad"),
        )
        for place, (level, words, icon) in enumerate(levels):
            tile = ChoiceTile(words, "", icon, self, mark="none")
            tile.setMinimumHeight(t.space(25 if context.orientation == "landscape" else 34))
            tile.clicked.connect(lambda _=False, n=level: self.say(intents.Rated(n)))
            grid.addWidget(tile, place // columns, place % columns)
        grid.setRowStretch(len(levels), 1)

    def show_state(self, visit: VisitView) -> None:
        """Nothing of the visit is shown here."""

    def title(self) -> str:
        return self.tr("今天办得怎么样？")

    def subtitle(self) -> str:
        return self.tr("点一下就行，也可以不评")

    def help_text(self) -> str:
        return self.tr("评不评都可以，不影响办事。有话要说，可以在首页点“评价投诉”。")

    def secondary(self) -> tuple[ActionSpec, ...]:
        return (ActionSpec(self.tr("不评了，办完"), "check", intent=intents.Rated(None), kind="secondary"),)
