# SPDX-License-Identifier: Apache-2.0
"""The box that shows what is typed on the keypad, large, with a caret and a unit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.theme.current import theme_of
from kiosk.widgets.painting import SHRINK, TextBlock, rounded_box, text_width


class ValueBox(QWidget):
    """`show_value` says what stands in it. `lit` draws the caret and the border of the field being filled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = theme_of(parent)
        self._text, self._unit, self._empty = "", "", ""
        self.lit, self.wrong = True, False
        self.setMinimumHeight(self.tokens.primary)

    @property
    def text(self) -> str:
        """The words in the box."""
        return self._text

    def show_value(self, text: str, *, unit: str = "", empty: str = "", lit: bool = True, wrong: bool = False) -> None:
        """Show `text`; `empty` is the quiet hint where there is none."""
        self._text, self._unit, self._empty, self.lit, self.wrong = text, unit, empty, lit, wrong
        self.setAccessibleName(f"{text}{unit}" if text else empty)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = self.tokens
        painter = QPainter(self)
        line = t.vermilion if self.wrong else (t.jade if self.lit else t.line)
        strong = max(t.border, t.space(0.75)) if self.lit or self.wrong else t.border
        rounded_box(painter, QRectF(self.rect()), t.radius, t.card if self.lit else t.paper, line, strong)
        left, right = t.space(6), self.width() - t.space(6)
        if self._unit:
            width = text_width(self._unit, t.body)
            unit = TextBlock(self._unit, t.body, width + 2)
            unit.draw(painter, right - width, (self.height() - unit.height) / 2, t.muted)
            right -= width + t.space(3)
        if not self._text and not self.lit:
            block = TextBlock(self._empty, t.body, right - left)
            block.draw(painter, left, (self.height() - block.height) / 2, t.muted)
            painter.end()
            return
        room = right - left - t.space(2)
        full = min(round(self.height() * 0.45), round(t.title * 1.4))
        steps = (round(full * factor) for factor in (*SHRINK, 0.7, 0.62, 0.55))
        size = next((px for px in steps if text_width(self._text, px) <= room - px), round(full * 0.5))
        block = TextBlock(self._text, size, room, align=Qt.AlignmentFlag.AlignLeft)
        block.draw(painter, left, (self.height() - block.height) / 2, t.ink)
        end = left + (text_width(self._text, size) + t.space(0.5) if self._text else 0)
        if self.lit:
            caret = QRectF(end, (self.height() + size * 0.9) / 2 - t.space(0.75), size * 0.55, t.space(0.75))
            rounded_box(painter, caret, 1, t.jade)
        if not self._text and self._empty:
            quiet = TextBlock(self._empty, t.body, room - size)
            quiet.draw(painter, end + size, (self.height() - quiet.height) / 2, t.muted)
        painter.end()
