# SPDX-License-Identifier: Apache-2.0
"""The moment between the touch and the disk's word. Nothing to choose; nothing is promised yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout

from kiosk.frame.page import Page, PageContext
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.text import Body, Title

if TYPE_CHECKING:
    from kiosk.visit.view import VisitView


class SubmittingPage(Page):
    """Says what happens now, and that the card may stay where it is."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        t = self.tokens
        column = QVBoxLayout(self)
        column.setContentsMargins(0, t.space(2), 0, 0)
        column.setSpacing(t.space(5))
        column.addStretch(2)
        picture = QLabel(self)
        picture.setPixmap(theme_icon("device-floppy", t.icon * 3, t.jade))
        picture.setAlignment(picture.alignment().AlignHCenter)
        column.addWidget(picture)
        column.addWidget(Title(self.tr("正在登记，请等一下"), self, centred=True))
        column.addWidget(Body(self.tr("登记好了，这里会出现您的编号。"), self, centred=True))
        column.addStretch(3)

    def show_state(self, visit: VisitView) -> None:
        """Nothing of the visit is shown here."""

    def spoken(self) -> str:
        return self.tr("正在登记，请等一下")

    def go_back(self) -> bool:
        return True
