# SPDX-License-Identifier: Apache-2.0
"""Lay the ID card on the reader: where, what is read and why; and a real way on without a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.i18n.messages import message_text
from kiosk.pages.page import ActionSpec, Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.surfaces import Card, Note
from kiosk.widgets.text import Body, Heading, Text

if TYPE_CHECKING:
    from devices.base import DeviceStatus
    from kiosk.visit.view import VisitView


class CardPage(Page):
    """A drawn card with a slow arrow. A card that cannot be read, or a reader that is gone, is said in words."""

    shows_message = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        self._reader_ready = True
        self._failed = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(4))
        column.addWidget(Illustration("card-and-reader", self, moving=True), 1)
        place = context.text(context.station.reader_place) or self.tr("感应区在屏幕下方，画着身份证的地方")
        self._place = Text(place, self, size="body", colour="muted", centred=True)
        column.addWidget(self._place)
        self._note = Note("waiting", "", "", self, icon="id")
        self._note.hide()
        column.addWidget(self._note)
        why = Card(self)
        why.column.addWidget(Heading(self.tr("读什么、为什么读"), why))
        words = self.tr("只读姓名、身份证号码、住址和有效期，用来填申请表。不留照片，办完就从屏幕上清除。")
        why.column.addWidget(Body(words, why))
        self._help: QWidget | None = None
        if landscape:
            side = QWidget()
            side_column = QVBoxLayout(side)
            side_column.setContentsMargins(0, 0, 0, 0)
            side_column.addWidget(why)
            side_column.addStretch(1)
            self._help = side
        else:
            column.addWidget(why)

    def show_state(self, visit: VisitView) -> None:
        self._failed = message_text(visit.message) if visit.message is not None else ""
        self._say()

    def set_devices(self, statuses: tuple[DeviceStatus, ...]) -> None:
        readers = [s for s in statuses if s.device == "id-card"]
        # No status yet is no fault; the reader's own thread reports as soon as it knows.
        self._reader_ready = all(s.state.name in ("READY", "BUSY") for s in readers)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        if self._failed:
            self._note.set_words(self._failed)
        elif not self._reader_ready:
            self._note.set_words(self.tr("读卡器现在用不了"), self.tr("不耽误办事：点“没带身份证”，工作人员帮您登记。"))
        self._note.setVisible(bool(self._failed) or not self._reader_ready)
        self._place.setVisible(not self._note.isVisibleTo(self))

    def title(self) -> str:
        return self.tr("请把身份证放在感应区")

    def spoken(self) -> str:
        if self._note.isVisibleTo(self):
            return f"{self._note.head.text()}{self._note.detail.text()}"
        return f"{self.title()}。{self._place.text()}。"

    def help_widget(self) -> QWidget | None:
        return self._help

    def secondary(self) -> tuple[ActionSpec, ...]:
        return (
            ActionSpec(self.tr("返回"), "arrow-left", intent=intents.GoBack(), kind="secondary"),
            ActionSpec(self.tr("没带身份证"), "user-question", intent=intents.NoCard(), kind="secondary"),
        )
