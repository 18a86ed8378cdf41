# SPDX-License-Identifier: Apache-2.0
"""No card here: a member of staff witnesses who it is, and enters it by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from kiosk.forms.identity_entry import IdentityEntry
from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Heading

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class NoCardPage(Page):
    """Before staff are here it says what helps; then it is the entry of an identity."""

    shows_message = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        self._stack = QStackedLayout(self)
        self._waiting = QWidget(self)
        column = QVBoxLayout(self._waiting)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        if context.orientation == "portrait":
            column.addWidget(Illustration("village-office", self._waiting), 1)
        column.addWidget(
            Note("info", self.tr("没带也能办：工作人员认识您，或者看户口本，就可以登记"), "", self._waiting)
        )
        card = Card(self._waiting)
        card.column.addWidget(Heading(self.tr("怎么办"), card))
        for words in (
            self.tr("1. 点下面的“叫工作人员”"),
            self.tr("2. 工作人员核对是您本人，在这里输入姓名和号码"),
            self.tr("3. 后面和有身份证一样办，申请上会写明“工作人员核对”"),
        ):
            card.column.addWidget(Body(words, card))
        column.addWidget(card)
        column.addStretch(1)
        self.entry = IdentityEntry(context, self)
        self.entry.changed.connect(self.changed)
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self.entry)

    @property
    def wide(self) -> bool:
        """With the keyboard the page takes the full width in landscape."""
        return self._entering and self.entry.board.wide

    @property
    def _entering(self) -> bool:
        return self._view is not None and self._view.staff is not None

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        if self._entering:
            self.entry.begin((visit.visit_id, "nocard"))
        self._stack.setCurrentWidget(self.entry if self._entering else self._waiting)

    def title(self) -> str:
        return self.tr("请核对是本人，再输入") if self._entering else self.tr("没带身份证")

    def spoken(self) -> str:
        if self._entering:
            return f"{self.title()}。{self.entry.board.spoken()}"
        words = (label.text() for label in self._waiting.findChildren(Body))
        return "。".join((self.title(), *words))

    def help_widget(self) -> QWidget | None:
        return self.entry.board.side() if self._entering else None

    def help_text(self) -> str:
        return self.tr("身份证就在手边的话，放在感应区，不用输入。")

    def primary(self) -> ActionSpec | None:
        if self._entering:
            return ActionSpec(self.tr("下一步"), "arrow-right", run=self._next, icon_after=True)
        return ActionSpec(self.tr("叫工作人员"), "user-question", intent=intents.CallStaff())

    def go_back(self) -> bool:
        return self._entering and self.entry.board.back()

    def _next(self) -> None:
        identity = self.entry.next()
        if identity is not None:
            self.say(intents.ManualIdentity(identity))
