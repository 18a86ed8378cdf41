# SPDX-License-Identifier: Apache-2.0
"""The privacy notice and consent, in four short sentences, and what shall become of a half-done application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.theme.icons import icon as theme_icon
from kiosk.visit import intents
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body, Heading, Secondary
from kiosk.widgets.tiles import ChoiceTile

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class NoticePage(Page):
    """Says what is asked, for what, where it goes and what one may refuse. Nothing is read before consent."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        self._visit_id: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(1), 0, 0)
        column.setSpacing(t.space(4))
        self._card = Card(self, padding_mm=4 if context.orientation == "landscape" or t.elder else 6)
        self._card.column.setSpacing(t.space(2))
        self._card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._card.setMaximumHeight(t.space(240 if t.elder else 140))
        self._purpose = self._point("file-pencil", "")
        self._point("shield-lock", self.tr("内容加密存放，有网后上报。送到以后，这台机器自己也打不开。"))
        self._point("eye-off", self.tr("办完或走开，屏幕马上清空。不留照片，不给别人看。"))
        self._point("hand-finger", self.tr("不同意也能办：可以拿空白表用笔填，交给工作人员。"))
        column.addWidget(self._card, 4)
        keep = self._keep_choice()
        self._help: QWidget | None = None
        if context.orientation == "landscape":
            self._help = keep
        else:
            column.addSpacing(t.space(1 if t.elder else 6))
            column.addWidget(keep)
            column.addStretch(1)

    def _point(self, icon: str, words: str) -> Body:
        t = self.tokens
        row = QHBoxLayout()
        row.setSpacing(t.space(5))
        picture = QLabel(self._card)
        picture.setPixmap(theme_icon(icon, t.icon, t.jade))
        picture.setFixedSize(t.icon, t.icon)
        row.addWidget(picture)
        label = Body(words, self._card)
        row.addWidget(label, 1)
        self._card.column.addLayout(row)
        return label

    def _keep_choice(self) -> QWidget:
        t = self.tokens
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.space(3))
        column.addWidget(Heading(self.tr("要是没办完就走了？"), box))
        self._keep = ChoiceTile(
            self.tr("存好，下次接着办"), self.tr("加密存着，只认您的身份证"), "", box, mark="radio", checkable=True
        )
        self._drop = ChoiceTile(self.tr("不存，全部清掉"), self.tr("下次从头填"), "", box, mark="radio", checkable=True)
        group = QButtonGroup(box)
        for tile in (self._keep, self._drop):
            group.addButton(tile)
            tile.setMinimumHeight(t.space(25 if self.context.orientation == "landscape" or t.elder else 32))
            column.addWidget(tile)
            tile.clicked.connect(self.changed)
        self._keep.setChecked(True)
        if self.context.orientation == "landscape":
            column.addWidget(Secondary(self.tr("选哪个都可以，办完的申请不受影响。"), box))
            column.addStretch(1)
        return box

    def show_state(self, visit: VisitView) -> None:
        if visit.visit_id != self._visit_id:
            self._visit_id = visit.visit_id
            self._keep.setChecked(True)
        department = self.context.text(visit.item.department.name) if visit.item is not None else ""
        words = self.tr("要用您的姓名、身份证号码、住址和您填的内容，只为办这件事，交给{department}。")
        self._purpose.setText(words.format(department=department))

    @property
    def keep_draft(self) -> bool:
        """What is chosen for a half-done application."""
        return self._keep.isChecked()

    def title(self) -> str:
        return self.tr("先说清楚：会用到哪些信息")

    def spoken(self) -> str:
        return "".join((self.title(), "。", *(label.text() for label in self._card.findChildren(Body))))

    def help_widget(self) -> QWidget | None:
        return self._help

    def primary(self) -> ActionSpec | None:
        given = intents.ConsentGiven(self.keep_draft)
        return ActionSpec(self.tr("同意，继续"), "arrow-right", intent=given, icon_after=True)

    def secondary(self) -> tuple[ActionSpec, ...]:
        return (ActionSpec(self.tr("不同意"), "x", intent=intents.ConsentRefused(), kind="secondary"),)
