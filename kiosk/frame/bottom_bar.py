# SPDX-License-Identifier: Apache-2.0
"""The bar within low reach, on every screen in the same order: 返回, 首页, 叫工作人员, 大字, 朗读."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kiosk.frame.page import PageContext
from kiosk.theme.current import theme_of
from kiosk.theme.icons import icon as theme_icon
from kiosk.widgets.buttons import Button, Look
from kiosk.widgets.painting import fit_text, rounded_box

translate = QCoreApplication.translate

BAR_LOOK = Look("card", "ink", None, "jade_wash")


class BarButton(Button):
    """Icon above the word, or beside it where the bar is flat. Square-cornered: it fills its part of the bar."""

    def __init__(self, text: str, icon: str, parent: QWidget, *, beside: bool) -> None:
        super().__init__(text, icon, parent, look=BAR_LOOK, bold=False)
        self._beside = beside
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(self.tokens.space(30), self.tokens.space(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        on = self.isChecked()
        ground = t.jade_wash if self.isDown() or on else t.card
        painter.fillRect(self.rect(), QColor(ground))
        icon_px = round(t.icon * 0.95)
        size = t.secondary
        pixmap = theme_icon(self._icon, icon_px, t.jade)
        if self._beside:
            room = self.width() - icon_px - 3 * t.space(3)
            block, self.cut = fit_text(self.text(), size, room, self.height(), bold=on)
            left = (self.width() - icon_px - t.space(3) - block.natural_width) / 2
            painter.drawPixmap(round(left), (self.height() - icon_px) // 2, pixmap)
            block.draw(painter, left + icon_px + t.space(3), (self.height() - block.height) / 2, t.ink)
        else:
            room_height = self.height() - icon_px - t.space(6)
            block, self.cut = fit_text(self.text(), size, self.width() - t.space(2), room_height, bold=on)
            top = (self.height() - icon_px - t.space(1) - block.height) / 2
            painter.drawPixmap((self.width() - icon_px) // 2, round(top), pixmap)
            block.draw(painter, (self.width() - block.natural_width) / 2, top + icon_px + t.space(1), t.ink)
        if self.has_ring:
            ring = QRectF(self.rect()).adjusted(t.space(1), t.space(1), -t.space(1), -t.space(1))
            rounded_box(painter, ring, t.radius / 2, None, t.ink, max(1, t.border))
        painter.end()


class BottomBar(QWidget):
    """Signals: back, home, staff, elder, read."""

    back = Signal()
    home = Signal()
    staff = Signal()
    elder = Signal()
    read = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = self.tokens = theme_of(parent)
        beside = context.orientation == "landscape"
        self.setFixedHeight(t.space(28 if beside else 36) if not t.elder else t.space(30 if beside else 40))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, t.border, 0, 0)
        row.setSpacing(max(1, t.border))
        larger = translate("BottomBar", "普通字") if t.elder else translate("BottomBar", "大字")
        parts = (
            (translate("BottomBar", "返回"), "arrow-left", self.back),
            (translate("BottomBar", "首页"), "home", self.home),
            (translate("BottomBar", "叫工作人员"), "user-question", self.staff),
            (larger, "letter-case", self.elder),
            (translate("BottomBar", "朗读"), "volume", self.read),
        )
        self.buttons: list[BarButton] = []
        for text, icon, signal in parts:
            button = BarButton(text, icon, self, beside=beside)
            button.clicked.connect(signal)
            row.addWidget(button, 1)
            self.buttons.append(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # The ground shows between the buttons and above them as hair lines.
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.tokens.line))
        painter.end()
