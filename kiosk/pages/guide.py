# SPDX-License-Identifier: Apache-2.0
"""The guide of one item: everything it publishes, in four tabs that page and never scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from contract.items import ServiceItem
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.pages import guide_cards as cards
from kiosk.visit import intents
from kiosk.widgets.buttons import SecondaryButton
from kiosk.widgets.pager import PagedList
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body, Heading
from kiosk.widgets.tiles import TabButton

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

TABS = ("basics", "materials", "process", "law")


class GuidePage(Page):
    """What to bring, how long, how much, by which law, and where to complain; print it, or begin."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._item: ServiceItem | None = None
        self._tab = TABS[0]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(1), 0, 0)
        column.setSpacing(t.space(4))
        tabs = QHBoxLayout()
        tabs.setSpacing(t.space(3))
        self._tabs: dict[str, TabButton] = {}
        self._exclusive = QButtonGroup(self)
        words = (self.tr("要点"), self.tr("带什么"), self.tr("怎么办"), self.tr("依据投诉"))
        for key, word in zip(TABS, words, strict=True):
            tab = TabButton(word, "", self)
            tab.clicked.connect(lambda _=False, k=key: self.look(k))
            self._exclusive.addButton(tab)
            self._tabs[key] = tab
            tabs.addWidget(tab, 1)
        column.addLayout(tabs)
        self.list = PagedList(self, most=6, stretch_mm=6, columns=2 if context.orientation == "landscape" else 1)
        column.addWidget(self.list, 1)
        self.checklist_button = SecondaryButton(self.tr("打印材料清单"), "checklist")
        self.blank_button = SecondaryButton(self.tr("打印空白表"), "file-text")
        self.checklist_button.clicked.connect(lambda: self.say(intents.PrintChecklist()))
        self.blank_button.clicked.connect(lambda: self.say(intents.PrintBlankForm()))
        self._help: QWidget | None = None
        if context.orientation == "landscape":
            self._help = self._side()
        else:
            row = QHBoxLayout()
            row.setSpacing(max(t.gap, t.space(6)))
            row.addWidget(self.checklist_button, 1)
            row.addWidget(self.blank_button, 1)
            column.addLayout(row)

    def _side(self) -> QWidget:
        t = self.tokens
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.gap)
        card = Card(side)
        card.column.addWidget(Heading(self.tr("带回家看"), card))
        words = self.tr("清单和空白表可以打印带走，不要钱。纸质材料一样收，没有手机也能办。")
        card.column.addWidget(Body(words, card))
        column.addWidget(card)
        column.addStretch(1)
        column.addWidget(self.checklist_button)
        column.addWidget(self.blank_button)
        return side

    def show_state(self, visit: VisitView) -> None:
        if visit.item is not None and (self._item is None or self._item.id != visit.item.id):
            self._item = visit.item
            self.look(TABS[0])

    def look(self, tab: str) -> None:
        """Show another tab, from its first page."""
        self._tab = tab
        self._tabs[tab].setChecked(True)
        if self._item is None:
            return
        makers = {
            "basics": cards.basics,
            "materials": cards.materials,
            "process": cards.process,
            "law": cards.law,
        }
        self.list.set_items(makers[tab](self.context, self._item, self.list))

    def title(self) -> str:
        return self.context.text(self._item.name) if self._item else ""

    def subtitle(self) -> str:
        if self._item is None:
            return ""
        words = self.tr("{department} · 指南版本 {version}")
        return words.format(department=self.context.text(self._item.department.name), version=self._item.version)

    def spoken(self) -> str:
        return cards.spoken(self.context, self._item) if self._item else ""

    def help_widget(self) -> QWidget | None:
        return self._help

    def primary(self) -> ActionSpec | None:
        if self._item is None:
            return None
        if self._item.offline == "guide":
            return ActionSpec(self.tr("打印清单带走"), "printer", intent=intents.PrintChecklist())
        start = intents.StartApplication(self._item.id)
        return ActionSpec(self.tr("开始办理"), "arrow-right", intent=start, icon_after=True)
