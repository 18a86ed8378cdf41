# SPDX-License-Identifier: Apache-2.0
"""The right third in landscape where a page has nothing of its own to put there: what this step is, who helps."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.frame.page import PageContext
from kiosk.theme.current import theme_of
from kiosk.widgets.illustration import Illustration
from kiosk.widgets.surfaces import Card
from kiosk.widgets.text import Body, Heading, Secondary

translate = QCoreApplication.translate


class HelpPanel(QWidget):
    """Words about the present step, a drawing, and the way to a person."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(t.gap)
        self._card = Card(self)
        self._words = Body("", self._card)
        self._card.column.addWidget(Heading(translate("HelpPanel", "这一步"), self._card))
        self._card.column.addWidget(self._words)
        column.addWidget(self._card)
        column.addWidget(Illustration("village-office", self), 1)
        card = Card(self)
        card.column.addWidget(Heading(translate("HelpPanel", "要人帮忙？"), card))
        card.column.addWidget(Body(translate("HelpPanel", "点下面的“叫工作人员”，有人来帮您。"), card))
        if context.station.phone:
            words = translate("HelpPanel", "也可以打 {phone}").format(phone=context.station.phone)
            card.column.addWidget(Secondary(words, card))
        column.addWidget(card)
        self._person = card

    def set_words(self, words: str, *, helped: bool = False) -> None:
        """What this step is. `helped`: a member of staff is here, nobody needs to be called."""
        if words == self._words.text() and helped == self._person.isHidden():
            return
        self._words.setText(words)
        self._person.setHidden(helped)
        self._card.setVisible(bool(words))
        # A panel that was hidden keeps the card's old height until it is laid out anew.
        self._column.invalidate()
        self._column.activate()
