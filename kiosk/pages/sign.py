# SPDX-License-Identifier: Apache-2.0
"""The signature, and what is promised with it. A person who cannot write puts a fingerprint on paper before staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.buttons import SecondaryButton
from kiosk.widgets.signature_pad import SignaturePad
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class SignPage(Page):
    """Sign, or begin anew. Handing in is possible only when something was signed, here or on paper."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._view: VisitView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        self.pad = SignaturePad(self.tr("在这里用手指写名字"), self)
        self.pad.signed.connect(lambda value: self.say(intents.Signed(value)))
        column.addWidget(self.pad, 1)
        self._side = QWidget(self)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(t.space(4))
        promise = Card(self._side)
        self._promise = Body("", promise)
        promise.column.addWidget(self._promise)
        side.addWidget(promise)
        row = QVBoxLayout() if context.orientation == "landscape" else QHBoxLayout()
        row.setSpacing(t.gap)
        self.again = SecondaryButton(self.tr("重写"), "eraser", self._side)
        self.again.clicked.connect(self.pad.clear)
        self.paper = SecondaryButton(self.tr("写不了，在纸上按手印"), "fingerprint", self._side, checkable=True)
        self.paper.clicked.connect(lambda on: self.say(intents.SignOnPaper(on)))
        row.addWidget(self.again)
        row.addWidget(self.paper)
        side.addLayout(row)
        if context.orientation == "landscape":
            side.addStretch(1)
        else:
            column.addWidget(self._side)

    def show_state(self, visit: VisitView) -> None:
        self._view = visit
        self.pad.show_value(visit.signature)
        self.again.setEnabled(visit.signature is not None)
        self.paper.setVisible(visit.staff is not None or visit.signed_on_paper)
        self.paper.setChecked(visit.signed_on_paper)
        if visit.item is not None:
            words = self.tr("以上内容是真的。同意{department}为办“{item}”使用这些信息。")
            department = self.context.text(visit.item.department.name)
            self._promise.setText(words.format(department=department, item=self.context.text(visit.item.name)))

    def title(self) -> str:
        return self.tr("请在框里签名")

    def subtitle(self) -> str:
        return self.tr("写不了的，请叫工作人员，可以在纸上按手印")

    def spoken(self) -> str:
        return f"{self.title()}。{self._promise.text()}{self.subtitle()}。"

    def help_widget(self) -> QWidget | None:
        return self._side if self.context.orientation == "landscape" else None

    def primary(self) -> ActionSpec | None:
        view = self._view
        ready = view is not None and (view.signature is not None or view.signed_on_paper)
        return ActionSpec(self.tr("提交申请"), "check", enabled=ready, intent=intents.Submit(), icon_after=True)
