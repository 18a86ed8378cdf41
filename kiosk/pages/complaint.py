# SPDX-License-Identifier: Apache-2.0
"""Say what went well or badly, in one's own words, and the numbers to call instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kiosk.frame.page import ActionSpec, Page, PageContext
from kiosk.theme.current import font
from kiosk.theme.stylesheet import clothe_field
from kiosk.visit import intents
from kiosk.widgets.fields import AreaField
from kiosk.widgets.pinyin_keyboard import PinyinKeyboard
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body, Heading, Secondary

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

LONGEST = 500
HOTLINE = "12345"


class ComplaintPage(Page):
    """A field and our keyboard. No name is asked for: who wants an answer leaves a telephone number."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        self._visit_id: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(1), 0, 0)
        column.setSpacing(t.space(3))
        self.field = AreaField(self)
        self.field.setFont(font(t.body))
        clothe_field(self.field, t)
        self.field.setAccessibleName(self.tr("您想说的话"))
        self.field.setPlaceholderText(self.tr("比如：等得太久、说得不清楚、帮了大忙。"))
        self.field.setMinimumHeight(t.space(20))
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.field.textChanged.connect(self._typed)
        column.addWidget(self.field, 1)
        self._left = Secondary("", self)
        channels = self._channels()
        self._help: QWidget | None = None
        if landscape:
            side = QWidget()
            side_column = QVBoxLayout(side)
            side_column.setContentsMargins(0, 0, 0, 0)
            side_column.addWidget(channels)
            side_column.addStretch(1)
            self._help = side
        else:
            column.addWidget(self._left)
            column.addWidget(channels)
        self.keyboard = PinyinKeyboard(self)
        self.keyboard.attach(self.field)
        column.addWidget(self.keyboard)
        self._left.setVisible(not landscape)
        self._typed()

    def _channels(self) -> QWidget:
        card = Card()
        card.column.addWidget(Heading(self.tr("也可以打电话"), card))
        card.column.addWidget(Body(self.tr("{number} 政务服务热线，随时能打").format(number=HOTLINE), card))
        if self.context.station.phone:
            words = self.tr("本服务点 {phone}").format(phone=self.context.station.phone)
            card.column.addWidget(Body(words, card))
        card.column.addWidget(Secondary(self.tr("不用留名字。想要回音，就写上电话。"), card))
        return card

    def show_state(self, visit: VisitView) -> None:
        if visit.visit_id != self._visit_id:
            self._visit_id = visit.visit_id
            self.field.clear()
            self.keyboard.set_layer("pinyin")

    def _typed(self) -> None:
        words = self.field.toPlainText()
        if len(words) > LONGEST:
            self.field.setPlainText(words[:LONGEST])
            return
        self._left.setText(self.tr("还能写 {count} 个字").format(count=LONGEST - len(words)))
        self.changed.emit()

    def title(self) -> str:
        return self.tr("您想说什么？")

    def subtitle(self) -> str:
        if self.context.orientation == "landscape":
            return ""  # the keyboard needs the room
        return self.tr("好的坏的都可以说，会转给管这件事的部门")

    def help_widget(self) -> QWidget | None:
        return self._help

    def primary(self) -> ActionSpec | None:
        words = self.field.toPlainText().strip()
        return ActionSpec(self.tr("交上去"), "send", enabled=bool(words), intent=intents.SendComplaint(words))
