# SPDX-License-Identifier: Apache-2.0
"""While a member of staff helps, a band says so on every screen, with the way to hand the machine back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.buttons import SecondaryButton
from kiosk.widgets.text import OneLine

if TYPE_CHECKING:
    from kiosk.visit.view import StaffMember

translate = QCoreApplication.translate


class StaffBanner(QWidget):
    """Signals `hand_back()`, `desk()`. Hidden while nobody is unlocked."""

    hand_back = Signal()
    desk = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(t.margin, t.space(2), t.margin, t.space(2))
        row.setSpacing(t.space(4))
        picture = QLabel(self)
        picture.setPixmap(theme_icon("user-check", t.icon, t.amber))
        picture.setFixedSize(t.icon, t.icon)
        self._words = OneLine("", self)
        self.button = SecondaryButton(translate("StaffBanner", "交还给居民"), "lock", self)
        self.button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.hand_back)
        self.desk_button = SecondaryButton(translate("StaffBanner", "工作台"), "briefcase", self)
        self.desk_button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.desk_button.clicked.connect(self.desk)
        row.addWidget(picture)
        row.addWidget(self._words, 1)
        row.addWidget(self.desk_button)
        row.addWidget(self.button)
        self.hide()

    def set_member(self, member: StaffMember | None) -> None:
        """Who helps now, or None."""
        if member is not None:
            self._words.setText(translate("StaffBanner", "工作人员 {name} 正在帮办").format(name=member.name))
        self.setVisible(member is not None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.tokens.amber_wash))
        painter.end()
