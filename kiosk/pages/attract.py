# SPDX-License-Identifier: Apache-2.0
"""The attract screen: one sentence, one picture, the six things people come for, today's notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.frame.page import Page, PageContext
from kiosk.visit import intents
from kiosk.widgets.buttons import Button, SecondaryButton
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.surfaces import Note
from kiosk.widgets.text import Body, Display, Text, Title

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView

OFTEN = ("med-join", "pension-claim", "dibao", "old80", "residence-permit")
"""What people come for most; "查进度" is the sixth. The next item takes the place of one the catalogue lacks."""


class AttractPage(Page):
    """Wakes on touch anywhere; a card on the reader wakes it too (the machine sees to that)."""

    bare = True

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        landscape = context.orientation == "landscape"
        outer = QVBoxLayout(self)
        outer.setContentsMargins(t.margin, t.space(6), t.margin, t.space(8))
        outer.setSpacing(t.gap)
        middle = QHBoxLayout() if landscape else QVBoxLayout()
        middle.setSpacing(t.margin if landscape else t.space(2))
        words = QVBoxLayout()
        words.setSpacing(t.space(3))
        self._words(words, centred=not landscape)
        picture = Illustration("card-and-reader", self, moving=True)
        self._place(middle, words, picture, landscape)
        outer.addLayout(middle, 1)
        outer.addWidget(self._often())
        if context.station.notice:
            outer.addSpacing(t.space(2))
            outer.addWidget(Note("waiting", context.text(context.station.notice), "", self, icon="speakerphone"))

    def _words(self, column: QVBoxLayout, *, centred: bool) -> None:
        column.addStretch(1)
        brand = Display(self.tr("家门口"), self, centred=centred)
        column.addWidget(brand)
        column.addWidget(Text(self.tr("办事不用跑远路，这里就能办"), self, size="heading", centred=centred))
        self._after_words = column.count()
        column.addStretch(1)

    def _place(self, middle: QBoxLayout, words: QVBoxLayout, picture: QWidget, landscape: bool) -> None:
        t = self.tokens
        invitation = Title(self.tr("请放上身份证，或点一下屏幕"), self, centred=not landscape)
        hint = Body(self.tr("没带身份证、不会用机器？点一下屏幕，有人帮您。"), self, centred=not landscape)
        hint.set_colour("muted")
        if landscape:
            words.insertSpacing(self._after_words, t.space(6))
            words.insertWidget(self._after_words + 1, invitation)
            words.insertWidget(self._after_words + 2, hint)
            middle.addLayout(words, 3)
            middle.addWidget(picture, 2)
        else:
            middle.addLayout(words, 2)
            middle.addWidget(picture, 5)
            middle.addSpacing(t.space(4))
            middle.addWidget(invitation)
            middle.addWidget(hint)
            middle.addStretch(1)

    def _often(self) -> QWidget:
        t = self.tokens
        box = QWidget(self)
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(t.gap)
        items = self.context.catalogue.items
        chosen = [items[key] for key in OFTEN if key in items]
        chosen += [item for item in items.values() if item not in chosen][: 5 - len(chosen)]
        buttons: list[Button] = []
        for item in chosen:
            button: Button = SecondaryButton(self.context.text(item.plain_name), "", box)
            button.clicked.connect(lambda _=False, key=item.id: self.say(intents.ChooseService(key)))
            buttons.append(button)
        track: Button = SecondaryButton(self.tr("查进度"), "", box)
        track.clicked.connect(lambda: self.say(intents.Track(None)))
        buttons.append(track)
        columns = 6 if self.context.orientation == "landscape" and not t.elder else 3
        for index, button in enumerate(buttons):
            grid.addWidget(button, index // columns, index % columns)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        return box

    def show_state(self, visit: VisitView) -> None:
        """Nothing of a visit is shown here: that is the point."""

    def spoken(self) -> str:
        return self.tr("请放上身份证，或点一下屏幕")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.say(intents.Touched())
        event.accept()
